"""Opening the database, one transaction, and one clear sentence for whatever it refuses."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import StoreError
from bot.store import batons, sqlite
from bot.store.engine import Store
from bot.store.papers import keep
from bot.store.tables import SourceRow
from bot.wording import LANGUAGES, Words
from tests.fakes import fetched


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "deeper" / "qiaojin.sqlite3"


@pytest.fixture
def address(path: Path) -> str:
    return f"sqlite:///{path}"


def assert_told(error: StoreError, key: str) -> None:
    """One sentence in both languages, under a key of its own, that names the database."""
    assert error.key == key
    for language in LANGUAGES:
        told = Words(language).error(error)
        assert "\n" not in told
        assert "qiaojin.sqlite3" in told or "folder" in told


def test_the_file_is_its_owners_alone(path: Path, address: str) -> None:
    Store(address).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_file_is_its_owners_alone_whatever_the_umask(path: Path, address: str) -> None:
    before = os.umask(0)
    try:
        store = Store(address)
        with store.write() as session:
            keep(session, [fetched()])
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}, modes


def test_foreign_keys_hold_and_the_log_is_written_ahead(address: str) -> None:
    store = Store(address)
    with store.read() as session:
        assert session.execute(text("pragma journal_mode")).scalar() == "wal"
        assert session.execute(text("pragma foreign_keys")).scalar() == 1
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(text("insert into paper_version values ('none', 1, '', '', '', null)"))
    store.close()


def test_times_come_back_in_utc_whatever_zone_they_went_in(store: Store) -> None:
    moment = datetime(2026, 6, 17, 16, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with store.write() as session:
        session.add(SourceRow(name="a", last_success=moment))
    with store.read() as session:
        known = session.get(SourceRow, "a")
        assert known is not None
        assert known.last_success == moment
        assert known.last_success.tzinfo is UTC
        assert known.last_failure is None


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as session:  # noqa: PT012
        keep(session, [fetched()])
        raise ZeroDivisionError
    with store.read() as session:
        assert session.execute(text("select count(*) from paper")).scalar() == 0


def test_reading_does_not_wait_for_a_writer(address: str) -> None:
    store, other = Store(address), Store(address)
    with store.write() as session:
        keep(session, [fetched()])
        with other.read() as reading:
            assert reading.execute(text("select count(*) from paper")).scalar() == 0
    with other.read() as reading:
        assert reading.execute(text("select count(*) from paper")).scalar() == 1
    store.close()
    other.close()


def test_a_locked_database_is_told(address: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(address).close()
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 50)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    store = Store(address)
    with pytest.raises(StoreError) as refused, store.write() as session:
        keep(session, [fetched()])
    assert_told(refused.value, "locked")
    holder.close()
    with store.write() as session:
        assert keep(session, [fetched()]).new == 1
    store.close()


def test_a_full_disk_is_told_and_what_was_there_stays(address: str) -> None:
    store = Store(address)
    with store.write() as session:
        keep(session, [fetched("2606.00001")])
    with pytest.raises(StoreError) as refused, store.write() as session:  # noqa: PT012
        pages = session.execute(text("pragma page_count")).scalar()
        session.execute(text(f"pragma max_page_count = {pages}"))
        keep(session, [fetched(f"2606.1{number:04}", abstract="word " * 500) for number in range(300)])
    assert_told(refused.value, "disk_full")
    store.close()
    again = Store(address)
    with again.read() as session:
        assert session.execute(text("select id from paper")).scalars().all() == ["2606.00001"]
    again.close()


def test_a_disk_too_full_for_shared_memory_is_called_full_and_not_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    said = sqlite3.OperationalError("disk I/O error")
    told = DBAPIError("pragma", None, said)
    assert sqlite.trouble(told) == sqlite.TROUBLES["disk i/o error"]
    monkeypatch.setattr(said, "sqlite_errorname", "SQLITE_IOERR_SHMSIZE", raising=False)
    assert sqlite.trouble(told) == sqlite.TROUBLES["disk is full"]


def test_a_lock_beside_the_database_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "qiaojin.sqlite3.serving").mkdir()
    with pytest.raises(StoreError) as refused, batons.alone_on(str(tmp_path / "qiaojin.sqlite3")):
        pass
    assert_told(refused.value, "unwritable")


def test_something_else_than_a_database_is_told(path: Path, address: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"This is a diary, and it wants to stay one. " * 100)
    with pytest.raises(StoreError) as refused:
        Store(address)
    assert_told(refused.value, "not_a_database")
    assert path.read_bytes().startswith(b"This is a diary")


def test_a_damaged_database_is_told(path: Path, address: str) -> None:
    store = Store(address)
    with store.write() as session:
        keep(session, [fetched(f"2606.1{number:04}", abstract="word " * 300) for number in range(100)])
    store.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 3 * 4096))
    with pytest.raises(StoreError) as refused:  # noqa: PT012 - opening it may already tell
        store = Store(address)
        with store.read() as session:
            session.execute(text("select sum(length(abstract)) from paper")).all()
    assert_told(refused.value, "damaged")
    store.close()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as refused:
        Store(f"sqlite:///{tmp_path / 'file' / 'folder' / 'qiaojin.sqlite3'}")
    assert_told(refused.value, "unwritable")


def test_a_folder_in_the_files_place_is_told(path: Path, address: str) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError) as refused:
        Store(address)
    assert_told(refused.value, "unopenable")


def test_a_read_only_database_is_told(path: Path, address: str) -> None:
    """Root may write anywhere, so SQLite is asked to open it for reading only."""
    Store(address).close()
    store = Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(StoreError) as refused, store.write() as session:
        keep(session, [fetched()])
    assert_told(refused.value, "readonly")
    store.close()


def test_a_database_in_memory_is_one_database(store: Store) -> None:
    with store.write() as session:
        keep(session, [fetched()])
    with store.read() as session:
        assert session.execute(text("select count(*) from paper")).scalar() == 1
