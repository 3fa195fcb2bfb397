"""``playground``: the whole bot in a town of its own, spoken to over real HTTP, as the page does."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from bot import pipeline
from bot.app import open_playground
from bot.chat.application import Service
from bot.clock import MovableClock
from bot.kit import Kit
from bot.playground import server
from bot.playground.models import Message
from bot.playground.town import GROUP, OTHER, YOU, Town, founded, made_up_token
from bot.settings import Settings, load_settings
from bot.wording import Language, Words

PATIENCE = 60.0
T = TypeVar("T")


@dataclass
class Player:
    """Somebody who talks through the page's own addresses."""

    town: Town
    http: httpx.AsyncClient
    id: int = YOU
    chat: int = YOU

    def in_group(self) -> Player:
        return Player(self.town, self.http, self.id, GROUP)

    async def act(self, name: str, **fields: Any) -> dict[str, Any]:
        answer = await self.http.post(f"/act/{name}", json={"person": self.id, "chat": self.chat, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def say(self, text: str, **fields: Any) -> dict[str, Any]:
        return await self.act("say", text=text, **fields)

    async def attach(self, name: str, content: bytes, caption: str = "") -> dict[str, Any]:
        asked = {"person": self.id, "chat": self.chat, "name": name, "caption": caption}
        answer = await self.http.post("/attach", params=asked, content=content)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def press(self, label: str) -> dict[str, Any]:
        """Press the newest button whose text holds ``label``, once it is there; what appears for a moment."""
        message, data = await self.soon(lambda: self.button(label), f"no button {label!r}")
        return await self.act("press", message=message.number, data=data)

    def button(self, label: str) -> tuple[Message, str] | None:
        for message in reversed(self.messages()):
            for button in (button for row in message.buttons for button in row):
                if label in button["text"] and "callback_data" in button:
                    return message, button["callback_data"]
        return None

    async def move(self, to: str, zone: str = "UTC") -> None:
        await self.act("clock", to=to, zone=zone)

    def messages(self) -> list[Message]:
        return list(self.town.chats[self.chat].messages.values())

    async def hears(self, pattern: str, after: int = 0) -> Message:
        """The newest message of the bot that matches ``pattern`` and comes after number ``after``."""

        def heard() -> Message | None:
            said = (message for message in reversed(self.messages()) if message.by_bot and message.number > after)
            return next((message for message in said if re.search(pattern, message.text)), None)

        return await self.soon(heard, f"{pattern!r} did not come")

    async def soon(self, look: Callable[[], T | None], otherwise: str) -> T:
        """What ``look`` finds as soon as it finds anything."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := look():
                return found
            await asyncio.sleep(0.02)
        said = [(message.text[:200], message.buttons[-1:]) for message in self.messages()]
        raise AssertionError(f"{otherwise} among {said[-3:]}")

    @property
    def last(self) -> int:
        return max(self.town.chats[self.chat].messages, default=0)


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    return load_settings({"QIAOJIN_CONFIG_DIR": str(tmp_path / "config"), "QIAOJIN_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds the sample's full day."""
    folder = tmp_path_factory.mktemp("collected")
    settings = load_settings({"QIAOJIN_CONFIG_DIR": str(folder / "none"), "QIAOJIN_DATA_DIR": str(folder)})
    with open_playground(settings, 0, folder, Words("en")) as (_, _, kit):
        pipeline.collect(kit)
        pipeline.prepare_ideas(kit)
    return folder


@dataclass
class Playground:
    """A running bot and the people who talk to it."""

    town: Town
    kit: Kit
    you: Player
    other: Player


@pytest.fixture
def language() -> Language:
    """Of the first person; tests may be parametrised with another."""
    return "en"


@pytest.fixture
async def playground(
    language: Language, collected: Path, own_settings: Settings, tmp_path: Path
) -> AsyncIterator[Playground]:
    folder = shutil.copytree(collected, tmp_path / "kept")
    with open_playground(own_settings, 0, folder, Words(language)) as (town, address, kit):
        service = Service(kit)
        running = asyncio.create_task(service.run())
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            yield Playground(town, kit, Player(town, http), Player(town, http, OTHER, OTHER))
            service.over.set()
            await running


@pytest.fixture
def town() -> Iterator[tuple[Town, str]]:
    """A town without a bot, and its address."""
    empty = founded(MovableClock(), made_up_token(), Words("en"))
    with server.running(empty, 0) as address:
        yield empty, address
