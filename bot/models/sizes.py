"""How much room an installation takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Growth:
    """Bytes that come each day, as the last weeks were; messages are forgotten after a while, papers are not."""

    papers: int
    messages: int


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes on the disk."""

    groups: dict[str, int]
    """By what they hold: papers, search, ideas, messages, sources, readers; empty where the database cannot say."""
    growth: Growth
    free: int
    """Left on the disk of the data folder."""
