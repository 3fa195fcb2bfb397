"""The terminal's readers, and the short-lived codes that join them to a reader of the chat."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.models.readers import Reader
from bot.store import ideas, library, matches, readers, reading
from bot.store.tables import LinkCodeRow, ReaderRow, TerminalRow

VALID_FOR = timedelta(minutes=15)


def reader_of(session: Session, name: str) -> Reader | None:
    """The reader that ``name`` stands for in the terminal: one that it was joined to, or the one of that id."""
    joined = session.get(TerminalRow, name)
    return readers.get(session, joined.reader_id if joined else name)


def keep_code(session: Session, code: str, reader_id: str, now: datetime) -> None:
    """Keep a code for a while, in the place of an earlier one of the same reader."""
    old = (col(LinkCodeRow.reader_id) == reader_id) | (col(LinkCodeRow.at) < now - VALID_FOR)
    session.execute(delete(LinkCodeRow).where(old))
    session.add(LinkCodeRow(code=code, reader_id=reader_id, at=now))


def join(session: Session, name: str, code: str, now: datetime) -> Reader | None:
    """Let ``name`` stand for the code's reader from now on, who gets what it kept; None for no valid code."""
    row = session.scalars(select(LinkCodeRow).where(col(LinkCodeRow.code) == code)).first()
    if row is None or now - row.at > VALID_FOR:
        return None
    reader = readers.get(session, row.reader_id)
    session.delete(row)
    if reader is not None and reader.id != name:
        if session.get(ReaderRow, name):
            matches.silence(session, name, [idea.number for idea in ideas.listed(session, name)])
            ideas.adopt(session, name, reader.id)
            library.adopt(session, name, reader.id)
            reading.adopt(session, name, reader.id)
        session.merge(TerminalRow(name=name, reader_id=reader.id))
    return reader
