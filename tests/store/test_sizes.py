"""What takes how much room, and how fast it grows, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from bot.store import sizes
from bot.store.papers import keep
from tests.databases import both_databases
from tests.fakes import fetched
from tests.store.filled import fill

pytestmark = both_databases
NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)


def test_each_group_of_tables_has_its_share(session: Session, tmp_path: Path) -> None:
    fill(session)
    room = sizes.room(session, NOW, tmp_path)
    assert list(room.groups) == ["papers", "search", "ideas", "messages", "sources", "readers"]
    assert min(room.groups.values()) > 0
    assert room.free > 0


def test_growth_follows_what_came_in_the_last_weeks(session: Session, tmp_path: Path) -> None:
    old = [fetched(f"2601.{number:05}", abstract="word " * 300, day=date(2026, 1, 5)) for number in range(100)]
    keep(session, old)
    session.flush()
    assert sizes.room(session, NOW, tmp_path).growth.papers == 0
    new = [fetched(f"2606.{number:05}", abstract="word " * 300, day=date(2026, 6, 15)) for number in range(100)]
    keep(session, new)
    session.flush()
    room = sizes.room(session, NOW, tmp_path)
    kept = room.groups["papers"] + room.groups["search"]
    assert room.growth.papers == round(kept / 2 / 28)
    assert room.growth.messages == 0


def test_an_empty_database_does_not_grow(session: Session, tmp_path: Path) -> None:
    assert sizes.room(session, NOW, tmp_path / "not there").growth.papers == 0
