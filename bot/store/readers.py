"""Readers: their settings, what they were shown, what they think of it, what we wait to hear from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlmodel import Session, SQLModel, col

from bot.models import Paper, Reader
from bot.store.tables import AwaitedRow, OpinionRow, ReaderRow, SentRow

FIELDS = tuple(Reader.__dataclass_fields__)
COLUMNS = tuple(SQLModel.metadata.tables["reader"].c[name] for name in FIELDS)


def to_reader(row: ReaderRow) -> Reader:
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Reader(**values)


def get(session: Session, reader_id: str) -> Reader | None:
    row = session.get(ReaderRow, reader_id)
    return to_reader(row) if row else None


def save(session: Session, reader: Reader) -> None:
    """Put ``reader`` in the place of what was known of it."""
    values: dict[str, Any] = asdict(reader)
    values |= {name: list(value) for name, value in values.items() if isinstance(value, tuple)}
    session.merge(ReaderRow(**values))


def found(session: Session, *which: ColumnElement[bool]) -> list[Reader]:
    """The readers of whom all this is true, by id; without objects in between, for it may be everybody."""
    rows = session.execute(select(*COLUMNS).where(*which).order_by(col(ReaderRow.id)))
    return [of_values(row) for row in rows]


def of_values(row: Iterable[Any]) -> Reader:
    """From what stands in ``COLUMNS``."""
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return Reader(*values)


def in_state(session: Session, state: str = "active") -> list[Reader]:
    return found(session, col(ReaderRow.state) == state)


def newcomers(session: Session) -> list[Reader]:
    """Active readers who have never had a digest."""
    new = (col(ReaderRow.decided_on).is_(None), col(ReaderRow.last_digest).is_(None))
    return found(session, col(ReaderRow.state) == "active", *new)


def forget(session: Session, reader_id: str) -> None:
    """Delete everything of this reader."""
    session.execute(delete(ReaderRow).where(col(ReaderRow.id) == reader_id))


def note_sent(session: Session, reader_id: str, papers: Iterable[Paper]) -> None:
    for paper in papers:
        session.merge(SentRow(reader_id=reader_id, paper_id=paper.id, version=paper.version))


def set_opinion(session: Session, reader_id: str, paper_id: str, value: float, at: datetime) -> None:
    """Note a like (1), a dislike (-1), a share of one, or that there is no opinion any more (0)."""
    if value:
        session.merge(OpinionRow(reader_id=reader_id, paper_id=paper_id, value=value, at=at))
    else:
        session.execute(
            delete(OpinionRow).where(col(OpinionRow.reader_id) == reader_id, col(OpinionRow.paper_id) == paper_id)
        )


def opinions(session: Session, reader_id: str) -> dict[str, float]:
    """What the reader thinks of which papers, the latest first."""
    return opinions_of(session, [reader_id]).get(reader_id, {})


def opinions_of(session: Session, reader_ids: Collection[str]) -> dict[str, dict[str, float]]:
    """The same of those of several readers who have liked or disliked anything."""
    query = select(col(OpinionRow.reader_id), col(OpinionRow.paper_id), col(OpinionRow.value))
    query = query.where(col(OpinionRow.reader_id).in_(reader_ids))
    values: dict[str, dict[str, float]] = {}
    for reader, paper, value in session.execute(query.order_by(col(OpinionRow.at).desc(), col(OpinionRow.paper_id))):
        values.setdefault(reader, {})[paper] = value
    return values


def await_answer(session: Session, reader_id: str, user_id: int, what: str, at: datetime) -> None:
    session.merge(AwaitedRow(reader_id=reader_id, user_id=user_id, what=what, at=at))


def awaited(session: Session, reader_id: str, user_id: int, since: datetime) -> str:
    """What we have been waiting for from this person since ``since`` or later; "" for nothing."""
    row = session.get(AwaitedRow, (reader_id, user_id))
    return row.what if row and row.at >= since else ""


def take_awaited(session: Session, reader_id: str, user_id: int) -> None:
    """Wait for nothing any more."""
    session.execute(
        delete(AwaitedRow).where(col(AwaitedRow.reader_id) == reader_id, col(AwaitedRow.user_id) == user_id)
    )
