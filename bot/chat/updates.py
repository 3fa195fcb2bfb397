"""How updates come in: polls that bear with another instance for a while, and one update of a chat at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import Conflict
from telegram.ext import BaseUpdateProcessor
from telegram.request import HTTPXRequest, RequestData

WANTED = ["message", "channel_post", "callback_query", "inline_query", "message_reaction", "my_chat_member"]
AT_ONCE = 64
CONFLICT_SECONDS, CONFLICT_PAUSE = 30.0, 2.0


class Polls(HTTPXRequest):
    """Asks for updates; where another instance does so too, again and again for half a minute, then no more.

    ``on_conflict`` and ``on_revoked`` are called when there is no point in going on.
    """

    def __init__(self, on_conflict: Callable[[], None], on_revoked: Callable[[], None], **options: Any):
        super().__init__(**options)
        self.on_conflict, self.on_revoked = on_conflict, on_revoked
        self.conflict_since: float | None = None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        while True:
            code, body = await super().do_request(url, method, request_data, *args, **kwargs)
            if code in (401, 404):
                self.on_revoked()
            if code != 409:
                self.conflict_since = None
                return code, body
            await self.bear_conflict()

    async def bear_conflict(self) -> None:
        now = time.monotonic()
        self.conflict_since = self.conflict_since or now
        if now - self.conflict_since >= CONFLICT_SECONDS:
            self.on_conflict()
            raise Conflict("another instance is polling")
        await asyncio.sleep(CONFLICT_PAUSE)


class InTurn(BaseUpdateProcessor):
    """Chats side by side, what happens in one of them one after the other; ``after`` is called after each update."""

    def __init__(self, after: Callable[[], Awaitable[None]]):
        super().__init__(AT_ONCE)
        self.after = after
        self.locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        lock = self.locks.setdefault(place_of(update), asyncio.Lock())
        async with lock:
            await coroutine
        if isinstance(update, Update) and not update.inline_query:
            await self.after()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def place_of(update: object) -> int:
    """Where an update belongs: its chat, or the person who asks from anywhere."""
    if not isinstance(update, Update):
        return 0
    place = update.effective_chat or update.effective_user
    return place.id if place else 0
