"""All papers' vectors in memory, for the search at an idea's birth."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nearness.question import Question

BLOCK = 1 << 15
"""Papers looked at together: their vectors as floats stay in the processor's cache."""
ROOM = 1 << 12
"""Least growth, in papers."""


class Archive:
    """Vectors of all papers with their numbers and days; 300,000 papers take 52 MB. Not to be shared while it grows."""

    def __init__(self, width: int):
        self._count = 0
        self._numbers = np.zeros(0, np.int64)
        self._days = np.zeros(0, np.int32)
        self._vectors = np.zeros((0, width), np.int8)

    def __len__(self) -> int:
        return self._count

    def add(self, numbers: NDArray[np.int64], days: NDArray[np.int32], vectors: NDArray[np.int8]) -> None:
        """More papers: their numbers in the store, ``date.toordinal()`` (0: unknown), (papers, width)."""
        begin, end = self._count, self._count + len(numbers)
        if end > len(self._numbers):
            room = max(end, len(self._numbers) * 5 // 4, ROOM)
            self._numbers = _grown(self._numbers, room)
            self._days = _grown(self._days, room)
            self._vectors = _grown(self._vectors, room)
        self._numbers[begin:end], self._days[begin:end], self._vectors[begin:end] = numbers, days, vectors
        self._count = end

    def nearest(
        self, question: Question, count: int = 300, since: date | None = None, until: date | None = None
    ) -> list[int]:
        """Numbers of the nearest papers, best first, days from ``since`` to ``until``; for `Nearness.grade`."""
        rows = self._rows(since, until)
        scores = np.concatenate([np.zeros(0, np.float32), *(self._vectors[some] @ question.place for some in rows)])
        best = np.argpartition(-scores, count)[:count] if count < len(scores) else np.arange(len(scores))
        best = best[np.argsort(-scores[best], kind="stable")]
        numbers = np.concatenate([np.zeros(0, np.int64), *(self._numbers[some] for some in rows)])
        found: list[int] = numbers[best].tolist()
        return found

    def _rows(self, since: date | None, until: date | None) -> list[slice | NDArray[np.int64]]:
        """The papers of these days, a block at a time."""
        blocks = [slice(begin, min(begin + BLOCK, self._count)) for begin in range(0, self._count, BLOCK)]
        if since is None and until is None:
            return [*blocks]
        first, last = (since or date.min).toordinal(), (until or date.max).toordinal()
        days = self._days
        return [
            some.start + np.flatnonzero((days[some] >= max(first, 1)) & (days[some] <= last)) for some in blocks
        ]  # fmt: skip


def _grown(array: NDArray[Any], room: int) -> NDArray[Any]:
    larger = np.zeros((room, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
