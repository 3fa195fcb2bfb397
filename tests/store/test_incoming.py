"""Updates that are not done with: known once, left to the next process, forgotten when they cannot come again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.store import incoming
from bot.store.engine import Session
from bot.store.tables import IncomingRow
from tests.databases import both_databases

pytestmark = both_databases
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def update(number: int, text: str = "/help") -> dict[str, Any]:
    return {"update_id": number, "message": {"text": text}}


def numbers(found: list[dict[str, Any]]) -> list[int]:
    return [one["update_id"] for one in found]


def test_what_was_not_handled_is_left_in_its_order(session: Session) -> None:
    incoming.keep(session, [update(5), update(3_000_000_000)], NOW)
    incoming.keep(session, [update(5, "again"), update(4)], NOW)
    incoming.note_handled(session, [4])
    assert incoming.left(session) == [update(5), update(3_000_000_000)]
    assert incoming.handled(session) == {4}


def test_nothing_of_what_was_handled_stays_but_its_number(session: Session) -> None:
    incoming.keep(session, [update(5), update(6)], NOW)
    incoming.note_handled(session, [5])
    session.expire_all()
    assert session.get_one(IncomingRow, 5).raw is None
    incoming.forget_before(session, 7)
    assert incoming.handled(session) == set()
    assert numbers(incoming.left(session)) == [6]


def test_what_every_start_dies_of_is_given_up(session: Session) -> None:
    incoming.keep(session, [update(5)], NOW)
    starts = [numbers(incoming.left(session)) for _ in range(5)]
    assert starts == [[5], [5], [5], [], []]
    incoming.expire(session, NOW + timedelta(1))
    assert session.get(IncomingRow, 5, populate_existing=True) is None


def test_what_waits_does_not_expire(session: Session) -> None:
    incoming.keep(session, [update(5), update(6)], NOW)
    incoming.note_handled(session, [6])
    incoming.expire(session, NOW + timedelta(1))
    assert (numbers(incoming.left(session)), incoming.handled(session)) == ([5], set())
