"""Telegram's limits, kept by us: who may send when, and what is done about a call that fails for the moment.

Thirty messages a second over all chats, one a second in a chat, twenty a minute in a group; whoever answers a person
goes ahead of what the outbox sends. https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

QUEUED = 1
"""What ``rate_limit_args`` says of a message from the outbox: it may wait, and the outbox tries it again itself."""
ANSWER = 0
SLACK = 0.05
"""Seconds added to every span: on the way, messages come closer together than they were sent."""
CHAT_SPAN, GROUP_SPAN, GROUP_MOST = 1.0, 60.0, 20
PAUSES = (0.5, 1.5, 4.0)
"""Seconds between the tries of an answer to a person."""
MOST_WAITS = 5
"""How often one call waits because Telegram says so, before it is given back."""
FORGET_ABOVE = 1000
SENDING = ("send", "copy", "forward")
Call = Callable[..., Coroutine[Any, Any, Any]]


@dataclass
class Turnstile:
    """Lets at most ``most`` through in ``span`` seconds."""

    most: int
    span: float
    passed: deque[float] = field(default_factory=deque)

    def opens(self, now: float) -> float:
        """When the next one may pass."""
        while self.passed and self.passed[0] <= now - self.span - SLACK:
            self.passed.popleft()
        return now if len(self.passed) < self.most else self.passed[-self.most] + self.span + SLACK

    def passes(self, now: float) -> None:
        self.passed.append(now)


@dataclass(order=True)
class Waiter:
    """A message that waits for its turn."""

    urgency: int
    number: int
    chat: int | str = field(compare=False)
    ready: asyncio.Future[None] = field(compare=False)


class Limits(BaseRateLimiter[int]):
    """``rate`` messages a second over all chats, and never more than Telegram allows in one; 0 for no limits."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic):
        # Else the library warns about its own times: https://docs.python-telegram-bot.org/en/v22.8/telegram.error.html
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self.rate, self.clock = rate, clock
        # Less than one a second is one in so many seconds.
        self.overall = Turnstile(max(int(rate), 1), max(1.0, 1 / rate if rate else 1.0))
        self.chats: dict[int | str, list[Turnstile]] = {}
        self.waiting: list[Waiter] = []
        self.held_until = 0.0
        self.arrivals = 0
        self.alarm: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing is kept open."""

    async def shutdown(self) -> None:
        if self.alarm:
            self.alarm.cancel()

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
            await self.turn(endpoint, data.get("chat_id"), urgency)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                self.hold(seconds_of(error))
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
            while (left := self.held_until - self.clock()) > 0:
                await asyncio.sleep(left)
            return
        self.arrivals += 1
        waiter = Waiter(urgency, self.arrivals, number_of(chat), asyncio.get_running_loop().create_future())
        self.waiting.append(waiter)
        self.admit()
        try:
            await waiter.ready
        except asyncio.CancelledError:
            if waiter in self.waiting:
                self.waiting.remove(waiter)
            raise

    def admit(self) -> None:
        """Let go whoever's turn it is, and come back when the next one's is."""
        if self.alarm:
            self.alarm.cancel()
            self.alarm = None
        now = self.clock()
        later = [now + CHAT_SPAN]
        for waiter in sorted(self.waiting):
            opens = max(self.held_until, self.overall.opens(now))
            if opens > now:
                later = [opens]
                break
            gates = self.gates(waiter.chat)
            opens = max(gate.opens(now) for gate in gates)
            if opens > now:
                later.append(opens)
                continue
            for gate in (self.overall, *gates):
                gate.passes(now)
            self.waiting.remove(waiter)
            if not waiter.ready.done():
                waiter.ready.set_result(None)
        if self.waiting:
            self.alarm = asyncio.get_running_loop().call_later(max(min(later) - now, 0.001), self.admit)

    def gates(self, chat: int | str) -> list[Turnstile]:
        """The limits of one chat; those that have long been quiet are forgotten where there are many."""
        if chat not in self.chats:
            if len(self.chats) >= FORGET_ABOVE:
                self.forget_quiet()
            is_group = isinstance(chat, str) or chat < 0
            group = [Turnstile(GROUP_MOST, GROUP_SPAN)] if is_group else []
            self.chats[chat] = [Turnstile(1, CHAT_SPAN), *group]
        return self.chats[chat]

    def forget_quiet(self) -> None:
        now = self.clock()
        self.chats = {
            chat: gates
            for chat, gates in self.chats.items()
            if any(gate.opens(now) > now or gate.passed for gate in gates)
        }

    def hold(self, seconds: float) -> None:
        """Nobody sends for so long: Telegram said so."""
        self.held_until = max(self.held_until, self.clock() + seconds + SLACK)


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
