"""Word search in Chinese and English, always over what the papers say now."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session

from bot.store.engine import Store
from bot.store.papers import keep
from bot.store.search import search
from bot.store.tables import PaperRow
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases


@pytest.fixture
def library(session: Session) -> Session:
    keep(session, [
        fetched("2606.00001", title="Low-Rank Adaptation of Small Models", abstract="We adapt.", authors=("Gödel",)),
        fetched("2606.00002", title="检索增强生成综述", abstract="本文综述检索增强生成。"),
        fetched("2606.00003", title="A Survey", abstract="Adaptation is mentioned once among very many other words."),
    ])  # fmt: skip
    return session


def ids(session: Session, words: str, limit: int = 10) -> list[str]:
    return [hit.paper.id for hit in search(session, words, limit)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("adaptation", ["2606.00001", "2606.00003"]),  # in the title first
        ("low-rank adaptation", ["2606.00001"]),
        ("LOW rank", ["2606.00001"]),
        ("adapta", ["2606.00001", "2606.00003"]),  # unfinished
        ("adapta rank", []),  # only the last word may be
        ("godel", ["2606.00001"]),
        ("GÖDEL", ["2606.00001"]),
        ("检索", ["2606.00002"]),
        ("增强生成", ["2606.00002"]),
        ("检索 综述", ["2606.00002"]),
        ("生成检索", []),
        ("2606.00003", ["2606.00003"]),
        ("nothing like this", []),
        ("", []),
        ("!?", []),
    ],
)
def test_what_is_found(library: Session, words: str, found: list[str]) -> None:
    assert ids(library, words) == found


@pytest.mark.parametrize("words", ["检", "检索增", "综"])
def test_one_chinese_character_or_an_odd_number_of_them_is_enough(library: Session, words: str) -> None:
    assert ids(library, words) == ["2606.00002"]


def test_scores_fall_and_the_limit_holds(library: Session) -> None:
    scores = [hit.score for hit in search(library, "adaptation")]
    assert scores == sorted(scores, reverse=True)
    assert len(search(library, "adaptation", 1)) == 1


def test_the_index_follows_a_change(library: Session) -> None:
    keep(library, [fetched("2606.00003", source="arxiv-api", title="A Different Name", abstract="Quantisation.")])
    assert ids(library, "quantisation") == ["2606.00003"]
    assert ids(library, "survey") == []
    assert ids(library, "adaptation") == ["2606.00001"]


def test_the_index_follows_a_removal(library: Session) -> None:
    library.execute(delete(PaperRow).where(PaperRow.id == "2606.00001"))
    assert ids(library, "adaptation") == ["2606.00003"]


@given(st.text(max_size=30))
def test_no_words_make_it_fail(words: str) -> None:
    store = memory()
    with store.read() as session:
        search(session, words)
        search(session, f'"{words}" OR NEAR(* -{words}')


def memory(kept: list[Store] = []) -> Store:  # noqa: B006 - one database for all examples
    if not kept:
        kept.append(Store("sqlite://"))
    return kept[0]
