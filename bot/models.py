"""The nouns: plain immutable values that every other module speaks in; nothing here does I/O.

A paper changes its type as it moves along the pipeline: a source gives ``FetchedPaper``, ingest and the store
make it a ``Paper``, the classifier adds a ``Judgement``, and choosing puts it into a ``Digest`` as ``DigestPaper``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Compute:
    """How much machinery reproducing a paper takes, and the phrase that says so."""

    level: str = "unknown"
    """``low``, ``medium``, ``high`` or ``unknown``."""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier says of one paper."""

    scores: dict[str, float]
    """Probability of every direction, by slug."""
    directions: tuple[Assignment, ...] = ()
    """Those above their threshold, most probable first."""
    compute: Compute = Compute()


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
    """How an installation stands."""

    papers: int
    first_day: date | None
    last_day: date | None
    by_direction: dict[str, int]
    sources: tuple[SourceStanding, ...]
    runs: tuple[PastRun, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat that reads: a person, a group, a channel, one topic of a forum, or the terminal (``local``)."""

    id: str
    """``123`` for a chat, ``-100123:45`` for a topic of it, ``local`` for the terminal."""
    kind: str = "private"
    """``private``, ``group``, ``channel``, ``topic`` or ``local``."""
    title: str = ""
    """Of a group or channel, as Telegram told it."""
    language: str = "en"
    zone: str = "UTC"
    """An IANA name, or an offset such as ``+08:00``."""
    digest_at: int = 8 * 60
    """Minutes after midnight in the reader's zone."""
    weekdays: str = "1111111"
    """``1`` for each day, from Monday on, on which a digest may come."""
    quiet_from: int = 0
    quiet_to: int = 0
    """Minutes after midnight; equal for none. What falls in between is delivered afterwards."""
    directions: tuple[str, ...] = ()
    bound_to: str = ""
    """The one direction that a topic is bound to."""
    per_direction: int = 5
    form: str = "one"
    """``one`` message for all directions, or ``each`` its own."""
    minimum: float = 0.0
    """The least probability of a paper that is shown."""
    compute: str = ""
    """The highest compute level that is shown: ``low``, ``medium``, or empty for all."""
    tell_nothing_new: bool = False
    followed_words: tuple[str, ...] = ()
    muted_words: tuple[str, ...] = ()
    followed_authors: tuple[str, ...] = ()
    muted_authors: tuple[str, ...] = ()
    paused_until: date | None = None
    state: str = "onboarding"
    """``onboarding``, ``active``, ``stopped`` (asked for it), ``gone`` (blocked us or the chat is no more)."""
    joined: datetime | None = None
    last_digest: date | None = None
    """The newest announcement day that a digest of this reader has covered."""
    decided_on: date | None = None
    """The reader's own date on which a digest was last decided: one a day."""
    last_paper: int = 0
    """Number of the newest paper that was known then: what came later for a day already covered still follows."""

    @property
    def chat_id(self) -> int:
        return int(self.id.partition(":")[0])

    @property
    def thread_id(self) -> int | None:
        thread = self.id.partition(":")[2]
        return int(thread) if thread else None


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it opens ``url``, or comes back to us as ``data`` (64 bytes at most)."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent: Telegram's HTML, at most 4,096 UTF-16 units of text."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    papers: tuple[str, ...] = ()
    """Ids of the papers that it shows, in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message of the outbox: decided once, sent once. ``(reader, kind, subject, part)`` is its key."""

    reader_id: str
    kind: str
    """``digest``, ``notice``, ``broadcast``, …"""
    subject: str
    """A period for digests, a thing for alerts."""
    message: Message
    part: int = 0
    number: int = 0
    """The row's number, in the order of sending."""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox stands: messages by what became of them."""

    waiting: int
    sent: int
    failed: int
    dropped: int
    lag: float
    """Seconds for which the oldest waiting message has been due."""
