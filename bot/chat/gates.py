"""Who may send now: Telegram's limits kept in memory by the only process, or in the database by all of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import StoreError
from bot.rules.gates import ALL, Gate, Passed, lately, let_through
from bot.store import gates
from bot.store.engine import Store

log = logging.getLogger(__name__)

QUEUED = 1
"""What ``rate_limit_args`` says of a message from the outbox: it may wait, and the outbox tries it again itself."""
ADMITTED = 2
"""It has waited already."""
ANSWER = 0
SLACK = 0.05
"""Seconds added to every span: on the way, messages come closer together than they were sent."""
CHAT_SPAN, GROUP_SPAN, GROUP_MOST = 1.0, 60.0, 20
RESERVE = 0.1
"""The part of the rate that the outboxes of several processes leave to answers."""
FORGET_ABOVE = 1000


@dataclass(order=True)
class Waiter:
    """A message that waits for its turn."""

    urgency: int
    number: int
    chat: int | str = field(compare=False)
    ready: asyncio.Future[None] = field(compare=False)


class Gates(Protocol):
    """Who may send now, and who must not."""

    async def admit(self, queue: Sequence[Waiter]) -> tuple[Sequence[int], float]:
        """The positions of those who may send now, and the seconds after which it is worth asking again."""

    async def hold(self, seconds: float) -> None:
        """Nobody sends for so long: Telegram said so."""

    def held(self) -> float:
        """Seconds for which nobody may call."""


class OwnGates:
    """Of the only process there is: kept in memory."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic):
        self.rate, self.clock = rate, clock
        self.passed: Passed = {}
        self.held_until = 0.0

    async def admit(self, queue: Sequence[Waiter]) -> tuple[Sequence[int], float]:
        now = self.clock()
        if len(self.passed) > FORGET_ABOVE:
            latest = now - GROUP_SPAN - SLACK
            self.passed = {name: times for name, times in self.passed.items() if times and times[-1] > latest}
        asked = [gates_for(waiter.chat, self.rate) for waiter in queue]
        self.passed |= lately(asked, self.passed, now)
        passage = let_through(asked, self.passed, now, self.held_until)
        return passage.positions, passage.again - now

    async def hold(self, seconds: float) -> None:
        self.held_until = max(self.held_until, self.clock() + seconds)

    def held(self) -> float:
        return self.held_until - self.clock()


class SharedGates:
    """Of all processes that work on a database: kept there."""

    def __init__(self, rate: float, store: Store, clock: Callable[[], float] = time.monotonic):
        self.rate, self.store, self.clock = rate, store, clock
        self.held_until = 0.0
        """As far as this process has heard, by its own clock."""

    async def admit(self, queue: Sequence[Waiter]) -> tuple[Sequence[int], float]:
        asked = [gates_for(waiter.chat, self.share(waiter.urgency)) for waiter in queue]
        admission = await asyncio.to_thread(self.ask, asked)
        self.held_until = max(self.held_until, self.clock() + admission.held)
        return admission.positions, admission.pause

    def share(self, urgency: int) -> float:
        return self.rate if urgency == ANSWER else self.rate * (1 - RESERVE)

    def ask(self, asked: Sequence[Sequence[Gate]]) -> gates.Admission:
        with self.store.write(together=True) as session:
            return gates.admit(session, asked)

    async def hold(self, seconds: float) -> None:
        self.held_until = max(self.held_until, self.clock() + seconds)
        try:
            await asyncio.to_thread(self.tell, seconds)
        except StoreError as error:
            log.warning("the other processes could not be told to wait: %s", error)

    def tell(self, seconds: float) -> None:
        with self.store.write(together=True) as session:
            gates.hold(session, seconds)

    def held(self) -> float:
        return self.held_until - self.clock()


def gates_for(chat: int | str, rate: float) -> tuple[Gate, ...]:
    """What a message to ``chat`` has to pass; less than one a second is one in so many seconds."""
    overall = Gate(ALL, max(int(rate), 1), max(1.0, 1 / rate) + SLACK)
    name, is_group = str(chat), isinstance(chat, str) or chat < 0
    group = (Gate(name, GROUP_MOST, GROUP_SPAN + SLACK),) if is_group else ()
    return overall, Gate(name, 1, CHAT_SPAN + SLACK), *group
