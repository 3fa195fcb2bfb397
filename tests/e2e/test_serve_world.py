"""A hundred readers over a simulated week with faults: nobody misses a digest, and what is lost is only answers."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.chat import connection, consequences
from bot.chat.application import Service
from bot.kit import Kit
from bot.models import Reader
from bot.rules.days import NEW_YORK, newest_announced
from bot.store import readers
from bot.store.tables import DeliveryRow, SentRow
from tests.e2e.conftest import bot_on
from tests.fakes import Hands
from tests.world import World

pytestmark = pytest.mark.world

TOKEN = "4200:week"
START, END, STEP = datetime(2026, 6, 16, 12, tzinfo=UTC), datetime(2026, 6, 23, 12, tzinfo=UTC), timedelta(hours=4)
DOWN = (datetime(2026, 6, 18, 13, tzinfo=UTC), datetime(2026, 6, 20, 1, tzinfo=UTC))
"""The program does not run for a day and a half."""
ZONES = (
    "Asia/Shanghai", "America/New_York", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland",
)  # fmt: skip
FAULTS = ("429", "500", "502", "reset", "garbage", "done_but_reset", "hang", "400")


@dataclass
class Expected:
    """What one reader should get, by a reckoning of the test's own."""

    reader: Reader
    covered: date
    decided: date
    subjects: list[str] = field(default_factory=list)

    def look(self, now: datetime, newest: date) -> None:
        zone = ZoneInfo(self.reader.zone)
        today = now.astimezone(zone)
        passed = today.hour * 60 + today.minute >= self.reader.digest_at
        day = today.date() if passed else today.date() - timedelta(days=1)
        while self.reader.weekdays[day.weekday()] == "0":
            day -= timedelta(days=1)
        if day <= self.decided:
            return
        self.decided = day
        if newest > self.covered:
            self.covered = newest
            self.subjects.append(day.isoformat())


@pytest.fixture
def kit(thin_june: World, tmp_path: Path) -> Iterator[Kit]:
    world = thin_june
    world.control("telegram/limits", enforce=False)
    with bot_on(world, tmp_path, TOKEN, START) as kit:
        yield kit
    world.control("telegram/faults", faults=[])
    world.control("telegram/limits", enforce=True)


def newcomers(kit: Kit, dice: random.Random, count: int) -> list[Expected]:
    """Readers who have had their digest of the newest day, and are kept."""
    slugs = [direction.slug for direction in kit.directions]
    found = []
    newest = newest_announced(START)
    for number in range(1, count + 1):
        zone = dice.choice(ZONES)
        reader = Reader(
            str(number), state="active", language=dice.choice(["zh", "en"]), zone=zone,
            form=dice.choice(["one", "one", "one", "each"]), digest_at=dice.randrange(24) * 60,
            directions=tuple(dice.sample(slugs, dice.randint(8, 12))),
            weekdays=dice.choice(["1111111", "1111111", "1010101"]), per_direction=2,
            joined=START - timedelta(days=9), last_digest=newest,
            decided_on=START.astimezone(ZoneInfo(zone)).date(),
        )  # fmt: skip
        assert reader.decided_on
        found.append(Expected(reader, newest, reader.decided_on))
    with kit.store.write() as session:
        for one in found:
            readers.save(session, one.reader)
    return found


@pytest.mark.parametrize("count", [40, pytest.param(100, marks=pytest.mark.long)])
async def test_a_week_with_faults(kit: Kit, thin_june: World, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(connection, "TIMES", {**connection.TIMES, "read_timeout": 1.0})
    monkeypatch.setattr(consequences, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(consequences, "LONGEST_PAUSE", 0.5)
    world, dice = thin_june, random.Random(3)
    expected = newcomers(kit, dice, count)
    clock = kit.clock
    assert isinstance(clock, Hands)
    lost = 0
    collected: date | None = None
    service = Service(kit)
    async with service.app.bot:
        while clock.at < END:
            clock.at += STEP
            if DOWN[0] <= clock.at < DOWN[1]:
                continue
            newest = newest_announced(clock.at, kit.settings.arxiv_holidays)
            if newest != collected:
                world.today(clock.at.astimezone(NEW_YORK).date())
                await asyncio.to_thread(service.clockwork.errands.collect_newest)
                collected = newest
            faults = [fault(kind, dice) for kind in dice.sample(FAULTS, dice.choice([0, 3]))]
            lost += 2 * sum(planned["kind"] == "done_but_reset" for planned in faults)
            world.control("telegram/faults", faults=faults)
            await service.clockwork.decide()
            for one in expected:
                one.look(clock.at, newest)
            async with asyncio.timeout(60):
                while is_anything_waiting(kit):
                    await service.postman.empty()
                    await asyncio.sleep(0.05)
    check(kit, world, expected, lost)


def fault(kind: str, dice: random.Random) -> dict[str, object]:
    """Trouble with two of the next twenty messages; a message that is refused twice would be given up."""
    times = 1 if kind == "400" else 2
    return {"method": "sendMessage", "kind": kind, "skip": dice.randrange(20), "times": times, "retry_after": 1}


def is_anything_waiting(kit: Kit) -> bool:
    with kit.store.read() as session:
        return session.scalar(select(DeliveryRow.number).where(DeliveryRow.state == "waiting").limit(1)) is not None


def check(kit: Kit, world: World, expected: list[Expected], lost: int) -> None:
    with kit.store.read() as session:
        rows = list(session.scalars(select(DeliveryRow)))
        shown = Counter(session.scalars(select(SentRow.reader_id)))
    assert {row.state for row in rows} == {"sent"}
    got = {one.reader.id: sorted({row.subject for row in rows if row.reader_id == one.reader.id}) for one in expected}
    assert got == {one.reader.id: one.subjects for one in expected}
    messages = world.control("telegram/messages", token=TOKEN)
    copies = Counter(message["chat"]["id"] for message in messages)
    decided = Counter(int(row.reader_id) for row in rows)
    assert all(copies[chat] >= count for chat, count in decided.items())
    assert sum(copies.values()) - len(rows) <= lost
    papers = Counter((row.reader_id, id_) for row in rows for id_ in row.papers)
    assert max(papers.values()) == 1, "no reader is shown a paper twice"
    assert all(shown[one.reader.id] for one in expected)
