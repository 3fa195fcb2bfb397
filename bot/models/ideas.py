"""Ideas of readers, and how near papers come to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.models.papers import Paper


class Grade(StrEnum):
    """How near a paper is to an idea, nearest first."""

    SCOOP = "scoop"
    """The same question and the same approach."""
    CLOSE = "close"
    """The same question, or the same approach."""
    USEFUL = "useful"
    """A method, a data set or a benchmark for it."""


class IdeaStatus(StrEnum):
    """How far an idea has come; the last two are silent."""

    SEED = "seed"
    READING = "reading"
    EXPERIMENT = "experiment"
    WRITING = "writing"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_live(self) -> bool:
        return self not in (IdeaStatus.DONE, IdeaStatus.DROPPED)


@dataclass(frozen=True, slots=True)
class Idea:
    """What a reader means to try; ``(reader_id, number)`` is its key."""

    reader_id: str
    number: int
    """1, 2, 3 … for each reader; never given twice."""
    text: str
    directions: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    """Phrases without which no paper is near."""
    must_not: tuple[str, ...] = ()
    """Phrases with which no paper is near."""
    status: IdeaStatus = IdeaStatus.SEED
    created: datetime | None = None
    touched: datetime | None = None
    """When the reader last did anything with it."""
    muted_until: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What papers are held against: an idea's words, and what its reader has said of papers so far."""

    text: str
    """A sentence to a page, Chinese or English or both."""
    directions: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    wanted: tuple[Paper, ...] = ()
    """Papers that the reader linked to the idea, or found useful for it."""
    unwanted: tuple[Paper, ...] = ()
    """Papers that the reader said are not related."""


@dataclass(frozen=True, slots=True)
class Near:
    """A paper held against an idea."""

    paper: Paper
    grade: Grade | None
    score: float
    """0 to 1; comparable between papers for one idea."""
    shared: tuple[str, ...] = ()
    """Words and phrases in common, as the paper writes them, most telling first."""
    missing: tuple[str, ...] = ()
    """Words and phrases of the idea that the paper does not speak of, most telling first: what differs."""
