"""The words and phrases of a paper that carried a direction, or spoke against it, as they stand in the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Ints
from bot.classifier.features import Features
from bot.models import Evidence

TIES = "-."
"""Between two letters or digits they make one word: ``fine-tuning``, ``Qwen2.5``."""

CANDIDATES = 3
"""Terms looked at for each one shown: neighbours join into phrases, and plain words drop out."""

_PLAIN_WORDS = """
ability able achieve achieved achieves address aim allow analysis approach approaches available based better call
called case challenge challenges challenging common compared consider contribution current demonstrate demonstrates
describe design despite develop different effective effectively eight eleven enable enables evaluate existing
experiment experiments extensive external fail fails find finding findings first five focus following four framework
gap gaps general give given good help high however hundred improve improved improvement include including increase
introduce introduces issue key large lead leading leads leverage like limited low main make makes making method
methods model models need needs new nine novel number observe obtain often open paper people perform performance
performs potential present presents previous pro problem problems produce produces promising propose proposed proposes
provide provides real recent recently reliably remain remains require requires research result results reveal
revealing reveals score scores second set setting settings seven show showing shown shows significant significantly
single six solution solutions state strong studies study success system systems take task tasks ten term test three
time twelve two understanding use used useful uses using variety various way ways well wide widely work works world
year years zero
"""
PLAIN_WORDS = frozenset(_PLAIN_WORDS.split())
"""Words that say nothing of a paper's subject when they stand alone; a phrase may hold one of them."""


class Piece(NamedTuple):
    """A term of one paper, what it added, and where it first stands."""

    term: str
    share: float
    start: int
    end: int


class Parts(NamedTuple):
    """What evidence is computed from."""

    features: Features
    weights: NDArray[np.float32]
    """(V, D) log-odds a unit."""
    terms: Sequence[str]


def telling(
    parts: Parts, paper: Ints, direction: Ints, limit: int, *, against: bool = False
) -> list[tuple[Evidence, ...]]:
    """For each pair of a paper's row and a direction's column, up to ``limit`` pieces of evidence.

    Against: what lowered the score instead of what raised it.
    """
    entry, pair, share = _strongest(parts, paper, direction, limit * CANDIDATES, -1 if against else 1)
    features = parts.features
    columns = (pair, features.term[entry], share, features.start[entry], features.end[entry])
    pieces: list[list[Piece]] = [[] for _ in paper]
    for row, number, added, start, end in zip(*(column.tolist() for column in columns), strict=True):
        pieces[row].append(Piece(parts.terms[number], added, start, end))
    texts = [features.documents[row].text for row in paper.tolist()]
    return [phrases_of(text, found, limit) for text, found in zip(texts, pieces, strict=True)]


def _strongest(
    parts: Parts, paper: Ints, direction: Ints, count: int, sign: int
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """The entries of each pair's paper with the largest shares of that sign: entry, pair, share; strongest first."""
    features = parts.features
    begins = np.searchsorted(features.paper, paper, side="left")
    lengths = np.searchsorted(features.paper, paper, side="right") - begins
    pair = np.repeat(np.arange(len(paper)), lengths)
    entry = np.arange(len(pair)) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
    share = features.value[entry] * parts.weights[features.term[entry], direction[pair]]
    kept = np.flatnonzero(sign * share > 0)
    kept = kept[np.lexsort((-sign * share[kept], pair[kept]))]
    rank = np.arange(len(kept)) - np.searchsorted(pair[kept], pair[kept])
    kept = kept[rank < count]
    return entry[kept], pair[kept], share[kept]


def phrases_of(text: str, pieces: Sequence[Piece], limit: int) -> tuple[Evidence, ...]:
    """Terms as phrases: a pair takes in its own words, and equal surfaces are one."""
    words = {piece.term: piece for piece in pieces if " " not in piece.term}
    pairs = [piece for piece in pieces if " " in piece.term]
    weights = [pair.share + sum(words.pop(part).share for part in pair.term.split() if part in words) for pair in pairs]
    sums: dict[str, tuple[str, float]] = {}
    singles = list(words.values())
    for piece, weight in zip([*pairs, *singles], [*weights, *(one.share for one in singles)], strict=True):
        shown = surface(text, piece.start, piece.end)
        first, held = sums.get(shown.lower(), (shown, 0.0))
        sums[shown.lower()] = first, held + weight
    strongest = sorted(sums.items(), key=lambda one: -abs(one[1][1]))
    kept = [told for key, told in strongest if key not in PLAIN_WORDS]
    return tuple(Evidence(*told) for told in kept[:limit])


def surface(text: str, begin: int, end: int) -> str:
    """The words between two offsets as the paper writes them, with what hyphens and points tie to them."""
    while begin > 1 and text[begin - 1] in TIES and text[begin - 2].isalnum():
        begin -= 2
        while begin and text[begin - 1].isalnum():
            begin -= 1
    while end + 1 < len(text) and text[end] in TIES and text[end + 1].isalnum():
        end += 2
        while end < len(text) and text[end].isalnum():
            end += 1
    return " ".join(text[begin:end].split())
