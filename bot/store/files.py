"""A database as one SQLite file: written from either kind, made ready for use, cleared of readers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store import personal, transfer
from bot.store.checks import faults
from bot.store.engine import Store, told_clearly
from bot.store.migrations import current, revisions
from bot.store.sqlite import unwritable
from bot.store.transfer import Tell

SIDES = ("", "-wal", "-shm", "-journal")
"""Endings of what SQLite keeps for one database."""
BEGINNING = b"SQLite format 3\0"
"""https://www.sqlite.org/fileformat.html#the_database_header"""
Gone = tuple[str, int | None]
"""A reader, and the person behind it where there is one."""


def write(store: Store, path: Path, tell: Tell = lambda *_: None) -> None:
    """Write the whole of a database, as it stands at one moment, into a new SQLite file for its owner alone.

    Raises StoreError, and leaves nothing behind, where it cannot be written or is not whole.
    """
    with unfinished(path) as draft:
        with told_clearly(address_of(path)):
            if store.is_postgresql:
                copy_rows(store, draft, tell)
            else:
                run_alone(store, "vacuum into ?", str(draft))
        refuse_faulty(draft, path)
        finish(draft, path)


@contextmanager
def ready_copy(path: Path, place: Path) -> Iterator[Path]:
    """A copy of a database beside ``place``, checked and of the newest schema, gone at the end unless it is finished.

    Raises StoreError for a file that is not ours, not whole, or made by a newer version of the program.
    """
    with unfinished(place) as draft:
        copy_checked(path, draft)
        with told_clearly(address_of(path)), closing(Store(address_of(draft))) as store:
            make_one_file(store)
        yield draft


def scrub(path: Path, gone: Sequence[Gone]) -> bool:
    """Rewrite a database without the rows of some readers; returns whether there were any."""
    with ready_copy(path, path) as draft:
        with closing(Store(address_of(draft))) as store:
            with store.write() as session:
                known = [one for one in gone if personal.is_known(session, *one)]
                for one in known:
                    personal.forget(session, *one)
                personal.clear_passing(session)
            make_one_file(store)
        if known:
            refuse_faulty(draft, path)
            finish(draft, path)
    return bool(known)


def set_aside(path: Path, aside: Path) -> None:
    """Give a database another name, with what SQLite keeps for it: its log may hold what it does not hold yet."""
    for side in SIDES:
        beside = path.with_name(path.name + side)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + side))


def copy_checked(path: Path, draft: Path) -> None:
    shutil.copyfile(path, draft)
    for side in SIDES[1:]:  # a database that was copied by hand while it was open
        if (beside := path.with_name(path.name + side)).exists():
            shutil.copyfile(beside, draft.with_name(draft.name + side))
    refuse_faulty(draft, path)


def refuse_faulty(draft: Path, path: Path) -> None:
    """Raises StoreError, under the name ``path``, for what is not ours, or damaged, or of a newer program."""
    with draft.open("rb") as content:
        is_ours = content.read(len(BEGINNING)) == BEGINNING
    try:
        revision, found = look_at(draft) if is_ours else ("", [])
    except StoreError as error:
        why = getattr(error.__cause__, "orig", error)  # its own words speak of the draft
        raise StoreError("{path} is damaged: {why}", key="damaged_backup", path=path, why=why) from error
    if not revision:
        raise StoreError("{path} is no backup of ours", key="not_a_backup", path=path)
    if revision not in revisions():
        raise StoreError("made by a newer version", key="newer_backup", path=path, found=revision)
    if found:
        raise StoreError("{path} is damaged: {why}", key="damaged_backup", path=path, why=found[0])


def look_at(path: Path) -> tuple[str, list[str]]:
    """The revision of a database's schema, and what is wrong with it."""
    with transfer.reading(address_of(path)) as connection:
        revision = current(connection)
        return revision, faults(connection) if revision in revisions() else []


def address_of(path: Path) -> str:
    return f"sqlite:///{path}"


# --- on the disk ------------------------------------------------------------------------------------------------------


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """An empty file beside ``path``, for its owner alone, that is gone at the end unless it was finished."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove(draft)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield draft
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        remove(draft)


def remove(path: Path) -> None:
    """Delete a database with all that SQLite keeps for it."""
    for side in SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)


def finish(draft: Path, path: Path) -> None:
    """Let a draft take its place, once the disk has it."""
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until the disk has a file, or a folder's names."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# --- within SQLite ----------------------------------------------------------------------------------------------------


def copy_rows(store: Store, path: Path, tell: Tell) -> None:
    with closing(Store(address_of(path))) as target:
        with store.read() as session:
            transfer.copy_database(session.connection(), target, tell)
        make_one_file(target)


def make_one_file(store: Store) -> None:
    """Leave no log beside a SQLite database, and in it no trace of what was deleted."""
    run_alone(store, "pragma journal_mode = delete")
    run_alone(store, "vacuum")


def run_alone(store: Store, statement: str, *values: str) -> None:
    """Run what SQLite runs in no transaction."""
    connection = store.engine.raw_connection()
    try:
        connection.cursor().execute(statement, values).fetchall()
    except store.engine.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, values, error) from error
    finally:
        connection.close()
