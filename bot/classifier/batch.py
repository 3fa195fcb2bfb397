"""The terms of many papers at once, in numpy: what ``text.terms`` finds, some twenty times faster.

    bytes → lower case → word borders → a 64-bit hash a word → which word is it? → stop words out → pairs → which pair?

A word is read as 64-bit numbers straight from the bytes: its first eight and, where it is longer, its next eight, its
last eight and its length; the hash mixes these. Two different terms sharing a hash would be confused; with 10**5 terms
in the vocabulary that happens once in 10**14 words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.text import BREAKS, STOP_FORMS

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_FIRST, _NEXT, _LAST, _LENGTH = (np.uint64(0x9E3779B97F4A7C15 * (2 * n + 1) & (1 << 64) - 1) for n in range(1, 5))
_LEFT, _RIGHT = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_LOW_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""Masks for the first 0 to 8 bytes of a little-endian number."""
_KEEPS_S = np.isin(np.arange(256), list(b"aisu"))
"""Letters after which a final s is no plural; see ``text.singular``."""
_UNKNOWN = -1

_INSIDE, _BREAK = 1, 2
_KINDS = bytes(
    _BREAK if chr(code) in BREAKS else _INSIDE if code < 128 and chr(code).isalnum() else 0 for code in range(256)
)
"""By byte: whether it belongs to a word or is a break."""


class Found(NamedTuple):
    """Occurrences of known terms, one entry each, words before pairs within the batch.

    Offsets count bytes in the batch's joined text.
    """

    paper: Ints
    term: Ints
    start: Ints
    end: Ints
    unknown: Ints
    """(papers,) how many words and pairs of each paper are no known term."""


class _Words(NamedTuple):
    """The words of a batch, stop words too, one entry each; offsets as in ``Found``."""

    start: Ints
    end: Ints
    clause: NDArray[np.int32]
    """Words that follow each other share the number where no break lies between them."""
    hash: Hashes
    """Of the word without its plural s."""

    def only(self, rows: Ints) -> _Words:
        return _Words(self.start.take(rows), self.end.take(rows), self.clause.take(rows), self.hash.take(rows))


class Vocabulary:
    """Known terms by number. ``terms`` are as ``text.terms`` yields them; a term's number is its place among them."""

    def __init__(self, terms: Sequence[str]):
        self.size = len(terms)
        stops = _word_hashes(sorted(STOP_FORMS))
        hashes, pairs = _term_hashes(terms)
        self._words = _Table(
            np.concatenate([hashes[~pairs], stops]),
            np.concatenate([np.flatnonzero(~pairs), np.full(len(stops), self.size)]),
        )
        self._pairs = _Table(hashes[pairs], np.flatnonzero(pairs))

    def find(self, texts: Sequence[str]) -> Found:
        """Every occurrence of a known term in folded texts (ASCII, own case)."""
        words = _words(texts)
        number = self._words.lookup(words.hash)
        kept = np.flatnonzero((number != self.size) & (words.end - words.start > 1))
        words, number = words.only(kept), number.take(kept)
        couple = np.flatnonzero(words.clause[1:] == words.clause[:-1])
        hashes = _hash_pairs(words.hash.take(couple), words.hash.take(couple + 1))
        known_couple, pair_number = self._pairs.among(hashes)
        word, left = np.flatnonzero(number >= 0), couple.take(known_couple)
        bounds = np.searchsorted(words.start, np.cumsum([len(text) + 1 for text in texts]))
        words_each = np.diff(bounds, prepend=0)
        couples_each = np.diff(np.searchsorted(couple, bounds), prepend=0)
        first = np.concatenate([word, left])
        paper = np.repeat(np.arange(len(texts)), words_each).take(first)
        return Found(
            paper,
            np.concatenate([number.take(word), pair_number]),
            words.start.take(first),
            words.end.take(np.concatenate([word, left + 1])),
            words_each + couples_each - np.bincount(paper, minlength=len(texts)),
        )


