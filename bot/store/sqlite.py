"""What is SQLite's own: the file, how a transaction begins, what its refusals mean."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from bot.errors import StoreError

BUSY_TIMEOUT = 30_000
"""Milliseconds that a process waits for another one's write."""

PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "cache_size=-8192")
"""8 MB of pages for each connection: a search in many papers reads the same inner pages again and again."""

READING: dict[str, Any] = {"begin": "DEFERRED"}
WRITING: dict[str, Any] = {"begin": "IMMEDIATE"}
WRITING_TOGETHER = WRITING
"""SQLite locks nothing smaller than the whole database."""

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
NO_ROOM = "SQLITE_IOERR_SHMSIZE"
"""The name of its "disk i/o error" where the disk is too full for even its small file of shared memory."""


def open_engine(address: str) -> Engine:
    make_file(address)
    memory = address in {"sqlite://", "sqlite:///:memory:"}
    extra: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    # What a statement is given stays out of errors, and so out of the log: readers' words, calendars' addresses.
    engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False}, **extra)
    event.listen(engine, "connect", prepare_connection)
    event.listen(engine, "begin", begin_transaction)
    return engine


def prepare_connection(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes late and never IMMEDIATE, so transactions are begun by hand below.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT}", *PRAGMAS):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_transaction(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def make_file(address: str) -> None:
    """Make the database's file before SQLite does, readable by its owner alone; its folder too."""
    path = Path(shown(address))
    in_memory = path.name in {"", ":memory:"} or address == "sqlite://"
    is_uri = path.parts[:1] == ("file:",)  # SQLite's own form of an address; whoever writes one makes the file
    if in_memory or is_uri or is_there(path):
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise unwritable(path, error) from error


def is_there(path: Path) -> bool:
    """Whether a database's file is there; raises StoreError where its folder may not be entered."""
    try:
        return path.exists()
    except OSError as error:
        raise StoreError("cannot open {path}", key="unopenable", path=path) from error


def unwritable(path: Path, error: OSError) -> StoreError:
    """What a person is told of a file, of the database or beside it, that the system does not let us write."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreError("The disk is full: {path}", key="disk_full", path=path)
    return StoreError("cannot write {path}: {why}", key="unwritable", path=path, why=error.strerror or str(error))


def shown(address: str) -> str:
    return address.removeprefix("sqlite:///")


def settle(_session: Session) -> None:
    """FTS5 merges what it holds by itself."""


def trouble(error: DBAPIError) -> tuple[str, str] | None:
    if getattr(error.orig, "sqlite_errorname", "") == NO_ROOM:
        return TROUBLES["disk is full"]
    said = str(error.orig).lower()
    return next((told for part, told in TROUBLES.items() if part in said), None)
