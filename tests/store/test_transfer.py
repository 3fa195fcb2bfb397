"""A whole database in another one: the same rows, whatever they hold, whichever kinds the two are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.store import search, transfer
from bot.store.engine import Store
from bot.store.papers import keep
from bot.store.tables import RunRow, SourceRow
from tests.fakes import fetched
from tests.store.filled import MOMENT, fill

WAYS = [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]
Address = Callable[[str], str]


@pytest.fixture
def address(tmp_path: Path, request: pytest.FixtureRequest) -> Address:
    """``address("sqlite")``: of a new database of that kind, with the schema in it."""

    def new(kind: str) -> str:
        if kind == "postgresql":
            return request.getfixturevalue("postgresql").fresh_database("transfer")
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite3"
        Store(f"sqlite:///{path}").close()
        return f"sqlite:///{path}"

    return new


@contextmanager
def opened(address: str) -> Iterator[Store]:
    with closing(Store(address)) as store:
        yield store


def filled(address: str) -> str:
    with opened(address) as store, store.write() as session:
        fill(session)
    return address


def copy(one: str, other: str, *, empty: bool = False) -> list[transfer.Copied]:
    with transfer.reading(one) as source, opened(other) as target:
        return transfer.copy_database(source, target, empty=empty)


def differing(one: str, other: str) -> list[str]:
    with transfer.reading(one) as source, transfer.reading(other) as target:
        return transfer.compare(source, target)


@pytest.mark.parametrize(("kind", "other"), WAYS)
def test_every_row_of_every_table_arrives_as_it_was(address: Address, kind: str, other: str) -> None:
    one, two = filled(address(kind)), address(other)
    assert differing(one, two)
    copied = copy(one, two)
    assert [done.table for done in copied] == [table.name for table in transfer.tables()]
    assert {done.rows for done in copied} == {3}
    assert not any(done.cleaned for done in copied)
    assert differing(one, two) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_added_later_gets_new_numbers_and_is_found(address: Address, kind: str) -> None:
    one, two = address("sqlite"), address(kind)
    with opened(one) as store, store.write() as session:
        keep(session, [fetched("2606.00001", title="Sparse Attention"), fetched("2606.00002", title="注意力机制")])
    copy(one, two)
    with opened(two) as store:
        with store.write() as session:
            keep(session, [fetched("2606.00003", title="Attention Again")])
            session.add(RunRow(started=MOMENT, seconds=1, first_day=MOMENT.date(), last_day=MOMENT.date(), complete=True, reports=[]))  # noqa: E501  # fmt: skip
        with store.read() as session:
            found = {hit.paper.id for hit in search.search(session, "attention")}
            assert found == {"2606.00001", "2606.00003"}
            assert [hit.paper.id for hit in search.search(session, "注意力")] == ["2606.00002"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_holds_something_is_not_written_over(address: Address, kind: str) -> None:
    one, two = filled(address("sqlite")), address(kind)
    with opened(two) as store, store.write() as session:
        session.add(SourceRow(name="mine"))
    with pytest.raises(StoreError) as refused:
        copy(one, two)
    assert refused.value.key == "not_empty"
    assert "source" in str(refused.value)
    with opened(two) as store, store.read() as session:
        assert session.get(SourceRow, "mine")
    copy(one, two, empty=True)
    assert differing(one, two) == []


def test_a_character_that_postgresql_cannot_hold_is_left_out_and_counted(address: Address) -> None:
    one, two = address("sqlite"), address("postgresql")
    with opened(one) as store, store.write() as session:
        session.add(SourceRow(name="a", last_error="be\0fore"))
        session.add(SourceRow(name="b", last_error="\\u0000 is no such character"))
    cleaned = {done.table: done.cleaned for done in copy(one, two)}
    assert cleaned["source"] == 1
    assert sum(cleaned.values()) == 1
    with opened(two) as store, store.read() as session:
        told = {row.name: row.last_error for row in session.execute(text("select name, last_error from source"))}
    assert told == {"a": "before", "b": "\\u0000 is no such character"}


def test_a_row_that_is_lost_on_the_way_is_noticed(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = filled(address("sqlite")), address("sqlite")
    monkeypatch.setattr(transfer, "count", lambda *_: 2)
    with pytest.raises(StoreError) as refused:
        copy(one, two)
    assert refused.value.key == "differs"
    monkeypatch.undo()
    with opened(two) as store, store.read() as session:
        assert transfer.count(session.connection(), transfer.tables()[0]) == 0


def test_an_older_schema_is_not_copied_half(address: Address) -> None:
    one, two = address("sqlite"), address("sqlite")
    with opened(one) as store, store.write() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))
    with pytest.raises(StoreError) as refused:
        copy(one, two)
    assert refused.value.key == "other_revision"


def test_a_database_without_tables_is_told_from_an_older_one(tmp_path: Path) -> None:
    empty = tmp_path / "empty.sqlite3"
    empty.touch()
    with pytest.raises(StoreError) as refused, transfer.reading(f"sqlite:///{empty}") as connection:
        transfer.refuse_other_revision(connection)
    assert refused.value.key == "no_tables"
    assert refused.value.values["path"] == str(empty)


def test_what_is_written_meanwhile_is_not_copied_half(address: Address) -> None:
    """The copy is of the moment at which it began."""
    one, two = filled(address("sqlite")), address("sqlite")
    with transfer.reading(one) as source, opened(two) as target:
        transfer.count(source, transfer.tables()[0])
        with opened(one) as store, store.write() as session:
            session.add(SourceRow(name="later"))
        transfer.copy_database(source, target)
        with target.read() as session:
            assert session.get(SourceRow, "later") is None


def test_a_database_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError), transfer.reading(f"sqlite:///{tmp_path / 'none'}") as source:
        source.execute(text("select 1"))
    assert not (tmp_path / "none").exists()
