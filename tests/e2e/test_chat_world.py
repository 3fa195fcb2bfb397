"""A scripted person goes through every command and button, in both languages and every kind of chat.

The world refuses what Telegram would refuse, and counts it: in the end it must have had nothing to count.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import pipeline
from bot.chat.application import Service
from bot.chat.commands import VERBS
from bot.chat.render.settings import command_of
from bot.kit import Kit
from bot.rules.preferences import SCREENS
from bot.store import readers
from tests.e2e.conftest import opener
from tests.world import DAY, World

pytestmark = pytest.mark.world
TOKENS = count(5000)
SOME_PAPERS = ("2606.18024", "2606.18103")
ARGUMENTS = {
    "today": ["", "2026-06-17", "rubbish"],
    "direction": ["peft 30d", "高效微调", ""],
    "search": ["language model", "语言 模型", "zebra-unicorn", ""],
    "paper": [" ".join(SOME_PAPERS), "2606.99999", ""],
    "similar": [SOME_PAPERS[0], ""],
    "why": [SOME_PAPERS[0], ""],
    "export": ["", "bibtex", "markdown"],
    "trends": ["", "all"],
    "plan": ["", "next", "budget 5h", "ics", "nonsense"],
    "done": ["1 45m", "99", ""],
    "idea": ["choose the LoRA rank per layer by the gradient's spectrum", "按梯度谱逐层选 LoRA 的秩", "1", "99", ""],
    "note": ["1 try it small", "99 x", ""],
    "bind": ["peft", "nonsense", ""],
    "broadcast": ["Hello <b>&</b> all", ""],
}
FORGED = (
    "1|card|2606.99999", "1|put|hour|x", "2|card|x", "x", "1|back", "1|saveall", "1|search|900",
    "1|direction|peft|7|90",
)  # fmt: skip
PLAN = ("plan", "change", "accept", "item", "do", "star", "all", "answer", "keep", "crew")
"""Buttons that say which week, item or value they are about."""
IDEAS = (
    "idea", "icard", "ideas", "inear", "ilinks", "ijournal", "ichart", "imute", "istatus", "idirs", "idir", "match",
    "alert", "iread", "attach", "ifrom", "iwhich", "idel", "bankof", "adopt",
)  # fmt: skip
"""Buttons that say which idea, direction or question they are about."""
LAST = ("stop", "forget_me")
"""What a person does in the end."""
LEFT_ALONE = ("forget|", "broadcast|", "unlike|all", "idelyes|")
"""Buttons that are not pressed in passing."""


@dataclass
class Person:
    """Somebody in one chat of the world."""

    world: World
    service: Service
    chat: int
    user: int
    language: str
    thread: int = 0
    pressed: set[str] = field(default_factory=set)

    def act(self, action: str, **arguments: Any) -> Any:
        token = self.service.kit.settings.telegram_token.get_secret_value()
        return self.world.control(f"telegram/{action}", token=token, chat=self.chat, **arguments)

    async def does(self, action: str, **arguments: Any) -> Any:
        who = {"user": self.user, "language": self.language}
        done = await asyncio.to_thread(self.act, action, **who, **arguments)
        await self.answered()
        return done

    async def answered(self) -> None:
        """Wait until everything that was said has been dealt with."""
        processor: Any = self.service.app.update_processor

        def is_busy() -> bool:
            return bool(processor.current_concurrent_updates or not self.service.app.update_queue.empty())

        for _ in range(1500):
            if not is_busy():
                state = await asyncio.to_thread(self.act, "state")
                if not state["pending_updates"] and not is_busy():
                    return
            await asyncio.sleep(0.02)
        raise AssertionError("the bot does not answer")

    async def says(self, text: str, **more: Any) -> None:
        await self.does("say", text=text, **({"thread": self.thread} if self.thread else {}), **more)

    async def shown(self) -> list[dict[str, Any]]:
        """The bot's messages in this chat (and topic)."""
        every = await asyncio.to_thread(self.act, "messages")
        own = [message for message in every if message.get("from", {}).get("is_bot")]
        return [message for message in own if message.get("message_thread_id", 0) == self.thread]

    async def presses(self, message: int, data: str) -> None:
        await self.does("tap", message=message, data=data)

    async def presses_everything(self, since: int) -> None:
        """Each button of each new message once, and each button of what that shows, and so on."""
        for _ in range(90):
            found = [
                (message["message_id"], button["callback_data"], kind_of(button))
                for message in await self.shown()
                if message["message_id"] > since
                for row in message.get("reply_markup", {}).get("inline_keyboard", [])
                for button in row
                if "callback_data" in button and kind_of(button) not in self.pressed
                and not any(part in button["callback_data"] for part in LEFT_ALONE)
            ]  # fmt: skip
            if not found:
                return
            number, data, kind = found[0]
            self.pressed.add(kind)
            await self.presses(number, data)
        raise AssertionError(f"there is no end of buttons: {sorted(self.pressed)[-5:]}")


def kind_of(button: dict[str, str]) -> str:
    """What a button does, whichever paper or page it does it to."""
    _, verb, *arguments = button["callback_data"].split("|")
    if verb in PLAN:
        return "|".join((verb, *(part for part in arguments if part.isalpha())))
    if verb in IDEAS:
        return verb
    if verb in ("iask", "iput", "irel", "iout"):
        return f"{verb} {arguments[-1]}"
    if verb in ("direction", "similar", "search", "saved"):
        return f"{verb} {button['text']}" if button["text"] in "‹›" else verb
    return "|".join((verb, *(part for part in arguments if "." not in part)))


