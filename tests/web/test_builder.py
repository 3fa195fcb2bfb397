"""The site follows the runs of collecting, whoever made them, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_site, front_of
from bot.errors import StoreError
from bot.kit import Kit
from bot.settings import Settings
from bot.store import state
from bot.store.engine import Store
from bot.web import Builder
from tests.fakes import DAY
from tests.web.apart import fail, touch


def note_run(store: Store) -> None:
    with store.write() as session:
        state.note_run(session, datetime(2026, 6, 17, 16, tzinfo=UTC), 1.0, [DAY], True, [])


def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        time.sleep(0.02)
    pytest.fail("it never came true")


@pytest.fixture
def built(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The newest run that was known at each build."""
    found: list[int] = []

    def note(builder: Builder) -> None:
        with store.read() as session:
            found.append(state.newest_run(session))

    monkeypatch.setattr(Builder, "build_apart", note)
    return found


def test_it_is_built_at_the_start_and_after_each_run_and_at_no_other_time(store: Store, built: list[int]) -> None:
    builder = Builder(store, print)
    builder.look()
    builder.look()
    note_run(store)
    builder.look()
    builder.look()
    note_run(store)
    note_run(store)
    builder.look()
    assert built == [0, 1, 3]


def test_a_database_that_is_away_for_a_while_stops_nothing(store: Store, built: list[int], monkeypatch: Any) -> None:
    away = iter([True, False])
    ask = state.newest_run

    def answer(session: Any) -> int:
        if next(away, False):
            raise StoreError("it does not answer", key="unreachable", path="")
        return ask(session)

    monkeypatch.setattr(state, "newest_run", answer)
    builder = Builder(store, print, look_seconds=0.01)
    builder.start()
    until(lambda: bool(built))
    builder.stop()
    assert built == [0]


def test_a_build_that_fails_stops_nothing_and_comes_again_after_the_next_run(store: Store) -> None:
    builder = Builder(store, fail)
    builder.look()
    assert builder.process
    assert builder.process.exitcode == 3
    failed = builder.process
    builder.look()
    assert builder.process is failed


def test_a_build_under_way_is_cut_off_when_we_stop(store: Store, tmp_path: Path) -> None:
    builder = Builder(store, partial(touch, tmp_path / "begun"))
    builder.start()
    until((tmp_path / "begun").exists)
    builder.stop()
    until(lambda: builder.process is not None and not builder.process.is_alive())


def test_the_front_has_a_builder_where_the_settings_want_a_site(open_stub: Any) -> None:
    def builder_with(**changes: object) -> Builder | None:
        kit: Kit
        with open_stub(**changes) as kit:
            front = front_of(kit)
            assert front
            return front.builder

    assert builder_with(web_listen="127.0.0.1:0")
    assert builder_with(web_listen="127.0.0.1:0", site_serve=False) is None


def test_what_is_built_apart_is_the_site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for alone in ("os.nice", "bot.classifying.leave_with_parent", "bot.chat.logs.log_to_stderr"):
        monkeypatch.setattr(alone, lambda *_: None)
    build_site(settings)
    assert (settings.site_folder / "index.html").exists()
