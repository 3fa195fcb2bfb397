"""A digest: the papers of a day, chosen and ranked under their directions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.models.papers import Assignment, Compute, Paper
from bot.models.sources import Post, SourceReport
from bot.models.summaries import Reminder
from bot.models.tracking import IdeaNews


@dataclass(frozen=True, slots=True)
class Rank:
    """How high a paper stands under a direction, in parts; ``rules.ranking`` has the formula."""

    probability: float = 0.0
    votes: float = 0.0
    compute: float = 0.0
    freshness: float = 0.0
    personal: float = 0.0
    variety: float = 0.0

    @property
    def total(self) -> float:
        return self.probability + self.votes + self.compute + self.freshness + self.personal + self.variety


@dataclass(frozen=True, slots=True)
class DigestPaper:
    """A paper as it stands under one direction of a digest."""

    paper: Paper
    assignment: Assignment
    key_sentence: str
    compute: Compute = Compute()
    rank: Rank = Rank()


@dataclass(frozen=True, slots=True)
class DigestSection:
    """One direction of a digest, best paper first."""

    slug: str
    papers: tuple[DigestPaper, ...]
    total: int
    """How many papers of the day belong here, the ones not shown included."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one day holds for somebody: the value that the terminal, the chat and the site render."""

    day: date
    complete: bool
    missing: tuple[str, ...]
    """Names of the sources that the day still lacks."""
    papers_read: int
    sections: tuple[DigestSection, ...]
    posts: tuple[Post, ...] = ()
    sources: tuple[SourceReport, ...] = field(default=())
    ideas: IdeaNews = field(default_factory=IdeaNews)
    """What came near the reader's ideas, and new versions of papers that they keep."""
    reading: Reminder | None = None
    """What of the reader's plan is due."""
