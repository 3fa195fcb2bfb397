"""A hundred readers with three ideas each, over the world's June: every alert once, in time, or not at all."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot import matching, pipeline
from bot.chat.application import Service
from bot.kit import Kit
from bot.matching.archive import judged_of
from bot.models import Paper, Reader
from bot.models.ideas import Asked, Grade, Idea
from bot.models.tracking import Relation
from bot.rules.days import NEW_YORK, is_announcement_day
from bot.rules.ideas import is_refused
from bot.schedule import quiet_until
from bot.store import ideas, matches, papers, readers
from bot.store.tables import DeliveryRow, PaperRow
from tests.e2e.conftest import bot_on
from tests.fakes import Hands
from tests.world import Record, World, started

pytestmark = pytest.mark.world

TOKEN = "4300:ideas"
WRITTEN = Path(__file__).resolve().parents[2] / "benchmarks" / "ideas.jsonl"
FIRST, LAST = date(2026, 6, 12), date(2026, 6, 19)
BORN = datetime.combine(FIRST, time(16), UTC)
HOURS = (4, 12, 20)
FEW, MANY = 40, 100
"""Readers, with three ideas each: so few have alerts of every kind; `make long` has many."""


def texts() -> list[str]:
    """Ideas as people note them, and for each the papers that it is near."""
    return [json.loads(line)["text"] for line in WRITTEN.read_text(encoding="utf-8").splitlines()]


def named() -> set[str]:
    lines = WRITTEN.read_text(encoding="utf-8").splitlines()
    return {id_ for line in lines for id_ in json.loads(line)["papers"]}


@pytest.fixture
def part_of_june(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The papers that the ideas are near, and every twelfth of the others."""
    wanted = named()

    def keep(kind: str, record: Record, number: int) -> bool:
        return kind == "papers" and (record["id"] in wanted or number % 12 == 0)

    yield from started(tmp_path_factory.mktemp("ideas"), keep)


@pytest.fixture
def kit(part_of_june: World, tmp_path: Path) -> Iterator[Kit]:
    world = part_of_june
    world.control("telegram/limits", enforce=False)
    with bot_on(world, tmp_path, TOKEN, BORN) as kit:
        yield kit


def settle_in(kit: Kit, dice: random.Random, count: int) -> dict[str, Reader]:
    """Readers with three ideas each and quiet hours of their own; digests reach them for the sake of ideas alone."""
    found, written = {}, texts()
    with kit.store.write() as session:
        for number in range(1, count + 1):
            start = dice.randrange(24) * 60
            zone, language = dice.choice(["Asia/Shanghai", "UTC"]), dice.choice(["zh", "en"])
            reader = Reader(
                str(number), state="active", language=language, zone=zone, digest_at=dice.randrange(24) * 60,
                quiet_from=start, quiet_to=(start + 480) % 1440, joined=BORN - timedelta(days=9), last_digest=FIRST,
                decided_on=FIRST,
            )  # fmt: skip
            readers.save(session, reader)
            found[reader.id] = reader
            for text in dice.sample(written, 3):
                ideas.create(session, Idea(reader.id, 0, text), FIRST, BORN)
    return found


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
async def test_every_alert_comes_once_and_at_the_right_time(kit: Kit, part_of_june: World, count: int) -> None:
    world, dice, clock = part_of_june, random.Random(5), kit.clock
    assert isinstance(clock, Hands)
    world.today(FIRST)
    pipeline.collect(kit, FIRST, FIRST)
    people = settle_in(kit, dice, count)
    birth = matching.create(kit, people["1"], texts()[0])
    assert birth.found.papers
    service = Service(kit)
    refused: dict[tuple[str, int], frozenset[str]] = {}
    async with service.app.bot:
        for back in range((LAST - FIRST).days):
            day = FIRST + timedelta(days=back + 1)
            for hour in HOURS:
                clock.at = datetime.combine(day, time(hour, 1), UTC)
                today = clock.at.astimezone(NEW_YORK).date()
                if hour == HOURS[1] and is_announcement_day(today, kit.settings.arxiv_holidays):
                    world.today(today)
                    await asyncio.to_thread(pipeline.collect, kit, today, today)
                await service.clockwork.decide()
                await service.postman.empty()
            refuse_some(kit, refused)
    check(kit, world, people, refused)


