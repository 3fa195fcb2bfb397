"""Updates on their way to the bot: kept until it says that it has them, handed to one poller at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from bot.playground.api.errors import Refused
from bot.playground.models import Record

MOST_AT_ONCE = 100
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}


class Updates:
    """The queue behind ``getUpdates``: https://core.telegram.org/bots/api#getupdates"""

    def __init__(self) -> None:
        self.waiting: deque[Record] = deque()
        self.last = 0
        self.allowed: Sequence[str] = ()
        """Kinds that the bot wants; empty for Telegram's own choice."""
        self.arrived = asyncio.Event()
        self.polls = 0
        """How many polls there have been: an older one gives way to a newer one."""
        self.polling = False
        self.on_polling: Callable[[], None] = lambda: None
        """Called when the bot begins to poll."""

    def put(self, kind: str, what: Record) -> None:
        self.last += 1
        self.waiting.append({"update_id": self.last, kind: what})
        self.arrived.set()

    def is_wanted(self, update: Record) -> bool:
        kind = next(name for name in update if name != "update_id")
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED

    async def get(self, offset: int, limit: int, seconds: float, allowed: Sequence[str] | None) -> list[Record]:
        """Updates from ``offset`` on, waiting for the first one; raises Refused (409) when another poll begins."""
        self.polls += 1
        mine, self.allowed = self.polls, self.allowed if allowed is None else allowed
        self.arrived.set()  # whoever polled before gives way
        self.confirm(offset)
        self.begin()
        deadline = asyncio.get_running_loop().time() + seconds
        while not (found := self.ready(limit)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            self.arrived.clear()
            await soon(self.arrived, left)
            if mine != self.polls:
                raise Refused("terminated by other getUpdates request; make sure that only one bot instance is running", 409)  # noqa: E501  # fmt: skip
        return found

    def end(self) -> None:
        """Let go of whoever still polls."""
        self.polls += 1
        self.arrived.set()

    def begin(self) -> None:
        if not self.polling:
            self.polling = True
            self.on_polling()

    def confirm(self, offset: int) -> None:
        """Forget what the bot has; a negative offset leaves that many of the last ones."""
        first = self.last + 1 + offset if offset < 0 else offset
        self.waiting = deque(update for update in self.waiting if update["update_id"] >= first)

    def ready(self, limit: int) -> list[Record]:
        self.waiting = deque(filter(self.is_wanted, self.waiting))
        return list(self.waiting)[: min(max(limit, 1), MOST_AT_ONCE)]


async def soon(event: asyncio.Event, seconds: float) -> None:
    """Wait for ``event``, but not longer."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
