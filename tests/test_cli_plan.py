"""The verbs of the reading plan: what they print, for people and for programs, and how they end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bot.app
from bot.models import Reader
from bot.store import readers
from bot.store.engine import Store
from tests.planners import CLASSICS, TASKS
from tests.test_cli import Run, run  # noqa: F401

KEYS = {"number", "kind", "id", "title", "day", "minutes", "state"}
NEXT = "2026-06-23"
"""A day of the week after the one that the command runs in."""


@pytest.fixture(autouse=True)
def small_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.app, "load_classics", lambda: CLASSICS)
    monkeypatch.setattr(bot.app, "load_tasks", lambda: TASKS)


def made(run: Run, *more: str) -> dict[str, Any]:  # noqa: F811
    found: dict[str, Any] = run("plan", "make", "--budget", "8h", "--direction", "peft", *more, "--json").json
    return found


def states(run: Run) -> list[str]:  # noqa: F811
    return [item["state"] for item in run("plan", "show", "--json").json["items"]]


def test_a_plan_is_made_and_shown(run: Run) -> None:  # noqa: F811
    week = made(run)
    assert set(week) == {"week", "budget_minutes", "items"}
    assert week["week"] == "2026-W25"
    assert week["items"]
    assert all(set(item) == KEYS for item in week["items"])
    assert {item["kind"] for item in week["items"]} <= {"classic", "paper", "source", "experiment"}
    assert all("2026-06-17" <= item["day"] <= "2026-06-21" for item in week["items"])
    assert run("plan", "show", "--json").json == week
    shown = run("plan", "show")
    assert (shown.status, "On the 0th <thing>" in shown.out) == (0, True)
    assert "精读经典" in run("plan", "show", QIAOJIN_LANGUAGE="zh").out


def test_without_a_plan_it_is_said_how_to_begin(run: Run) -> None:  # noqa: F811
    run("plan", "show").assert_told(2, "qiaojin plan make")
    run("plan", "done", "1").assert_told(2, "qiaojin plan make")
    run("plan", "summary", "--json").assert_told(2, "qiaojin plan make")


def test_items_are_done_moved_dropped_and_swapped(run: Run) -> None:  # noqa: F811
    week = made(run)
    done = run("plan", "done", "1", "--minutes", "50", "--stars", "4", "--takeaway", "Look back", "--json").json
    assert done["items"][0]["state"] == "done"
    moved = run("plan", "move", "2", "2026-06-21", "--json").json
    assert (moved["items"][1]["day"], moved["items"][1]["state"]) == ("2026-06-21", "planned")
    assert run("plan", "swap", "2", "--json").json["items"][1]["id"] != week["items"][1]["id"]
    assert run("plan", "move", "2", NEXT, "--json").json["items"][1]["state"] == "moved"
    assert run("plan", "drop", "3", "--json").json["items"][2]["state"] == "dropped"
    following = run("plan", "show", "--next", "--json").json
    assert following["week"] == "2026-W26"
    assert all(item["day"] >= "2026-06-22" for item in following["items"])
    assert states(run)[:3] == ["done", "moved", "dropped"]


def test_the_summary_has_the_figures_and_the_tricks(run: Run, tmp_path: Path) -> None:  # noqa: F811
    made(run)
    run("plan", "done", "1", "--minutes", "50", "--takeaway", "Look back")
    picture = tmp_path / "week.png"
    told = run("plan", "summary", "--picture", str(picture), "--json").json
    assert (told["done"], told["figures"]["minutes"]) == (1, 50)
    assert told["takeaways"] == [{"id": CLASSICS[0].id, "title": CLASSICS[0].title, "text": "Look back"}]
    assert told["next"]["week"] == "2026-W26"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "Look back" in run("plan", "summary").out
    run("plan", "summary", "--picture", "/nonexistent/x.png").assert_told(2, "/nonexistent/x.png")


UNFIT = (
    (("done", "99"), "99"), (("drop", "99"), "99"), (("move", "1", "soon"), "soon"),
    (("move", "1", "2020-01-01"), "past"), (("make", "--budget", "much"), "much"),
    (("make", "--budget", "99999m"), "99999m"),
    (("make", "--weekday", "someday"), "someday"), (("make", "--direction", "nonsense"), "nonsense"),
    (("show", "--reader", "77"), "77"),
)  # fmt: skip


def test_what_does_not_fit_is_told_in_one_sentence_and_changes_nothing(run: Run) -> None:  # noqa: F811
    made(run)
    before = states(run)
    for arguments, word in UNFIT:
        run("plan", *arguments).assert_told(2, word)
        assert states(run) == before, arguments


def test_another_readers_plan_is_their_own(run: Run, environment: dict[str, str]) -> None:  # noqa: F811
    made(run)
    with Store(f"sqlite:///{Path(environment['QIAOJIN_DATA_DIR']) / 'qiaojin.sqlite3'}").write() as session:
        readers.save(session, Reader("77", state="active", directions=("rag",)))
    run("plan", "show", "--reader", "77").assert_told(2, "qiaojin plan make")
    made(run, "--reader", "77")
    run("plan", "done", "1", "--reader", "77")
    assert "done" not in states(run)
