"""Who lives where the storm comes: readers in many zones, some with ideas, some with plans."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import pipeline, planning
from bot.kit import Kit
from bot.models import Habits, Idea, Reader, Reminding
from bot.rules.days import newest_announced
from bot.rules.reading import monday_of
from bot.store import ideas, readers, reading

START = datetime(2026, 6, 17, 20, tzinfo=UTC)
"""The papers of this day are known, and every reader has had their digest of it."""
FIRST = date(2026, 6, 15)
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland")
IDEA = (
    "Add a steering vector to a language model while it writes synthetic training data for low-resource languages, so"
    " that the texts become more varied"
)
"""Very near to a paper of the sample's 18 June."""
WITH_IDEAS, WITH_PLANS = 10, 7
"""Every how many-th reader has one."""


def settle(kit: Kit, count: int, seed: int) -> None:
    """Fill an empty installation, as it is at ``START``."""
    pipeline.collect(kit, FIRST, newest_announced(START))
    dice = random.Random(seed)
    slugs = [direction.slug for direction in kit.directions]
    people = [reader_of(number, dice, slugs) for number in range(1, count + 1)]
    with kit.store.write() as session:
        for reader in people:
            readers.save(session, reader)
        session.flush()
        for reader in people[::WITH_IDEAS]:
            ideas.create(session, Idea(reader.id, 0, IDEA), newest_announced(START), START)
        for reader in people[::WITH_PLANS]:
            reading.save_habits(session, reader.id, habits_of(reader, dice), START)
            session.flush()
            planner = planning.planner_of(session, reader.id)
            planning.make(kit, session, planner, monday_of(planning.today_of(reader, START)), START)


def reader_of(number: int, dice: random.Random, slugs: list[str]) -> Reader:
    zone = dice.choice(ZONES)
    return Reader(
        str(number), state="active", language=dice.choice(["zh", "en"]), zone=zone, digest_at=dice.randrange(24) * 60,
        form="each" if number % 20 == 0 else "one", directions=tuple(dice.sample(slugs, 4)), per_direction=2,
        weekdays=dice.choice(["1111111", "1111111", "1010101"]), joined=START - timedelta(days=9),
        last_digest=newest_announced(START), decided_on=START.astimezone(ZoneInfo(zone)).date(),
    )  # fmt: skip


def habits_of(reader: Reader, dice: random.Random) -> Habits:
    reminding = dice.choice([Reminding.OWN, Reminding.OWN, Reminding.DIGEST])
    return replace(planning.first_habits(reader), reminding=reminding, remind_at=dice.randrange(24) * 60)
