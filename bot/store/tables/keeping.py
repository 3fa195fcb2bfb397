"""What is still to be done about those who left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


class ForgottenRow(SQLModel, table=True):
    """A reader who asked to be forgotten and may still stand in backups; gone once these are scrubbed."""

    __tablename__ = "forgotten"

    number: int | None = Field(default=None, primary_key=True)
    reader_id: str
    user_id: int | None = Field(default=None, sa_type=BigInteger)
    """Who asked, where it was a person in their own chat: they may stand in groups' rows too."""
    at: datetime = Field(sa_type=UtcTime)
