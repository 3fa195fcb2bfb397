"""The program's clock: an object made once in ``app.py`` and handed on, so that any day can be looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC; with ``start``, it starts there and runs on at the ordinary pace."""

    def __init__(self, start: datetime | None = None):
        self._shift = start - datetime.now(UTC) if start else timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def on_move(self, told: Callable[[], object]) -> None:
        """Call ``told`` whenever the hands are moved: never, here."""


class MovableClock(Clock):
    """A clock whose hands may be put forward, from any thread; what keeps real time does not notice."""

    def __init__(self, start: datetime | None = None):
        super().__init__(start)
        self._told: list[Callable[[], object]] = []
        self._moving = threading.Lock()

    def on_move(self, told: Callable[[], object]) -> None:
        self._told.append(told)

    def move_to(self, moment: datetime) -> None:
        """Go on from ``moment``; raises ValueError for one that is past: what was done then is done."""
        with self._moving:
            if moment < self.now():
                raise ValueError("the clock only goes forward")
            self._shift = moment - datetime.now(UTC)
        for told in self._told:
            told()
