"""The order under a direction is a sum that can be shown, and does not give one trick five places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Assignment, Compute, Paper, Rank
from bot.rules.ranking import LIKENESS, POOL, likeness, rank_of, varied

DAY = date(2026, 6, 17)


@dataclass(frozen=True)
class Found:
    paper: Paper
    rank: Rank


def paper(id_: str, title: str = "A title", **known: object) -> Paper:
    values = {"version": 1, "abstract": "", "authors": (), "categories": (), "day": DAY, **known}
    return Paper(id=id_, title=title, **values)  # type: ignore[arg-type]


def rank(probability: float = 0.5, level: str = "unknown", personal: float = 0.0, **known: object) -> Rank:
    return rank_of(paper("1", **known), Assignment("peft", probability), Compute(level), DAY, personal)


def test_the_total_is_the_sum_of_the_parts() -> None:
    found = rank(0.9, "low", personal=0.2, upvotes=50, day=date(2026, 6, 15))
    assert found.total == pytest.approx(0.9 + 0.236 + 0.08 - 0.04 + 0.2, abs=0.001)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (rank(0.9), rank(0.8)),
        (rank(upvotes=10), rank(upvotes=None)),
        (rank(level="low"), rank(level="medium")),
        (rank(level="medium"), rank(level="high")),
        (rank(), rank(day=date(2026, 6, 10))),
        (rank(personal=0.1), rank()),
    ],
    ids=["surer", "liked", "one GPU", "no cluster", "newer", "to the reader's taste"],
)
def test_a_paper_stands_higher_that_is(better: Rank, worse: Rank) -> None:
    assert better.total > worse.total


def test_age_never_costs_more_than_a_tenth() -> None:
    assert rank(day=date(1999, 1, 1)).freshness == -0.10
    assert rank(day=None).freshness == 0


def test_the_same_trick_does_not_take_every_place() -> None:
    trick = [Found(paper(str(n), f"Speculative decoding with draft trees part{n}"), Rank(0.9)) for n in range(3)]
    other = Found(paper("9", "Evicting cached keys by attention entropy"), Rank(0.85))
    order = [found.paper.id for found, _ in varied([*trick, other], 3)]
    assert order == ["0", "9", "1"]


def test_what_likeness_cost_is_shown() -> None:
    twins = [Found(paper(str(n), "Speculative decoding"), Rank(0.9)) for n in range(2)]
    assert [round(found.variety, 2) for _, found in varied(twins, 2)] == [0, -0.25]


@given(st.lists(st.floats(0, 1), max_size=12), st.integers(0, 15))
def test_every_paper_comes_once_and_no_more_than_asked_for(probabilities: list[float], limit: int) -> None:
    candidates = [Found(paper(str(n)), Rank(probability)) for n, probability in enumerate(probabilities)]
    order = [found.paper.id for found, _ in varied(candidates, limit)]
    assert len(order) == len(set(order)) == min(limit, len(candidates))


@given(st.permutations(range(5)))
def test_equal_papers_stand_in_the_order_of_their_ids(numbers: list[int]) -> None:
    candidates = [Found(paper(str(n), f"word{n} alone"), Rank(0.5)) for n in numbers]
    first, *_ = varied(candidates, 5)
    assert first[0].paper.id == "0"


WORDS = st.lists(st.sampled_from(["draft", "trees", "cached", "tokens", "adapter"]), min_size=1, max_size=3)


@given(st.lists(st.tuples(st.sampled_from([0.5, 0.6, 0.65, 0.9]), WORDS), max_size=12), st.integers(1, 6))
def test_whoever_comes_next_is_best_once_likeness_to_those_above_is_taken_off(
    made: list[tuple[float, list[str]]], limit: int
) -> None:
    candidates = [Found(paper(f"{n:02}", " ".join(words)), Rank(p)) for n, (p, words) in enumerate(made)]
    left = sorted(candidates, key=lambda one: (-one.rank.total, one.paper.id))[: limit * POOL]
    above: list[str] = []

    def worth(one: Found) -> tuple[float, str]:
        like = max((likeness(one.paper.title, title) for title in above), default=0.0)
        return LIKENESS * like - one.rank.total, one.paper.id

    for found, _ in varied(candidates, limit):
        assert found == min(left, key=worth)
        left.remove(found)
        above.append(found.paper.title)


@given(st.text(), st.text())
def test_likeness_is_a_share_whatever_the_titles_are(one: str, other: str) -> None:
    share = likeness(one, other)
    assert 0 <= share <= 1
