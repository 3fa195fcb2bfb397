"""Search across languages: Chinese words find English papers, and English words Chinese ones."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.app import load_terms
from bot.store.engine import Store
from bot.store.papers import keep
from bot.store.search import search
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases

TERMS = load_terms()
PAPERS = [
    fetched("2606.00001", title="What Low-Rank Adapters Forget", abstract="Low-rank adaptation forgets old tasks."),
    fetched("2606.00002", title="Shorter Chains of Reasoning", abstract="Compression of a chain of thought by half."),
    fetched("2606.00003", title="Retrieval-Augmented Generation Under Pressure", abstract="Long inputs hurt."),
    fetched("2606.00004", title="LoRA at Every Rank", abstract="We train adapters and watch forgetting."),
    fetched("2606.00005", title="Watching LLMs Bargain", abstract="Agents that keep a memory negotiate better."),
    fetched("2606.00006", title="大模型的思维链", abstract="本文讨论思维链。"),
    fetched("2606.00007", title="A Study of Rage", abstract="Emotion in newspapers; retrieval is not mentioned."),
]


@pytest.fixture
def library(session: Session) -> Session:
    keep(session, PAPERS)
    return session


def ids(session: Session, words: str) -> list[str]:
    return [hit.paper.id[-1] for hit in search(session, words, terms=TERMS)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("低秩适配 遗忘", "14"),
        ("低秩适配的遗忘", "14"),
        ("LoRA 遗忘", "4"),
        ("思维链 压缩", "2"),
        ("思维链压缩", "2"),
        ("检索增强", "3"),
        ("检索增强生成", "3"),
        ("RAG pressure", ""),  # an English word is meant as it is written
        ("大模型", "65"),
        ("谈判", "5"),
        ("智能体记忆", "5"),  # one term, taken apart
        ("chain of thought", "26"),
        ("思维链", "26"),
        ("LLM", "56"),
        ("量子色动力学", ""),
        ("的", "6"),
    ],
)
def test_what_is_found(library: Session, words: str, found: str) -> None:
    assert sorted(ids(library, words)) == sorted(found)


def test_a_word_in_the_title_counts_for_more(library: Session) -> None:
    assert ids(library, "遗忘")[0] == "1"


def test_papers_with_a_part_come_where_none_has_all_and_say_so(library: Session) -> None:
    hits = search(library, "检索增强 谈判", terms=TERMS)
    assert {hit.paper.id[-1] for hit in hits} >= {"3", "5"}
    assert all(hit.loose for hit in hits)
    assert not any(hit.loose for hit in search(library, "谈判", terms=TERMS))


@pytest.mark.parametrize("words", ["retrieval bargain", "低秩适配 retrieval bargain xyzzy"])
def test_only_a_query_that_was_translated_is_loosened(library: Session, words: str) -> None:
    assert bool(ids(library, words)) == ("低" in words)


@settings(max_examples=200)
@given(st.text(max_size=60) | st.text('检索增强的LoRA "*()^:-+', max_size=60))
@example("大模型幻觉" * 100)
@example("agent " * 300)
@example('NEAR(检索 OR "')
def test_no_words_make_it_fail(words: str) -> None:
    with memory().read() as session:
        assert len(search(session, words, 3, TERMS)) <= 3


def memory(kept: list[Store] = []) -> Store:  # noqa: B006 - one database for all examples
    if not kept:
        kept.append(Store("sqlite://"))
        with kept[0].write() as session:
            keep(session, PAPERS)
    return kept[0]
