"""The page's files: what they say, where they reach, and the clock above them."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from bot.clock import MovableClock
from bot.errors import UsageError
from bot.models import Reader
from bot.playground.copying import copy_papers
from bot.playground.hands import destination
from bot.playground.server import bound
from bot.playground.texts import NAMES
from bot.playground.town import OTHER, YOU, Town
from bot.store import figures, readers
from bot.store.engine import Store
from bot.wording import Words
from tests.playground.test_api import spoken

PAGE = files("bot").joinpath("playground", "page")
HTML, SCRIPT, STYLE = (PAGE.joinpath(name).read_text("utf-8") for name in ("index.html", "page.js", "page.css"))
EVENING = datetime(2026, 6, 17, 12, tzinfo=UTC)


def test_every_text_of_the_page_is_there_and_used() -> None:
    named = set(re.findall(r'data-(?:text|label|title)="(\w+)"', HTML))
    said = {name for call in re.findall(r"\bsay\((.*)", SCRIPT) for name in re.findall(r'"(\w+)"', call)}
    assert named <= set(NAMES)
    assert [name for name in NAMES if name not in named | said | set(re.findall(r"words\.(\w+)", SCRIPT))] == []


def test_the_page_reaches_nowhere_outside() -> None:
    for text in (HTML, SCRIPT, STYLE):
        assert re.findall(r"(?:src|href|url|import)\W{1,4}(?:https?:)?//", text) == []


async def test_the_page_and_its_texts_are_served_with_a_policy(town: tuple[Town, str]) -> None:
    async with httpx.AsyncClient(base_url=town[1]) as http:
        for path in ("/", "/page/page.js", "/page/page.css", "/page/icon.svg"):
            answer = await http.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert (await http.get("/page/routes.py")).status_code == 404
        assert (await http.get("/texts/zh")).json()["send"] == "发送"


async def test_a_page_hears_the_state_and_then_what_happens(town: tuple[Town, str]) -> None:
    async with httpx.AsyncClient(base_url=town[1]) as http, http.stream("GET", "/events") as stream:
        lines = (json.loads(line[6:]) async for line in stream.aiter_lines() if line.startswith("data: "))
        state = await anext(lines)
        assert [person["id"] for person in state["people"]] == [YOU, OTHER]
        await spoken(town, text="hello")
        happened = [await anext(lines) for _ in range(2)]
    assert [event["kind"] for event in happened] == ["standing", "message"]
    assert happened[1]["message"]["text"] == "hello"
    assert happened[1]["message"]["reactions"] == {}


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "place", "arrives"),
    [
        ("hour", "UTC", "2026-06-17T13:00"),
        ("morning", "Asia/Shanghai", "2026-06-18T00:00"),
        ("morning", "UTC", "2026-06-18T08:00"),
        ("morning", "America/New_York", "2026-06-18T12:00"),
        ("monday", "Asia/Shanghai", "2026-06-22T01:00"),
        ("sunday", "UTC", "2026-06-21T20:00"),
        ("2026-06-17T20:30", "Asia/Shanghai", "2026-06-17T12:30"),
    ],
)
def test_the_hands_go_where_they_are_asked_to(wish: str, place: str, arrives: str) -> None:
    assert destination(EVENING, place, wish) == datetime.fromisoformat(f"{arrives}+00:00")


@pytest.mark.parametrize("wish", ["2026-06-17T11:59", "2027-12-01T00:00", "tomorrow", ""])
def test_no_other_wish_moves_them(wish: str) -> None:
    with pytest.raises(UsageError):
        destination(EVENING, "UTC", wish)


def test_a_moved_clock_tells_whoever_listens_and_never_goes_back() -> None:
    clock, told = MovableClock(EVENING), threading.Event()
    clock.on_move(told.set)
    clock.move_to(EVENING + timedelta(days=1))
    assert told.is_set()
    assert timedelta(0) <= clock.now() - EVENING - timedelta(days=1) < timedelta(seconds=5)
    with pytest.raises(ValueError, match="forward"):
        clock.move_to(EVENING)


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port}") as refusal:
            bound(port)
    assert "--port" in Words("en").error(refusal.value)


def test_what_is_configured_is_copied_without_its_readers_and_stays_as_it_was(collected: Path, tmp_path: Path) -> None:
    own = shutil.copytree(collected, tmp_path / "own") / "playground.sqlite3"
    with closing(Store(f"sqlite:///{own}")) as store, store.write() as session:
        readers.save(session, Reader("77", state="active"))
    copy_papers(f"sqlite:///{own}", tmp_path / "copy.sqlite3")
    for place, known in ((own, True), (tmp_path / "copy.sqlite3", False)):
        with closing(Store(f"sqlite:///{place}")) as store, store.read() as session:
            assert (readers.get(session, "77") is not None) is known
            assert figures.status(session, EVENING).papers == 64
    with pytest.raises(UsageError, match="already"):
        copy_papers(f"sqlite:///{own}", tmp_path / "copy.sqlite3")