def refuse_some(kit: Kit, refused: dict[tuple[str, int], frozenset[str]]) -> None:
    """The first ten alerts are answered with "not related"."""
    with kit.store.write() as session:
        for row in session.scalars(select(DeliveryRow).where(DeliveryRow.kind == matching.SCOOP)):
            key = (row.reader_id, int(row.subject.split("/")[0]))
            if len(refused) < 10 and key not in refused:
                near = matches.get(session, *key, row.papers[0])
                assert near
                refused[key] = frozenset(phrase.casefold() for phrase in near.shared)
                ideas.link(session, *key, near.paper.id, Relation.UNRELATED, kit.clock.now(), near.shared)


def check(kit: Kit, world: World, people: dict[str, Reader], refused: dict[tuple[str, int], frozenset[str]]) -> None:
    with kit.store.read() as session:
        rows = list(session.scalars(select(DeliveryRow)))
        every = [papers.to_paper(row) for row in session.scalars(select(PaperRow))]
        known = {(idea.reader_id, idea.number): idea for id_ in people for idea in ideas.listed(session, id_)}
    assert {row.state for row in rows} <= {"sent", "waiting"}
    alerts = [row for row in rows if row.kind == matching.SCOOP]
    assert len(alerts) > 5
    by_id = {paper.id: paper for paper in every}
    got = Counter((row.reader_id, int(row.subject.split("/")[0]), row.papers[0]) for row in alerts)
    assert max(got.values()) == 1
    assert all(by_id[paper_id].day > FIRST for *_, paper_id in got)
    assert all(quiet_until(people[row.reader_id], row.sent_at) is None for row in rows if row.sent_at)
    asked = {key: Asked(idea.text, idea.directions) for key, idea in known.items() if key not in refused}
    scoops = scoops_of(kit, every, list(set(asked.values())))
    expected = {(*key, id_) for key, question in asked.items() for id_ in scoops[question]}
    assert {one for one in got if one[:2] not in refused} == expected
    pressable = [(row, button["data"]) for row in rows for line in row.buttons for button in line]
    in_digests = Counter((row.reader_id, data) for row, data in pressable if data.startswith("1|alert|"))
    assert in_digests
    assert max(in_digests.values()) == 1
    assert not {(id_, f"1|alert|{number}|{paper_id}") for id_, number, paper_id in got} & set(in_digests)
    messages = world.control("telegram/messages", token=TOKEN)
    sent = [row for row in rows if row.state == "sent"]
    assert len(messages) == len(sent), "nothing was sent twice"
    check_refused(kit, refused, alerts)


def scoops_of(kit: Kit, every: list[Paper], asked: list[Asked]) -> dict[Asked, list[str]]:
    """The papers of the days after the ideas were born that scoop each of them, by the engine's own word."""
    engine, news = kit.nearness(), [paper for paper in every if paper.day and paper.day > FIRST and not paper.withdrawn]
    with kit.store.read() as session:
        judged = judged_of(session, news)
    near = engine.match([engine.ask(one) for one in asked], news, judged)
    return {
        one: [found.paper.id for found in graded if found.grade is Grade.SCOOP]
        for one, graded in zip(asked, near, strict=True)
    }


def check_refused(kit: Kit, refused: dict[tuple[str, int], frozenset[str]], alerts: list[DeliveryRow]) -> None:
    """After "not related", no other paper with the same phrases alone has come."""
    with kit.store.read() as session:
        for row in alerts:
            key = (row.reader_id, int(row.subject.split("/")[0]))
            near, idea = matches.get(session, *key, row.papers[0]), ideas.tracked(session, *key)
            assert near
            assert idea
            for link in idea.links:
                if row.created > link.at:
                    assert not is_refused(near.shared, [refused[key]])
