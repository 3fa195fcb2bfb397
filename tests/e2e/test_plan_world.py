"""Eight weeks with a plan: one reader who keeps it, one who vanishes for three weeks, and a group that reads together.

The world's calendar and the bot's clock are moved together; Telegram is the world's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import pipeline
from bot.chat.application import Service
from bot.kit import Kit
from bot.models import ItemKind, ItemState, Reader, Week
from bot.rules import reading as rules
from bot.store import deliveries, readers, reading
from tests.e2e.conftest import opener
from tests.e2e.test_chat_world import Person, errors_of, serving
from tests.fakes import Hands
from tests.world import DAY, World

pytestmark = pytest.mark.world

START = date(2026, 6, 15)
WEEKS = 8
TICKS = (14, 20)
"""Hours of a day at which the clock is looked at: after the patience of a digest, and at the hour of the summary."""
KEEPER, ABSENTEE, GROUP = 41, 42, -4001
AWAY = range(7, 28)
"""Days on which the absentee is not to be seen."""


@pytest.fixture
def kit(few_days: World, tmp_path: Path) -> Iterator[Kit]:
    few_days.control("telegram/limits", enforce=False)
    settings = {
        "telegram_token": SecretStr("5900:plans"),
        "telegram_api_url": f"{few_days.url}/bot",
        "telegram_rate": 0,
        "registration": "open",
    }
    with opener(few_days, tmp_path)(**settings) as opened:
        pipeline.collect(opened, DAY - timedelta(1), DAY)
        yield replace(opened, clock=Hands(datetime(2026, 6, 15, 6, tzinfo=UTC)))
    few_days.control("telegram/limits", enforce=True)


def enrol(kit: Kit, chat: int, kind: str, language: str) -> None:
    with kit.store.write() as session:
        readers.save(session, Reader(
            str(chat), kind, "Lab <1>", language, state="active", directions=("peft", "agents"),
            joined=datetime(2026, 6, 14, tzinfo=UTC), last_digest=date(2026, 6, 12), decided_on=date(2026, 6, 14),
        ))  # fmt: skip


def weeks(kit: Kit, chat: int) -> list[Week]:
    with kit.store.read() as session:
        return reading.weeks(session, str(chat))


async def tick(service: Service) -> None:
    """What the clock does, and everything that is due delivered."""
    await service.clockwork.decide()
    for _ in range(3000):
        with service.kit.store.read() as session:
            if not deliveries.outbox(session, service.kit.clock.now()).waiting:
                return
        service.postman.ring()
        await asyncio.sleep(0.02)
    raise AssertionError("the outbox is not emptied")


async def first_plan(person: Person, hours: int) -> None:
    """The four questions, answered by the buttons."""
    await person.says("/plan")
    number = (await person.shown())[-1]["message_id"]
    answers = ("1|ask|level", "1|answer|level|1", f"1|answer|budget|{60 * hours}", "1|answer|weekday|6")
    for data in answers:
        await person.presses(number, data)


async def does_what_is_due(kit: Kit, person: Person) -> None:
    """Everything of today, some of it with stars and a trick."""
    today = kit.clock.now().date()
    week = next(week for week in weeks(kit, person.chat) if week.monday == rules.monday_of(today))
    for item in rules.due(week, today):
        if item.state is ItemState.ASKED:
            continue
        await person.says(f"/done {item.number} {item.minutes}m")
        if item.kind is ItemKind.CLASSIC:
            number = (await person.shown())[-1]["message_id"]
            await person.presses(number, f"1|star|{week.monday}|{item.number}|5")
            await person.says(f"The trick of <{item.id}> & more")


def said(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


async def summaries(person: Person, mark: str) -> list[dict[str, Any]]:
    return [message for message in await person.shown() if said(message).startswith(mark)]


async def test_eight_weeks(kit: Kit, few_days: World) -> None:
    async with serving(kit) as service:
        keeper = Person(few_days, service, KEEPER, KEEPER, "zh-hans")
        absentee = Person(few_days, service, ABSENTEE, ABSENTEE, "en")
        group = [Person(few_days, service, GROUP, user, "en") for user in (KEEPER, ABSENTEE)]
        group[0].act("chat", type="supergroup", title="Lab <1>", admins=[KEEPER], language="en")
        for chat, kind, language in ((KEEPER, "private", "zh"), (ABSENTEE, "private", "en"), (GROUP, "group", "en")):
            enrol(kit, chat, kind, language)
        await first_plan(keeper, 10)
        await first_plan(absentee, 5)
        await group[0].says("/plan")
        common = (await group[0].shown())[-1]["message_id"]
        for person in group:
            await person.presses(common, f"1|crew|join|{START}|0")
        for day in range(7 * WEEKS):
            few_days.today(START + timedelta(day))
            for hour in TICKS:
                kit.clock.at = datetime(2026, 6, 15, hour, tzinfo=UTC) + timedelta(day)  # type: ignore[attr-defined]
                await tick(service)
                if hour == TICKS[0]:
                    await does_what_is_due(kit, keeper)
                    if day not in AWAY:
                        await does_what_is_due(kit, absentee)
            if day == 6:
                await accepts(keeper)
            if day == AWAY.stop:
                await comes_back(kit, absentee)
        await check_keeper(kit, keeper)
        await check_absentee(kit, absentee)
        told = [said(message) for message in await summaries(group[0], "👥 The group's week")]
        assert len(told) == WEEKS
        assert all("Presenting" in text for text in told[:2])
        assert errors_of(keeper) == {}


async def accepts(person: Person) -> None:
    """The first summary is answered by its button, and stays where it is."""
    before = await person.shown()
    summary = (await summaries(person, "📊 这一周"))[-1]
    await person.presses(summary["message_id"], f"1|accept|{START + timedelta(7)}")
    assert "就按这个来" in person.act("state")["callback_answers"][-1]["text"]
    assert await person.shown() == before


async def comes_back(kit: Kit, person: Person) -> None:
    """After three weeks: what was asked about is kept."""
    await person.says("/plan")
    message = (await person.shown())[-1]
    if "1|all|keep" in str(message["reply_markup"]):
        monday = rules.monday_of(kit.clock.now().date())
        await person.presses(message["message_id"], f"1|all|keep|{monday}")


async def check_keeper(kit: Kit, person: Person) -> None:
    """Every week was kept, and every summary came once, with its picture."""
    told = await summaries(person, "📊 这一周")
    pictures = [message for message in await person.shown() if "photo" in message]
    assert len(told) == len(pictures) == WEEKS
    assert "连续 8 周" in said(told[-1])
    assert all("又一周" not in said(message) for message in told)
    kept = weeks(kit, KEEPER)[:WEEKS]
    assert all(rules.is_kept(week) for week in kept)
    assert not [item for week in kept for item in week.items if item.slips]
    classics = [item.id for week in kept for item in week.items if item.kind is ItemKind.CLASSIC]
    assert len(classics) == len(set(classics)) >= WEEKS - 1
    position = {classic.id: at for at, classic in enumerate(kit.classics())}
    read: set[str] = set()
    for id_ in classics:
        before = next(classic.after for classic in kit.classics() if classic.id == id_)
        assert set(before) & position.keys() <= read | set(before) - set(position), "what comes before is read before"
        read.add(id_)
    days = [message for message in await person.shown() if "▍今日安排" in said(message)]
    assert len(days) >= WEEKS * 2


async def check_absentee(kit: Kit, person: Person) -> None:
    """Two missed weeks made the plan smaller, not longer; after the return it is kept again."""
    told = await summaries(person, "📊 Your week")
    assert len(told) == WEEKS
    assert "Nothing got done" in said(told[1])
    assert all("Another week without progress" in said(told[at]) for at in (2, 3))
    budgets = [week.budget_minutes for week in weeks(kit, ABSENTEE)]
    assert budgets[1] == 300
    assert budgets[3] < budgets[1]
    assert "done" in said(told[-1])
    away = [message for message in await person.shown() if "For today" in said(message)]
    assert len(away) < 7 * WEEKS
