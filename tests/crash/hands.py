"""A clock whose hands stand in a file, so that every process sees them move, and none by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.clock import Clock


class FileClock(Clock):
    """Stands still until somebody writes another moment into the file."""

    def __init__(self, path: Path):
        self.path = path
        self.told: list[Callable[[], object]] = []

    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def on_move(self, told: Callable[[], object]) -> None:
        self.told.append(told)

    def tell(self) -> None:
        for told in self.told:
            told()


def write(path: Path, moment: datetime) -> None:
    """Put a moment into a file that others read meanwhile."""
    new = path.with_suffix(".new")
    new.write_text(moment.isoformat())
    new.replace(path)
