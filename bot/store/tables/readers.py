"""Readers, what they were shown, and what they think of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


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
    """That a reader has been shown a paper, in which version; kept for good, so that none comes twice.

    By paper, for it is asked of today's: there is one tree of it, and no index by reader.
    """

    __tablename__ = "sent"
    __table_args__ = {"sqlite_with_rowid": False}

    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    version: int


class OpinionRow(SQLModel, table=True):
    """A like (1) or a dislike (-1); a reaction to a message of several papers is shared among them."""

    __tablename__ = "opinion"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    value: float
    at: datetime = Field(sa_type=UtcTime)


class SavedRow(SQLModel, table=True):
    """A paper in a reader's library; the fields are those of ``models.SavedPaper``."""

    __tablename__ = "saved"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcTime)
    state: str
    moved: datetime | None = Field(default=None, sa_type=UtcTime)
    tags: list[str] = Field(sa_column=Column(JSON, nullable=False))
    note: str
