"""The schema: made from nothing, brought up to date once, refused where it is newer than the program."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from bot.errors import StoreError
from bot.store import engine, tables
from bot.store.engine import Store, open_engine
from bot.store.migrations import current, revisions, upgrade
from tests.databases import both_databases


@pytest.fixture(autouse=True)
def quick_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here no template stands in for the migrations."""
    monkeypatch.setattr(engine, "upgrade", upgrade)


def schema(store: Store) -> list[tuple[str, ...]]:
    with store.read() as session:
        return [tuple(row) for row in session.execute(text("select type, name, sql from sqlite_master order by name"))]


def test_an_empty_database_gets_every_table() -> None:
    store = Store("sqlite://")
    with store.read() as session:
        assert current(session.connection()) == revisions()[-1]
        names = {name for (name,) in session.execute(text("select name from sqlite_master where type = 'table'"))}
    assert set(SQLModel.metadata.tables) <= names
    store.close()


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    first = Store(address)
    before = schema(first)
    first.close()
    again = Store(address)
    upgrade(again.engine)
    assert schema(again) == before
    again.close()


NOT_OURS = (
    "paper_search", "paper_words", "paper_mark", "paper_index", "ix_paper_index", "paper_title", "ix_paper_title",
    "ix_paper_sources", "ix_paper_glance", "alembic",
)  # fmt: skip
"""Beginnings of the names of what only search, Alembic, or one kind of database know."""


def ours(_object, name, _kind, _reflected, _compared) -> bool:
    return not (name or "").startswith(NOT_OURS)


@both_databases
def test_the_migrated_tables_are_those_that_the_program_speaks_of(store: Store) -> None:
    assert tables.PaperRow.metadata is SQLModel.metadata
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True, "render_as_batch": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_newer_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    store = Store(address)
    with store.write() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError) as refused:
        Store(address)
    assert refused.value.key == "newer_database"
    assert refused.value.values["found"] == "9999"
    engine = open_engine(address)
    with engine.connect() as connection:
        assert current(connection) == "9999"
    engine.dispose()


def test_revisions_are_numbered_without_a_gap() -> None:
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def open_and_close(address: str) -> str:
    Store(address).close()
    return "opened"


def test_several_processes_may_open_a_fresh_database_at_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    with get_context("spawn").Pool(3) as pool:
        assert pool.map(open_and_close, [address] * 6, chunksize=1) == ["opened"] * 6


def test_a_migration_that_is_cut_off_leaves_nothing_half_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import bot.store.migrations as migrations

    address = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    run = migrations.run_alembic

    def cut(connection) -> None:
        run(connection)
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "run_alembic", cut)
    with pytest.raises(KeyboardInterrupt):
        Store(address)
    monkeypatch.undo()
    store = Store(address)
    assert len(schema(store)) > 10
    store.close()
