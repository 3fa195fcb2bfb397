"""The order of papers under one direction, as a sum whose parts can be shown.

    rank = probability             how surely it belongs, 0 to 1
         + 0.06 · ln(1 + votes)    what readers of Hugging Face liked: fifty votes are worth 0.24
         + 0.08 / 0 / -0.08        one GPU is enough / several are needed / a cluster is; 0 where nobody knows
         - 0.02 · days             for each day that it is older than the newest at hand, 0.10 at most
         + personal                what this reader's likes and dislikes say, -0.5 to 0.5 (``relevance``)
         - 0.25 · likeness         to the most similar paper that already stands above it: not five papers on one trick

Equal sums are ordered by id, so that every run and every database gives one order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

from bot.models import Assignment, Compute, Paper, Rank
from bot.rules.tokens import tokens

VOTES, PER_DAY, OLDEST, LIKENESS = 0.06, 0.02, 0.10, 0.25
COMPUTE = {"low": 0.08, "medium": 0.0, "high": -0.08}
POOL = 3
"""So many candidates for each place: one that stands lower never comes up by being different."""
SHORTEST_WORD = 4
"""Letters; shorter words of a title say nothing of its trick."""


def rank_of(
    paper: Paper, assignment: Assignment, compute: Compute, newest: date | None = None, personal: float = 0.0
) -> Rank:
    """The rank of a paper by itself; ``variety`` depends on its company and is 0 here."""
    age = (newest - paper.day).days if newest and paper.day else 0
    return Rank(
        probability=assignment.probability,
        votes=VOTES * math.log1p(paper.upvotes or 0),
        compute=COMPUTE.get(compute.level, 0.0),
        freshness=-min(PER_DAY * max(age, 0), OLDEST),
        personal=personal,
    )


class Ranked(Protocol):
    """A paper with its rank."""

    @property
    def paper(self) -> Paper: ...
    @property
    def rank(self) -> Rank: ...


R = TypeVar("R", bound=Ranked)


def varied(candidates: Sequence[R], limit: int) -> list[tuple[R, Rank]]:
    """The best ``limit``, each chosen after its likeness to those above it has been taken off."""
    pool = sorted((-found.rank.total, found.paper.id, at) for at, found in enumerate(candidates))[: limit * POOL]
    chosen: list[tuple[R, Rank]] = []
    while pool and len(chosen) < limit:
        place, like = next_best(pool, candidates, [found.paper.title for found, _ in chosen])
        found = candidates[pool.pop(place)[2]]
        chosen.append((found, replace(found.rank, variety=-LIKENESS * like) if like else found.rank))
    return chosen


def next_best(
    pool: Sequence[tuple[float, str, int]], candidates: Sequence[Ranked], above: Sequence[str]
) -> tuple[int, float]:  # fmt: skip
    """The place in ``pool`` (best first, by rank alone) of who comes next, and its likeness to the titles ``above``.

    Likeness only lowers, so that whoever by rank alone stands behind the best so far need not be looked at.
    """
    best, place, likest = (math.inf, ""), 0, 0.0
    for at, (low, id_, number) in enumerate(pool):
        if low > best[0]:
            break
        like = max((likeness(candidates[number].paper.title, title) for title in above), default=0.0)
        if (LIKENESS * like + low, id_) < best:
            best, place, likest = (LIKENESS * like + low, id_), at, like
    return place, likest


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, 0 to 1."""
    words, others = telling_words(one), telling_words(other)
    return len(words & others) / len(words | others) if words and others else 0.0


@lru_cache(maxsize=20_000)
def telling_words(title: str) -> frozenset[str]:
    """The words that may name a trick."""
    return frozenset(word for word in tokens(title) if len(word) >= SHORTEST_WORD)
