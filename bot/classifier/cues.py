"""Where any of some literals occur in many texts: one pass in numpy instead of a search a literal and a text.

bytes → symbols (a letter, a digit, …) → can a literal begin here, by the symbol before and the first three? → which?
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LONGEST = 8
"""Of a longer literal only so many bytes are compared."""

AT_WORD_START = "<"
"""Before a literal: it counts only where no letter, digit or underscore comes before it."""

_LETTERS, _DIGIT, _SPACE, _HYPHEN, _UNDERSCORE, _KINDS = range(1, 27), 27, 28, 29, 30, 32
_WORD = [*_LETTERS, _DIGIT, _UNDERSCORE]


def _symbols() -> bytes:
    """For ``bytes.translate``: each byte's symbol, a letter's that of its lower case; 0 is all the rest."""
    table = bytearray(256)
    for symbol in _LETTERS:
        table[symbol + 64] = table[symbol + 96] = symbol
    for char in b"0123456789":
        table[char] = _DIGIT
    table[ord(" ")], table[ord("-")], table[ord("_")] = _SPACE, _HYPHEN, _UNDERSCORE
    return bytes(table)


_SYMBOLS = _symbols()


class Places(NamedTuple):
    """Where literals begin, one entry each, in the order of the texts."""

    text: Ints
    offset: Ints
    literal: Ints


class Cues:
    """Literals by number: lower-case ASCII, two characters or more; none begins with another."""

    def __init__(self, literals: Sequence[str]):
        bare = [literal.removeprefix(AT_WORD_START)[:LONGEST].encode("ascii") for literal in literals]
        keys = np.array([int.from_bytes(one.ljust(LONGEST, b"\0")) for one in bare], np.uint64)
        self._numbers = np.argsort(keys)
        self._keys = keys[self._numbers]
        self._free = np.array([(1 << 8 * (LONGEST - len(one))) - 1 for one in bare], np.uint64)[self._numbers]
        self._likely = _likely(literals, bare)

    def find(self, texts: Sequence[str]) -> Places:
        """Every occurrence in lower-case ASCII texts."""
        blob = "\n".join(["", *texts, "\0" * LONGEST]).encode("ascii")
        spots = np.flatnonzero(self._likely.take(_windows(blob)))
        heads = np.ndarray(len(blob) - LONGEST, ">u8", blob, 1, (1,))[spots].astype(np.uint64)
        # the literal that a head begins with is the greatest that is not above it, as none begins with another
        slot = np.searchsorted(self._keys, heads, side="right") - 1
        hit = np.flatnonzero((self._keys[slot] ^ heads) <= self._free[slot])
        place = spots[hit]
        begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
        text = np.searchsorted(begins, place, side="right") - 1
        return Places(text, place - begins[text], self._numbers[slot[hit]])


def _likely(literals: Sequence[str], bare: Sequence[bytes]) -> NDArray[np.bool_]:
    """For every four symbols whether a literal may begin with the second."""
    table = np.zeros((_KINDS,) * 4, np.bool_)
    outside = np.array([symbol for symbol in range(_KINDS) if symbol not in _WORD])
    for literal, one in zip(literals, bare, strict=True):
        before = outside if literal.startswith(AT_WORD_START) else np.arange(_KINDS)
        first, second, *third = one[:3].translate(_SYMBOLS)
        table[before, first, second, third[0] if third else slice(None)] = True
    return table.reshape(-1)


def _windows(blob: bytes) -> NDArray[np.uint32]:
    """The number of the four symbols that begin at each byte but the last three."""
    symbols = np.frombuffer(blob.translate(_SYMBOLS), np.uint8).astype(np.uint32)
    twos = symbols[:-1] * np.uint32(_KINDS) + symbols[1:]
    windows: NDArray[np.uint32] = twos[:-2] * np.uint32(_KINDS**2) + twos[2:]
    return windows
