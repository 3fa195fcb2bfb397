"""What the sources say, and how they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.models.messages import Outbox


class SourceState(StrEnum):
    """How one source did in one run."""

    OK = "ok"
    UNCHANGED = "unchanged"
    """The service said that nothing changed since we last asked (304)."""
    PARTIAL = "partial"
    """Some of it came, and some of it is known to be missing."""
    FAILED = "failed"


class AnnounceType(StrEnum):
    """arXiv's word for why a paper stands in a daily feed."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"

    @property
    def is_replacement(self) -> bool:
        return self in (AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS)


@dataclass(frozen=True, slots=True)
class FetchedPaper:
    """What one source says of one paper, in the source's own words (TeX and all)."""

    id: str
    """arXiv id without its version: ``2606.01234``, ``cs/0112017``."""
    title: str
    abstract: str
    source: str
    """``arxiv-feed``, ``arxiv-api`` or ``huggingface``."""
    version: int = 1
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    """The primary category first."""
    day: date | None = None
    """The announcement day as this source knows it; None where it cannot know."""
    announce_type: AnnounceType | None = None
    submitted: datetime | None = None
    """When the first version was submitted, UTC."""
    updated: datetime | None = None
    """When this version was submitted, UTC."""
    comment: str = ""
    upvotes: int | None = None
    comments: int | None = None
    code_url: str = ""
    summary: str = ""
    """A one-sentence summary that the source made, where it has one."""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """An entry of a feed that is not a paper: a laboratory's blog post."""

    feed: str
    """Title of the feed."""
    url: str
    title: str
    summary: str = ""
    published: datetime | None = None
    arxiv_id: str = ""
    """The paper that it links to, if it links to one: that paper is then looked up and treated as a paper."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One source's answer: what came, and what is known to be missing.

    ``state`` is PARTIAL where the source itself says that there is more than ``papers`` holds.
    """

    source: str
    papers: tuple[FetchedPaper, ...] = ()
    posts: tuple[Post, ...] = ()
    skipped: int = 0
    """Items that could not be read."""
    day: date | None = None
    """The day that a daily feed speaks of (its own date)."""
    state: SourceState = SourceState.OK
    error: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What a run got from one source; the row of ``collect``'s table."""

    name: str
    state: SourceState
    fetched: int = 0
    new: int = 0
    updated: int = 0
    skipped: int = 0
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """How a source stands; the times of waiting are real time, the others the program's clock's."""

    name: str
    etag: str = ""
    last_modified: str = ""
    watermark: date | None = None
    """The newest day that it has given."""
    last_success: datetime | None = None
    last_failure: datetime | None = None
    failures: int = 0
    """In a row."""
    last_error: str = ""
    retry_after: datetime | None = None
    """Until when it asked to be left alone: binds everyone."""
    back_off: datetime | None = None
    """Until when we leave it alone ourselves: binds only the runs of the clock."""

    def waits_until(self, real_now: datetime, *, patient: bool) -> datetime | None:
        """The moment before which a run must not ask it; a ``patient`` run is one of the clock."""
        bounds = [self.retry_after, self.back_off] if patient else [self.retry_after]
        return max((bound for bound in bounds if bound and bound > real_now), default=None)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of collecting, as it is remembered."""

    started: datetime
    seconds: float
    first_day: date
    last_day: date
    complete: bool
    reports: tuple[SourceReport, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How an installation stands, as far as its database knows."""

    papers: int
    first_day: date | None
    last_day: date | None
    by_direction: dict[str, int]
    sources: tuple[SourceStanding, ...]
    runs: tuple[PastRun, ...]
    """Newest first."""
    by_source: dict[str, int]
    """Papers that each source has told of."""
    readers: dict[str, int]
    """By state."""
    outbox: Outbox
    deliveries: dict[str, dict[str, int]]
    """Messages by kind and what became of them."""
    due: dict[str, int]
    """Messages by kind that could go out now."""
    database_bytes: int
