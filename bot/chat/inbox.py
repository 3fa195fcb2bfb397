"""What Telegram has handed over, until it has been handled: nothing is lost with a process, and nothing done twice.

kept → Telegram hears that it came → handled → its text forgotten → its number too, once it cannot come again
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.chat.scribe import Scribe
from bot.kit import Kit
from bot.store import incoming

PASSING = "inline_query"
"""An update that is worth nothing after a moment, and comes with every letter that somebody types."""
REMEMBERED = 1000
"""Numbers of updates that are remembered, the newest."""


class Inbox:
    """Keeps updates in the database while they are under way."""

    def __init__(self, kit: Kit):
        self.kit, self.scribe = kit, Scribe(kit)
        self.begun: dict[int, None] = {}
        """Numbers of updates that were begun, in that order."""
        self.finished: set[int] = set()
        """Those of them that Telegram may send once more, for all it knows."""

    async def keep(self, updates: Sequence[dict[str, Any]], confirmed: int = 0) -> None:
        """Write down what came before Telegram hears of it; what is before ``confirmed`` it will not send again."""
        lasting = [update for update in updates if PASSING not in update]
        settled = {number for number in self.finished if number < confirmed}
        if lasting or settled:
            await asyncio.to_thread(self.write, lasting, confirmed)
            self.finished -= settled

    def write(self, updates: Sequence[dict[str, Any]], confirmed: int) -> None:
        with self.kit.store.write(together=True) as session:
            incoming.keep(session, updates, datetime.now(UTC))
            incoming.forget_before(session, confirmed)

    def left(self) -> list[dict[str, Any]]:
        """What a process before us did not come to, oldest first; what it did is not done again."""
        with self.kit.store.write(together=True) as session:
            self.finished = incoming.handled(session)
            self.begun = dict.fromkeys(sorted(self.finished))
            return incoming.left(session)

    def begin(self, number: int) -> bool:
        """Whether an update is to be handled now: not when it was begun before."""
        if number in self.begun:
            return False
        self.begun[number] = None
        if len(self.begun) > REMEMBERED:
            del self.begun[next(iter(self.begun))]
        return True

    async def finish(self, number: int) -> None:
        """An update has been handled."""
        self.finished.add(number)
        await self.scribe.note(partial(incoming.note_handled, numbers=[number]))
