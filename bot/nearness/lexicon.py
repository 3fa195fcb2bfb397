"""The terms that papers and ideas are held together by: stems of words, and pairs of stems that stand side by side.

    text → words (``classifier/batch.py``) → stem numbers → neighbours within a clause → pair numbers

A pair is known in either order and over a stop word, so that ``rank selection`` and ``selecting the rank`` are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Ints, Vocabulary
from bot.classifier.features import firsts
from bot.classifier.text import BREAKS, TITLE_WEIGHT, Document, singular, words
from bot.nearness.idle import IDLE_WORDS
from bot.nearness.stems import stem

GAP = 12
"""Characters that may stand between the two words of a pair: room for a stop word or two."""

USUAL_ENDINGS = ("", "e", "ing", "ed", "ion", "ation", "y", "er", "ment", "ity", "ly")
"""Of the forms of a word one has one of these, nearly always."""
BREAK_CODES = np.frombuffer(BREAKS.encode(), np.uint8)

Floats = NDArray[np.float32]


class Spots(NamedTuple):
    """Occurrences of terms in a batch of texts, one entry each; offsets within the text."""

    paper: Ints
    term: Ints
    start: Ints
    end: Ints


class Held(NamedTuple):
    """What a batch of papers holds: one entry for each term of a paper, sorted by paper, then term."""

    papers: int
    paper: Ints
    term: Ints
    value: Floats
    """Of that term in that paper's unit tf-idf vector."""


