"""Telegram's limits, kept by us: who may send when, and what is done about a call that fails for the moment.

Thirty messages a second over all chats, one a second in a chat, twenty a minute in a group; whoever answers a person
goes ahead of what the outbox sends. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
The limits are the installation's: where several processes serve it, they keep count together, in the database.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot import counting
from bot.chat.gates import ADMITTED, ANSWER, SLACK, Gates, OwnGates, SharedGates, Waiter
from bot.errors import StoreError
from bot.kit import Kit

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.5, 4.0)
"""Seconds between the tries of an answer to a person."""
MOST_WAITS = 5
"""How often one call waits because Telegram says so, before it is given back."""
SHORTEST_PAUSE, AFTER_TROUBLE = 0.005, 1.0
"""Seconds before the gates are looked at again: where they ought to be open, where the database could not be asked."""
SENDING = ("send", "copy", "forward")
Call = Callable[..., Coroutine[Any, Any, Any]]


def limits_of(kit: Kit) -> Limits:
    """Limits over all processes on PostgreSQL; on SQLite there is one."""
    rate = kit.settings.telegram_rate
    return Limits(rate, SharedGates(rate, kit.store) if kit.store.is_postgresql else OwnGates(rate))


class Limits(BaseRateLimiter[int]):
    """``rate`` messages a second over all chats, and never more than Telegram allows in one; 0 for no limits."""

    def __init__(self, rate: float, gates: Gates | None = None):
        # Else the library warns about its own times: https://docs.python-telegram-bot.org/en/v22.8/telegram.error.html
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self.rate, self.gates = rate, gates or OwnGates(rate)
        self.waiting: list[Waiter] = []
        self.arrivals = 0
        self.bell = asyncio.Event()
        self.usher: asyncio.Task[None] | None = None

    async def initialize(self) -> None:
        """Nothing is kept open."""

    async def shutdown(self) -> None:
        if self.usher:
            self.usher.cancel()

    async def process_request(
        self, callback: Call, args: Any, kwargs: dict[str, Any], endpoint: str, data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # fmt: skip
        """Make the call when its turn has come; again where Telegram says later, and, for answers, where it fails.

        The library asks limiters to leave other errors alone; ours are here so that every answer to a person has them.
        """
        urgency = rate_limit_args or ANSWER
        waits, pauses = 0, list(PAUSES) if urgency == ANSWER else []
        while True:
            if urgency != ADMITTED or waits:
                await self.turn(endpoint, data.get("chat_id"), urgency)
            try:
                return await counted(callback(*args, **kwargs))
            except RetryAfter as error:
                await self.gates.hold(seconds_of(error) + SLACK)
                waits += 1
                if waits > MOST_WAITS:
                    raise
            except BadRequest as error:
                if "not modified" in str(error).lower():
                    return True
                raise
            except (NetworkError, TelegramError) as error:
                if not pauses or not is_passing(error):
                    raise
                await asyncio.sleep(pauses.pop(0))

    async def turn(self, endpoint: str, chat: int | str | None, urgency: int) -> None:
        """Wait until a call may be made; one that sends nothing waits only where Telegram asked us to."""
        if chat is None:
            return
        if not endpoint.startswith(SENDING) or endpoint == "sendChatAction" or not self.rate:
            while (left := self.gates.held()) > 0:
                await asyncio.sleep(left)
            return
        self.arrivals += 1
        waiter = Waiter(urgency, self.arrivals, number_of(chat), asyncio.get_running_loop().create_future())
        self.waiting.append(waiter)
        self.bell.set()
        if self.usher is None or self.usher.done():
            self.usher = asyncio.create_task(self.let_in())
        try:
            await waiter.ready
        finally:
            if waiter in self.waiting:
                self.waiting.remove(waiter)

    async def let_in(self) -> None:
        """Let go whoever's turn it is, as long as anybody waits."""
        while self.waiting:
            self.bell.clear()
            queue = sorted(self.waiting)
            try:
                admitted, pause = await self.gates.admit(queue)
            except StoreError as error:
                log.warning("nobody may send as long as the limits are not known: %s", error)
                admitted, pause = (), AFTER_TROUBLE
            for position in admitted:
                self.let_go(queue[position])
            if self.waiting:
                await soon(self.bell, max(pause, SHORTEST_PAUSE))

    def let_go(self, waiter: Waiter) -> None:
        if waiter in self.waiting:  # and has not given up meanwhile
            self.waiting.remove(waiter)
            waiter.ready.set_result(None)


async def counted(call: Coroutine[Any, Any, Any]) -> Any:
    """What the call gives; a failure is counted on its way."""
    try:
        return await call
    except TelegramError as error:
        counting.note("telegram_errors", kind=type(error).__name__)
        raise


def seconds_of(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def number_of(chat: int | str) -> int | str:
    try:
        return int(chat)
    except ValueError:
        return chat


def is_passing(error: TelegramError) -> bool:
    """Whether the same call may well succeed in a moment."""
    if isinstance(error, BadRequest | Forbidden | InvalidToken):
        return False
    return isinstance(error, NetworkError) or "invalid server response" in str(error).lower()


async def soon(event: asyncio.Event, seconds: float) -> None:
    """Wait for ``event``, but not longer."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
