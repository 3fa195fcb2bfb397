"""The tables. Rows stay inside ``bot.store``; everything else speaks in the values of ``bot.models``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, TypeDecorator, UniqueConstraint
from sqlmodel import Field, SQLModel


class UtcTime(TypeDecorator[datetime]):
    """An instant in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class PaperRow(SQLModel, table=True):
    """A paper: what all sources said of it, merged, and what the classifier made of it."""

    __tablename__ = "paper"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    version: int
    title: str
    abstract: str
    authors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    day: date | None = Field(default=None, index=True)
    day_source: str
    submitted: datetime | None = Field(default=None, sa_type=UtcTime)
    updated: datetime | None = Field(default=None, sa_type=UtcTime)
    comment: str
    upvotes: int | None = None
    comments: int | None = None
    code_url: str
    summary: str
    keywords: list[str] = Field(sa_column=Column(JSON, nullable=False))
    withdrawn: bool
    sources: list[str] = Field(sa_column=Column(JSON, nullable=False))
    text_source: str
    search_title: str
    search_text: str
    judged_by: str = Field(default="", index=True)
    """Id of the model whose judgement the assignments are; empty: not judged yet."""
    compute_level: str = "unknown"
    compute_evidence: str = ""


class VersionRow(SQLModel, table=True):
    """A version of a paper as it was told, kept when a newer one comes, so that a change can be shown."""

    __tablename__ = "paper_version"

    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    version: int = Field(primary_key=True)
    title: str
    abstract: str
    source: str
    day: date | None = None
    """The day that announced this version, where the feed said so."""


class AssignmentRow(SQLModel, table=True):
    """A direction that a paper belongs to, with the words that decided."""

    __tablename__ = "assignment"

    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    slug: str = Field(primary_key=True, index=True)
    probability: float
    in_digest: bool
    evidence: list[list[Any]] = Field(sa_column=Column(JSON, nullable=False))
    """``[term, weight]`` pairs, most telling first."""


class PostRow(SQLModel, table=True):
    """A blog post from a feed that the user lists."""

    __tablename__ = "post"

    url: str = Field(primary_key=True)
    feed: str
    title: str
    summary: str
    published: datetime | None = Field(default=None, sa_type=UtcTime)
    arxiv_id: str
    day: date = Field(index=True)
    """New York's date of its publication, or of the run that first saw it."""


class SourceRow(SQLModel, table=True):
    """How a source stands: what it last gave, how it last failed, and until when it wants to be left alone."""

    __tablename__ = "source"

    name: str = Field(primary_key=True)
    address: str = ""
    """What the validators below belong to; they are void for any other address."""
    etag: str = ""
    last_modified: str = ""
    watermark: date | None = None
    """The newest day that it has given."""
    last_success: datetime | None = Field(default=None, sa_type=UtcTime)
    last_failure: datetime | None = Field(default=None, sa_type=UtcTime)
    failures: int = 0
    """In a row; 0 after a success."""
    last_error: str = ""
    retry_after: datetime | None = Field(default=None, sa_type=UtcTime)
    """The service's own word, in real time: binds everyone."""
    back_off: datetime | None = Field(default=None, sa_type=UtcTime)
    """Our own caution, in real time: binds only the runs of the clock."""


class CoverageRow(SQLModel, table=True):
    """Whether one day is whole, as far as one service (``arxiv``, ``huggingface``, a blog's title) is concerned."""

    __tablename__ = "coverage"

    day: date = Field(primary_key=True)
    service: str = Field(primary_key=True)
    whole: bool
    scope: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """The arXiv categories that were asked for."""
    error: str = ""


class RunRow(SQLModel, table=True):
    """A run of collecting, for ``status``."""

    __tablename__ = "run"

    number: int | None = Field(default=None, primary_key=True)
    started: datetime = Field(sa_type=UtcTime)
    seconds: float
    first_day: date
    last_day: date
    complete: bool
    reports: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))


class PaceRow(SQLModel, table=True):
    """When a paced service may next be asked, in real time, over all processes on this database."""

    __tablename__ = "pace"

    name: str = Field(primary_key=True)
    next_at: float
    """Seconds since 1970."""


class ReaderRow(SQLModel, table=True):
    """A reader and all their settings; the fields are those of ``models.Reader``."""

    __tablename__ = "reader"

    id: str = Field(primary_key=True)
    kind: str
    title: str
    language: str
    zone: str
    digest_at: int
    weekdays: str
    quiet_from: int
    quiet_to: int
    directions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    bound_to: str
    per_direction: int
    form: str
    minimum: float
    compute: str
    tell_nothing_new: bool
    followed_words: list[str] = Field(sa_column=Column(JSON, nullable=False))
    muted_words: list[str] = Field(sa_column=Column(JSON, nullable=False))
    followed_authors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    muted_authors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    paused_until: date | None = None
    state: str = Field(index=True)
    joined: datetime | None = Field(default=None, sa_type=UtcTime)
    last_digest: date | None = None
    decided_on: date | None = None
    last_paper: int = 0


class SentRow(SQLModel, table=True):
    """That a reader has been shown a paper, in which version; kept for good, so that none comes twice."""

    __tablename__ = "sent"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE", index=True)
    version: int


class OpinionRow(SQLModel, table=True):
    """A like (1) or a dislike (-1); a reaction to a message of several papers is shared among them."""

    __tablename__ = "opinion"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    value: float
    at: datetime = Field(sa_type=UtcTime)


class SavedRow(SQLModel, table=True):
    """A paper that a reader keeps for later."""

    __tablename__ = "saved"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcTime)


class DeliveryRow(SQLModel, table=True):
    """The outbox: one message each, decided in the transaction that found it due, unique by its key."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("reader_id", "kind", "subject", "part"),)

    number: int | None = Field(default=None, primary_key=True)
    reader_id: str = Field(foreign_key="reader.id", ondelete="CASCADE")
    kind: str
    subject: str
    part: int
    html: str
    buttons: list[list[dict[str, str]]] = Field(sa_column=Column(JSON, nullable=False))
    papers: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created: datetime = Field(sa_type=UtcTime)
    due: datetime = Field(sa_type=UtcTime)
    """Not to be sent before this moment of the program's clock."""
    state: str = Field(default="waiting", index=True)
    """``waiting``, ``sent``, ``failed`` (Telegram will never take it) or ``dropped`` (the reader is gone)."""
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Real time: until then another worker leaves it alone."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    message_id: int | None = Field(default=None, index=True)
    """Telegram's number of the message, by which reactions and edits find their papers."""
    error: str = ""


class AwaitedRow(SQLModel, table=True):
    """What the next plain message of a person in a chat is the answer to."""

    __tablename__ = "awaited"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    user_id: int = Field(primary_key=True)
    what: str
    at: datetime = Field(sa_type=UtcTime)


class PageRow(SQLModel, table=True):
    """A list of papers as it stands in a chat: what it shows, and what to restore once a card has taken its place."""

    __tablename__ = "page"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    message_id: int = Field(primary_key=True)
    html: str
    buttons: list[list[dict[str, str]]] = Field(sa_column=Column(JSON, nullable=False))
    papers: list[str] = Field(sa_column=Column(JSON, nullable=False))
    card: str = ""
    """The paper whose card stands there now."""
    at: datetime = Field(sa_type=UtcTime)
