"""The outbox, and what stands in the chats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import TelegramId, UtcTime


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
    picture: str = ""
    created: datetime = Field(sa_type=UtcTime)
    due: datetime = Field(sa_type=UtcTime)
    """Not to be sent before this moment of the program's clock."""
    state: str = Field(default="waiting", index=True)
    """``waiting``, ``sent``, ``failed`` (Telegram will never take it) or ``dropped`` (the reader is gone)."""
    attempts: int = 0
    claimed_until: datetime | None = Field(default=None, sa_type=UtcTime)
    """Real time: until then another worker leaves it alone."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcTime)
    message_id: int | None = Field(default=None, sa_type=TelegramId, index=True)
    """Telegram's number of the message, by which reactions and edits find their papers."""
    error: str = ""


class AwaitedRow(SQLModel, table=True):
    """What the next plain message of a person in a chat is the answer to."""

    __tablename__ = "awaited"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    user_id: int = Field(primary_key=True, sa_type=TelegramId)
    what: str
    at: datetime = Field(sa_type=UtcTime)


class PageRow(SQLModel, table=True):
    """A list of papers as it stands in a chat: what it shows, and what to restore once a card has taken its place."""

    __tablename__ = "page"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    message_id: int = Field(primary_key=True, sa_type=TelegramId)
    html: str
    buttons: list[list[dict[str, str]]] = Field(sa_column=Column(JSON, nullable=False))
    papers: list[str] = Field(sa_column=Column(JSON, nullable=False))
    card: str = ""
    """The paper whose card stands there now."""
    at: datetime = Field(sa_type=UtcTime)
