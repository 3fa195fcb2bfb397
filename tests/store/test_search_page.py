"""Search as everybody meets it: filters, pages that stay, what was meant."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, text
from sqlmodel import Session

from bot.models import Compute, Judgement
from bot.store import judgements, papers
from bot.store.search import MOST, rebuild
from bot.store.tables import PaperRow
from tests.databases import both_databases
from tests.fakes import fetched
from tests.store.searched import TODAY, fill, ids, look

pytestmark = both_databases


@pytest.fixture
def filled(session: Session) -> Session:
    fill(session)
    return session


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("dir:peft", lambda row: int(row.id[-5:]) % 7 == 0),
        ("-dir:peft compute:low", lambda row: int(row.id[-5:]) % 7 and row.compute_level == "low"),
        ("cat:cs.CL -cat:cs.LG", lambda row: set(row.categories) == {"cs.CL", "q-bio.NC"}),
        ("cat:q-bio", lambda row: "q-bio.NC" in row.categories),
        ("since:7d", lambda row: row.day >= date(2026, 6, 10)),
        ("-since:7d agents", lambda row: row.day < date(2026, 6, 10) and holds(row, "agents", "agent")),
        ("au:godel memory", lambda row: "Kurt Gödel" in row.authors and holds(row, "memory", "memories")),
        ('au:"kurt gödel"', lambda row: "Kurt Gödel" in row.authors),
        ('au:"gödel kurt"', lambda row: False),
        ("au:张伟", lambda row: "张伟" in row.authors),
        ("ti:survey", lambda row: "survey" in row.search_title.split()),
        ('"gpt 4o"', lambda row: "gpt 4o" in row.search_title or "gpt 4o" in row.search_text),
        ("1e5 -3d", lambda row: holds(row, "1e5") and not holds(row, "3d")),
        ("pruning OR dir:peft", lambda row: int(row.id[-5:]) % 7 == 0 or holds(row, "pruning", "prunings")),
        ("id:2606.00009", lambda row: row.id == "2606.00009"),
        ("saved:", lambda row: row.id in {"2606.00003", "2606.00004", "2606.00005"}),
        ("saved:低秩", lambda row: row.id == "2606.00004"),
        ("has:code", lambda row: False),
    ],
)
def test_filters_and_fields_find_what_they_say(filled: Session, words: str, fits) -> None:  # type: ignore[no-untyped-def]
    rows = list(filled.scalars(select(PaperRow)))
    assert sorted(ids(filled, words)) == sorted(row.id for row in rows if fits(row))


def holds(row: PaperRow, *words: str) -> bool:
    said = f"{row.search_title} {row.search_text}".split()
    return any(word in said for word in words)


def test_nobody_elses_library_is_searched(filled: Session) -> None:
    assert not look(filled, "saved:", reader_id="6").hits


def test_pages_stay_as_they_were_while_new_papers_arrive(filled: Session) -> None:
    first = look(filled, "agents", limit=6)
    rest = ids(filled, "agents", offset=6, limit=6, upto=first.upto)
    papers.keep(filled, [fetched(f"2607.{number:05d}", title="Agents", day=TODAY) for number in range(1, 9)])
    assert "2607.00008" in ids(filled, "agents")
    assert "2607.00008" not in ids(filled, "agents", upto=first.upto)
    assert ids(filled, "agents", limit=6, upto=first.upto) == [hit.paper.id for hit in first.hits]
    assert ids(filled, "agents", offset=6, limit=6, upto=first.upto) == rest
    assert not set(rest) & {hit.paper.id for hit in first.hits}


def test_of_very_many_papers_the_best_are_told_and_that_there_are_more(session: Session) -> None:
    batch = [
        fetched(f"2605.{number:05d}", title=f"Paper {number}", abstract="Models.") for number in range(1, MOST + 60)
    ]
    batch[0] = fetched("2605.00001", title="Models of Everything", abstract="Old, but in the title.")
    papers.keep(session, batch)
    found = look(session, "models", limit=3)
    assert (found.total, found.more, found.hits[0].paper.id) == (MOST, True, "2605.00001")


def test_of_many_alternatives_too_it_is_told_that_there_are_more(session: Session) -> None:
    half = MOST // 2 + 9
    papers.keep(session, [
        fetched(f"2605.{number:05d}", title="Agents", categories=("cs.CL" if number > half else "cs.CV",))
        for number in range(1, 2 * half + 1)
    ])  # fmt: skip
    found = look(session, "(cat:cs.CL OR cat:cs.CV) agents", limit=3)
    assert (found.total, found.more) == (MOST, True)


def test_new_and_liked_papers_come_first_among_those_that_say_the_same(session: Session) -> None:
    papers.keep(session, [
        fetched("2401.00001", title="Agents", abstract="x", day=date(2024, 1, 2)),
        fetched("2606.00001", title="Agents", abstract="x", day=TODAY),
        fetched("2606.00002", title="Agents", abstract="x", day=TODAY, upvotes=90),
    ])  # fmt: skip
    assert ids(session, "agents") == ["2606.00002", "2606.00001", "2401.00001"]


def test_where_nothing_is_found_it_says_what_may_have_been_meant(filled: Session) -> None:
    assert look(filled, "quantizaton").meant == "quantization"
    assert look(filled, "思维炼").meant == ""  # what was meant is not here either
    assert look(filled, "hallucenation zebra").meant == ""


def test_the_index_can_be_made_anew(filled: Session) -> None:
    asked = ("agents", "dir:peft memory", "cat:cs.CL -survey", "检索增强")
    before = [ids(filled, words) for words in asked]
    is_sqlite = filled.get_bind().dialect.name == "sqlite"
    filled.execute(text("delete from paper_mark"))
    empty = "insert into {0}({0}) values ('delete-all')" if is_sqlite else "delete from {0}"
    for table in ("paper_search", "paper_title") if is_sqlite else ("paper_index", "paper_title"):
        filled.execute(text(empty.format(table)))
    assert not ids(filled, "agents")
    rebuild(filled)
    assert [ids(filled, words) for words in asked] == before


def test_a_change_of_judgement_changes_what_is_found(filled: Session) -> None:
    judgements.note(filled, "new", [("2606.00007", Judgement({}, (), Compute("medium")))])
    assert "2606.00007" not in ids(filled, "dir:peft")
    assert ids(filled, "compute:medium") == ["2606.00007"]
    filled.execute(delete(PaperRow).where(PaperRow.id == "2606.00007"))  # type: ignore[arg-type]
    assert filled.scalar(text("select count(*) from paper_mark where number = 7")) == 0
