"""Opening the database: the engine, one transaction, the schema brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session as Session  # the type that every store function takes

from bot.errors import StoreError
from bot.store.migrations import upgrade

BUSY_TIMEOUT = 30_000
"""Milliseconds that a process waits for another one's write."""


class Store:
    """A database that is ready for use.

    >>> with store.write() as session: papers.keep(session, …)

    ``write`` takes the write lock at once, so that two processes never meet half-way; ``read`` never waits for it.
    Both raise StoreError, in one sentence, for whatever the database refuses.
    """

    def __init__(self, address: str):
        self.address = address
        with told_clearly(address):
            make_file(address)
            self.engine = open_engine(address)
            upgrade(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with told_clearly(self.address), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        with told_clearly(self.address), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options={"begin": "IMMEDIATE"})
            yield session

    def close(self) -> None:
        self.engine.dispose()


def open_engine(address: str) -> Engine:
    memory = address in {"sqlite://", "sqlite:///:memory:"}
    extra: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(address, connect_args={"check_same_thread": False}, **extra)
    event.listen(engine, "connect", prepare_connection)
    event.listen(engine, "begin", begin_transaction)
    return engine


def prepare_connection(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and never IMMEDIATE, so transactions are begun by hand below.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT}", "journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_transaction(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def make_file(address: str) -> None:
    """Make the database's file before SQLite does, readable by its owner alone; its folder too."""
    path = Path(address.removeprefix("sqlite:///"))
    in_memory = path.name in {"", ":memory:"} or address == "sqlite://"
    is_uri = path.parts[:1] == ("file:",)  # SQLite's own form of an address; whoever writes one makes the file
    if in_memory or is_uri or path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(
            "cannot write {path}: {why}", key="unwritable", path=path, why=error.strerror or str(error)
        ) from error


TROUBLES = {
    "disk is full": ("The disk is full: {path}", "disk_full"),
    "readonly database": ("cannot write {path}", "readonly"),
    "unable to open": ("cannot open {path}", "unopenable"),
    "database is locked": ("{path} is locked by another program", "locked"),
    "not a database": ("{path} is not a database of ours", "not_a_database"),
    "malformed": ("{path} is damaged", "damaged"),
    "disk i/o error": ("The disk does not answer: {path}", "disk_error"),
}
"""What SQLite says, and what we tell a person."""


@contextmanager
def told_clearly(address: str) -> Iterator[None]:
    """Turn what the driver raises into one sentence about this database."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).lower()
        text, key = next((told for part, told in TROUBLES.items() if part in said), (None, None))
        if text is None or key is None:
            raise
        raise StoreError(text, key=key, path=address.removeprefix("sqlite:///")) from error
