"""The verbs about ideas: what they print, for people and for programs, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.app
from bot.matching import archive as memory
from bot.models import Reader
from bot.store import ideas, papers, readers, terminals
from bot.store.engine import Store
from tests.engine import CountingEngine, EveryPaper
from tests.fakes import DAY, fetched
from tests.test_cli import Ran, Run, run  # noqa: F401

TEXT = "choose the adapter width per layer from gradient statistics"
NEAR, USEFUL, FAR = (f"2606.0000{number}" for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> CountingEngine:
    counting = CountingEngine()
    monkeypatch.setattr(bot.app, "load_nearness", lambda: counting)
    monkeypatch.setattr(memory, "Archive", EveryPaper)
    return counting


@pytest.fixture
def store(environment: dict[str, str]) -> Store:
    """The command's own database, with three papers in it."""
    opened = Store(f"sqlite:///{Path(environment['QIAOJIN_DATA_DIR']) / 'qiaojin.sqlite3'}")
    with opened.write() as session:
        papers.keep(session, [
            fetched(NEAR, title="Gradient statistics choose adapter sizes", day=DAY),
            fetched(USEFUL, title="A layer of paint", day=DAY),
            fetched(FAR, title="Cooking rice", day=DAY.replace(day=10)),
        ])  # fmt: skip
    return opened


def test_an_idea_is_added_listed_and_shown(run: Run, store: Store) -> None:  # noqa: F811
    added = run("ideas", "add", TEXT, "--json").json
    assert (added["number"], added["text"], added["status"]) == (1, TEXT, "seed")
    assert run("ideas", "list", "--json").json == {"ideas": [added]}
    assert "Near it in 3 papers since 10 June 2026" in run("ideas", "add", "gradient things").out
    assert "Idea 1 · seed" in run("ideas", "show", "1").out
    assert TEXT[:30] in run("ideas", "list").out


def test_what_is_near_comes_graded_first_and_then_the_nearest_others(run: Run, store: Store) -> None:  # noqa: F811
    found = run("ideas", "near", TEXT, "--json").json["papers"]
    assert [(paper["id"], paper["grade"]) for paper in found] == [(NEAR, "scoop"), (USEFUL, "useful"), (FAR, None)]
    assert found[0]["shared"] == ["adapter", "choose", "gradient", "statistics"]
    assert found[0]["announced"] == "2026-06-17"
    assert 0 <= found[2]["score"] <= found[1]["score"] <= found[0]["score"] <= 1
    assert set(found[0]) == {"id", "title", "grade", "score", "shared", "announced"}


def test_the_span_and_the_number_of_papers_can_be_given(run: Run, store: Store) -> None:  # noqa: F811
    run("ideas", "add", TEXT)
    assert [paper["id"] for paper in run("ideas", "near", "1", "--limit", "1", "--json").json["papers"]] == [NEAR]
    early = run("ideas", "near", "1", "--until", "2026-06-12", "--json").json["papers"]
    assert [paper["id"] for paper in early] == [FAR]
    run("ideas", "near", "1", "--since", "2026-06-12", "--until", "2026-06-01").assert_told(2, "2026-06-01")


def test_vectors_are_made_once_and_kept(run: Run, store: Store, engine: CountingEngine) -> None:  # noqa: F811
    run("ideas", "near", TEXT)
    run("ideas", "near", TEXT)
    assert engine.made == 3


def test_notes_statuses_and_edits_are_kept_with_their_history(run: Run, store: Store) -> None:  # noqa: F811
    run("ideas", "add", TEXT)
    assert run("ideas", "note", "1", "try it small", "--json").json["notes"][0]["text"] == "try it small"
    run("ideas", "status", "1", "实验", "--reason", "clear enough")
    shown = run("ideas", "edit", "1", "--text", "whether birds dream", "--must", "bird, 鸟", "--json").json
    assert (shown["text"], shown["status"], shown["must"]) == ("whether birds dream", "experiment", ["bird", "鸟"])
    assert [(line["what"], line["status"], line["text"]) for line in shown["history"]] == [
        ("born", "seed", ""), ("status", "experiment", "clear enough"), ("text", None, TEXT),
    ]  # fmt: skip


def test_bytes_that_are_no_text_are_shown_as_such_and_lose_nothing_else(run: Run, store: Store) -> None:  # noqa: F811
    run("ideas", "add", f"{TEXT} \udcff")
    assert run("ideas", "list", "--json").json["ideas"][0]["text"] == f"{TEXT} ?"


def test_a_number_that_no_idea_can_have_is_wrong_usage(run: Run, store: Store) -> None:  # noqa: F811
    assert run("ideas", "show", "9" * 20).status == 2
    assert run("ideas", "near", "9" * 20).status == 0, "no number of an idea, so words of one"


def test_an_idea_is_deleted(run: Run, store: Store) -> None:  # noqa: F811
    run("ideas", "add", TEXT)
    assert "Idea 1 is deleted" in run("ideas", "delete", "1").out
    assert run("ideas", "list", "--json").json == {"ideas": []}


@pytest.mark.parametrize(("form", "part"), [("md", "status: seed"), ("bib", "\n"), ("ris", "")])
def test_an_idea_is_exported(run: Run, store: Store, form: str, part: str) -> None:  # noqa: F811
    run("ideas", "add", TEXT)
    exported = run("ideas", "export", "1", "--format", form)
    assert exported.status == 0
    assert part in exported.out


@pytest.mark.parametrize(("call", "words"), [
    (("show", "9"), ["idea 9"]), (("near", "9"), ["idea 9"]), (("delete", "9"), ["idea 9"]),
    (("note", "9", "x"), ["idea 9"]), (("status", "1", "rubbish"), ["seed", "dropped"]),
    (("edit", "9", "--text", "words here"), ["idea 9"]), (("edit", "1"), ["--text"]), (("add", "。"), ["sentence"]),
    (("add", "x" * 5000), ["4000"]), (("export", "1", "--format", "exe"), ["md"]), (("near", "--", "- "), ["sentence"]),
    (("list", "--reader", "999"), ["999"]),
])  # fmt: skip
def test_wrong_calls_are_told_in_one_line(run: Run, store: Store, call: tuple[str, ...], words: list[str]) -> None:  # noqa: F811
    run("ideas", *call).assert_told(2, *words)


def test_a_terminal_joins_a_chat_by_a_code_and_brings_its_ideas_along(run: Run, store: Store) -> None:  # noqa: F811
    run("ideas", "add", TEXT)
    now = bot.app.Clock(None).now().replace(year=2026, month=6, day=17, hour=16, minute=0, second=0)
    with store.write() as session:
        readers.save(session, Reader("42", state="active"))
        terminals.keep_code(session, "ABCD2345", "42", now)
    run("link", "WRONG").assert_told(2, "WRONG")
    assert "reader 42" in run("link", "abcd2345").out
    run("link", "ABCD2345").assert_told(2, "ABCD2345")
    with store.read() as session:
        assert [idea.text for idea in ideas.listed(session, "42")] == [TEXT]
    run("ideas", "add", "another thing")
    assert len(run("ideas", "list", "--json").json["ideas"]) == 2
    with store.read() as session:
        assert len(ideas.listed(session, "42")) == 2


def test_a_code_is_short_lived(run: Run, store: Store) -> None:  # noqa: F811
    now = bot.app.Clock(None).now().replace(year=2026, month=6, day=17, hour=15, minute=40)
    with store.write() as session:
        readers.save(session, Reader("42", state="active"))
        terminals.keep_code(session, "ABCD2345", "42", now)
    run("link", "ABCD2345").assert_told(2, "ABCD2345")