@asynccontextmanager
async def serving(kit: Kit) -> AsyncIterator[Service]:
    service = Service(kit)
    try:
        assert await service.connect()
        assert await service.listen()
        service.tasks = [asyncio.create_task(service.postman.run())]
        yield service
    finally:
        await service.stop()


@pytest.fixture(scope="module")
def collected(thin_june: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    folder = tmp_path_factory.mktemp("chat")
    thin_june.control("telegram/limits", enforce=False)
    with opener(thin_june, folder)() as kit:
        pipeline.collect(kit, DAY - timedelta(6), DAY)
    yield thin_june, folder
    thin_june.control("telegram/limits", enforce=True)


@pytest.fixture
def kit(collected: tuple[World, Path], tmp_path: Path) -> Iterator[Kit]:
    world, folder = collected
    settings = {
        "telegram_token": SecretStr(f"{next(TOKENS)}:world"),
        "telegram_api_url": f"{world.url}/bot",
        "telegram_rate": 0,
        "owners": [7],
        "registration": "open",
    }
    with opener(world, folder)(**settings) as opened:
        yield opened


async def goes_through_everything(person: Person) -> None:
    """Every command, every screen, and every button on the way; in private with all good and bad arguments."""
    most = None if person.chat > 0 else 1
    await person.says("/start")
    await person.presses_everything(0)
    names = [verb.name for verb in VERBS if verb.name not in LAST]
    own = [command_of(direction.slug) for direction in person.service.kit.directions]
    for name in [*names, *own[:most], "nonsense"]:
        for argument in ARGUMENTS.get(name, [""])[:most]:
            since = max((message["message_id"] for message in await person.shown()), default=0)
            await person.says(f"/{name} {argument}".strip())
            await person.presses_everything(since)
    for name in list(SCREENS)[: 4 if most else None]:
        await person.says("/settings")
        newest = (await person.shown())[-1]["message_id"]
        await person.presses(newest, f"1|set|{name}")
        for text in ("rubbish, 废话", "7:30-9", "上海", SOME_PAPERS[0])[:most]:
            await person.says(text)
        await person.presses_everything(newest)
    for data in FORGED:
        await person.presses(newest, data)


def errors_of(person: Person) -> dict[str, int]:
    found: dict[str, int] = person.act("state")["errors"]
    return found


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("private", "zh-hans"),
        pytest.param("private", "en", marks=pytest.mark.long),
        pytest.param("group", "zh-hans", marks=pytest.mark.long),
        ("topic", "en"),
        ("channel", "zh-hans"),
    ],
)
async def test_every_command_and_button_works_everywhere_in_both_languages(
    kit: Kit, collected: tuple[World, Path], kind: str, language: str
) -> None:
    async with serving(kit) as service:
        chat = {"private": 7, "group": -1001, "topic": -1002, "channel": -1003}[kind] * (2 if language == "en" else 1)
        user = chat if kind == "private" else 7
        person = Person(collected[0], service, chat, user, language, 77 if kind == "topic" else 0)
        person.act("chat", language=language, title="<Readers> & co", admins=[7], forum=kind == "topic",
                   type={"private": "private", "channel": "channel"}.get(kind, "supergroup"))  # fmt: skip
        if kind != "private":
            await person.does("member", status="member")
        await goes_through_everything(person)
        if kind == "private":
            await inline_and_reactions(person)
        for name in LAST:
            await person.says(f"/{name}")
        await person.presses((await person.shown())[-1]["message_id"], "1|forget|yes")
        assert errors_of(person) == {}
        with kit.store.read() as session:
            assert readers.get(session, str(chat)) is None
        answers = person.act("state")["callback_answers"]
        assert answers


async def inline_and_reactions(person: Person) -> None:
    hostile = (("", ""), ("<b>&%\x00", "x"), ("😀" * 200, ""))
    for query, offset in (("language model", ""), ("language model", "10"), *hostile):
        await person.does("inline", query=query, offset=offset)
    assert person.act("state")["inline_answers"][0]["results"]
    await person.says("/today")
    digest = (await person.shown())[-1]["message_id"]
    for emoji in ("👍", "👎", None, "🎉"):
        await person.does("react", message=digest, emoji=emoji)


async def test_others_do_not_act_on_a_groups_settings_and_a_subscriber_gets_cards_elsewhere(
    kit: Kit, collected: tuple[World, Path]
) -> None:
    async with serving(kit) as service:
        admin = Person(collected[0], service, -2001, 7, "en")
        admin.act("chat", type="channel", admins=[7], language="en")
        await admin.says("/start d_agents")
        await admin.presses((await admin.shown())[-1]["message_id"], "1|begin")
        subscriber = Person(collected[0], service, -2001, 99, "en")
        for _ in range(600):
            digest = (await admin.shown())[-1]
            if "1|card" in str(digest.get("reply_markup")):
                break
            await asyncio.sleep(0.1)
        card = digest["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await subscriber.presses(digest["message_id"], card)
        answer = subscriber.act("state")["callback_answers"][-1]
        assert "?start=p_2606-" in answer["url"]
        before = await admin.shown()
        for data in ("1|set|main", "1|put|count|10", "1|saveall", "1|forget|yes", card.replace("card", "like")):
            await subscriber.presses(digest["message_id"], data)
            assert "administrators" in subscriber.act("state")["callback_answers"][-1]["text"]
        assert await admin.shown() == before
        assert errors_of(admin) == {}
