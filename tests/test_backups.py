"""Backups: whole, private, kept by a rule, cleared of who left, and good for putting back, on both databases."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot import backups
from bot.backups import Backup, outdated
from bot.clock import Clock
from bot.errors import QiaojinError, StoreError, UsageError
from bot.kit import Kit
from bot.models import Reader
from bot.settings import Settings
from bot.store import files, personal, readers, transfer
from bot.store.batons import alone_on
from bot.store.engine import Store
from bot.store.tables import SourceRow
from tests.databases import both_databases
from tests.store.filled import fill

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
NAME = "qiaojin-20260617T160000Z.sqlite3"


class Stopped(Clock):
    """A clock that stands still until it is set."""

    def __init__(self, moment: datetime = NOW):
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.backups


@pytest.fixture
def full(kit: Kit) -> Kit:
    """An installation with something in each of its tables, whose clock stands still."""
    with kit.store.write() as session:
        fill(session)
        personal.note_scrubbed(session, datetime.max.replace(tzinfo=UTC))
    return replace(kit, clock=Stopped())


def differing(path: Path, address: str) -> list[str]:
    with transfer.reading(files.address_of(path)) as one, transfer.reading(address) as other:
        return transfer.compare(one, other)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def later(kit: Kit, **time: float) -> Kit:
    return replace(kit, clock=Stopped(kit.clock.now() + timedelta(**time)))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


# --- making -----------------------------------------------------------------------------------------------------------


@both_databases
def test_a_backup_holds_every_row_in_one_private_file(full: Kit, folder: Path) -> None:
    path = backups.make(full)
    assert path == folder / NAME
    assert differing(path, full.store.address) == []
    assert names(folder) == [NAME]
    assert mode(path) == mode(folder / ".lock") == 0o600
    assert mode(folder) == 0o700
    assert sqlite3.connect(path).execute("pragma journal_mode").fetchone() == ("delete",)


@both_databases
def test_two_backups_of_one_second_are_two_files(full: Kit, folder: Path) -> None:
    first = backups.make(full)
    assert backups.make(full) != first
    assert len(names(folder)) == 2


@both_databases
def test_a_backup_is_of_one_moment_while_others_write(full: Kit, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is written while the file is being written is not in it."""
    write_on = files.refuse_faulty

    def interrupt(draft: Path, path: Path) -> None:
        with full.store.write() as session:
            session.add(SourceRow(name="later"))
        write_on(draft, path)

    monkeypatch.setattr(files, "refuse_faulty", interrupt)
    path = backups.make(full)
    with closing(Store(files.address_of(path))) as store, store.read() as session:
        assert session.get(SourceRow, "later") is None
        assert transfer.count(session.connection(), transfer.tables()[0]) == 3


def test_the_day_has_one_backup_however_often_the_clock_asks(full: Kit, folder: Path) -> None:
    assert backups.keep_daily(full) == folder / NAME
    assert backups.keep_daily(later(full, hours=7)) is None
    assert backups.keep_daily(later(full, hours=8)) is not None
    assert len(names(folder)) == 2


def test_no_daily_backup_where_none_is_wanted(full: Kit, folder: Path) -> None:
    unwanted = full.settings.model_copy(update={"backup_daily": False})
    assert backups.keep_daily(replace(full, settings=unwanted)) is None
    assert not folder.exists()


def test_two_processes_do_not_make_the_days_backup_twice(full: Kit, folder: Path) -> None:
    with backups.alone(folder):
        assert backups.keep_daily(full) is None
    assert names(folder) == []
    assert backups.keep_daily(full)


def test_a_file_of_ones_own_is_not_written_over(full: Kit, tmp_path: Path) -> None:
    path = backups.write_to(full, tmp_path / "mine" / "b.sqlite3")
    assert differing(path, full.store.address) == []
    before = path.read_bytes()
    with pytest.raises(UsageError) as refused:
        backups.write_to(full, path)
    assert refused.value.key == "exists"
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told(full: Kit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as refused:
        backups.make(full, tmp_path / "file" / "backups")
    assert refused.value.key == "unwritable"


def test_a_full_disk_leaves_no_half_backup(full: Kit, folder: Path) -> None:
    small = Path("/dev/full")
    if not small.exists():
        pytest.skip("no device that is always full")
    folder.mkdir(parents=True)
    with full.store.write() as session:
        session.add(SourceRow(name="long", last_error="x" * 100_000))
    with limited_files(50_000), pytest.raises(StoreError) as refused:
        backups.make(full)
    assert refused.value.key in {"disk_full", "disk_error"}
    assert names(folder) == []
    assert backups.make(full)


def test_what_a_killed_process_left_half_is_cleared_away(full: Kit, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / f".{NAME}.part").write_bytes(b"half")
    backups.make(full)
    assert names(folder) == [NAME]


# --- keeping ----------------------------------------------------------------------------------------------------------


def made(*moments: datetime) -> list[Backup]:
    return [Backup(moment, Path(f"{moment:%Y%m%dT%H%M%S}")) for moment in moments]


def kept(moments: list[datetime], days: int, weeks: int) -> set[datetime]:
    every = made(*moments)
    gone = outdated(every, days, weeks)
    return {backup.at for backup in every if backup not in gone}


def test_a_year_of_backups_leaves_the_last_days_and_the_last_weeks() -> None:
    year = [NOW - timedelta(days=day, hours=hour) for day in range(365) for hour in (0, 3)]
    left = sorted(kept(year, 7, 4), reverse=True)
    assert left[:8] == [NOW, NOW - timedelta(hours=3), *(NOW - timedelta(days=day) for day in range(1, 7))]
    # The 17th is a Wednesday; the newest of the weeks before are of their Sundays.
    assert left[8:] == [NOW - timedelta(days=day) for day in (10, 17)]


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), unique=True), st.integers(1, 9), st.integers(0, 9))  # noqa: E501, DTZ001  # fmt: skip
def test_the_newest_always_stays_and_keeping_again_changes_nothing(moments, days: int, weeks: int) -> None:
    left = kept(moments, days, weeks)
    assert not moments or max(moments) in left
    assert kept(sorted(left), days, weeks) == left
    assert len({moment.date() for moment in left}) <= days + weeks


