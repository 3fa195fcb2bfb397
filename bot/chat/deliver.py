"""The outbox on its way to Telegram.

    claim what is due → one reader's messages in order, many readers at once → what Telegram said → noted in the outbox

A message counts as sent when Telegram has answered for it and that is written down; whatever is lost between the two
repeats that one message. What comes after it for the same reader waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram import InputFile
from telegram.constants import ParseMode
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot import charts
from bot.chat.consequences import consequence, is_welcome
from bot.chat.html import MOST, cut, plain
from bot.chat.limits import QUEUED
from bot.chat.scribe import Scribe
from bot.kit import Kit
from bot.models import Button, Delivery, Message
from bot.store import deliveries

log = logging.getLogger(__name__)

WORKERS = 8
"""Readers at once: enough for thirty messages a second where an answer takes a quarter of one."""
CLAIMED_AT_ONCE = 128
LEASE, HEARTBEAT = timedelta(seconds=45), 15.0
LAST_CALLS = 4.0
"""Seconds that calls on their way have when we stop."""

NO_PREVIEW = {"is_disabled": True}
BUTTONS = ("button", "markup", "keyboard")
"""Words of a complaint about buttons."""


class Postman:
    """Empties the outbox; ``run`` goes on until ``stop``."""

    def __init__(self, kit: Kit, bot: ExtBot[Any], on_revoked: Callable[[], None] = lambda: None):
        self.kit, self.bot, self.on_revoked = kit, bot, on_revoked
        self.bell, self.stopping = asyncio.Event(), asyncio.Event()
        self.slots = asyncio.Semaphore(WORKERS)
        self.held: set[int] = set()
        """Numbers of the rows that are ours at the moment."""
        self.scribe = Scribe(kit)
        self.under_way: set[asyncio.Task[None]] = set()

    # --- rounds ---------------------------------------------------------------------------------------------------

    def ring(self) -> None:
        """There may be something to deliver."""
        self.bell.set()

    async def run(self) -> None:
        heart = asyncio.create_task(self.beat())
        try:
            while not self.stopping.is_set():
                self.bell.clear()
                await self.empty()
                await soon(self.bell, 1.0)
        finally:
            heart.cancel()

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
            if numbers := list(self.held):
                await self.scribe.note(partial(deliveries.renew, numbers=numbers, until=datetime.now(UTC) + LEASE))

    # --- claiming -------------------------------------------------------------------------------------------------

    def claim(self) -> list[Delivery]:
        """Messages that are due and welcome now; those that are not are put off, or dropped."""
        now = self.kit.clock.now()
        with self.kit.store.read() as session:
            if not deliveries.is_any_due(session, now, datetime.now(UTC)):
                return []
        with self.kit.store.write() as session:
            claims = deliveries.claim(session, now, datetime.now(UTC), LEASE, CLAIMED_AT_ONCE)
            picky = {reader.id: reader for reader in deliveries.picky(session, {d.reader_id for d in claims})}
            welcome = [claim for claim in claims if is_welcome(session, claim, picky.get(claim.reader_id), now)]
        self.held.update(claim.number for claim in welcome)
        return welcome

    # --- one reader's messages ------------------------------------------------------------------------------------

    async def deliver(self, group: Sequence[Delivery]) -> None:
        """Send one reader's messages in order; after one that has to wait, the rest is given back."""
        for at, delivery in enumerate(group):
            if self.stopping.is_set():
                return await self.give_back(group[at:])
            went_on = await self.deliver_one(delivery)
            self.held.discard(delivery.number)
            if not went_on:
                return await self.give_back(group[at + 1 :])
        return None

    async def give_back(self, group: Sequence[Delivery]) -> None:
        numbers = [delivery.number for delivery in group]
        self.held.difference_update(numbers)
        await self.scribe.note(partial(deliveries.renew, numbers=numbers, until=None))

    async def deliver_one(self, delivery: Delivery) -> bool:
        """Send a message and write down what came of it; whether what follows may be sent."""
        try:
            message_id = await self.send(delivery, delivery.message)
        except TelegramError as error:
            return not await self.put_off(delivery, error) and await self.send_plainly(delivery, error)
        except Exception as error:  # the job's boundary: one bad message must not hold up all others
            log.exception("delivery %s could not be put together", delivery.number)
            await self.scribe.note(partial(deliveries.mark_failed, number=delivery.number, error=repr(error)))
            return True
        await self.scribe.note((delivery, message_id))
        return True

    async def send(self, delivery: Delivery, message: Message, mode: str | None = ParseMode.HTML) -> int:
        """Telegram's number of the message.

        ``send_message`` would also build a dozen objects from the answer, which takes as long as the call itself.
        """
        chat, _, thread = delivery.reader_id.partition(":")
        buttons = [[shown(button) for button in row] for row in message.buttons]
        method, content = await content_of(message)
        data = {
            "chat_id": int(chat), **content, "parse_mode": mode, "message_thread_id": int(thread) if thread else None,
            "reply_markup": {"inline_keyboard": buttons} if buttons else None,
        }  # fmt: skip
        sent = await self.bot._post(method, data, api_kwargs=self.bot._merge_api_rl_kwargs(None, QUEUED))
        return int(sent["message_id"])

    async def put_off(self, delivery: Delivery, error: TelegramError) -> bool:
        """Write down what follows from ``error``; whether anything does that is not the message's fault."""
        if isinstance(error, InvalidToken):
            self.stopping.set()
            self.on_revoked()
        note = consequence(delivery, error)
        if note:
            await self.scribe.note(note)
        return note is not None

    async def send_plainly(self, delivery: Delivery, error: TelegramError) -> bool:
        """Once more without any formatting, and without buttons where those are what is wrong."""
        log.error("Telegram refuses delivery %s (%s): %s", delivery.number, delivery.kind, error)
        about_buttons = any(sign in str(error).lower() for sign in BUTTONS)
        buttons = () if about_buttons else delivery.message.buttons
        bare = Message(cut(plain(delivery.message.html), MOST), buttons, delivery.message.papers)
        try:
            message_id = await self.send(delivery, bare, mode=None)
        except TelegramError as again:
            if await self.put_off(delivery, again):
                return False
            log.error("Telegram refuses delivery %s as plain text too: %s", delivery.number, again)
            await self.scribe.note(partial(deliveries.mark_failed, number=delivery.number, error=f"{error}; {again}"))
        else:
            await self.scribe.note((delivery, message_id))
        return True


async def content_of(message: Message) -> tuple[str, dict[str, Any]]:
    """Telegram's method for a message, and what that takes of it; a picture is drawn here."""
    if not message.picture:
        return "sendMessage", {"text": message.html, "link_preview_options": NO_PREVIEW}
    picture = await asyncio.to_thread(charts.drawn, message.picture)
    return "sendPhoto", {"photo": InputFile(picture, "chart.png"), "caption": message.html or None}


def shown(button: Button) -> dict[str, str]:
    """A button as Telegram has it."""
    data = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text, **data}


def by_reader(claims: Iterable[Delivery]) -> list[list[Delivery]]:
    groups: dict[str, list[Delivery]] = {}
    for claim in claims:
        groups.setdefault(claim.reader_id, []).append(claim)
    return list(groups.values())


async def soon(event: asyncio.Event, seconds: float) -> None:
    """Wait for ``event``, but not longer."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
