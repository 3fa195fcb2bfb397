"""The configured database for the playground: a copy of it, without its readers, so that play changes nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bot.errors import UsageError
from bot.store import files, personal, readers
from bot.store.engine import Store

STATES = ("onboarding", "active", "stopped", "gone")


def copy_papers(address: str, place: Path) -> None:
    """Write what the database at ``address`` holds into a new SQLite file; raises UsageError where there is one."""
    if place.exists():
        raise UsageError("{path} is there already", key="keep_filled", path=place)
    with closing(Store(address)) as own:
        files.write(own, place)
    with closing(Store(f"sqlite:///{place}")) as copy, copy.write() as session:
        for reader in (one for state in STATES for one in readers.in_state(session, state)):
            personal.forget(session, reader.id)