def test_old_backups_go_when_a_new_one_is_there(full: Kit, folder: Path) -> None:
    few = replace(full, settings=full.settings.model_copy(update={"backup_keep_daily": 2, "backup_keep_weekly": 0}))
    for day in range(4):
        backups.keep_daily(later(few, days=day))
    assert [backup.at.day for backup in backups.listed(folder)] == [20, 19]


def test_other_files_in_the_folder_are_left_alone(full: Kit, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("notes.txt", "qiaojin-yesterday.sqlite3"):
        (folder / name).write_text("mine")
    few = replace(full, settings=full.settings.model_copy(update={"backup_keep_daily": 1, "backup_keep_weekly": 0}))
    for day in range(3):
        backups.keep_daily(later(few, days=day))
    assert {"notes.txt", "qiaojin-yesterday.sqlite3"} < set(names(folder))
    assert len(backups.listed(folder)) == 1


# --- forgetting -------------------------------------------------------------------------------------------------------


def text_of(path: Path) -> bytes:
    return path.read_bytes()


@both_databases
def test_who_is_forgotten_is_cleared_from_the_kept_backups(full: Kit, folder: Path) -> None:
    with full.store.write() as session:
        readers.save(session, Reader("42", title="Grace Hopper"))
        readers.save(session, Reader("43", title="Mary Somerville"))
    path = backups.make(full)
    assert b"Grace Hopper" in text_of(path)
    with full.store.write() as session:
        personal.forget(session, "42", 42)
        personal.note_forgotten(session, "42", 42, NOW + timedelta(minutes=1))
    assert backups.clear_forgotten(full) == 1
    assert b"Grace Hopper" not in text_of(path)
    assert b"Mary Somerville" in text_of(path)
    assert mode(path) == 0o600
    assert names(folder) == [NAME]
    files.refuse_faulty(path, path)
    with full.store.read() as session:
        assert personal.forgotten(session) == []
    assert backups.clear_forgotten(full) == 0


def test_who_came_back_is_not_cleared_from_later_backups(full: Kit, folder: Path) -> None:
    with full.store.write() as session:
        personal.note_forgotten(session, "42", 42, NOW - timedelta(days=1))
        readers.save(session, Reader("42", title="Grace Hopper"))
    path = backups.make(full)
    assert backups.clear_forgotten(full) == 0
    assert b"Grace Hopper" in text_of(path)


def test_a_damaged_backup_keeps_nobody_from_being_cleared_from_the_others(
    full: Kit, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with full.store.write() as session:
        readers.save(session, Reader("42", title="Grace Hopper"))
    path = backups.make(full)
    (folder / "qiaojin-20260616T160000Z.sqlite3").write_bytes(b"not any more")
    with full.store.write() as session:
        personal.note_forgotten(session, "42", 42, NOW)
    assert backups.clear_forgotten(full) == 1
    assert b"Grace Hopper" not in text_of(path)
    assert "qiaojin-20260616T160000Z" in caplog.text


# --- putting back -----------------------------------------------------------------------------------------------------


@pytest.fixture
def backup(full: Kit, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A backup, after which the installation changed; nothing uses its database any more."""
    path = backups.write_to(full, tmp_path / "elsewhere" / "b.sqlite3")
    with full.store.write() as session:
        session.add(SourceRow(name="later"))
    full.store.close()
    if full.store.is_postgresql:
        request.getfixturevalue("postgresql").shared.close()
    return path


def restored(settings: Settings, backup: Path, **how: bool) -> Path | None:
    return backups.restore(settings, backup, NOW, **how)


@both_databases
def test_what_is_put_aside_never_takes_the_place_of_a_backup(settings: Settings, backup: Path) -> None:
    before = backup.read_bytes()
    aside = [restored(settings, backup, replace=True) for _ in range(2)]
    assert backup.read_bytes() == before
    assert len({backup, *aside}) == 3


@both_databases
def test_what_was_restored_is_row_by_row_what_was_backed_up(settings: Settings, backup: Path) -> None:
    before = backup.read_bytes()
    aside = restored(settings, backup, replace=True)
    assert differing(backup, settings.database) == []
    assert backup.read_bytes() == before
    assert aside
    assert differing(aside, settings.database) == ["source"]
    assert mode(aside) == 0o600


def test_a_sqlite_database_is_kept_aside(settings: Settings, backup: Path) -> None:
    restored(settings, backup)
    place = settings.data_dir / "qiaojin.sqlite3"
    assert mode(place) == 0o600
    assert (settings.data_dir / "before-20260617T160000Z-qiaojin.sqlite3").exists()
    assert [found.path.name for found in backups.put_aside(settings)] == ["before-20260617T160000Z-qiaojin.sqlite3"]
    with closing(Store(settings.database)) as store, store.read() as session:
        assert session.get(SourceRow, "later") is None


def test_a_damaged_database_is_no_reason_not_to_restore(settings: Settings, backup: Path) -> None:
    (settings.data_dir / "qiaojin.sqlite3").write_bytes(b"no database at all")
    restored(settings, backup)
    assert differing(backup, settings.database) == []


def test_restoring_into_nothing_makes_the_folder(settings: Settings, backup: Path, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / "new"})
    assert restored(elsewhere, backup) is None
    assert differing(backup, elsewhere.database) == []


def test_nothing_is_restored_under_a_serving_bot(settings: Settings, backup: Path) -> None:
    before = (settings.data_dir / "qiaojin.sqlite3").read_bytes()
    with alone_on(str(settings.data_dir / "qiaojin.sqlite3")), pytest.raises(UsageError) as refused:
        restored(settings, backup)
    assert refused.value.key == "served"
    assert (settings.data_dir / "qiaojin.sqlite3").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "key"), [(b"", "not_a_backup"), (b"a diary " * 1000, "not_a_backup"), (None, "no_backup")]
)
def test_what_is_no_backup_is_refused_and_nothing_changes(
    settings: Settings, backup: Path, tmp_path: Path, content: bytes | None, key: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    before = names(settings.data_dir)
    with pytest.raises(QiaojinError) as refused:
        restored(settings, file)
    assert refused.value.key == key
    assert set(names(settings.data_dir)) - set(before) <= {"qiaojin.sqlite3.serving"}


def test_somebody_elses_database_is_refused(settings: Settings, backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "firefox.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("create table places (url)")
    with pytest.raises(StoreError) as refused:
        restored(settings, other)
    assert refused.value.key == "not_a_backup"


def test_a_damaged_backup_is_refused(settings: Settings, backup: Path) -> None:
    with backup.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StoreError) as refused:
        restored(settings, backup)
    assert refused.value.key == "damaged_backup"


def test_a_newer_programs_backup_is_refused(settings: Settings, backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreError) as refused:
        restored(settings, backup)
    assert (refused.value.key, refused.value.values["found"]) == ("newer_backup", "9999")


@pytest.mark.both_databases
def test_postgresql_is_replaced_only_when_asked(settings: Settings, backup: Path, folder: Path) -> None:
    if not settings.database_url:
        pytest.skip("SQLite is kept aside")
    with pytest.raises(UsageError) as refused:
        restored(settings, backup)
    assert refused.value.key == "replace"
    assert differing(backup, settings.database) == ["source"]


@pytest.fixture
def wide_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("wide_umask")
def test_all_files_are_their_owners_alone_whatever_the_umask(full: Kit, settings: Settings, tmp_path: Path) -> None:
    backups.make(full)
    path = backups.write_to(full, tmp_path / "b.sqlite3")
    full.store.close()
    restored(settings, path)
    found = [path, settings.data_dir, *settings.data_dir.rglob("*")]
    assert {mode(one) for one in found if one.is_dir()} == {0o700}
    assert {one.name: mode(one) for one in found if one.is_file() and mode(one) != 0o600} == {}


class limited_files:  # noqa: N801 - a context manager
    """No file may grow beyond so many bytes, as on a full disk."""

    def __init__(self, most: int):
        self.most = most

    def __enter__(self) -> None:
        import resource
        import signal

        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        self.handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most, self.before[1]))

    def __exit__(self, *_: object) -> None:
        import resource
        import signal

        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)
        signal.signal(signal.SIGXFSZ, self.handler)


def test_text_of_a_database_is_searchable_after_restoring(settings: Settings, backup: Path) -> None:
    restored(settings, backup)
    with closing(Store(settings.database)) as store, store.read() as session:
        assert session.execute(text("select count(*) from paper")).scalar() == 3
