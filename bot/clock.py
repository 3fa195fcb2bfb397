"""The program's clock: an object made once in ``app.py`` and handed on, so that any day can be looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time in UTC; with ``start``, it starts there and runs on at the ordinary pace."""

    def __init__(self, start: datetime | None = None):
        self._shift = start - datetime.now(UTC) if start else timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift
