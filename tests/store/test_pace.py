"""arXiv's pace holds over all processes that share a database."""

from __future__ import annotations

import functools
import itertools
import operator
import time
from pathlib import Path

import pytest

from bot.store.engine import Store
from bot.store.state import Pace
from bot.store.tables import PaceRow
from tests.databases import both_databases
from tests.forks import FORKS

pytestmark = both_databases

SECONDS, REQUESTS = 0.15, 3


def ask(address: str) -> list[tuple[float, float]]:
    """The start and the end of each request of one process."""
    store = Store(address)
    pace, times = Pace(store, "arxiv", SECONDS), []
    for _ in range(REQUESTS):
        with pace():
            start = time.time()
            time.sleep(0.02)
            times.append((start, time.time()))
    store.close()
    return times


def test_requests_of_two_processes_keep_their_distance(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    Store(address).close()
    with FORKS.Pool(2) as pool:
        times = sorted(functools.reduce(operator.iadd, pool.map(ask, [address] * 2, chunksize=1), []))
    assert len(times) == 2 * REQUESTS
    gaps = [later[0] - sooner[0] for sooner, later in itertools.pairwise(times)]
    assert min(gaps) >= SECONDS, gaps


def test_without_a_pace_nothing_waits_or_writes(store: Store) -> None:
    with Pace(store, "arxiv", 0, sleep=pytest.fail)():
        pass
    with store.read() as session:
        assert session.get(PaceRow, "arxiv") is None


class Time:
    """A clock that only sleeping, or a request, moves on."""

    def __init__(self) -> None:
        self.now, self.slept = 1e9, 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def moving() -> Time:
    return Time()


def paced(store: Store, moving: Time, seconds: float = 5) -> Pace:
    return Pace(store, "arxiv", seconds, sleep=moving.sleep, clock=lambda _: moving.now)


def test_the_next_request_waits_for_the_end_of_a_slow_one(store: Store, moving: Time) -> None:
    pace = paced(store, moving)
    with pace():
        moving.now += 7
    ended = moving.now
    with pace():
        assert moving.now == pytest.approx(ended + 5)


def test_the_next_request_waits_even_if_the_last_one_failed(store: Store, moving: Time) -> None:
    pace = paced(store, moving)
    with pytest.raises(OSError), pace():
        raise OSError
    with pace():
        assert moving.slept == pytest.approx(5)


def test_only_one_request_is_under_way_at_a_time(store: Store, moving: Time) -> None:
    with paced(store, moving)():
        assert paced(store, moving).claim() > 0


def test_a_process_that_died_in_its_request_holds_the_others_up_for_seconds_only(store: Store, moving: Time) -> None:
    assert paced(store, moving).claim() == 0  # and is never heard of again
    with paced(store, moving)():
        assert moving.slept <= Pace.UNDER_WAY


def test_a_clock_that_was_set_back_locks_nobody_out(store: Store, moving: Time) -> None:
    with store.write() as session:
        session.add(PaceRow(name="arxiv", next_at=moving.now + 1e6))
    with paced(store, moving)():
        assert moving.slept <= Pace.UNDER_WAY + Pace.LOOK_AGAIN
