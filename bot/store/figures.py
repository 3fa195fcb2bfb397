"""Counts, lags and states: the one place that ``status``, the chat and the metrics read them from."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

from sqlalchemy import String, cast, func, select, text, type_coerce
from sqlmodel import Session, col

from bot.models import Status
from bot.store import deliveries, migrations, state
from bot.store.judgements import counts_by_direction
from bot.store.tables import DeliveryRow, PaperRow, ReaderRow


def status(session: Session, now: datetime) -> Status:
    """How the installation stands at ``now``, the program's time."""
    total, first, last = session.execute(
        select(func.count(), func.min(col(PaperRow.day)), func.max(col(PaperRow.day))).select_from(PaperRow)
    ).one()
    return Status(
        papers=total,
        first_day=first,
        last_day=last,
        by_direction=counts_by_direction(session),
        sources=tuple(state.sources(session)),
        runs=tuple(state.last_runs(session)),
        by_source=papers_by_source(session),
        readers=readers_by_state(session),
        outbox=deliveries.outbox(session, now),
        deliveries=deliveries_by_kind(session),
        due=due_by_kind(session, now),
        database_bytes=size(session),
    )


def is_current(session: Session) -> bool:
    """Whether the schema is the one that this program knows."""
    return migrations.current(session.connection()) == migrations.revisions()[-1]


def papers_by_source(session: Session) -> dict[str, int]:
    """How many papers each source has told of; a paper that several told of counts for each."""
    sources = col(PaperRow.sources)  # PostgreSQL does not group by JSON, and SQLite would not use its index for a cast
    told = cast(sources, String) if is_postgresql(session) else type_coerce(sources, String)
    counts: Counter[str] = Counter()
    for names, number in session.execute(select(told, func.count()).group_by(told)):
        counts.update(dict.fromkeys(json.loads(names), number))
    return dict(sorted(counts.items()))


def readers_by_state(session: Session) -> dict[str, int]:
    query = select(col(ReaderRow.state), func.count()).group_by(col(ReaderRow.state))
    return {state: number for state, number in session.execute(query)}  # noqa: C416 - a row is no pair to `dict`


def deliveries_by_kind(session: Session) -> dict[str, dict[str, int]]:
    """``{"digest": {"sent": 40, "waiting": 2}}``."""
    kind, became = col(DeliveryRow.kind), col(DeliveryRow.state)
    counts: dict[str, dict[str, int]] = {}
    for name, state_, number in session.execute(select(kind, became, func.count()).group_by(kind, became)):
        counts.setdefault(name, {})[state_] = number
    return counts


def due_by_kind(session: Session, now: datetime) -> dict[str, int]:
    """Messages that wait although their moment has come."""
    due = (col(DeliveryRow.state) == deliveries.WAITING, col(DeliveryRow.due) <= now)
    query = select(col(DeliveryRow.kind), func.count()).where(*due).group_by(col(DeliveryRow.kind))
    return {kind: number for kind, number in session.execute(query)}  # noqa: C416 - a row is no pair to `dict`


def is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def size(session: Session) -> int:
    """Bytes that the database takes on its disk."""
    if is_postgresql(session):
        return int(session.scalar(text("select pg_database_size(current_database())")) or 0)
    return int(session.scalar(text("select page_count * page_size from pragma_page_count(), pragma_page_size()")) or 0)
