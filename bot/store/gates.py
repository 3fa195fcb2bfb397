"""Limits that hold over all processes of an installation, by the database's own clock: hosts' clocks may differ."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select, text
from sqlmodel import Session, col

from bot.rules.gates import ALL, Gate, Passage, lately, let_through
from bot.store.tables import GateRow

LONGEST = 120.0
"""Seconds after which a chat's messages count for no limit any more."""

FIRST = "insert into gate (name, passed, held_until, last) values ('', '[]', 0, 0) on conflict do nothing"


def real_time(session: Session) -> float:
    """Seconds since 1970: the server's, where there is one."""
    if session.get_bind().dialect.name == "sqlite":
        return time.time()
    return float(session.scalars(text("select extract(epoch from clock_timestamp())")).one())


def real_now(session: Session) -> datetime:
    return datetime.fromtimestamp(real_time(session), UTC)


@dataclass(frozen=True, slots=True)
class Admission:
    """Who of a queue may send now, the seconds after which it is worth asking again, and those for which none may."""

    positions: tuple[int, ...]
    pause: float
    held: float


def admit(session: Session, queue: Sequence[Sequence[Gate]]) -> Admission:
    """Let through whoever of ``queue`` may send now; other processes wait for the end of the transaction."""
    overall = lock(session)
    now = real_time(session)  # only now that the lock is ours
    known = {row.name: row for row in session.scalars(select(GateRow).where(col(GateRow.name).in_(names(queue))))}
    passed = lately(queue, {name: row.passed for name, row in known.items()}, now)
    passage = let_through(queue, passed, now, overall.held_until)
    if passage.positions:
        note(session, passed, known, queue, passage)
    return Admission(passage.positions, max(passage.again - now, 0.0), max(overall.held_until - now, 0.0))


def lock(session: Session) -> GateRow:
    """The row for all, which is ours until the transaction ends."""
    query = select(GateRow).where(col(GateRow.name) == ALL).with_for_update()
    row = session.scalars(query).first()
    if row is None:
        session.execute(text(FIRST))
        row = session.scalars(query).one()
    return row


def names(queue: Sequence[Sequence[Gate]]) -> set[str]:
    return {gate.name for gates in queue for gate in gates}


def note(
    session: Session, passed: dict[str, list[float]], known: dict[str, GateRow], queue: Sequence[Sequence[Gate]],
    passage: Passage,
) -> None:  # fmt: skip
    """Write down for whom there is one more."""
    for name in {gate.name for position in passage.positions for gate in queue[position]}:
        row = known.get(name) or GateRow(name=name, passed=[])
        row.passed, row.last = passed[name], passed[name][-1]
        session.add(row)


def hold(session: Session, seconds: float) -> None:
    """Nobody sends for so long."""
    overall = lock(session)
    overall.held_until = max(overall.held_until, real_time(session) + seconds)


def forget_quiet(session: Session) -> None:
    """Forget chats that have not been written to for a while."""
    quiet = col(GateRow.last) < real_time(session) - LONGEST
    session.execute(delete(GateRow).where(col(GateRow.name) != ALL, quiet))
