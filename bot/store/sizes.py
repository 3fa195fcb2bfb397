"""What takes how much room in the database, and how fast it grows."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, col

from bot.models import Growth, Room
from bot.store.tables import DeliveryRow, PaperRow

GROUPS = {
    "papers": ("paper", "assignment"),
    "search": ("paper_search", "paper_words", "paper_mark", "paper_index", "paper_title"),
    "ideas": ("idea",),
    "messages": ("delivery", "page", "awaited", "gate", "incoming"),
    "sources": ("run", "coverage", "source", "post", "pace", "alembic_version", "sqlite_"),
}
"""Tables by how their names begin, the longest beginning first; every other table holds what readers keep."""
READERS = "readers"
WEEKS = 4

PAGES = (
    "select coalesce(m.tbl_name, d.name), sum(d.pgsize) from dbstat d left join sqlite_master m on m.name = d.name"
    " where d.aggregate = true group by 1"
)
"""https://www.sqlite.org/dbstat.html"""
RELATIONS = (
    "select case when c.relkind = 'i' and c.relname like '%search%' then 'paper_search' else t.relname end,"
    " sum(pg_relation_size(c.oid)) from pg_class c left join pg_index i on i.indexrelid = c.oid"
    " join pg_class t on t.oid"
    " = coalesce(i.indrelid, (select o.oid from pg_class o where o.reltoastrelid = c.oid), c.oid)"
    " join pg_namespace n on n.oid = t.relnamespace where n.nspname = current_schema() and c.relkind in ('r', 'i', 't')"
    " group by 1"
)


def room(session: Session, now: datetime, folder: Path) -> Room:
    """What the database takes by what it holds, how it grows, and what the disk of ``folder`` has left."""
    taken = groups(session)
    return Room(taken, growth(session, taken, now), shutil.disk_usage(folder).free if folder.exists() else 0)


def groups(session: Session) -> dict[str, int]:
    """Bytes by group of tables; none where this SQLite was built without its table of pages."""
    query = RELATIONS if session.get_bind().dialect.name == "postgresql" else PAGES
    try:
        tables = [(name, int(size)) for name, size in session.execute(text(query))]
    except DBAPIError:
        return {}
    taken: Counter[str] = Counter()
    for name, size in tables:
        taken[group_of(name)] += size
    return {group: taken[group] for group in (*GROUPS, READERS)}


def group_of(table: str) -> str:
    fitting = {name: group for group, names in GROUPS.items() for name in names if table.startswith(name)}
    return fitting[max(fitting, key=len)] if fitting else READERS


def growth(session: Session, taken: Mapping[str, int], now: datetime) -> Growth:
    """Bytes a day over the last weeks, from how many rows came and what a row takes on the average."""
    since = now - timedelta(weeks=WEEKS)
    papers = share(session, PaperRow, col(PaperRow.day) > since.date())
    messages = share(session, DeliveryRow, col(DeliveryRow.created) > since)
    kept, days = taken.get("papers", 0) + taken.get("search", 0), 7 * WEEKS
    return Growth(round(papers * kept / days), round(messages * taken.get("messages", 0) / days))


def share(session: Session, kind: type[SQLModel], is_new: ColumnElement[bool]) -> float:
    """Which part of a table's rows is new."""
    total = session.scalar(select(func.count()).select_from(kind)) or 0
    new = session.scalar(select(func.count()).select_from(kind).where(is_new)) or 0
    return new / total if total else 0.0
