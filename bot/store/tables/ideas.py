"""Ideas, what belongs to them, and where papers stand in the space of meanings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


class IdeaRow(SQLModel, table=True):
    """An idea of a reader."""

    __tablename__ = "idea"
    __table_args__ = (UniqueConstraint("reader_id", "number"),)

    key: int | None = Field(default=None, primary_key=True)
    reader_id: str = Field(foreign_key="reader.id", ondelete="CASCADE")
    number: int
    text: str
    directions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    must: list[str] = Field(sa_column=Column(JSON, nullable=False))
    must_not: list[str] = Field(sa_column=Column(JSON, nullable=False))
    status: str
    created: datetime = Field(sa_type=UtcTime)
    touched: datetime = Field(sa_type=UtcTime)
    muted_until: date | None = None
    born: date
    """The newest day that had been announced then."""
    seen: int
    """Number of the newest paper that it has been held against."""
    asked_about: bool = False
    """Whether the reader was asked about it since they last touched it."""
    asks_arxiv: bool = Field(default=False, index=True)
    """Whether arXiv is still to be asked for its phrases, once."""


class IdeaCountRow(SQLModel, table=True):
    """How many ideas a reader has ever had, so that no number is given twice."""

    __tablename__ = "idea_count"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    given: int


class IdeaPaperRow(SQLModel, table=True):
    """What a reader says of a paper and an idea."""

    __tablename__ = "idea_paper"

    idea_key: int = Field(primary_key=True, foreign_key="idea.key", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE", index=True)
    relation: str
    phrases: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """What the two had in common when it was said."""
    at: datetime = Field(sa_type=UtcTime)


class IdeaEntryRow(SQLModel, table=True):
    """A line of an idea's journal."""

    __tablename__ = "idea_entry"

    number: int | None = Field(default=None, primary_key=True)
    idea_key: int = Field(foreign_key="idea.key", ondelete="CASCADE", index=True)
    kind: str
    at: datetime = Field(sa_type=UtcTime)
    text: str
    status: str


class IdeaMatchRow(SQLModel, table=True):
    """A paper that came near an idea, and what becomes of it."""

    __tablename__ = "idea_match"

    idea_key: int = Field(primary_key=True, foreign_key="idea.key", ondelete="CASCADE")
    paper_id: str = Field(primary_key=True, foreign_key="paper.id", ondelete="CASCADE")
    grade: str
    score: float
    shared: list[str] = Field(sa_column=Column(JSON, nullable=False))
    missing: list[str] = Field(sa_column=Column(JSON, nullable=False))
    day: date | None = None
    """The paper's."""
    found: datetime = Field(sa_type=UtcTime)
    course: str = Field(index=True)
    """``digest`` while it waits for one, then ``told``; ``alert`` or ``silent``."""


class VectorRow(SQLModel, table=True):
    """Where a paper stands in the space of meanings, as one engine sees it; gone when its text changes."""

    __tablename__ = "paper_vector"

    number: int = Field(primary_key=True, foreign_key="paper.number", ondelete="CASCADE")
    engine: str = Field(index=True)
    vector: bytes


class TerminalRow(SQLModel, table=True):
    """A name in the terminal that stands for a reader of the chat."""

    __tablename__ = "terminal"

    name: str = Field(primary_key=True)
    reader_id: str = Field(foreign_key="reader.id", ondelete="CASCADE")


class LinkCodeRow(SQLModel, table=True):
    """A short-lived code by which a terminal joins a reader of the chat."""

    __tablename__ = "link_code"

    code: str = Field(primary_key=True)
    reader_id: str = Field(foreign_key="reader.id", ondelete="CASCADE")
    at: datetime = Field(sa_type=UtcTime)
