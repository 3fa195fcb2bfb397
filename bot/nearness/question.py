"""An idea's text, analysed once: its concepts as numbers, its place, and what ordinary papers reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bot.classifier.batch import Ints
from bot.models.ideas import Asked
from bot.nearness.concepts import Concept
from bot.nearness.lexicon import Floats, Lexicon


class Vectors(NamedTuple):
    """The concepts of one question as numbers: C concepts, W ways, T different terms."""

    weight: Floats
    """(C,) length of each concept in the question's vector, which is of length 1."""
    ways: Ints
    """(C, most ways) the ways of each concept; the first stands again where it has fewer than the most."""
    term: Ints
    """(T,)"""
    share: Floats
    """(W, T) of each term in each way's vector, which is of length 1."""


class Ordinary(NamedTuple):
    """What ordinary papers reach for one question."""

    mean: float
    deviation: float
    latent: float
    """Least cosine in the latent space of a paper that is worth looking at."""


UNKNOWN = Ordinary(0.0, 1.0, 0.0)


class Demand(NamedTuple):
    """A phrase that papers must hold, or must not."""

    phrase: str
    vectors: Vectors
    """Of the phrase's concepts; none where nothing of it is known."""


@dataclass(frozen=True, eq=False)
class Question:
    """What papers are held against; made by `Nearness.ask`, immutable, kept in memory only."""

    asked: Asked
    language: str
    """``zh`` or ``en``: of the idea's text."""
    words: tuple[str, ...]
    """English words and phrases to look the idea up by, most telling first; any of them, not all."""
    concepts: tuple[Concept, ...]
    vectors: Vectors
    place: Floats
    """(width,) in the latent space, of length 1, or 0 where nothing of the text is known."""
    ordinary: Ordinary = UNKNOWN
    must: tuple[Demand, ...] = ()
    must_not: tuple[Demand, ...] = ()
    unwanted: tuple[frozenset[int], ...] = ()
    """The concepts that the idea shares with each unwanted paper."""

    @cached_property
    def telling(self) -> Floats:
        """(C,) 1 for a concept that names a subject."""
        return np.array([not one.is_idle for one in self.concepts], np.float32)

    @cached_property
    def whole(self) -> Floats:
        """(C,) 1 for a concept that is more than two neighbouring words."""
        return np.array([not one.is_pair for one in self.concepts], np.float32)


def vectors_of(concepts: Sequence[Concept], lexicon: Lexicon) -> Vectors:
    """Each way as a unit vector of idf, each concept as long as its ways are on the average."""
    ways = [way for one in concepts for way in one.ways]
    of_way = np.repeat(np.arange(len(ways)), [len(way) for way in ways])
    term, column = np.unique(np.array([term for way in ways for term in way], np.int64), return_inverse=True)
    share = np.zeros((len(ways), len(term)), np.float32)
    share[of_way, column] = lexicon.idf[term[column]]
    length = np.linalg.norm(share, axis=1)
    numbers = numbered(concepts)
    weight = np.array([one.weight * length[of].mean() for one, of in zip(concepts, numbers, strict=True)])
    unit = (weight / max(float(np.linalg.norm(weight)), 1e-9)).astype(np.float32)
    return Vectors(unit, filled(numbers), term, share / length[:, None])


def numbered(concepts: Sequence[Concept]) -> list[list[int]]:
    """The numbers of each concept's ways, counted through."""
    borders = np.cumsum([0, *(len(one.ways) for one in concepts)]).tolist()
    return [[*range(*border)] for border in pairwise(borders)]


def filled(numbers: Sequence[list[int]]) -> Ints:
    """Rows of equal length, the first number standing again where there are too few."""
    most = max(map(len, numbers), default=1)
    return np.array([row + row[:1] * (most - len(row)) for row in numbers], np.int64).reshape(-1, most)


def flat(question: Vectors) -> Floats:
    """(T,) the question as a sparse vector: each concept's weight divided among its ways."""
    found = np.zeros(question.share.shape[1], np.float32)
    for weight, ways in zip(question.weight, question.ways, strict=True):
        found += weight * question.share[np.unique(ways)].mean(axis=0)
    return found
