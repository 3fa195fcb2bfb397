"""Search as everybody meets it: filters, pages that stay, what was meant; and the same order on both databases."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text
from sqlmodel import Session

from bot.app import load_lexis
from bot.models import Assignment, Compute, FetchedPaper, Judgement, Reader
from bot.rules.query import read_query
from bot.rules.query.found import Found
from bot.rules.tokens import tokens
from bot.store import library, lists, papers, readers
from bot.store.engine import Store
from bot.store.search import MOST, engine, find, rebuild, tsearch
from bot.store.search.pairs import folded, pairs
from bot.store.tables import PaperRow
from tests.databases import Server, both_databases
from tests.fakes import fetched

pytestmark = both_databases
TODAY = date(2026, 6, 17)
LEXIS = load_lexis()
WORDS = re.findall(r"\w+", """
low rank adaptation of large language models agents agent retrieval augmented generation memory gpt 4o 1e5 3d survey we
propose a method quantization pruning distillation 检索增强 生成 幻觉 大模型 reasoning chain thought
""")  # fmt: skip
NAMES = ("Ada Lovelace", "Kurt Gödel", "张伟", "Wang Wei", "Edward Hu")


def made(number: int, dice: random.Random) -> FetchedPaper:
    said = [" ".join(dice.choices(WORDS, k=size)) for size in (5, 30)]
    return fetched(
        f"2606.{number:05d}", title=said[0], abstract=said[1], authors=tuple(dice.sample(NAMES, 2)),
        categories=tuple(dice.sample(("cs.CL", "cs.LG", "q-bio.NC"), 2)), day=TODAY - timedelta(days=number % 40),
    )  # fmt: skip


def fill(session: Session, count: int = 300) -> None:
    dice = random.Random(5)
    papers.keep(session, [made(number, dice) for number in range(1, count + 1)])
    judged = [(f"2606.{number:05d}", Judgement({}, (Assignment("peft", 0.9),) if number % 7 == 0 else (),
                                               Compute("low" if number % 3 else "high")))
              for number in range(1, count + 1)]  # fmt: skip
    papers.note_judgements(session, "model", judged)
    readers.save(session, Reader("5", language="en", joined=datetime(2026, 6, 1, tzinfo=UTC)))
    for number in (3, 4, 5):
        library.save(session, "5", f"2606.{number:05d}", datetime(2026, 6, number, tzinfo=UTC))
    library.set_tags(session, "5", "2606.00004", ["低秩"], datetime(2026, 6, 4, tzinfo=UTC))
    session.flush()


@pytest.fixture
def filled(session: Session) -> Session:
    fill(session)
    return session


def look(
    session: Session, words: str, offset: int = 0, limit: int = 1000, upto: int = 0, reader_id: str = "5"
) -> Found:
    return find(session, read_query(words, TODAY, LEXIS.directions), LEXIS, reader_id, offset, limit, upto)


def ids(session: Session, words: str, **more: int) -> list[str]:
    return [hit.paper.id for hit in look(session, words, **more).hits]


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
    papers.note_judgements(filled, "new", [("2606.00007", Judgement({}, (), Compute("medium")))])
    assert "2606.00007" not in ids(filled, "dir:peft")
    assert ids(filled, "compute:medium") == ["2606.00007"]
    filled.execute(delete(PaperRow).where(PaperRow.id == "2606.00007"))  # type: ignore[arg-type]
    assert filled.scalar(text("select count(*) from paper_mark where number = 7")) == 0


# --- the same on both -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(postgresql: Server) -> Iterator[tuple[Session, Session]]:
    stores = Store("sqlite://"), Store(postgresql.fresh_database("search"))
    for store in stores:
        with store.write() as session:
            fill(session)
    with stores[0].read() as one, stores[1].read() as other:
        yield one, other
    for store in stores:
        store.close()


PARTS = [
    *WORDS, "ti:agents", "au:wang", "au:张伟", 'au:"ada lovelace"', "-au:godel", "dir:peft", "-dir:peft", "cat:cs.CL",
    "cat:cs", "since:9d", "compute:low", "saved:", "OR", "(memory OR 幻觉)", "低秩适配", "智能体记忆", "思维链", "agen",
    "-survey", '-"large language"', '"large language"', '"adaptation of large"', '"we propose a"', '"low ran',
    'ti:"language models"',
]  # fmt: skip
QUERIES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(" ".join)


def alike(one: Found, other: Found) -> None:
    assert [(hit.paper.id, hit.score) for hit in one.hits] == [(hit.paper.id, hit.score) for hit in other.hits]
    assert (one.total, one.more, one.meant, one.demands) == (other.total, other.more, other.meant, other.demands)


@settings(max_examples=80)
@given(QUERIES)
def test_both_databases_give_the_same_papers_in_the_same_order(pair: tuple[Session, Session], words: str) -> None:
    alike(*(look(session, words) for session in pair))


@settings(max_examples=80)
@given(QUERIES, st.integers(1, 30), st.sampled_from((0.0, 0.02, 1.0)))
def test_they_do_so_where_only_the_newest_are_taken_by_whatever_way(
    pair: tuple[Session, Session], words: str, most: int, common: float
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(engine, "MOST", most)
        changed.setattr(tsearch, "A_FEW", 1)
        changed.setattr(tsearch, "COMMON", dict.fromkeys(tsearch.COMMON, common))
        alike(*(look(session, words) for session in pair))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.sampled_from(WORDS))
def test_what_is_found_is_what_a_look_at_every_paper_finds(
    pair: tuple[Session, Session], words: list[str], unwanted: str
) -> None:
    said = " ".join(tokens(" ".join(words)))
    rows = {row.id: f" {row.search_title} | {row.search_text} " for row in pair[0].scalars(select(PaperRow))}
    refused = " ".join(tokens(unwanted))
    fits = {id_ for id_, text in rows.items() if f" {said} " in text and f" {refused} " not in text}
    for session in pair:
        found = look(session, f'"{" ".join(words)}" -"{unwanted}"')
        assert found.is_loose or {hit.paper.id for hit in found.hits} == fits


def test_the_database_folds_the_same_neighbours(pair: tuple[Session, Session]) -> None:
    text_ = "low rank adaptation of the large models ~ ada lovelace ~ 检索 索增 we adapt to 1e5"
    expected = {one for field in text_.split("~") for one in (*field.split(), *pairs(field.split()))}
    query = text("select tsvector_to_array(search_words(' ' || :said || '   '))")
    assert set(pair[1].scalar(query, {"said": text_}) or ()) == expected
    assert folded("rank", "adaptation") in expected


def test_both_databases_know_the_same_similar_papers_and_titles(pair: tuple[Session, Session]) -> None:
    one, other = pair
    for number in (1, 50, 299):
        id_ = f"2606.{number:05d}"
        near = [[(paper.id, score) for paper, score in lists.similar(each, id_, 9, LEXIS.vocabulary)] for each in pair]
        assert near[0] == near[1]
        assert len(near[0]) == 9
        title = papers.by_id(one, [id_])[id_].title
        assert library.titled(one, title, LEXIS.vocabulary)[0].id == id_
        assert library.titled(one, title) == library.titled(other, title)
