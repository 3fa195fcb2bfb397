"""A paper as it is known here, and what the classifier says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word or phrase of a paper, and what it added to a direction's score (log-odds)."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """A direction that a paper belongs to."""

    slug: str
    probability: float
    """Calibrated, 0 to 1."""
    evidence: tuple[Evidence, ...] = ()
    """Most telling first."""
    in_digest: bool = True
    """Whether it also passes the direction's stricter threshold for digests."""


LEVELS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class Compute:
    """How much machinery reproducing a paper takes, and the phrase that says so."""

    level: str = "unknown"
    """``low``, ``medium``, ``high`` or ``unknown``."""
    evidence: str = ""

    def is_within(self, highest: str) -> bool:
        """Whether it is not known to take more than ``highest``; whatever is no level allows all."""
        return highest not in LEVELS or self.level not in LEVELS or LEVELS.index(self.level) <= LEVELS.index(highest)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier says of one paper."""

    scores: dict[str, float]
    """Probability of every direction, by slug."""
    directions: tuple[Assignment, ...] = ()
    """Those above their threshold, most probable first."""
    compute: Compute = Compute()


@dataclass(frozen=True, slots=True)
class Doubt:
    """How a paper stands to one direction that somebody asks about."""

    slug: str
    probability: float
    belongs: bool
    against: tuple[Evidence, ...] = ()
    """What lowered the score, most telling first; weights are negative."""

    @property
    def verdict(self) -> str:
        if self.against:
            return "yes" if self.belongs else "not"
        return "yes_wholly" if self.belongs else "nothing_against"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as the store knows it: everything that all sources said, merged."""

    id: str
    version: int
    title: str
    """Readable Unicode, TeX resolved."""
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    day: date | None
    """The announcement day that it belongs to (New York's)."""
    day_source: str = ""
    """Who says so: ``arxiv-feed`` over ``arxiv-api`` over ``huggingface``."""
    submitted: datetime | None = None
    updated: datetime | None = None
    comment: str = ""
    upvotes: int | None = None
    comments: int | None = None
    code_url: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    withdrawn: bool = False
    sources: tuple[str, ...] = ()
    text_source: str = ""
    """The source that title, abstract, authors and categories come from."""

    def __hash__(self) -> int:
        """Of what tells papers apart: what is remembered of a paper is looked up for every reader of a digest."""
        return hash((self.id, self.version))
