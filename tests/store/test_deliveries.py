"""The outbox: decided once, claimed by one, sent in order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Button, Delivery, Message, Reader
from bot.store import deliveries, editions, moves, papers, readers, state
from bot.store.engine import Session
from bot.store.tables import DeliveryRow
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
REAL = datetime(2026, 11, 1, tzinfo=UTC)
LEASE = timedelta(seconds=45)


def message(text: str = "text") -> Message:
    return Message(text, ((Button("1", "1|card|2606.01234"), Button("PDF", url="https://x.org")),), ("2606.01234",))


def put(session: Session, reader: str, *texts: str, subject: str = "2026-06-17", kind: str = "digest") -> int:
    if readers.get(session, reader) is None:
        readers.save(session, Reader(reader, state="active"))
        session.flush()
    found = [Delivery(reader, kind, subject, message(text), part) for part, text in enumerate(texts)]
    return deliveries.enqueue(session, found, NOW)


def claimed(session: Session, real: datetime = REAL, limit: int = 100, now: datetime = NOW) -> list[str]:
    return [found.message.html for found in deliveries.claim(session, now, real, LEASE, limit)]


def test_a_message_comes_out_as_it_went_in(session: Session) -> None:
    put(session, "1", "text")
    (found,) = deliveries.claim(session, NOW, REAL, LEASE, 9)
    assert found.message == message()
    assert (found.reader_id, found.kind, found.subject, found.part) == ("1", "digest", "2026-06-17", 0)


def test_a_picture_travels_with_its_message_and_expires_with_it(session: Session) -> None:
    readers.save(session, Reader("1", state="active"))
    session.flush()
    drawn = Message("", picture='{"chart": "weeks"}')
    deliveries.enqueue(session, [Delivery("1", "summary", "2026-W25", drawn)], NOW)
    (found,) = deliveries.claim(session, NOW, REAL, LEASE, 9)
    assert found.message == drawn
    deliveries.mark_sent(session, [(found.number, 9)], NOW)
    deliveries.expire_bodies(session, NOW + timedelta(1))
    session.expire_all()
    assert session.get(DeliveryRow, found.number).picture == ""  # type: ignore[union-attr]


def test_the_same_key_is_put_in_once(session: Session) -> None:
    assert put(session, "1", "a", "b") == 2
    assert put(session, "1", "c", "d", "e") == 1
    assert put(session, "1", "a", subject="2026-06-18") == 1
    assert put(session, "2", "a") == 1


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(session: Session) -> None:
    put(session, "1", "a")
    assert claimed(session) == ["a"]
    assert claimed(session, REAL + LEASE / 2) == []
    assert claimed(session, REAL + LEASE) == ["a"]


def test_a_claim_can_be_renewed_and_given_back(session: Session) -> None:
    put(session, "1", "a")
    claimed(session)
    deliveries.renew(session, [1], REAL + 3 * LEASE)
    assert claimed(session, REAL + 2 * LEASE) == []
    deliveries.renew(session, [1], None)
    assert claimed(session, REAL + 2 * LEASE) == ["a"]


def test_nothing_overtakes_what_waits_for_a_second_try(session: Session) -> None:
    put(session, "1", "a", "b")
    put(session, "2", "c")
    claimed(session)
    deliveries.postpone(session, 1, REAL + timedelta(minutes=5), "502")
    deliveries.renew(session, [2], None)
    assert claimed(session, REAL + LEASE) == ["c"]
    assert claimed(session, REAL + timedelta(minutes=6)) == ["a", "b", "c"]


def test_another_worker_does_not_take_the_rest_of_a_readers_messages(session: Session) -> None:
    put(session, "1", "a", "b")
    assert claimed(session, limit=1) == ["a"]
    assert claimed(session) == []


def test_only_what_is_due(session: Session) -> None:
    put(session, "1", "a")
    deliveries.put_off(session, 1, NOW + timedelta(hours=1))
    assert not deliveries.is_any_due(session, NOW, REAL)
    assert claimed(session) == []
    assert claimed(session, now=NOW + timedelta(hours=1)) == ["a"]


def test_what_is_settled_does_not_come_again(session: Session) -> None:
    put(session, "1", "a", "b", "c")
    deliveries.mark_sent(session, [(1, 77)], NOW)
    deliveries.mark_failed(session, 2, "too long")
    assert claimed(session) == ["c"]
    assert deliveries.papers_of(session, "1", 77) == ["2606.01234"]
    assert deliveries.papers_of(session, "2", 77) == []


def test_the_outbox_is_counted_and_its_lag_told(session: Session) -> None:
    put(session, "1", "a", "b", "c")
    deliveries.mark_sent(session, [(1, 77)], NOW)
    deliveries.mark_failed(session, 2, "too long")
    found = deliveries.outbox(session, NOW + timedelta(minutes=5))
    assert (found.waiting, found.sent, found.failed, found.dropped, found.lag) == (1, 1, 1, 0, 300)
    deliveries.drop_reader(session, "1")
    assert deliveries.outbox(session, NOW).waiting == 0
    assert deliveries.outbox(session, NOW).dropped == 1


def test_a_moved_group_keeps_everything_even_where_the_new_one_is_known_already(session: Session) -> None:
    papers.keep(session, [fetched("2606.00001"), fetched("2606.00002")])
    put(session, "-5", "a")
    readers.save(session, Reader("-5:9", state="active"))
    readers.save(session, Reader("-50", state="active"))
    readers.save(session, Reader("-1005", state="active", language="zh"))
    session.flush()
    known = papers.by_id(session, ["2606.00001", "2606.00002"])
    editions.note_shown(session, {"-5": known.values(), "-1005": [known["2606.00001"]]}, {})
    moves.move_reader(session, "-5", "-1005")
    assert editions.shown(session, ["-1005"], list(known)) == {"-1005": {"2606.00001": 1, "2606.00002": 1}}
    assert [readers.get(session, id_) is not None for id_ in ("-5", "-5:9", "-50", "-1005", "-1005:9")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    assert [found.reader_id for found in deliveries.claim(session, NOW, REAL, LEASE, 9)] == ["-1005"]


def test_bodies_expire_and_what_was_shown_does_not(session: Session) -> None:
    put(session, "1", "a", "b")
    deliveries.mark_sent(session, [(1, 77)], NOW)
    deliveries.expire_bodies(session, NOW + timedelta(days=1))
    rows = [session.get(DeliveryRow, number) for number in (1, 2)]
    assert [row.html for row in rows if row] == ["", "b"]
    assert deliveries.papers_of(session, "1", 77) == ["2606.01234"]


def test_forgetting_a_reader_takes_their_messages_along(session: Session) -> None:
    put(session, "1", "a")
    readers.forget(session, "1")
    assert deliveries.outbox(session, NOW).waiting == 0


@pytest.mark.parametrize("again", [False, True])
def test_who_waits_is_known(session: Session, again: bool) -> None:
    put(session, "1", "a")
    put(session, "2", "a", kind="notice")
    if again:
        deliveries.mark_sent(session, [(1, 5)], NOW)
    assert deliveries.readers_waiting(session, "digest") == (set() if again else {"1"})


def test_the_first_run_is_remembered(session: Session) -> None:
    assert state.first_run(session) is None
    state.note_run(session, NOW, 1.0, [NOW.date()], True, [])
    state.note_run(session, NOW + timedelta(days=1), 1.0, [NOW.date()], True, [])
    session.flush()
    assert state.first_run(session) == NOW
