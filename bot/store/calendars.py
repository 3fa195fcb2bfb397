"""The secret addresses at which readers' calendars are served."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.models import Reader
from bot.store import readers
from bot.store.tables import CalendarRow


class Address(NamedTuple):
    """Where a reader's calendar is found, and when its days begin (minutes after midnight; None for whole days)."""

    token: str
    at: int | None


def address(session: Session, reader_id: str) -> Address | None:
    row = session.get(CalendarRow, reader_id)
    return Address(row.token, row.at) if row else None


def keep(session: Session, reader_id: str, address: Address, now: datetime) -> None:
    """Serve the reader's calendar at ``address`` and no longer where it was."""
    session.merge(CalendarRow(reader_id=reader_id, token=address.token, at=address.at, since=now))


def withdraw(session: Session, reader_id: str) -> None:
    session.execute(delete(CalendarRow).where(col(CalendarRow.reader_id) == reader_id))


def at_token(session: Session, token: str) -> tuple[Reader, Address] | None:
    """Whose calendar ``token`` opens."""
    row = session.scalars(select(CalendarRow).where(col(CalendarRow.token) == token)).first()
    reader = readers.get(session, row.reader_id) if row else None
    return (reader, Address(row.token, row.at)) if row and reader else None
