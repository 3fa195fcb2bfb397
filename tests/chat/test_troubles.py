"""A disk that is full, a database that is locked or gone for a while, clocks that jump: the service goes on by itself.

What it says of them is one line each, and nothing is lost or sent again.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.chat import clockwork, deliver, scribe
from bot.chat.clockwork import Clockwork
from bot.chat.deliver import Postman
from bot.kit import Kit
from bot.models import Delivery, Message, Reader
from bot.store import batons, deliveries, readers, sqlite
from bot.store.tables import DeliveryRow
from tests.chat.people import stock
from tests.chat.telegram import FakeTelegram, bot_of
from tests.databases import SERVER, Server
from tests.fakes import Hands

NOON = datetime(2026, 6, 17, 16, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 20)
    monkeypatch.setattr(scribe, "AGAIN", 0.05)
    monkeypatch.setattr(deliver, "AFTER_TROUBLE", 0.05)
    monkeypatch.setattr(clockwork, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(batons, "FRESH", 0.0)


@pytest.fixture
def calm(kit: Kit) -> Kit:
    """Papers of the day, and no wish to collect any."""
    stock(kit, "2606.00001", "2606.00002")
    return replace(kit, clock=Hands(NOON))


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


def settle(kit: Kit, count: int = 1, zone: str = "UTC", **fields: object) -> None:
    """Readers who had their digest of the day before."""
    with kit.store.write() as session:
        for number in range(1, count + 1):
            readers.save(session, replace(Reader(
                str(number), state="active", directions=("peft",), zone=zone, joined=NOON - 9 * DAY,
                last_digest=(NOON - DAY).date(), decided_on=(NOON - DAY).date(),
            ), **fields))  # type: ignore[arg-type]  # fmt: skip


def put(kit: Kit, count: int) -> None:
    """A message for each of the readers."""
    with kit.store.write() as session:
        new = [Delivery(str(number), "digest", "2026-06-17", Message("text")) for number in range(1, count + 1)]
        deliveries.enqueue(session, new, NOON)


def rows(kit: Kit) -> list[tuple[str, str, str]]:
    with kit.store.read() as session:
        return sorted((row.reader_id, row.subject, row.state) for row in session.scalars(select(DeliveryRow)))


@asynccontextmanager
async def sending(kit: Kit, telegram: FakeTelegram) -> AsyncIterator[Postman]:
    postman = Postman(kit, bot_of(telegram, rate=1000))
    work = asyncio.create_task(postman.run())
    yield postman
    await postman.stop()
    await work


async def until(true: Callable[[], object], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What our log says at a glance: no traces in it."""
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    found = [record for record in ours if record.levelno >= logging.WARNING]
    assert not any(record.exc_info for record in found), caplog.text
    return [record.getMessage() for record in found]


# --- a database that is locked, or full -------------------------------------------------------------------------------


@pytest.fixture
def holder(calm: Kit) -> Iterator[sqlite3.Connection]:
    """Another program with the same file open."""
    path = Path(str(calm.store.engine.url.database))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    yield connection
    connection.close()


