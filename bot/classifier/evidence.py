"""The words and phrases of a paper that carried a direction, or spoke against it, as they stand in the paper."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
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


Piece = tuple[str, float, int, int]
"""A term of one paper, what it added, and where it first stands: its start and its end."""


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
    columns = (column.tolist() for column in (share, features.start[entry], features.end[entry]))
    pieces = list(zip(map(parts.terms.__getitem__, features.term[entry].tolist()), *columns, strict=True))
    bounds = np.searchsorted(pair, np.arange(len(paper) + 1)).tolist()
    texts = (features.documents[row].text for row in paper.tolist())
    spans = zip(texts, pairwise(bounds), strict=True)
    return [phrases_of(text, pieces[begin:end], limit) for text, (begin, end) in spans]


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
    kept = kept[_descending(sign * share[kept])]
    kept = kept[np.argsort(pair[kept].astype(np.min_scalar_type(len(paper))), kind="stable")]
    rank = np.arange(len(kept)) - np.searchsorted(pair[kept], pair[kept])
    kept = kept[rank < count]
    return entry[kept], pair[kept], share[kept]


def _descending(values: NDArray[np.float64]) -> Ints:
    """The order of positive numbers, largest first as far as single precision tells, equal ones as they come.

    Sorting them with their places packed into one number is several times faster than an argsort.
    """
    shift = np.uint64(len(values).bit_length())
    packed = (~values.astype(np.float32).view(np.uint32)).astype(np.uint64) << shift
    packed |= np.arange(len(values), dtype=np.uint64)
    packed.sort()
    return (packed & ((np.uint64(1) << shift) - np.uint64(1))).view(np.int64)


def phrases_of(text: str, pieces: Sequence[Piece], limit: int) -> tuple[Evidence, ...]:
    """Terms as phrases: a pair takes in its own words, and equal surfaces are one."""
    words = {piece[0]: piece for piece in pieces if " " not in piece[0]}
    sums: dict[str, tuple[str, float]] = {}
    for term, share, start, end in pieces:
        if " " in term:
            taken = [words.pop(part)[1] for part in term.split(" ") if part in words]
            _add(sums, surface(text, start, end), share + sum(taken))
    for term, share, start, end in words.values():
        if text[start - 1 : start] in TIES or text[end : end + 1] in TIES:
            _add(sums, surface(text, start, end), share)
        else:  # a word by itself, as most are: its surface is no other's
            sums[term] = text[start:end], share
    strongest = sorted(sums.values(), key=_strength, reverse=True)
    kept = (told for told in strongest if told[0].lower() not in PLAIN_WORDS)
    return tuple([Evidence(*told) for told in islice(kept, limit)])


def _add(sums: dict[str, tuple[str, float]], shown: str, weight: float) -> None:
    """``weight`` to what is held of the same surface, which keeps its first form."""
    first, held = sums.get(shown.lower(), (shown, 0.0))
    sums[shown.lower()] = first, held + weight


def _strength(told: tuple[str, float]) -> float:
    return abs(told[1])


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
