"""What several sources say of one paper becomes one paper, whoever speaks first."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import AnnounceType, FetchedPaper, Paper
from bot.rules.ingest import first_seen, is_stale, is_withdrawn, merge, placed
from tests.fakes import DAY, fetched

FEED = fetched(
    title=r"The $k$-means of Erd\H{o}s", abstract="Feed's text.", authors=("P. Erdos",), categories=("math.CO",),
    announce_type=AnnounceType.NEW,
)  # fmt: skip
API = replace(
    FEED, source="arxiv-api", abstract="API's text.", authors=(r"Paul Erd\H{o}s", "A. Renyi"), day=date(2026, 6, 18),
    announce_type=None, submitted=datetime(2026, 6, 16, 12, tzinfo=UTC), comment="8 pages",
)  # fmt: skip
HF = replace(
    FEED, source="huggingface", title="The k-means", abstract="HF's text.", authors=("Paul",), categories=(),
    day=date(2026, 6, 19), announce_type=None, upvotes=7, comments=2, code_url="https://github.com/a/b",
    summary="Short.", keywords=("sets",),
)  # fmt: skip


def told(tellings: tuple[FetchedPaper, ...]) -> Paper:
    return reduce(merge, tellings[1:], first_seen(tellings[0]))


def test_three_sources_make_one_paper_in_any_order() -> None:
    papers = [told(order) for order in permutations((FEED, API, HF))]
    assert all(paper == papers[0] for paper in papers)
    paper = papers[0]
    assert paper.title == "The k-means of Erdős"
    assert paper.authors == ("Paul Erdős", "A. Renyi")
    assert paper.abstract == "API's text."
    assert paper.day == DAY
    assert paper.day_source == "arxiv-feed"
    assert (paper.upvotes, paper.comments, paper.code_url, paper.summary) == (7, 2, "https://github.com/a/b", "Short.")
    assert paper.categories == ("math.CO",)
    assert paper.submitted == API.submitted
    assert set(paper.sources) == {"arxiv-feed", "arxiv-api", "huggingface"}


some = st.sampled_from
days = [None, DAY, date(2026, 6, 18)]
times = [None, datetime(2026, 6, 16, tzinfo=UTC), datetime(2026, 6, 20, tzinfo=UTC)]


@st.composite
def by_each_source(draw: st.DrawFn) -> list[FetchedPaper]:
    """One telling each by feed, API and Hugging Face, with the fields that each of them has: arXiv always tells text,
    authors and categories, only the API has comments and times, only Hugging Face votes, and it knows no versions."""
    texts = {
        "title": some(["A title", r"$k$-means", "Another"]),
        "abstract": some(["Words.", "Other words.", "This paper has been withdrawn."]),
        "authors": some([("Ada",), ("Ada", "Alan")]),
        "day": some(days),
    }
    arxiv = {**texts, "version": st.integers(1, 3), "categories": some([("cs.CL",), ("cs.LG", "cs.CL")])}
    api = {"submitted": some(times), "updated": some(times), "comment": some(["", "8 pages", "withdrawn"])}
    hf = {
        "authors": some([(), ("Ada",)]), "upvotes": some([None, 0, 5]), "code_url": some(["", "https://a.example"]),
        "summary": some(["", "Short."]), "keywords": some([(), ("x",)]), "abstract": some(["", "Words.", "HF's."]),
    }  # fmt: skip
    told_by = {
        "arxiv-feed": {**arxiv, "announce_type": some([None, *AnnounceType])},
        "arxiv-api": {**arxiv, **api},
        "huggingface": {**texts, **hf},
    }
    return [
        FetchedPaper(id="2606.01234", source=source, **{name: draw(values) for name, values in parts.items()})
        for source, parts in told_by.items()
    ]


@settings(max_examples=120)  # each is dear: some thirty values are drawn for it
@given(by_each_source())
def test_any_three_tellings_make_the_same_paper_in_any_order(said: list[FetchedPaper]) -> None:
    papers = [told(order) for order in permutations(said)]
    for paper in papers[1:]:
        assert paper == papers[0]


@settings(max_examples=120)  # each is dear: some thirty values are drawn for it
@given(by_each_source())
def test_hearing_it_again_changes_nothing(said: list[FetchedPaper]) -> None:
    paper = told(tuple(said))
    for again in said:
        assert merge(paper, again) == paper


@given(by_each_source())
def test_nothing_known_is_overwritten_by_nothing(said: list[FetchedPaper]) -> None:
    paper = first_seen(said[0])
    for telling in said[1:]:
        known, paper = paper, merge(paper, telling)
        for field in fields(Paper):
            if field.name in {"withdrawn", "comment"}:
                continue
            if getattr(known, field.name) not in (None, "", ()):
                assert getattr(paper, field.name) not in (None, "", ()), field.name


def test_counts_are_the_latest_told() -> None:
    paper = told((HF, replace(HF, upvotes=9, comments=1)))
    assert (paper.upvotes, paper.comments) == (9, 1)
    assert merge(paper, replace(HF, upvotes=None)).upvotes == 9
    assert merge(paper, replace(HF, upvotes=0)).upvotes == 0


def test_a_new_version_brings_its_text_and_keeps_the_day() -> None:
    newer = replace(FEED, version=2, abstract="Changed.", announce_type=AnnounceType.REPLACE, day=date(2026, 6, 24))
    paper = merge(first_seen(FEED), newer)
    assert (paper.version, paper.abstract, paper.day) == (2, "Changed.", DAY)
    assert merge(paper, FEED) == paper


def test_a_replacement_alone_has_no_day_of_its_own() -> None:
    paper = first_seen(replace(FEED, announce_type=AnnounceType.REPLACE_CROSS))
    assert (paper.day, paper.day_source) == (None, "")


def test_the_api_places_a_paper_by_its_submission_and_leaves_a_known_day() -> None:
    late = replace(API, day=None, submitted=datetime(2026, 6, 19, 17, tzinfo=UTC))
    assert [paper.day for paper in placed([late], [date(2026, 6, 22)])] == [date(2026, 6, 23)]
    assert placed([HF]) == [HF]
    assert placed([replace(API, day=None, submitted=None)])[0].day is None


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        ("This paper has been withdrawn", ""),
        ("Withdrawn due to an error", ""),
        ("[withdrawn]", ""),
        ("", "This paper has been withdrawn by the author due to a crucial error."),
        ("", "The article was withdrawn."),
        ("withdrawn by arXiv administrators", ""),
        ("The authors have withdrawn this manuscript", ""),
    ],
)
def test_withdrawn_papers_are_recognised(comment: str, abstract: str) -> None:
    assert is_withdrawn(fetched(comment=comment, abstract=abstract))


@pytest.mark.parametrize(
    "abstract",
    [
        "We study drug withdrawal in patients.",
        "Support was withdrawn from the villages, and trust with it.",
        "Consent can be withdrawn by users at any time.",
        "x" * 300 + " this paper has been withdrawn",
    ],
)
def test_papers_about_withdrawal_are_not_withdrawn(abstract: str) -> None:
    assert not is_withdrawn(fetched(abstract=abstract))


def test_a_batch_that_was_announced_before_is_stale() -> None:
    batch = [fetched("1"), fetched("2")]
    assert is_stale(batch, {"1": date(2026, 6, 16), "2": date(2026, 6, 16)}, DAY)


def test_a_batch_with_one_fresh_id_or_of_its_own_day_is_not_stale() -> None:
    batch = [fetched("1"), fetched("2")]
    assert not is_stale(batch, {"1": date(2026, 6, 16)}, DAY)
    assert not is_stale(batch, {"1": date(2026, 6, 16), "2": DAY}, DAY)
    assert not is_stale(batch, {}, DAY)
    assert not is_stale([], {}, DAY)
    assert not is_stale([replace(fetched("1"), announce_type=AnnounceType.REPLACE)], {"1": date(2026, 6, 16)}, DAY)