class _Table:
    """An open-addressing hash table from 64-bit hashes to numbers.

    An entry is a key with its low bits, of which its slot tells, replaced by the number: one memory access finds both.
    """

    def __init__(self, keys: Hashes, numbers: Ints):
        bits = max(10, int(8 * len(keys)).bit_length())
        self._mask = np.uint64((1 << bits) - 1)
        self._table = np.zeros(1 << bits, np.uint64)
        self._insert(keys, keys & ~self._mask | numbers.astype(np.uint64))
        self._shift = np.uint64(64 - bits)
        self._likely = np.zeros(1 << bits, np.bool_)
        self._likely[keys >> self._shift] = True

    def _insert(self, keys: Hashes, entries: Hashes) -> None:
        slots = keys & self._mask
        while len(slots):
            while (taken := self._table[slots] != 0).any():
                slots = np.where(taken, (slots + np.uint64(1)) & self._mask, slots)
            filled, first = np.unique(slots, return_index=True)
            self._table[filled] = entries[first]
            slots, entries = np.delete(slots, first), np.delete(entries, first)

    def lookup(self, hashes: Hashes) -> Ints:
        """The number of each hash, -1 for an unknown one."""
        slots = hashes & self._mask
        held = self._table.take(slots.view(np.int64))
        numbers = (held & self._mask).view(np.int64)
        missed = np.flatnonzero((held ^ hashes) > self._mask)
        numbers[missed] = _UNKNOWN
        missed = missed[held[missed] != 0]
        while len(missed):
            slots[missed] = (slots[missed] + np.uint64(1)) & self._mask
            held = self._table[slots[missed]]
            hit = (held ^ hashes[missed]) <= self._mask
            numbers[missed[hit]] = (held[hit] & self._mask).view(np.int64)
            missed = missed[~hit & (held != 0)]
        return numbers

    def among(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Which of the hashes are known, and their numbers; quicker than ``lookup`` where most are unknown."""
        likely = np.flatnonzero(self._likely.take((hashes >> self._shift).view(np.int64)))
        numbers = self.lookup(hashes.take(likely))
        known = np.flatnonzero(numbers >= 0)
        return likely.take(known), numbers.take(known)


def _words(texts: Sequence[str]) -> _Words:
    # with one byte before the texts, a change between a byte and the next is found at the next one's offset
    blob = "\n".join(["", *texts, "\0" * 16]).encode("ascii")
    lower = np.frombuffer(blob, np.uint8) | np.uint8(0x20)
    kinds = np.frombuffer(blob.translate(_KINDS), np.uint8)
    inside = kinds == _INSIDE
    borders = np.flatnonzero(inside[1:] != inside[:-1])
    start, end = borders[::2].copy(), borders[1::2].copy()
    breaks = np.flatnonzero(kinds[1:] == _BREAK)
    return _Words(start, end, _clauses(start, breaks), _hash_words(lower[1:], start, end))


def _clauses(start: Ints, breaks: Ints) -> NDArray[np.int32]:
    """Of each word, by whether a break stands between it and the one before."""
    parted = np.zeros(len(start) + 1, np.int32)
    parted[np.searchsorted(start, breaks)] = 1
    return np.cumsum(parted[:-1], dtype=np.int32)


def _hash_words(lower: NDArray[np.uint8], start: Ints, end: Ints) -> Hashes:
    """Hash of every word, plural s cut by the rule of ``text.singular``."""
    lengths = end - start
    plural = np.flatnonzero((lengths > 3) & (lower.take(end - 1) == ord("s")))
    lengths[plural] -= ~_KEEPS_S.take(lower.take(end[plural] - 2))
    return _hash_spans(lower, start, lengths)


def _hash_spans(lower: NDArray[np.uint8], start: Ints, lengths: Ints) -> Hashes:
    """Hash of so many bytes from each start; sixteen bytes more must follow the last."""
    numbers = np.ndarray(len(lower) - 7, "<u8", lower, strides=(1,))
    hashes: Hashes = (numbers[start] & _LOW_BYTES.take(np.minimum(lengths, 8))) * _FIRST
    long = np.flatnonzero(lengths > 8)
    begin, length = start.take(long), lengths.take(long)
    rest = (numbers[begin + 8] & _LOW_BYTES.take(np.minimum(length - 8, 8))) * _NEXT
    hashes[long] += rest + numbers[begin + length - 8] * _LAST + length.view(np.uint64) * _LENGTH
    return _mix(hashes)


def _hash_pairs(left: Hashes, right: Hashes) -> Hashes:
    return _mix(left * _LEFT + right * _RIGHT)


def _mix(hashes: Hashes) -> Hashes:
    hashes ^= hashes >> np.uint64(31)
    hashes *= _LEFT
    hashes ^= hashes >> np.uint64(29)
    return hashes


def _word_hashes(words: Iterable[str]) -> Hashes:
    """Hashes of folded words, each taken as it is."""
    codes = np.frombuffer(" ".join([*words, "\0" * 16]).encode(), np.uint8)
    ends = np.flatnonzero(codes == ord(" "))
    lengths = np.diff(ends, prepend=-1) - 1
    return _hash_spans(codes, ends - lengths, lengths)


def _term_hashes(terms: Sequence[str]) -> tuple[Hashes, NDArray[np.bool_]]:
    """Hashes of terms, of the word or of both words of a pair, and which of them are pairs."""
    hashes = _word_hashes(terms)
    pairs = np.array([" " in term for term in terms], np.bool_)
    first = np.arange(len(terms)) + np.cumsum(pairs) - pairs
    result = hashes.take(first)
    result[pairs] = _hash_pairs(result[pairs], hashes.take(first[pairs] + 1))
    return result, pairs
