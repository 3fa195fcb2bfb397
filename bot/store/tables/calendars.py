"""Calendars that a telephone subscribes to."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


class CalendarRow(SQLModel, table=True):
    """The secret address of a reader's plan.

    The token stands here as it is, not as a hash: the chat shows it again to whoever adds a second device, and who can
    read this table can read the plan that it opens, which is all that it opens.
    """

    __tablename__ = "calendar"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    token: str = Field(unique=True)
    at: int | None = None
    """Minutes after midnight at which a day's items begin; None for whole days."""
    since: datetime = Field(sa_type=UtcTime)
