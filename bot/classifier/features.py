"""From texts to numbers: unit vectors of sublinear tf-idf over the known terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Found, Ints, Vocabulary
from bot.classifier.text import TITLE_WEIGHT, Document


class Features(NamedTuple):
    """The features of a batch of papers, sparse; entries sorted by paper, then term."""

    documents: Sequence[Document]
    paper: Ints
    term: Ints
    value: NDArray[np.float64]
    """Of that term in that paper's unit vector."""
    start: Ints
    end: Ints
    """Where the term first stands in the paper's text."""


def extract(documents: Sequence[Document], vocabulary: Vocabulary, idf: NDArray[np.float32]) -> Features:
    """Features of a batch of papers; ``idf`` by term number.

    Unknown terms lengthen a vector like the rarest known one: else a new paper, of which more is unknown than of those
    that training saw, would look surer than it is.
    """
    found = vocabulary.find([paper.text for paper in documents])
    begins = np.cumsum([0, *(len(paper.text) + 1 for paper in documents)])
    title_ends = begins[:-1] + [paper.title for paper in documents]
    order, groups = _grouped(found, max(vocabulary.size, 1))
    first = order.take(groups)
    paper, term, start = found.paper.take(first), found.term.take(first), found.start.take(first)
    in_title = found.start < title_ends.take(found.paper)
    counts = np.add.reduceat(np.where(in_title, TITLE_WEIGHT, 1).take(order), groups)
    sublinear = 1 + np.log(np.arange(1, counts.max(initial=0) + 1))
    value = sublinear.take(counts - 1) * idf.take(term).astype(np.float64)
    squares = np.bincount(paper, value * value, len(documents)) + found.unknown * float(idf.max(initial=0)) ** 2
    value /= np.sqrt(np.maximum(squares, 1e-12)).take(paper)
    shift = begins.take(paper)
    return Features(documents, paper, term, value, start - shift, found.end.take(first) - shift)


def _grouped(found: Found, size: int) -> tuple[Ints, Ints]:
    """The order that puts equal terms of one paper together, and where each such group begins in it.

    Sorting (paper, term, occurrence) packed into one number is several times faster than a stable argsort.
    """
    shift = len(found.term).bit_length()
    packed = ((found.paper * size + found.term) << shift) | np.arange(len(found.term))
    packed.sort()
    return packed & ((1 << shift) - 1), firsts(packed >> shift)


def firsts(values: Ints) -> Ints:
    """Where each run of equal values begins."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return np.flatnonzero(changes)
