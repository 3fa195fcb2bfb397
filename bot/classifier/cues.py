"""Where any of some literals occur in many texts: one pass in numpy instead of a search a literal and a text.

bytes → two-byte numbers → does a literal begin with these? → eight-byte numbers there → which literal is it?
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LONGEST = 8
"""Of a longer literal only so many bytes are compared."""


class Places(NamedTuple):
    """Where literals begin, one entry each, in the order of the texts."""

    text: Ints
    offset: Ints
    literal: Ints


class _Alike(NamedTuple):
    """Literals of one length."""

    mask: np.uint64
    keys: NDArray[np.uint64]
    numbers: Ints

    def among(self, heads: NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """Which of the eight-byte numbers begin with one of these, and with which."""
        cut = heads & self.mask
        slot = np.minimum(np.searchsorted(self.keys, cut), len(self.keys) - 1)
        where = np.flatnonzero(self.keys[slot] == cut)
        return where, self.numbers[slot[where]]


class Cues:
    """Literals by number: ASCII, at least two characters each."""

    def __init__(self, literals: Sequence[str]):
        keys = [int.from_bytes(literal[:LONGEST].encode("ascii"), "little") for literal in literals]
        self._begins = np.zeros(1 << 16, np.bool_)
        self._begins[[key & 0xFFFF for key in keys]] = True
        self._by_length: list[_Alike] = []
        for length in sorted({min(len(literal), LONGEST) for literal in literals}):
            known = sorted((key, n) for n, key in enumerate(keys) if min(len(literals[n]), LONGEST) == length)
            mask = np.uint64((1 << 8 * length) - 1)
            sorted_keys = np.array([key for key, _ in known], np.uint64)
            self._by_length.append(_Alike(mask, sorted_keys, np.array([number for _, number in known])))

    def find(self, texts: Sequence[str]) -> Places:
        """Every occurrence in ASCII texts."""
        blob = np.frombuffer("\n".join([*texts, "\0" * LONGEST]).encode("ascii"), np.uint8)
        spots = np.flatnonzero(self._begins[np.ndarray(len(blob) - LONGEST, "<u2", blob, strides=(1,))])
        heads = np.ndarray(len(blob) - LONGEST, "<u8", blob, strides=(1,))[spots]
        found = [known.among(heads) for known in self._by_length]
        place = spots[np.concatenate([where for where, _ in found])]
        order = np.argsort(place)
        place, literal = place[order], np.concatenate([numbers for _, numbers in found])[order]
        ends = np.cumsum([len(text) + 1 for text in texts])
        text = np.searchsorted(ends, place, side="right")
        return Places(text, place - np.concatenate([[0], ends])[text], literal)
