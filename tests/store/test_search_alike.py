"""Both databases find the same, in the same order, whatever way they go; PostgreSQL also in several segments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlmodel import Session

from bot.rules.query.found import Found
from bot.rules.tokens import tokens
from bot.store import library, lists, papers
from bot.store.engine import Store
from bot.store.search import engine, rebuild, tsearch, tsquery
from bot.store.search.pairs import folded, pairs
from bot.store.tables import PaperRow
from tests.databases import Server
from tests.store.searched import LEXIS, WORDS, fill, look

SEGMENTS_OF_64 = """
create or replace function search_segment(number integer) returns text
language sql immutable parallel safe as $$ select to_hex(number >> 6) || '.' $$
"""


@pytest.fixture(scope="module")
def pair(postgresql: Server) -> Iterator[tuple[Session, Session]]:
    """The same papers on both, in several segments of PostgreSQL's index."""
    stores = Store("sqlite://"), Store(postgresql.fresh_database("search"))
    for store in stores:
        with store.write() as session:
            fill(session)
    with stores[1].write() as session:
        session.execute(text(SEGMENTS_OF_64))
        rebuild(session)
    with stores[0].read() as one, stores[1].read() as other, pytest.MonkeyPatch.context() as changed:
        changed.setattr(tsquery, "SEGMENT", 6)
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
@given(QUERIES, st.integers(1, 30), st.sampled_from((0.0, 0.02, 1.0)), st.sampled_from((0.01, 0.2, 3)))
def test_they_do_so_where_only_the_newest_are_taken_by_whatever_way(
    pair: tuple[Session, Session], words: str, most: int, common: float, ample: float
) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(engine, "MOST", most)
        changed.setattr(tsearch, "A_FEW", 1)
        changed.setattr(tsearch, "AMPLE", ample)
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
    query = text("select tsvector_to_array(search_words(' ' || :said || '   ', :segment))")
    assert set(pair[1].scalar(query, {"said": text_, "segment": ""}) or ()) == expected
    assert set(pair[1].scalar(query, {"said": text_, "segment": "a."}) or ()) == {f"a.{one}" for one in expected}
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
