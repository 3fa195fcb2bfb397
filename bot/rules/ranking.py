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
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from heapq import heappop, heapreplace
from itertools import islice, repeat
from operator import itemgetter
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


# Both by hand, for ``replace`` is slow, and this is done for most papers of most digests.


def lifted(rank: Rank, lift: float) -> Rank:
    return Rank(rank.probability, rank.votes, rank.compute, rank.freshness, rank.personal + lift)


def varied_by(rank: Rank, variety: float) -> Rank:
    return Rank(rank.probability, rank.votes, rank.compute, rank.freshness, rank.personal, variety)


class Ranked(Protocol):
    """A paper with its rank."""

    @property
    def paper(self) -> Paper: ...
    @property
    def rank(self) -> Rank: ...


R = TypeVar("R", bound=Ranked)
Place = tuple[float, str]
"""What papers are sorted by, best first: the rank below zero, and the id."""


def place_of(paper: Paper, rank: Rank) -> Place:
    return -rank.total, paper.id


def varied(candidates: Sequence[R], limit: int) -> list[tuple[R, Rank]]:
    """The best ``limit``, each chosen after its likeness to those above it has been taken off."""
    placed = sorted(((place_of(found.paper, found.rank), found) for found in candidates), key=itemgetter(0))
    return [(found, varied_by(found.rank, variety)) for found, variety in apart(placed, limit)]


def apart(placed: Iterable[tuple[Place, R]], limit: int) -> list[tuple[R, float]]:
    """The best ``limit`` of papers that stand in the order of their places, each with its ``variety``.

    Likeness only lowers, so that a paper is held against those above it when its turn comes, and never before.
    """
    pool = list(islice(placed, limit * POOL))
    waiting = [(place, at, 0.0, 0) for at, (place, _) in enumerate(pool)]  # in order, and so a heap
    chosen: list[tuple[R, float]] = []
    above: list[str] = []
    while waiting and len(chosen) < limit:
        _, at, like, held = waiting[0]
        (low, id_), found = pool[at]
        title = found.paper.title
        likest = max(like, *map(likeness, repeat(title), above[held:])) if held < len(above) else like
        if likest > like:
            heapreplace(waiting, ((LIKENESS * likest + low, id_), at, likest, len(above)))
        else:
            heappop(waiting)
            above.append(title)
            chosen.append((found, -LIKENESS * like if like else 0.0))
    return chosen


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """The share of telling words that two titles have in common, 0 to 1."""
    words, others = telling_words(one), telling_words(other)
    return len(words & others) / len(words | others) if words and others else 0.0


@lru_cache(maxsize=20_000)
def telling_words(title: str) -> frozenset[str]:
    """The words that may name a trick."""
    return frozenset(word for word in tokens(title) if len(word) >= SHORTEST_WORD)
