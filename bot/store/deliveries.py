"""The outbox: what has been decided and is to be sent, who is sending it, and what became of it.

A row is ``waiting`` until Telegram has answered for it. Whoever sends claims rows for a short while of real time, and
keeps renewing the claim; when they die, the claim runs out and somebody else goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, or_, select, update
from sqlmodel import Session, SQLModel, col

from bot.models import Button, Delivery, Message, Outbox, Reader
from bot.store.papers import chunks
from bot.store.readers import to_reader
from bot.store.tables import DeliveryRow, ReaderRow, SentRow

OUTBOX = SQLModel.metadata.tables["delivery"]
WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"


def enqueue(session: Session, deliveries: Sequence[Delivery], now: datetime, due: datetime | None = None) -> int:
    """Put into the outbox those of ``deliveries`` whose key is not there yet; returns how many those were."""
    known = keys(session, deliveries)
    new = {key: delivery for delivery in deliveries if (key := key_of(delivery)) not in known}
    if new:
        session.execute(OUTBOX.insert(), [values(delivery, now, due or now) for delivery in new.values()])
    return len(new)


def key_of(delivery: Delivery) -> tuple[str, str, str, int]:
    return delivery.reader_id, delivery.kind, delivery.subject, delivery.part


def keys(session: Session, deliveries: Sequence[Delivery]) -> set[tuple[str, str, str, int]]:
    """The keys that are taken among those of the same readers, kinds and subjects."""
    kinds, subjects = {delivery.kind for delivery in deliveries}, {delivery.subject for delivery in deliveries}
    found: set[tuple[str, str, str, int]] = set()
    for chunk in chunks(list({delivery.reader_id for delivery in deliveries})):
        chosen = and_(OUTBOX.c.reader_id.in_(chunk), OUTBOX.c.kind.in_(kinds), OUTBOX.c.subject.in_(subjects))
        taken = select(OUTBOX.c.reader_id, OUTBOX.c.kind, OUTBOX.c.subject, OUTBOX.c.part).where(chosen)
        found.update((reader, kind, subject, part) for reader, kind, subject, part in session.execute(taken))
    return found


def values(delivery: Delivery, now: datetime, due: datetime) -> dict[str, Any]:
    message = delivery.message
    return {
        "reader_id": delivery.reader_id, "kind": delivery.kind, "subject": delivery.subject, "part": delivery.part,
        "html": message.html,
        "buttons": [[{"text": one.text, "data": one.data, "url": one.url} for one in row] for row in message.buttons],
        "papers": list(message.papers), "picture": message.picture, "created": now, "due": due, "state": WAITING,
        "attempts": 0, "error": "",
    }  # fmt: skip


def to_delivery(row: DeliveryRow) -> Delivery:
    buttons = tuple(tuple(Button(**button) for button in line) for line in row.buttons)
    message = Message(row.html, buttons, tuple(row.papers), row.picture)
    return Delivery(row.reader_id, row.kind, row.subject, message, row.part, row.number or 0, row.attempts)


# --- sending ----------------------------------------------------------------------------------------------------------


def claim(session: Session, now: datetime, real_now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
    """Up to ``limit`` messages that are due, in order, which are then the caller's until the lease ends.

    Of one reader only what nothing earlier stands before: what waits for a second try holds what follows it, and what
    another worker has holds all. Workers that claim at the same time find different readers: a reader is locked first,
    and read in a second statement, which on PostgreSQL sees what whoever had the lock before has left.
    """
    due = lock_due_readers(session, now, real_now, limit)
    if not due:
        return []
    earlier = OUTBOX.alias().c
    held = exists().where(
        earlier.reader_id == col(DeliveryRow.reader_id),
        earlier.number < col(DeliveryRow.number),
        earlier.state == WAITING,
        or_(earlier.due > now, earlier.claimed_until > real_now),
    )
    ready = and_(col(DeliveryRow.reader_id).in_(due), is_ready(now, real_now), ~held)
    rows = list(session.scalars(select(DeliveryRow).where(ready).order_by(col(DeliveryRow.number)).limit(limit)))
    claims = [to_delivery(row) for row in rows]
    renew(session, [claimed.number for claimed in claims], real_now + lease)
    return claims


def lock_due_readers(session: Session, now: datetime, real_now: datetime, limit: int) -> list[str]:
    """Up to ``limit`` readers with something to send, those first that have waited longest; nobody else's till the
    transaction ends."""
    first = select(OUTBOX.c.reader_id, func.min(OUTBOX.c.number).label("number")).where(is_ready(now, real_now))
    due = first.group_by(OUTBOX.c.reader_id).order_by(func.min(OUTBOX.c.number)).limit(2 * limit).subquery()
    query = select(col(ReaderRow.id)).join(due, due.c.reader_id == col(ReaderRow.id)).order_by(due.c.number)
    locked = query.limit(limit).with_for_update(of=ReaderRow, key_share=True, skip_locked=True)
    return list(session.scalars(locked))


def is_ready(now: datetime, real_now: datetime) -> ColumnElement[bool]:
    """Whether a message is due and nobody's."""
    free = or_(col(DeliveryRow.claimed_until).is_(None), col(DeliveryRow.claimed_until) <= real_now)
    return and_(col(DeliveryRow.state) == WAITING, col(DeliveryRow.due) <= now, free)


def is_any_due(session: Session, now: datetime, real_now: datetime) -> bool:
    """Whether there may be something to claim."""
    return session.scalar(select(col(DeliveryRow.number)).where(is_ready(now, real_now)).limit(1)) is not None


