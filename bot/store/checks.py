"""Whether a database is whole: what its engine says of it, and what we ask of it ourselves."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Table, and_, exists, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store.migrations import name_of
from bot.store.transfer import tables

SEARCH_INDEXES = "select name from sqlite_master where sql like 'create virtual table%using fts5%'"
UNTRUSTED = """
select conrelid::regclass || ': ' || conname from pg_constraint where not convalidated
union all select indrelid::regclass || ': ' || indexrelid::regclass from pg_index where not indisvalid
"""
"""Constraints that were never checked, and indexes that were never finished."""
MAY_MAKE_TABLES = "select has_schema_privilege(current_schema(), 'create')"


def faults(connection: Connection, *, thorough: bool = False) -> list[str]:
    """What is wrong with a database, a line each, in the engine's own words; nothing for one that is whole.

    ``thorough`` also holds SQLite's search index against the papers, which keeps writers waiting meanwhile.
    """
    if connection.dialect.name == "postgresql":
        return [*connection.execute(text(UNTRUSTED)).scalars(), *orphans(connection)]
    told = [line for line in connection.execute(text("pragma integrity_check")).scalars() if line != "ok"]
    if told:  # what follows would only stumble over it
        return told
    return [*orphans(connection), *(index_faults(connection) if thorough else ())]


def demand_rights(connection: Connection) -> None:
    """Raises StoreError for a user of PostgreSQL who may make no tables."""
    if connection.dialect.name == "postgresql" and not connection.execute(text(MAY_MAKE_TABLES)).scalar():
        raise StoreError("this user may make no tables", key="not_permitted", path=name_of(connection.engine))


def orphans(connection: Connection) -> Iterator[str]:
    """Rows that refer to a row that is not there; tables of a later revision are passed over."""
    here = set(inspect(connection).get_table_names())
    for table in tables():
        for constraint in table.foreign_key_constraints:
            if table.name in here and (number := count_orphans(connection, table, constraint)):
                yield f"{table.name}: {number} × no {constraint.referred_table.name}"


def count_orphans(connection: Connection, table: Table, constraint: ForeignKeyConstraint) -> int:
    parent = constraint.referred_table.alias()
    pairs = [(element.parent, parent.c[element.column.name]) for element in constraint.elements]
    match = exists().where(and_(*(child == other for child, other in pairs)))
    query = select(func.count()).select_from(table).where(*(child.is_not(None) for child, _ in pairs), ~match)
    return connection.execute(query).scalar_one()


def index_faults(connection: Connection) -> Iterator[str]:
    """https://www.sqlite.org/fts5.html#the_integrity_check_command"""
    for name in connection.execute(text(SEARCH_INDEXES)).scalars().all():
        try:
            connection.execute(text(f"insert into {name}({name}, rank) values ('integrity-check', 1)"))  # noqa: S608
        except DBAPIError as error:
            yield f"{name}: {error.orig}"
