"""The outbox on its way to Telegram.

    claim what is due → one reader's messages in order, many readers at once → what Telegram said → noted in the outbox

A message counts as sent when Telegram has answered for it and that is written down; whatever is lost between the two
repeats that one message. There is one such message at a time: the next call is made when the outcome of the last one is
written down. What comes after it for the same reader waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot import counting
from bot.chat.consequences import consequence, is_welcome
from bot.chat.gates import QUEUED
from bot.chat.html import MOST, cut, plain
from bot.chat.limits import Limits, number_of, soon
from bot.chat.scribe import Scribe
from bot.chat.sending import content_of, send
from bot.errors import StoreError
from bot.kit import Kit
from bot.models import Delivery, Message
from bot.store import deliveries
from bot.store.engine import Session
from bot.store.gates import real_now

log = logging.getLogger(__name__)

WORKERS = 8
"""Readers at once: while one may not have another message yet, or has a picture drawn, others get theirs."""
CLAIMED_AT_ONCE = 128
LEASE, HEARTBEAT = timedelta(seconds=45), 15.0
SIGN_OF_LIFE, AFTER_TROUBLE = 120.0, 5.0
"""Seconds within which the outbox is looked at; seconds to wait for a database that does not answer."""
LAST_CALLS = 4.0
"""Seconds that calls on their way have when we stop."""

BUTTONS = ("button", "markup", "keyboard")
"""Words of a complaint about buttons."""


class Postman:
    """Empties the outbox; ``run`` goes on until ``stop``."""

    def __init__(self, kit: Kit, bot: ExtBot[Any], on_revoked: Callable[[], None] = lambda: None):
        self.kit, self.bot, self.on_revoked = kit, bot, on_revoked
        self.bell, self.stopping = asyncio.Event(), asyncio.Event()
        self.slots = asyncio.Semaphore(WORKERS)
        self.line = asyncio.Semaphore(1 if self.limits.rate else WORKERS)
        """Held from a call until its outcome is written down: of what a killed process did, one message is in doubt.
        Who lifts the limits wants speed, and may see one a worker again."""
        self.held: dict[int, float] = {}
        """Numbers of the rows that are ours, and until when they surely are, by ``time.monotonic``."""
        self.scribe = Scribe(kit)
        self.under_way: set[asyncio.Task[None]] = set()

    @property
    def limits(self) -> Limits:
        assert isinstance(self.bot.rate_limiter, Limits)
        return self.bot.rate_limiter

    # --- rounds ---------------------------------------------------------------------------------------------------

    def ring(self) -> None:
        """There may be something to deliver."""
        self.bell.set()

    async def run(self) -> None:
        heart = asyncio.create_task(self.beat())
        counting.expect("outbox", within=SIGN_OF_LIFE)
        try:
            while not self.stopping.is_set():
                self.bell.clear()
                try:
                    await self.empty()
                except StoreError as error:
                    log.warning("the outbox cannot be read, and is tried again: %s", error)
                    await soon(self.stopping, AFTER_TROUBLE)
                await soon(self.bell, 1.0)
        finally:
            heart.cancel()
            counting.dismiss("outbox")

    async def stop(self) -> None:
        """Finish what is on its way, and give back what is not."""
        self.stopping.set()
        self.ring()
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=LAST_CALLS)
        for task in self.under_way:
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def empty(self) -> None:
        """Deliver all that is due now."""
        while not self.stopping.is_set():
            counting.beat("outbox")
            claims = await asyncio.to_thread(self.claim)
            if not claims and not self.under_way:
                return
            if not claims:
                await asyncio.wait(self.under_way, return_when=asyncio.FIRST_COMPLETED)
            for group in by_reader(claims):
                await self.slots.acquire()
                task = asyncio.create_task(self.deliver(group))
                self.under_way.add(task)
                task.add_done_callback(self.done)

    def done(self, task: asyncio.Task[None]) -> None:
        self.under_way.discard(task)
        self.slots.release()

    async def beat(self) -> None:
        """Keep what is held from being taken for left behind."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            until = lease_end()
            if numbers := [number for number in self.held if self.is_ours(number)]:
                await self.scribe.note(partial(renewed, numbers=numbers))
                self.held.update((number, until) for number in numbers if number in self.held)

    # --- claiming -------------------------------------------------------------------------------------------------

    def claim(self) -> list[Delivery]:
        """Messages that are due and welcome now; those that are not are put off, or dropped."""
        now, until = self.kit.clock.now(), lease_end()
        with self.kit.store.read() as session:
            if not deliveries.is_any_due(session, now, real_now(session)):
                return []
        with self.kit.store.write(together=True) as session:
            claims = deliveries.claim(session, now, real_now(session), LEASE, CLAIMED_AT_ONCE)
            picky = {reader.id: reader for reader in deliveries.picky(session, {d.reader_id for d in claims})}
            welcome = [claim for claim in claims if is_welcome(session, claim, picky.get(claim.reader_id), now)]
        # Where the database's clock was put forward, what we are just sending is free for all, ourselves included.
        busy = {claim.reader_id for claim in claims if claim.number in self.held}
        fresh = [claim for claim in welcome if claim.reader_id not in busy]
        self.held.update((claim.number, until) for claim in fresh)
        return fresh

    def is_ours(self, number: int) -> bool:
        """Whether our lease still runs: where it ended, after a long sleep or an outage, others may have gone on."""
        return self.held.get(number, 0.0) > time.monotonic()

    # --- one reader's messages ------------------------------------------------------------------------------------

    async def deliver(self, group: Sequence[Delivery]) -> None:
        """Send one reader's messages in order; after one that has to wait, the rest is given back."""
        for at, delivery in enumerate(group):
            if self.stopping.is_set():
                return await self.give_back(group[at:])
            went_on = await self.deliver_one(delivery)
            self.held.pop(delivery.number, None)
            if not went_on:
                return await self.give_back(group[at + 1 :])
        return None

    async def give_back(self, group: Sequence[Delivery]) -> None:
        numbers = [delivery.number for delivery in group if self.is_ours(delivery.number)]
        for delivery in group:
            self.held.pop(delivery.number, None)
        await self.scribe.note(partial(deliveries.renew, numbers=numbers, until=None))

    async def deliver_one(self, delivery: Delivery) -> bool:
        """Send a message when its turn has come; whether what follows may be sent."""
        try:
            method, content = await content_of(delivery.message)
            await self.turn(delivery, method)
            async with self.line:
                return self.is_ours(delivery.number) and await self.send_and_note(delivery, method, content)
        except Exception as error:  # the job's boundary: one bad message must not hold up all others
            log.exception("delivery %s could not be put together", delivery.number)
            await self.note_failed(delivery, repr(error))
            return True

    async def turn(self, delivery: Delivery, method: str) -> None:
        """Wait until Telegram's limits let the message through; nobody else waits for that."""
        await self.limits.turn(method, number_of(delivery.reader_id.partition(":")[0]), QUEUED)

    async def send_and_note(self, delivery: Delivery, method: str, content: dict[str, Any]) -> bool:
        """Send a message and write down what came of it; whether what follows may be sent."""
        try:
            message_id = await send(self.bot, delivery.reader_id, delivery.message, method, content)
        except TelegramError as error:
            return not await self.put_off(delivery, error) and await self.send_plainly(delivery, error)
        await self.note_sent(delivery, message_id)
        return True

    async def note_sent(self, delivery: Delivery, message_id: int) -> None:
        counting.note("deliveries", kind=delivery.kind, outcome="sent")
        await self.scribe.note((delivery, message_id))

    async def note_failed(self, delivery: Delivery, error: str) -> None:
        counting.note("deliveries", kind=delivery.kind, outcome="failed")
        await self.scribe.note(partial(deliveries.mark_failed, number=delivery.number, error=error))

    async def put_off(self, delivery: Delivery, error: TelegramError) -> bool:
        """Write down what follows from ``error``; whether anything does that is not the message's fault."""
        if isinstance(error, InvalidToken):
            self.stopping.set()
            self.on_revoked()
        note = consequence(delivery, error)
        if note:
            counting.note("deliveries", kind=delivery.kind, outcome="put_off")
            await self.scribe.note(note)
        return note is not None

    async def send_plainly(self, delivery: Delivery, error: TelegramError) -> bool:
        """Once more without any formatting, and without buttons where those are what is wrong."""
        log.error("Telegram refuses delivery %s (%s): %s", delivery.number, delivery.kind, error)
        about_buttons = any(sign in str(error).lower() for sign in BUTTONS)
        buttons = () if about_buttons else delivery.message.buttons
        bare = Message(cut(plain(delivery.message.html), MOST), buttons, delivery.message.papers)
        try:
            message_id = await send(self.bot, delivery.reader_id, bare, *await content_of(bare), mode=None)
        except TelegramError as again:
            if await self.put_off(delivery, again):
                return False
            log.error("Telegram refuses delivery %s as plain text too: %s", delivery.number, again)
            await self.note_failed(delivery, f"{error}; {again}")
        else:
            await self.note_sent(delivery, message_id)
        return True


def lease_end() -> float:
    """Until when a row that is claimed now will be ours."""
    return time.monotonic() + LEASE.total_seconds()


def renewed(session: Session, numbers: Sequence[int]) -> None:
    deliveries.renew(session, numbers, real_now(session) + LEASE)


def by_reader(claims: Iterable[Delivery]) -> list[list[Delivery]]:
    groups: dict[str, list[Delivery]] = {}
    for claim in claims:
        groups.setdefault(claim.reader_id, []).append(claim)
    return list(groups.values())