def picky(session: Session, reader_ids: Collection[str]) -> list[Reader]:
    """Those of the readers who do not take messages at any time: they have stopped or paused, or have quiet hours."""
    choosy = or_(
        col(ReaderRow.state) == "stopped",
        col(ReaderRow.paused_until).is_not(None),
        col(ReaderRow.quiet_from) != col(ReaderRow.quiet_to),
    )
    return [
        to_reader(row) for row in session.scalars(select(ReaderRow).where(col(ReaderRow.id).in_(reader_ids), choosy))
    ]


def renew(session: Session, numbers: Sequence[int], until: datetime | None) -> None:
    """Move the end of the claims on ``numbers``; None gives them back."""
    for start in range(0, len(numbers), 500):
        chosen = col(DeliveryRow.number).in_(numbers[start : start + 500])
        session.execute(
            update(DeliveryRow).where(chosen, col(DeliveryRow.state) == WAITING).values(claimed_until=until)
        )


def mark_sent(session: Session, sent: Iterable[tuple[int, int]], now: datetime) -> None:
    """Note that the messages went out: pairs of the row's number and Telegram's."""
    change = OUTBOX.update().where(OUTBOX.c.number == bindparam("row"))
    done = {"state": SENT, "claimed_until": None, "sent_at": now}
    change = change.values(**done, message_id=bindparam("message"), attempts=OUTBOX.c.attempts + 1)
    if rows := [{"row": number, "message": message_id} for number, message_id in sent]:
        session.connection().execute(change, rows)


def mark_failed(session: Session, number: int, error: str) -> None:
    """Note that Telegram will never take this message."""
    settle(session, number, FAILED, error=error[:500])


def settle(session: Session, number: int, state: str, **more: Any) -> None:
    session.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.number) == number)
        .values(state=state, claimed_until=None, attempts=col(DeliveryRow.attempts) + 1, **more)
    )


def postpone(session: Session, number: int, until: datetime, error: str) -> None:
    """Try again, not before ``until`` (real time); what follows it for the same reader waits too."""
    session.execute(
        update(DeliveryRow)
        .where(col(DeliveryRow.number) == number)
        .values(claimed_until=until, attempts=col(DeliveryRow.attempts) + 1, error=error[:500])
    )


def put_off(session: Session, number: int, due: datetime) -> None:
    """Send it at ``due`` instead: quiet hours."""
    session.execute(update(DeliveryRow).where(col(DeliveryRow.number) == number).values(due=due, claimed_until=None))


def withdraw(session: Session, reader_id: str, kind: str, prefix: str) -> None:
    """Drop what waits for a reader under subjects that begin with ``prefix``."""
    theirs = (col(DeliveryRow.reader_id) == reader_id, col(DeliveryRow.kind) == kind)
    waiting = (col(DeliveryRow.state) == "waiting", col(DeliveryRow.subject).startswith(prefix, autoescape=True))
    session.execute(update(DeliveryRow).where(*theirs, *waiting).values(state=DROPPED))


# --- readers who left, or moved ---------------------------------------------------------------------------------------


def drop_reader(session: Session, reader_id: str) -> None:
    """The reader is gone: drop what waits for them, and take back that they were shown its papers.

    The reader's row comes first, as in ``claim``: whoever locks them in another order may wait for each other for ever.
    """
    session.execute(update(ReaderRow).where(col(ReaderRow.id) == reader_id).values(state="gone"))
    waiting = and_(col(DeliveryRow.reader_id) == reader_id, col(DeliveryRow.state) == WAITING)
    unseen = {id_ for papers in session.scalars(select(col(DeliveryRow.papers)).where(waiting)) for id_ in papers}
    for chunk in chunks(list(unseen)):
        session.execute(delete(SentRow).where(col(SentRow.reader_id) == reader_id, col(SentRow.paper_id).in_(chunk)))
    session.execute(update(DeliveryRow).where(waiting).values(state=DROPPED, claimed_until=None))


# --- what is known ----------------------------------------------------------------------------------------------------


def papers_of(session: Session, reader_id: str, message_id: int) -> list[str]:
    """The papers that a message of ours in this chat shows."""
    query = select(col(DeliveryRow.papers)).where(
        col(DeliveryRow.message_id) == message_id, col(DeliveryRow.reader_id) == reader_id
    )
    return list(session.scalar(query) or ())


def readers_waiting(session: Session, kind: str) -> set[str]:
    """Readers for whom a message of this kind has been decided and has not been sent."""
    query = select(col(DeliveryRow.reader_id)).where(col(DeliveryRow.state) == WAITING, col(DeliveryRow.kind) == kind)
    return set(session.scalars(query.distinct()))


def outbox(session: Session, now: datetime) -> Outbox:
    """How the outbox stands."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = {state: number for state, number in session.execute(query)}  # noqa: C416 - a row is no pair to `dict`
    oldest = session.scalar(select(func.min(col(DeliveryRow.due))).where(col(DeliveryRow.state) == WAITING))
    lag = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return Outbox(**{state: counts.get(state, 0) for state in (WAITING, SENT, FAILED, DROPPED)}, lag=lag)


def expire_bodies(session: Session, before: datetime) -> None:
    """Forget the texts of what was settled before; which papers it showed stays known."""
    has_body = or_(col(DeliveryRow.html) != "", col(DeliveryRow.picture) != "")
    old = and_(col(DeliveryRow.state) != WAITING, col(DeliveryRow.created) < before, has_body)
    session.execute(update(DeliveryRow).where(old).values(html="", buttons=[], picture=""))
