"""Counts and lags as the database tells them, and calendars' addresses, on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.models import Delivery, Message, Reader
from bot.store import calendars, deliveries, figures, readers
from bot.store.calendars import Address
from bot.store.engine import Session
from bot.store.papers import keep
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_papers_count_for_every_source_that_told_of_them(session: Session) -> None:
    keep(session, [fetched("2606.00001"), fetched("2606.00002"), fetched("2606.00003", source="huggingface")])
    keep(session, [fetched("2606.00001", source="huggingface")])
    session.flush()
    assert figures.papers_by_source(session) == {"arxiv-feed": 2, "huggingface": 2}


def test_messages_count_by_kind_and_state_and_what_is_due_apart(session: Session) -> None:
    readers.save(session, Reader("5", state="active"))
    session.flush()
    letters = [Delivery("5", kind, str(at), Message("x")) for kind in ("digest", "alert") for at in range(3)]
    deliveries.enqueue(session, letters, NOW, due=NOW + HOUR)
    deliveries.enqueue(session, [replace(letters[0], subject="late")], NOW, due=NOW - HOUR)
    deliveries.mark_failed(session, 1, "no")
    now = figures.status(session, NOW)
    assert now.deliveries == {"digest": {"waiting": 3, "failed": 1}, "alert": {"waiting": 3}}
    assert (now.due, now.outbox.lag, now.readers) == ({"digest": 1}, HOUR.total_seconds(), {"active": 1})


def test_the_size_and_the_schema_are_known(session: Session) -> None:
    assert figures.size(session) > 10_000
    assert figures.is_current(session)


def test_a_calendar_has_one_address_at_a_time(session: Session) -> None:
    for id_ in ("5", "6"):
        readers.save(session, Reader(id_))
    session.flush()
    calendars.keep(session, "5", Address("old", None), NOW)
    calendars.keep(session, "5", Address("new", 1200), NOW)
    calendars.keep(session, "6", Address("other", None), NOW)
    session.flush()
    assert calendars.at_token(session, "old") is None
    found = calendars.at_token(session, "new")
    assert found
    assert (found[0].id, found[1]) == ("5", Address("new", 1200))
    calendars.withdraw(session, "6")
    readers.forget(session, "5")
    session.expire_all()
    assert calendars.at_token(session, "new") is calendars.at_token(session, "other") is None