async def test_what_was_sent_while_the_database_is_locked_is_not_sent_again(
    calm: Kit, telegram: FakeTelegram, holder: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    calm.store.engine.dispose()  # its connections still have the long patience
    settle(calm, 3)
    put(calm, 3)

    def lock(_: object) -> None:
        holder.execute("begin immediate")

    telegram.faults.append(lock)
    async with sending(calm, telegram):
        await until(lambda: "cannot be written down yet" in caplog.text)
        assert len(telegram.sent) == 1, "nothing else goes out meanwhile"
        holder.execute("rollback")
        await until(lambda: {state for *_, state in rows(calm)} == {"sent"})
    assert len(telegram.sent) == 3
    assert all("locked by another program" in line for line in told(caplog))


@pytest.fixture
def disk(calm: Kit) -> Iterator[Callable[[bool], None]]:
    """``disk(full)`` lets the database grow no more, or again."""
    engine = calm.store.engine
    full = False

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        (pages,) = connection.execute("pragma page_count").fetchone()
        connection.execute(f"pragma max_page_count = {pages if full else 2**30}")

    def fill(now: bool) -> None:
        nonlocal full
        full = now
        engine.dispose()

    event.listen(engine, "connect", limit)
    yield fill
    event.remove(engine, "connect", limit)


async def test_a_full_disk_is_one_line_a_tick_and_nobody_misses_a_digest(
    calm: Kit, disk: Callable[[bool], None], caplog: pytest.LogCaptureFixture
) -> None:
    settle(calm, 60)
    clock = Clockwork(calm, lambda: None)
    clock.errands.collect_aside = lambda on_newest: None  # type: ignore[method-assign]
    disk(True)
    for _ in range(2):
        await clock.tick()
    assert rows(calm) == []
    assert len(told(caplog)) == 2
    assert all("The disk is full" in line for line in told(caplog))
    disk(False)
    await clock.tick()
    assert len(rows(calm)) == 60


# --- a database that goes away and comes back -------------------------------------------------------------------------


@pytest.mark.skipif(bool(SERVER), reason="a server that is not ours is not stopped")
async def test_a_server_that_goes_away_and_comes_back_is_gone_on_with(
    postgresql: Server, open_stub: Callable[..., Kit], telegram: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    address = postgresql.fresh_database("away")
    with open_stub(database_url=address) as opened:
        stock(opened, "2606.00001", "2606.00002")
        kit = replace(opened, clock=Hands(NOON))
        settle(kit, 5)
        clock = Clockwork(kit, lambda: None)
        clock.errands.collect_aside = lambda on_newest: None  # type: ignore[method-assign]
        async with sending(kit, telegram):
            clock.start()
            await until(lambda: [state for *_, state in rows(kit)] == ["sent"] * 5)
            await asyncio.to_thread(postgresql.stop)
            kit.clock.at += DAY
            await clock.tick()
            await until(lambda: not clock.baton.held and "the outbox cannot be read" in caplog.text)
            await asyncio.to_thread(postgresql.start)
            await until(lambda: clock.baton.held, 30)
            stock(kit, "2606.00003", day=kit.clock.now().date())
            await clock.tick()
            await until(lambda: {state for *_, state in rows(kit)} == {"sent"})
            await asyncio.to_thread(clock.stop)
    assert len(telegram.sent) == len(rows_of(telegram))
    assert all("does not answer" in line or "holds a lock is lost" in line for line in told(caplog))


def rows_of(telegram: FakeTelegram) -> set[tuple[int, str]]:
    return {(call.chat, call.text) for call in telegram.sent}


# --- clocks that jump -------------------------------------------------------------------------------------------------


async def subjects_after(kit: Kit, *moments: datetime) -> list[str]:
    """The days for which reader 1 has digests when the clock has been seen to show these moments."""
    clock = Clockwork(kit, lambda: None)
    for moment in moments:
        kit.clock.at = moment  # type: ignore[attr-defined]
        await clock.decide()
    return [subject for _, subject, _ in rows(kit)]


async def test_a_clock_that_jumps_a_day_brings_one_digest(calm: Kit) -> None:
    settle(calm)
    assert await subjects_after(calm, NOON, NOON + DAY, NOON + DAY) == ["2026-06-17"]


async def test_a_clock_that_goes_back_an_hour_brings_none_again(calm: Kit) -> None:
    settle(calm, digest_at=16 * 60)
    assert await subjects_after(calm, NOON, NOON - HOUR, NOON, NOON + timedelta(minutes=1)) == ["2026-06-17"]


@pytest.mark.parametrize(("day", "hour"), [("2026-03-08", 2), ("2026-11-01", 1)])
async def test_an_hour_that_is_left_out_or_comes_twice_brings_one_digest(calm: Kit, day: str, hour: int) -> None:
    zone = "America/New_York"
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    before = (midnight - DAY).date()
    stock(calm, "2606.00009", day=before - DAY)
    settle(
        calm, zone=zone, digest_at=hour * 60, joined=midnight - 9 * DAY, decided_on=before, tell_nothing_new=True,
        last_digest=before - 2 * DAY,
    )  # fmt: skip
    minutes = [midnight + at * timedelta(minutes=20) for at in range(24)]
    assert await subjects_after(calm, *minutes) == [day]


async def test_a_system_clock_that_is_put_back_does_not_stop_the_ticks(
    calm: Kit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ticks: list[int] = []

    async def tick() -> None:
        ticks.append(1)

    clock = Clockwork(calm, lambda: None)
    monkeypatch.setattr(clock, "tick", tick)
    tick.__name__ = "tick"
    clock.start()
    await until(lambda: len(ticks) == 1)
    clock.scheduler.modify_job("tick", next_run_time=datetime.now(UTC) + HOUR)  # as it looks after the jump
    await until(lambda: len(ticks) == 2)
    await asyncio.to_thread(clock.stop)
    assert any("put back" in line for line in told(caplog))
