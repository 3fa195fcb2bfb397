"""Backups: made each day and on request, kept by a rule, cleared of readers who left, and put back.

A backup is one SQLite file, whatever the database is, and carries in its name the moment at which it was begun.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import QiaojinError, UsageError
from bot.kit import Kit, Progress
from bot.settings import Settings
from bot.store import files, personal, postgresql, transfer
from bot.store.engine import Store, kind_of
from bot.store.personal import Wish
from bot.store.quiet import unserved
from bot.store.sqlite import unwritable
from bot.store.transfer import Copied

log = logging.getLogger(__name__)

NAME = "qiaojin-%Y%m%dT%H%M%SZ.sqlite3"
ASIDE = "before-%Y%m%dT%H%M%SZ-"
"""What a database is called that a restored one has taken the place of: this before its name."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that holds the database as it stood ``at``."""

    at: datetime
    path: Path

    @property
    def bytes(self) -> int:
        return self.path.stat().st_size


def listed(folder: Path) -> list[Backup]:
    """The backups in a folder by their names, newest first; none where there is no folder."""
    found = (Backup(at, path) for path in folder.glob("qiaojin-*.sqlite3") if (at := moment_of(path.name, NAME)))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def moment_of(name: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(name, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def free_name(folder: Path, form: str, moment: datetime) -> Path:
    """The file of a moment, or of the next second that has none: a clock may stand still."""
    while (path := folder / moment.strftime(form)).exists():
        moment += timedelta(seconds=1)
    return path


def outdated(backups: Iterable[Backup], days: int, weeks: int) -> list[Backup]:
    """Those that need not be kept: all of the newest day stay, else the newest of each day and week."""
    newest_first = sorted(backups, key=lambda backup: backup.at, reverse=True)
    by_day = {backup.at.date(): backup for backup in reversed(newest_first)}
    by_week = {backup.at.isocalendar()[:2]: backup for backup in reversed(newest_first)}
    kept = {by_day[day] for day in sorted(by_day, reverse=True)[:days]}
    kept |= {by_week[week] for week in sorted(by_week, reverse=True)[:weeks]}
    kept |= {backup for backup in newest_first if backup.at.date() == newest_first[0].at.date()}
    return [backup for backup in newest_first if backup not in kept]


# --- making -----------------------------------------------------------------------------------------------------------


def make(kit: Kit, folder: Path | None = None) -> Path:
    """Write a backup into ``folder`` (that of the settings), then delete those that need not be kept any more."""
    folder = folder or kit.settings.backups
    with alone(folder):
        return make_and_rotate(kit, folder)


def keep_daily(kit: Kit) -> Path | None:
    """What a running bot does for its backups, and nothing while another process is at it: the day's, made once, and
    those scrubbed of readers who asked to be forgotten."""
    if is_in_memory(kit) or not (is_due(kit) or gone(kit)):
        return None
    with alone(kit.settings.backups, wait=False) as is_ours:
        if not is_ours:
            return None
        clear_forgotten(kit)
        return make_and_rotate(kit, kit.settings.backups) if is_due(kit) else None


def is_in_memory(kit: Kit) -> bool:
    """A database in memory is nobody's to keep."""
    return not kit.store.address.partition("://")[2]


def is_due(kit: Kit) -> bool:
    today = kit.clock.now().date()
    return kit.settings.backup_daily and all(backup.at.date() != today for backup in listed(kit.settings.backups))


def make_and_rotate(kit: Kit, folder: Path) -> Path:
    path = free_name(folder, NAME, kit.clock.now())
    files.write(kit.store, path, kit.progress)
    for backup in outdated(listed(folder), kit.settings.backup_keep_daily, kit.settings.backup_keep_weekly):
        backup.path.unlink(missing_ok=True)
    log.info("wrote %s, %.1f MB", path, path.stat().st_size / 1e6)
    return path


def write_to(kit: Kit, path: Path) -> Path:
    """Write a backup into a file that is not there yet."""
    if path.exists():
        raise UsageError("{path} exists already", key="exists", path=path)
    files.write(kit.store, path, kit.progress)
    return path


@contextmanager
def alone(folder: Path, *, wait: bool = True) -> Iterator[bool]:
    """Be the only process that changes the backups of a folder; without ``wait``, whether that is so."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


# --- forgetting -------------------------------------------------------------------------------------------------------


def scrub(kit: Kit) -> None:
    """Clear the backups that this process sees of readers who asked for it, once no other process changes them.

    That they asked stays noted for ``keep_daily``: the process that makes the backups may be on another machine.
    """
    if (listed(kit.settings.backups) or put_aside(kit.settings)) and gone(kit):
        with alone(kit.settings.backups):
            rewrite_without(kit.settings, gone(kit))


def gone(kit: Kit) -> list[Wish]:
    with kit.store.read() as session:
        return personal.forgotten(session)


def clear_forgotten(kit: Kit) -> int:
    """Scrub the backups for good; returns how many files were rewritten."""
    wishes = gone(kit)
    if not wishes:
        return 0
    rewritten = rewrite_without(kit.settings, wishes)
    with kit.store.write() as session:
        personal.note_scrubbed(session, wishes[-1].at)
    return rewritten


def rewrite_without(settings: Settings, wishes: Sequence[Wish]) -> int:
    """Rewrite the backups that are older than somebody's wish to be forgotten.

    One that cannot be rewritten (damaged, or of a newer version) is told in the log.
    """
    rewritten = 0
    for backup in [*listed(settings.backups), *put_aside(settings)]:
        theirs = [(wish.reader_id, wish.user_id) for wish in wishes if backup.at <= wish.at]
        try:
            rewritten += bool(theirs) and files.scrub(backup.path, theirs)
        except QiaojinError as error:
            log.error("a reader who asked to be forgotten may still stand in %s: %s", backup.path, error)
    log.info("%d backups cleared of %d readers who asked to be forgotten", rewritten, len(wishes))
    return rewritten


# --- putting back -----------------------------------------------------------------------------------------------------


def restore(
    settings: Settings, file: Path, now: datetime, tell: Progress = lambda *_: None, *, replace: bool = False
) -> Path | None:
    """Put a backup in the place of the database, which no bot may be using; returns where the former one is kept.

    A SQLite file is kept beside the new one. A PostgreSQL database that holds anything is left alone, unless it is to
    be replaced: then a backup of it is made first. Raises StoreError, with all as it was, for a file that will not do.
    """
    if not file.is_file():
        raise UsageError("cannot read {path}", key="no_backup", path=file)
    with unserved(settings.database):
        if kind_of(settings.database) is postgresql:
            return restore_rows(settings, file, now, tell, replace=replace)
        return restore_file(file, database_file(settings), now)


def restore_file(file: Path, place: Path, now: datetime) -> Path | None:
    aside = free_name(place.parent, form_aside(place), now)
    with files.ready_copy(file, place) as draft:
        files.set_aside(place, aside)
        files.finish(draft, place)
    return aside if aside.exists() else None


def restore_rows(settings: Settings, file: Path, now: datetime, tell: Progress, *, replace: bool) -> Path | None:
    with (
        alone(settings.backups),
        files.ready_copy(file, settings.backups / "restored") as draft,
        closing(Store(settings.database)) as target,
    ):
        kept = None
        if is_filled(target):
            if not replace:
                raise UsageError("{path} is not empty", key="replace", path=target.kind.shown(target.address))
            kept = free_name(settings.backups, NAME, now)
            files.write(target, kept)
        with transfer.reading(files.address_of(draft)) as source:
            transfer.copy_database(source, target, tell, empty=replace)
        return kept


def is_filled(store: Store) -> bool:
    with store.read() as session:
        return bool(transfer.filled(session.connection()))


def database_file(settings: Settings) -> Path:
    return Path(kind_of(settings.database).shown(settings.database))


def put_aside(settings: Settings) -> list[Backup]:
    """Databases that restored ones have taken the place of."""
    if kind_of(settings.database) is postgresql:
        return []
    place = database_file(settings)
    found = place.parent.glob(f"before-*-{place.name}")
    return [Backup(at, path) for path in found if (at := moment_of(path.name, form_aside(place)))]


def form_aside(place: Path) -> str:
    return ASIDE + place.name.replace("%", "%%")


# --- moving -----------------------------------------------------------------------------------------------------------


def move(source: str, target: str, tell: Progress = lambda *_: None) -> list[Copied]:
    """Copy one database into another, empty one, while no bot uses either; both are addresses.

    What was read stays as it is; what was written has been compared with it, row by row.
    """
    with unserved(source), unserved(target), transfer.reading(source) as connection:
        transfer.refuse_other_revision(connection)
        with closing(Store(target)) as store:
            return transfer.copy_database(connection, store, tell)