class Lexicon:
    """Known terms by number: stems first, then pairs. ``pairs`` are sorted keys, see `pair_keys`."""

    def __init__(self, surfaces: Sequence[str], stem_of: NDArray[np.integer], pairs: Ints, idf: Floats):
        self.surfaces = surfaces
        self.stem_of = stem_of.astype(np.int64)
        self.stems = int(self.stem_of.max(initial=-1)) + 1
        self.pairs = pairs
        self.idf = idf
        self._vocabulary = Vocabulary(surfaces)

    @cached_property
    def _by_surface(self) -> dict[str, int]:
        return dict(zip(self.surfaces, self.stem_of.tolist(), strict=True))

    @cached_property
    def _by_pair(self) -> dict[int, int]:
        return {key: number for number, key in enumerate(self.pairs.tolist(), start=self.stems)}

    @cached_property
    def idle(self) -> frozenset[int]:
        """The stems that name no subject when they stand alone."""
        return frozenset(self.number(singular(word)) for word in IDLE_WORDS)

    def number(self, word: str) -> int:
        """The stem number of one folded word in the singular, in any form that it takes; -1 where unknown."""
        if (known := self._by_surface.get(word)) is not None:
            return known
        root = stem(word)
        forms = (f"{root}{ending}" for ending in USUAL_ENDINGS)
        return next((self._by_surface[form] for form in forms if form in self._by_surface and stem(form) == root), -1)

    def pair(self, one: int, other: int) -> int:
        """The number of a pair of stems, -1 where unknown."""
        return self._by_pair.get(min(one, other) * self.stems + max(one, other), -1) if min(one, other) >= 0 else -1

    def pair_numbers(self, left: Ints, right: Ints) -> Ints:
        """Numbers of the pairs of stems, -1 where unknown."""
        if not len(self.pairs):
            return np.full(len(left), -1)
        keys = pair_keys(left, right, self.stems)
        places = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        known = (self.pairs[places] == keys) & (left >= 0) & (right >= 0)
        return np.where(known, self.stems + places, -1)

    def stems_of(self, folded: str) -> tuple[int, ...]:
        """The stem numbers of a short folded text, -1 for an unknown word; stop words do not count."""
        return tuple(self.number(word.form) for word in words(folded))

    def phrase(self, stems: Sequence[int]) -> tuple[int, ...]:
        """The terms of a phrase: its stems, and the known pairs of neighbours."""
        pairs = (self.pair(*two) for two in pairwise(stems))
        return (*stems, *(pair for pair in pairs if pair >= 0))

    def spots(self, texts: Sequence[str]) -> Spots:
        """Every occurrence of a known term in folded texts, words before pairs."""
        found, left, right = self._read(texts)
        pair = self.pair_numbers(found.term[left], found.term[right])
        left, right, pair = left[pair >= 0], right[pair >= 0], pair[pair >= 0]
        return Spots(
            np.concatenate([found.paper, found.paper[left]]),
            np.concatenate([found.term, pair]),
            np.concatenate([found.start, found.start[left]]),
            np.concatenate([found.end, found.end[right]]),
        )

    def neighbours(self, texts: Sequence[str]) -> tuple[Spots, Spots]:
        """Stems that follow each other closely within one clause, known as a pair or not."""
        found, left, right = self._read(texts)
        return Spots(*(array[left] for array in found)), Spots(*(array[right] for array in found))

    def _read(self, texts: Sequence[str]) -> tuple[Spots, Ints, Ints]:
        """The stems of folded texts, and the places of such as follow each other closely within one clause."""
        found = self._vocabulary.find(texts)
        joined = np.frombuffer("\n".join([*texts, ""]).encode("ascii"), np.uint8)
        clause = np.cumsum(np.isin(joined, BREAK_CODES))[found.start]
        close = (found.start[1:] - found.end[:-1] <= GAP) & (clause[1:] == clause[:-1])
        left = np.flatnonzero(close)
        begins = np.cumsum([0, *(len(text) + 1 for text in texts)])[found.paper]
        stems = Spots(found.paper, self.stem_of[found.term], found.start - begins, found.end - begins)
        return stems, left, left + 1

    def hold(self, papers: Sequence[Document], spots: Spots | None = None) -> Held:
        """What papers hold, a word of the title counting as ``TITLE_WEIGHT``; ``spots`` where they are at hand."""
        spots = spots or self.spots([paper.text for paper in papers])
        titles = np.array([paper.title for paper in papers], np.int64)
        weight = np.where(spots.start < titles[spots.paper], TITLE_WEIGHT, 1).astype(np.float32)
        return self.weighed(len(papers), spots.paper, spots.term, weight)

    def weighed(self, papers: int, paper: Ints, term: Ints, weight: Floats) -> Held:
        """Unit vectors of sublinear tf-idf from weighted occurrences."""
        packed = paper * len(self.idf) + term
        order = np.argsort(packed, kind="stable")
        groups = firsts(packed[order])
        counts = np.add.reduceat(weight[order], groups) if len(groups) else weight
        first = order[groups]
        paper, term = paper[first], term[first]
        value = (1 + np.log(counts)) * self.idf[term]
        length = np.sqrt(np.bincount(paper, value * value, papers))
        return Held(papers, paper, term, (value / length[paper]).astype(np.float32))


def pair_keys(left: Ints, right: Ints, stems: int) -> Ints:
    """One number for two stems, whichever comes first."""
    return np.minimum(left, right) * stems + np.maximum(left, right)


def table(held: Held, terms: int) -> Floats:
    """(terms, papers): the same with a row for every term."""
    dense = np.zeros((terms, held.papers), np.float32)
    dense[held.term, held.paper] = held.value
    return dense


class Postings:
    """Papers by term: the same in little memory, a few rows at a time."""

    def __init__(self, held: Held, terms: int):
        order = np.argsort(held.term, kind="stable")
        self._papers = held.papers
        self._paper, self._value = held.paper[order].astype(np.int32), held.value[order]
        self._begins = np.searchsorted(held.term[order], np.arange(terms + 1))

    def rows(self, terms: Ints) -> Floats:
        """(terms, papers): these rows of the table."""
        dense = np.zeros((len(terms), self._papers), np.float32)
        for row, term in zip(dense, terms.tolist(), strict=True):
            some = slice(self._begins[term], self._begins[term + 1])
            row[self._paper[some]] = self._value[some]
        return dense
