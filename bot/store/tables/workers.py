"""What the processes of one installation agree on: what was sent lately, and which updates are not done with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcTime


class GateRow(SQLModel, table=True):
    """When messages were sent lately: to one chat, or to any (the row without a name)."""

    __tablename__ = "gate"

    name: str = Field(primary_key=True)
    passed: list[float] = Field(sa_column=Column(JSON, nullable=False))
    """Seconds since 1970 by the database's clock, oldest first."""
    held_until: float = 0.0
    """Until then nobody sends: Telegram said so."""
    last: float = Field(default=0.0, index=True)
    """The newest of ``passed``."""


class IncomingRow(SQLModel, table=True):
    """An update from Telegram, kept from before Telegram hears that it came until it is done with."""

    __tablename__ = "incoming"

    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    """Telegram's ``update_id``."""
    raw: dict[str, Any] | None = Field(sa_column=Column(JSON(none_as_null=True)))
    """None once it has been handled: the number alone tells a repetition."""
    tries: int = 0
    """How many processes began their life with it."""
    at: datetime = Field(sa_type=UtcTime)
    """Real time at which it came."""
