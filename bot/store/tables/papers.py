"""Papers, their versions, and their directions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


class PaperRow(SQLModel, table=True):
    """A paper: what all sources said of it, merged, and what the classifier made of it."""

    __tablename__ = "paper"
    __table_args__ = (
        # Papers are counted by it, which without it would read every abstract; PostgreSQL has no index over JSON.
        Index("ix_paper_sources", "sources").ddl_if(dialect="sqlite"),
        Index("ix_paper_glance", "number", "id", "day", "upvotes", "search_title").ddl_if(dialect="sqlite"),
    )

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
    search_authors: str
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
