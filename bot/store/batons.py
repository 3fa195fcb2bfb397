"""Who may do what only one process at a time may do: keep the clock of an installation, serve from a SQLite file."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import UsageError
from bot.store.engine import Store
from bot.store.postgresql import WRITERS
from bot.store.sqlite import unwritable

log = logging.getLogger(__name__)

CLOCK = WRITERS + 1
"""The advisory lock of the process that keeps the clock."""
KEEPALIVES: dict[str, Any] = {
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000,
    "connect_timeout": 10, "application_name": "qiaojin clock",
}  # fmt: skip
"""Both ends notice within half a minute that the other one is gone, even where no word of its end gets through."""
SERVERS_SIDE = (
    "set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3;"
    "set tcp_user_timeout = 20000; set statement_timeout = '10s'"
)
MINE = (
    "select exists(select from pg_locks"
    " where locktype = 'advisory' and pid = pg_backend_pid() and objid = :key and granted)"
)
FRESH = 2.0
"""Seconds for which a look counts."""


class Baton:
    """Held by one process at a time over all that work on a database; when its holder dies, the next one may take it.

    On PostgreSQL it is an advisory lock of a session of its own, on SQLite (one serving process) always ours.
    """

    def __init__(self, store: Store, key: int):
        self.store, self.key = store, key
        self.connection: Connection | None = None
        self.guard = threading.Lock()
        self.looked = 0.0
        self.held = not store.is_postgresql
        """As far as we know."""

    def take(self) -> bool:
        """Whether it is ours: looks whether it still is, and takes it where nobody has it."""
        if not self.store.is_postgresql:
            return True
        with self.guard:
            self.held = self.still_there() or self.try_to_take()
            self.looked = time.monotonic()
            return self.held

    def is_held(self) -> bool:
        """Whether it was ours a moment ago, and still is; never takes it."""
        if self.held and self.store.is_postgresql and time.monotonic() - self.looked > FRESH:
            with self.guard:
                self.held = self.still_there()
                self.looked = time.monotonic()
        return self.held

    def drop(self) -> None:
        """Let go of it."""
        with self.guard:
            self.forget()
            self.held = not self.store.is_postgresql

    def still_there(self) -> bool:
        """Whether the session lives and has the lock; a pooler in between might have given us another one."""
        if self.connection is None:
            return False
        try:
            if self.connection.scalar(text(MINE), {"key": self.key}):
                return True
        except SQLAlchemyError as error:
            log.warning("the session that holds a lock is lost: %s", type(error).__name__)
        self.forget()
        return False

    def try_to_take(self) -> bool:
        try:
            self.connection = self.connection or self.session()
            if self.connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": self.key}):
                return True
        except SQLAlchemyError:
            log.debug("no session for the clock", exc_info=True)
        self.forget()
        return False

    def session(self) -> Connection:
        engine = create_engine(
            self.store.address, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=KEEPALIVES
        )
        connection = engine.connect()
        connection.exec_driver_sql(SERVERS_SIDE)
        return connection

    def forget(self) -> None:
        if self.connection:
            with suppress(SQLAlchemyError):
                self.connection.close()
        self.connection = None


# --- one process for a SQLite file ------------------------------------------------------------------------------------


@contextmanager
def serving_alone(store: Store) -> Iterator[None]:
    """Be the only process that serves from a SQLite file; raises UsageError where another one does."""
    database = store.engine.url.database
    if store.is_postgresql or not database or database == ":memory:":
        yield
        return
    with alone_on(database):
        yield


@contextmanager
def alone_on(database: str) -> Iterator[None]:
    """Keep others from serving from a SQLite file; raises UsageError where somebody does.

    The lock is the system's, on a file beside the database: it ends with the process, however that ends.
    """
    import fcntl

    path = Path(f"{database}.serving")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            who = os.pread(handle, 20, 0).decode(errors="replace").strip() or "?"
            raise UsageError("process {pid} serves from {path}", key="served", pid=who, path=database) from error
        with suppress(OSError):  # on a full disk nobody is told who we are, and that is all
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
