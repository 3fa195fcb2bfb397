"""A whole database into another one, of either kind, checked row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import SQLModel

from bot.errors import StoreError
from bot.store import postgresql, sqlite
from bot.store.engine import Store, kind_of, told_clearly
from bot.store.migrations import current, name_of, revisions
from bot.store.search import rebuild

CHUNK = 1000
"""Rows that are in memory at once."""
NUL = "\0"
Row = tuple[Any, ...]
Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


class Copied(NamedTuple):
    """What became of one table."""

    table: str
    rows: int
    cleaned: int
    """Rows with a NUL character, which PostgreSQL takes in no text: it was left out of them."""


def tables() -> list[Table]:
    """Every table, those that others refer to before them."""
    return SQLModel.metadata.sorted_tables


@contextmanager
def reading(address: str) -> Iterator[Connection]:
    """A database as it stands, at one moment; it is neither made, nor brought up to date, nor changed in any byte."""
    with told_clearly(address):
        engine = open_as_it_is(address)
        try:
            with engine.connect().execution_options(**kind_of(address).READING) as connection:
                yield connection
        finally:
            engine.dispose()


def open_as_it_is(address: str) -> Engine:
    kind = kind_of(address)
    if kind is postgresql:
        return postgresql.open_engine(address)
    # https://www.sqlite.org/uri.html: "rw" makes no file, and without our pragmas a backup stays one file.
    engine = create_engine(f"sqlite:///file:{quote(kind.shown(address))}?mode=rw&uri=true")
    event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", sqlite.begin_transaction)
    return engine


def copy_database(
    source: Connection, target: Store, tell: Tell = lambda *_: None, *, empty: bool = False
) -> list[Copied]:
    """Copy every row of ``source`` into ``target`` in one transaction, and compare what then stands there.

    ``empty`` first deletes what ``target`` holds; otherwise one that holds anything raises StoreError.
    """
    refuse_other_revision(source)
    total, done = sum(count(source, table) for table in tables()), 0
    with target.write() as session:
        connection, copied = session.connection(), []
        for table in reversed(tables()) if empty else ():
            connection.execute(table.delete())
        refuse_filled(connection, target)
        for table in tables():
            copied.append(copy_table(source, connection, table))
            done += copied[-1].rows
            tell("copy", done, total)
        restart_sequences(connection)
        rebuild(session)
    return copied


def refuse_other_revision(source: Connection) -> None:
    """Raises StoreError for a database of another program's version, with what is to be done."""
    found, newest = current(source), revisions()[-1]
    path = name_of(source.engine)
    if not found:
        raise StoreError("{path} is empty", key="no_tables", path=path)
    if found not in revisions():
        raise StoreError("made by a newer version", key="newer_database", path=path, found=found)
    if found != newest:
        raise StoreError("an older schema", key="other_revision", path=path, found=found, newest=newest)


def refuse_filled(connection: Connection, target: Store) -> None:
    if names := filled(connection):
        path = target.kind.shown(target.address)
        raise StoreError("{path} is not empty: {tables}", key="not_empty", path=path, tables=", ".join(names[:3]))


def filled(connection: Connection) -> list[str]:
    """The tables that hold anything."""
    return [table.name for table in tables() if connection.execute(select(table).limit(1)).first()]


def copy_table(source: Connection, target: Connection, table: Table) -> Copied:
    sent, done, cleaned = hashlib.sha256(), 0, 0
    for chunk in in_chunks(rows(source, table)):
        kept = [without_nul(row) for row in chunk] if target.dialect.name == "postgresql" else chunk
        insert(target, table, kept)
        sent.update(b"".join(map(written, kept)))
        done += len(kept)
        cleaned += sum(before != after for before, after in zip(chunk, kept, strict=True))
    if (done, sent.digest()) != (count(target, table), digest(target, table)):
        raise StoreError("{table} is not the same after copying", key="differs", table=table.name)
    return Copied(table.name, done, cleaned)


def insert(target: Connection, table: Table, chunk: Sequence[Row]) -> None:
    """Raises StoreError where a row refers to one that is not there, or is too large for the other kind."""
    try:
        target.execute(table.insert(), [dict(zip(table.columns.keys(), row, strict=True)) for row in chunk])
    except (IntegrityError, DataError) as error:
        why = str(error.orig).partition("\n")[0][:200]
        raise StoreError("{table}: {why}", key="misfit", table=table.name, why=why) from error


def count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """The rows in the order of their key, without all of them being in memory.

    Text is ordered by its bytes on both kinds (``migrations.order_by_bytes``).
    """
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"stream_results": True, "yield_per": CHUNK}):
        yield tuple(row)


def in_chunks(items: Iterable[Row]) -> Iterator[Sequence[Row]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def digest(connection: Connection, table: Table) -> bytes:
    """A fingerprint of all rows of a table, the same on both kinds of database."""
    seen = hashlib.sha256()
    for row in rows(connection, table):
        seen.update(written(row))
    return seen.digest()


def written(row: Row) -> bytes:
    return json.dumps(row, sort_keys=True, default=spelled).encode()


def spelled(value: object) -> str:
    """What JSON has no form for: days, instants, bytes."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def without_nul(value: Any) -> Any:
    """A value, or a row of them, without the one character that PostgreSQL's texts cannot hold."""
    match value:
        case str():
            return value.replace(NUL, "")
        case tuple():
            return tuple(map(without_nul, value))
        case list():
            return list(map(without_nul, value))
        case dict():
            return {without_nul(name): without_nul(inner) for name, inner in value.items()}
    return value


def restart_sequences(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        if (column := table.autoincrement_column) is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, func.coalesce(func.max(column), 0) + 1, False)))


def compare(one: Connection, other: Connection) -> list[str]:
    """The names of the tables that are not the same in two databases."""
    return [table.name for table in tables() if digest(one, table) != digest(other, table)]
