"""From every earlier schema to the newest with data in it: nothing is lost, nothing is loose, all is found."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, column, inspect, select
from sqlalchemy import table as old_table
from sqlmodel import SQLModel

from bot.store import search
from bot.store.checks import faults
from bot.store.engine import Store, open_engine
from bot.store.migrations import current, revisions, run_alembic
from tests.store.filled import ROWS, row

REMADE = {"search_title", "search_authors", "search_text"}
"""What follows from other columns, and is made anew where the way of making it changed."""
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database in which there is nothing."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql").empty_database("old")
    return f"sqlite:///{tmp_path / 'old.sqlite3'}"


def make_old(address: str, revision: str) -> Rows:
    """A database as the program of ``revision`` left it, with rows in each table that it had."""
    engine = open_engine(address)
    try:
        with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
            run_alembic(connection, revision)
            return fill_old(connection)
    finally:
        engine.dispose()


def fill_old(connection: Connection) -> Rows:
    known, made, whole = inspect(connection), Rows(), Rows()
    for table in SQLModel.metadata.sorted_tables:
        if not known.has_table(table.name):
            continue
        columns = {found["name"]: column(found["name"], table.c[found["name"]].type)
                   for found in known.get_columns(table.name)}  # fmt: skip
        whole[table.name] = [row(table, number, whole) for number in range(ROWS)]
        made[table.name] = [{name: one[name] for name in columns} for one in whole[table.name]]
        connection.execute(old_table(table.name, *columns.values()).insert(), made[table.name])
    return made


def stored(connection: Connection, name: str, columns: Sequence[str]) -> list[dict[str, Any]]:
    table = SQLModel.metadata.tables[name]
    found = connection.execute(select(*(table.c[one] for one in columns)))
    return [dict(one) for one in found.mappings()]


@pytest.mark.parametrize("revision", revisions())
def test_no_row_is_lost_or_changed_on_the_way_to_the_newest_schema(address: str, revision: str) -> None:
    made = make_old(address, revision)
    assert made["paper"]
    with closing(Store(address)) as store, store.read() as session:
        connection = session.connection()
        assert current(connection) == revisions()[-1]
        for name, rows in made.items():
            columns = sorted(set(rows[0]) - REMADE)
            expected = [{key: one[key] for key in columns} for one in rows]
            assert sorted(stored(connection, name, columns), key=repr) == sorted(expected, key=repr), name
        assert faults(connection, thorough=True) == []
        assert search.search(session, "word1")
