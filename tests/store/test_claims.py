"""Several workers at one outbox: nobody's message goes twice, and each reader's come in their order."""

from __future__ import annotations

import threading
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.models import Delivery, Message, Reader
from bot.store import deliveries, readers
from bot.store.engine import Store
from tests.databases import Server, both_databases

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
REAL = datetime(2026, 11, 1, tzinfo=UTC)
LEASE = timedelta(seconds=45)


def fill(store: Store, counts: dict[str, int]) -> None:
    """An outbox in which the readers' messages stand mixed, each with its place among its reader's."""
    with store.write() as session:
        for reader in counts:
            readers.save(session, Reader(reader, state="active"))
        session.flush()
        for part in range(max(counts.values())):
            waiting = [reader for reader in counts if part < counts[reader]]
            new = [Delivery(reader, "digest", "d", Message(str(part)), part) for reader in waiting]
            deliveries.enqueue(session, new, NOW)


def claim(store: Store, limit: int = 100, real: datetime = REAL) -> list[Delivery]:
    with store.write(together=True) as session:
        return deliveries.claim(session, NOW, real, LEASE, limit)


@pytest.fixture
def shared(postgresql: Server) -> Store:
    return postgresql.emptied()


def test_who_is_being_claimed_is_passed_over_at_once(shared: Store) -> None:
    fill(shared, {"1": 2, "2": 2})
    with shared.write(together=True) as session:
        first = deliveries.claim(session, NOW, REAL, LEASE, 2)
        meanwhile = claim(shared)
        assert {one.reader_id for one in first}.isdisjoint(one.reader_id for one in meanwhile)
    assert claim(shared) == []


def test_no_worker_has_a_message_while_another_has_an_earlier_one_of_the_same_reader(shared: Store) -> None:
    fill(shared, {"1": 5})
    assert [one.part for one in claim(shared, limit=2)] == [0, 1]
    assert claim(shared) == []
    with shared.write() as session:
        deliveries.mark_sent(session, [(one, 1) for one in (1, 2)], NOW)
    assert [one.part for one in claim(shared)] == [2, 3, 4]


def test_who_is_gone_while_they_are_claimed_does_not_lock_anybody(shared: Store) -> None:
    """Both take the reader's row first; in another order, the database would have to kill one of them."""
    fill(shared, {"1": 3})
    with shared.write(together=True) as session:
        deliveries.claim(session, NOW, REAL, LEASE, 1)
        leaving = threading.Thread(target=drop, args=(shared, "1"))
        leaving.start()
        deliveries.renew(session, [2, 3], REAL + LEASE)
    leaving.join(10)
    assert not leaving.is_alive()
    with shared.read() as session:
        assert deliveries.outbox(session, NOW).dropped == 3


def drop(store: Store, reader: str) -> None:
    with store.write(together=True) as session:
        deliveries.drop_reader(session, reader)


@both_databases
def test_workers_that_die_and_go_on_send_everything_once_and_in_order(database_url: str, tmp_path: Path) -> None:
    """Four workers; every fifth claim is left behind by its worker, and comes to others when it has run out."""
    store = Store(database_url or f"sqlite:///{tmp_path / 'outbox.sqlite3'}")
    counts = {str(reader): 1 + reader % 4 for reader in range(1, 25)}
    fill(store, counts)
    sent: dict[str, list[int]] = defaultdict(list)
    turns, writing = count(1), threading.Lock()

    def work(lives: int) -> None:
        while claims := claim(store, limit=5, real=REAL + LEASE * lives):
            if next(turns) % 5 == 0:
                continue
            with store.write(together=True) as session, writing:
                deliveries.mark_sent(session, [(one.number, 1) for one in claims], NOW)
                for one in claims:
                    sent[one.reader_id].append(one.part)

    for lives in range(12):
        threads = [threading.Thread(target=work, args=(lives,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sent == {reader: list(range(most)) for reader, most in counts.items()}
    store.close()
