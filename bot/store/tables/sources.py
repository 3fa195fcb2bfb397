"""What the sources gave, how they stand, and the runs that asked them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


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
