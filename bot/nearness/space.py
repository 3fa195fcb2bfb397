"""The latent space: a term has a vector, a text the unit vector of their weighted sum."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Ints
from bot.nearness.lexicon import Floats, Held

SCALE = np.float32(254)
"""Steps of a coordinate of a unit vector: a byte holds up to a half, and hardly any of 160 coordinates is larger."""


class Vectors(NamedTuple):
    """Where terms stand, as whole numbers from -127 to 127 and one step each: a quarter of what floats would take."""

    whole: NDArray[np.int8]
    """(terms, width)"""
    steps: Floats
    """(terms,)"""

    @classmethod
    def of(cls, floats: Floats) -> Vectors:
        largest = np.abs(floats).max(axis=1, initial=0)
        steps = np.where(largest > 0, largest / np.float32(127), 1).astype(np.float32)
        return cls(np.rint(floats / steps[:, None]).astype(np.int8), steps)

    @property
    def width(self) -> int:
        return int(self.whole.shape[1])

    def rows(self, terms: Ints) -> Floats:
        """(terms, width): some of them."""
        return self.whole[terms].astype(np.float32) * self.steps[terms, None]


def places(held: Held, vectors: Vectors) -> Floats:
    """(papers, width): where papers stand, length 1, or 0 where nothing of a paper is known."""
    found = np.zeros((held.papers, vectors.width), np.float32)
    borders = np.searchsorted(held.paper, np.arange(held.papers + 1)).tolist()
    for paper, (begin, end) in enumerate(pairwise(borders)):  # several times faster than one reduceat over all
        found[paper] = held.value[begin:end] @ vectors.rows(held.term[begin:end])
    return unit(found)


def place(term: Ints, value: Floats, vectors: Vectors) -> Floats:
    """(width,): where one sparse vector stands."""
    found: Floats = value @ vectors.rows(term)
    return unit(found)


def unit(rows: Floats) -> Floats:
    """Rows of length 1; those of length 0 stay."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def in_bytes(rows: Floats) -> NDArray[np.int8]:
    """Unit vectors as the database keeps them."""
    whole: NDArray[np.int8] = np.clip(np.rint(rows * SCALE), -127, 127).astype(np.int8)
    return whole
