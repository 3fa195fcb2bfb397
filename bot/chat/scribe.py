"""Writing down what became of messages: what is told while one transaction is on its way shares the next one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from bot.errors import StoreError
from bot.kit import Kit
from bot.models import Delivery
from bot.store import deliveries, pages
from bot.store.engine import Session

log = logging.getLogger(__name__)

Note = Callable[[Session], None]
Sent = tuple[Delivery, int]
"""A message that went out, and Telegram's number of it."""


GATHER = 0.005
"""Seconds for which others may join: a transaction costs as much for one message as for ten."""
AGAIN = 2.0
"""Seconds before a database that does not answer is asked again."""


class Scribe:
    """``await scribe.note(…)`` returns when it is written down."""

    def __init__(self, kit: Kit):
        self.kit = kit
        self.notes: list[tuple[Note | Sent, asyncio.Future[None]]] = []
        self.writing: asyncio.Task[None] | None = None

    async def note(self, note: Note | Sent) -> None:
        written = asyncio.get_running_loop().create_future()
        self.notes.append((note, written))
        if self.writing is None or self.writing.done():
            self.writing = asyncio.create_task(self.write())
        await asyncio.shield(written)

    async def write(self) -> None:
        while self.notes:
            await asyncio.sleep(GATHER)
            batch, self.notes = self.notes, []
            try:
                await self.insist([note for note, _ in batch])
            except Exception as error:  # noqa: BLE001 - raised where each note is waited for
                for _, written in batch:
                    written.set_exception(error)
            else:
                for _, written in batch:
                    written.set_result(None)

    async def insist(self, notes: Sequence[Note | Sent]) -> None:
        """Write down, as soon as the database lets us: what was sent must not be forgotten, or it is sent again."""
        while True:
            try:
                return await asyncio.to_thread(self.commit, notes)
            except StoreError as error:
                log.warning("what was sent cannot be written down yet: %s", error)
                await asyncio.sleep(AGAIN)

    def commit(self, notes: Sequence[Note | Sent]) -> None:
        sent = [note for note in notes if isinstance(note, tuple)]
        now = self.kit.clock.now()
        with self.kit.store.write(together=True) as session:
            deliveries.mark_sent(session, [(delivery.number, message_id) for delivery, message_id in sent], now)
            for delivery, message_id in sent:
                if delivery.message.papers:
                    pages.keep(session, delivery.reader_id, message_id, delivery.message, now)
            for note in notes:
                if not isinstance(note, tuple):
                    note(session)
