"""Updates from Telegram that came and are not done with: what a process that dies leaves to the next one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlmodel import Session, col

from bot.store.tables import IncomingRow

MOST_TRIES = 3
"""Starts that one update may see: it may be what the process dies of."""


def keep(session: Session, updates: Sequence[dict[str, Any]], now: datetime) -> None:
    """Keep those that are not known yet."""
    raw = {int(one["update_id"]): one for one in updates}
    known = set(session.scalars(select(col(IncomingRow.number)).where(col(IncomingRow.number).in_(raw))))
    session.add_all(IncomingRow(number=number, raw=raw[number], at=now) for number in raw if number not in known)


def left(session: Session) -> list[dict[str, Any]]:
    """What was not handled, oldest first; each may be asked for a few times."""
    waiting = col(IncomingRow.raw).is_not(None)
    session.execute(update(IncomingRow).where(waiting).values(tries=col(IncomingRow.tries) + 1))
    query = select(col(IncomingRow.raw)).where(waiting, col(IncomingRow.tries) <= MOST_TRIES)
    return list(session.scalars(query.order_by(col(IncomingRow.number))))


def handled(session: Session) -> set[int]:
    """Numbers of updates that were handled and may come once more."""
    return set(session.scalars(select(col(IncomingRow.number)).where(col(IncomingRow.raw).is_(None))))


def note_handled(session: Session, numbers: Collection[int]) -> None:
    """Keep nothing of these but their numbers."""
    session.execute(update(IncomingRow).where(col(IncomingRow.number).in_(numbers)).values(raw=null()))


def forget_before(session: Session, number: int) -> None:
    """Forget handled updates that Telegram will not send again: it has heard that they came."""
    session.execute(delete(IncomingRow).where(col(IncomingRow.number) < number, col(IncomingRow.raw).is_(None)))


def expire(session: Session, before: datetime) -> None:
    """Forget what came before, handled or given up."""
    given_up = col(IncomingRow.tries) > MOST_TRIES
    session.execute(delete(IncomingRow).where(col(IncomingRow.at) < before, col(IncomingRow.raw).is_(None) | given_up))
