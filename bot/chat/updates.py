"""How updates come in: polls that keep what comes, and bear with another instance; one update of a chat at a time."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.error import Conflict, NetworkError, TimedOut
from telegram.ext import BaseUpdateProcessor
from telegram.request import HTTPXRequest, RequestData

from bot import counting
from bot.chat.inbox import Inbox
from bot.errors import StoreError

log = logging.getLogger(__name__)

WANTED = ["message", "channel_post", "callback_query", "inline_query", "message_reaction", "my_chat_member"]
AT_ONCE = 64
CONFLICT_SECONDS, CONFLICT_PAUSE = 30.0, 2.0


class Polls(HTTPXRequest):
    """Asks for updates; where another instance does so too, again and again for half a minute, then no more.

    What comes is put into ``inbox`` before the library sees it, and so before the next question tells Telegram that it
    came. ``on_conflict`` and ``on_revoked`` are called when there is no point in going on.
    """

    def __init__(
        self, inbox: Inbox, on_conflict: Callable[[], None], on_revoked: Callable[[], None], **options: Any
    ):  # fmt: skip
        super().__init__(**options)
        self.inbox, self.on_conflict, self.on_revoked = inbox, on_conflict, on_revoked
        self.conflict_since: float | None = None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        while True:
            try:
                code, body = await super().do_request(url, method, request_data, *args, **kwargs)
            except TimedOut:  # the library asks again, and says nothing of it
                log.warning("Telegram takes the question for updates, and does not answer it")
                raise
            if code in (401, 404):
                self.on_revoked()
            if code != 409:
                self.conflict_since = None
                await self.keep(code, body, request_data)
                if code == 200:  # and what came is ours: a full disk is no life
                    counting.beat("updates")
                return code, body
            await self.bear_conflict()

    async def keep(self, code: int, body: bytes, asked: RequestData | None) -> None:
        """Keep the updates of an answer; one that is none is the library's to complain of."""
        try:
            updates = json.loads(body)["result"] if code == 200 else []
        except (ValueError, LookupError, TypeError):
            return
        if isinstance(updates, list):
            try:
                await self.inbox.keep(updates, offset_of(asked))
            except StoreError as error:
                raise NetworkError(f"what came cannot be kept, and is asked for again: {error}") from error

    async def bear_conflict(self) -> None:
        now = time.monotonic()
        self.conflict_since = self.conflict_since or now
        if now - self.conflict_since >= CONFLICT_SECONDS:
            self.on_conflict()
            raise Conflict("another instance is polling")
        await asyncio.sleep(CONFLICT_PAUSE)


def offset_of(asked: RequestData | None) -> int:
    """The number before which Telegram hears that updates came."""
    offset = asked.parameters.get("offset") if asked else None
    return offset if isinstance(offset, int) else 0


class InTurn(BaseUpdateProcessor):
    """Chats side by side, what happens in one of them one after the other, each update once.

    ``after`` is called after each update.
    """

    def __init__(self, inbox: Inbox, after: Callable[[], Awaitable[None]]):
        super().__init__(AT_ONCE)
        self.inbox, self.after = inbox, after
        self.locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if isinstance(update, Update) and not self.inbox.begin(update.update_id):
            if isinstance(coroutine, Coroutine):
                coroutine.close()
            return
        counting.note("updates", kind=kind_of(update))
        lock = self.locks.setdefault(place_of(update), asyncio.Lock())
        async with lock:
            await coroutine
        if isinstance(update, Update) and not update.inline_query:
            await self.inbox.finish(update.update_id)
            await self.after()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def kind_of(update: object) -> str:
    """Which of ``WANTED`` an update is."""
    return next((kind for kind in WANTED if getattr(update, kind, None)), "other")


def place_of(update: object) -> int:
    """Where an update belongs: its chat, or the person who asks from anywhere."""
    if not isinstance(update, Update):
        return 0
    place = update.effective_chat or update.effective_user
    return place.id if place else 0
