"""What is PostgreSQL's own: how it is reached, who writes when, what its refusals mean.

The driver, psycopg, is imported by SQLAlchemy and only where an address asks for it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from bot.errors import StoreError

WRITERS = 0x71_69_61_6F
"""The advisory lock of those who write alone; every other lock of ours counts up from it."""
LOCK_TIMEOUT = "30s"
"""How long a process waits for another one's write."""

READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
WRITING: dict[str, Any] = {"begin": "IMMEDIATE"}
WRITING_TOGETHER: dict[str, Any] = {}

MANNERS = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
           "application_name": "qiaojin",
           "prepare_threshold": None}  # fmt: skip
"""How we connect where the address does not say otherwise, in seconds: a dead server is noticed within a minute.
Nothing is prepared: a plan that fits any search would read every paper for a rare word.
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS"""

PLAIN = "set jit = off; set max_parallel_workers_per_gather = 0"
"""Neither compiles a statement nor shares it out among processes: both take longer than any question of ours."""

CONNECTION_TROUBLES = {
    "authentication failed": ("{path} refuses the user or the password", "refused_login"),
    "no password supplied": ("{path} refuses the user or the password", "refused_login"),
    "not permitted": ("{path} refuses the user or the password", "refused_login"),
    "no pg_hba.conf entry": ("{path} refuses the user or the password", "refused_login"),
    "does not exist": ("there is no such database or user: {path}", "no_such_database"),
    "resolve host": ("nobody knows the host of {path}", "unknown_host"),
    "could not write": ("The disk is full: {path}", "disk_full"),
    "no space left": ("The disk is full: {path}", "disk_full"),
    "too many": ("{path} takes no more connections", "too_many_connections"),
}
"""What a server says that lets nobody in; it gives no code then."""
UNREACHABLE = ("{path} does not answer", "unreachable")

TROUBLES = {
    "08": UNREACHABLE,
    "25006": ("cannot write {path}", "readonly"),
    "28": CONNECTION_TROUBLES["authentication failed"],
    "42501": ("this user may not do that in {path}", "not_permitted"),
    "53100": ("The disk is full: {path}", "disk_full"),
    "53300": CONNECTION_TROUBLES["too many"],
    "55P03": ("{path} is locked by another program", "locked"),
    "57P": UNREACHABLE,
    "58": ("The disk does not answer: {path}", "disk_error"),
    "XX001": ("{path} is damaged", "damaged"),
    "XX002": ("{path} is damaged", "damaged"),
}
"""Beginnings of PostgreSQL's codes. https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def open_engine(address: str) -> Engine:
    url = make_url(address)
    manners = {name: value for name, value in MANNERS.items() if name not in url.query}
    try:
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args=manners, json_serializer=as_json
        )
    except ModuleNotFoundError as error:
        raise StoreError("psycopg is not installed", key="no_driver", path=shown(address)) from error
    event.listen(engine, "connect", prepare_connection)
    event.listen(engine, "begin", begin_transaction)
    return engine


ZERO_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""A zero byte as JSON writes it: behind an even number of backslashes, for an odd one is the end of another escape."""


def as_json(value: Any) -> str:
    """``value`` without zero bytes, which PostgreSQL can take for no text either when they stand in JSON."""
    return ZERO_ESCAPED.sub(r"\1", json.dumps(value))


def prepare_connection(connection: Any, _record: Any) -> None:
    """Let no zero byte through, which PostgreSQL's text cannot hold and SQLite's can, and keep answers quick."""
    from psycopg.types.string import StrDumperUnknown  # psycopg's own for text

    class Dumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", ""))

    connection.adapters.register_dumper(str, Dumper)
    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
    connection.commit()


def begin_transaction(connection: Connection) -> None:
    """One writer at a time, as on SQLite; whoever waits for it longer than a while is told."""
    if connection.get_execution_options().get("begin") == "IMMEDIATE":
        connection.exec_driver_sql(
            "select set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)", (LOCK_TIMEOUT, WRITERS)
        )


def settle(session: Session) -> None:
    """Put what was added into the index, in one go: until then it is a list that every search reads from end to end."""
    session.execute(text("select settle_search()"))


def shown(address: str | URL) -> str:
    """Host and database: neither user nor password."""
    url = make_url(address)
    return f"{host_of(url)}/{url.database or ''}"


def host_of(url: URL) -> str:
    host = url.host or str(url.query.get("host", "localhost"))
    return f"{host}:{url.port}" if url.port else host


def trouble(error: DBAPIError) -> tuple[str, str] | None:
    code = getattr(error.orig, "sqlstate", None)
    if code:
        return next((told for beginning, told in TROUBLES.items() if code.startswith(beginning)), None)
    if isinstance(error, OperationalError):  # from the driver itself: there is no connection (any more)
        said = str(error.orig).lower()
        return next((told for part, told in CONNECTION_TROUBLES.items() if part in said), UNREACHABLE)
    return None
