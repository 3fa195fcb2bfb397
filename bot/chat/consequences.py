"""What follows from what Telegram says about a message, as something to write down."""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime, timedelta
from functools import partial

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.chat.limits import seconds_of
from bot.chat.scribe import Note
from bot.matching import SCOOP
from bot.models import Delivery, Reader
from bot.schedule import is_paused, pause_ends, quiet_until
from bot.store import deliveries, moves
from bot.store.engine import Session

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0
"""Seconds before a message is tried again: twice as long each time."""
CLOSED_PAUSE = 3600.0
"""Seconds after which a closed topic is tried again."""
WELCOME = timedelta(hours=1)
"""How long somebody new is answered in their quiet hours too."""

GONE = (
    "chat not found", "chat_write_forbidden", "not enough rights", "have no rights", "need administrator rights",
    "user is deactivated", "group chat was deactivated", "peer_id_invalid", "message thread not found",
    "bot is not a member", "chat_restricted", "channel_private", "topic_deleted",
)  # fmt: skip
"""Bad requests that say that nothing can be written there any more."""
CLOSED = "topic_closed"


def consequence(delivery: Delivery, error: TelegramError) -> Note | None:
    """What to write down about ``delivery``; None where the message itself is at fault."""
    told = str(error).lower()
    if isinstance(error, ChatMigrated):
        log.info("chat %s is now %s", delivery.reader_id, error.new_chat_id)
        return partial(moved, delivery=delivery, new=error.new_chat_id)
    if isinstance(error, RetryAfter):
        return later(delivery, seconds_of(error), error)
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and any(sign in told for sign in GONE)):
        log.info("reader %s is gone: %s", delivery.reader_id, error)
        return partial(deliveries.drop_reader, reader_id=delivery.reader_id)
    if isinstance(error, BadRequest):
        return later(delivery, CLOSED_PAUSE, error) if CLOSED in told else None
    pause = min(FIRST_PAUSE * 2**delivery.attempts, LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311
    log.warning("delivery %s is tried again in %.0f s: %s", delivery.number, pause, error)
    return later(delivery, pause, error)


def later(delivery: Delivery, seconds: float, error: TelegramError) -> Note:
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return partial(deliveries.postpone, number=delivery.number, until=until, error=str(error))


def moved(session: Session, delivery: Delivery, new: int) -> None:
    moves.move_reader(session, delivery.reader_id.partition(":")[0], str(new))
    deliveries.renew(session, [delivery.number], None)


def is_welcome(session: Session, delivery: Delivery, reader: Reader | None, now: datetime) -> bool:
    """Whether the reader wants it now; else it waits for the end of their quiet hours, or is dropped.

    ``reader`` is None for one who takes messages at any time.
    """
    if reader is None:
        return True
    if reader.state == "stopped":
        deliveries.settle(session, delivery.number, deliveries.DROPPED)
        return False
    if delivery.kind == SCOOP and is_paused(reader, now):
        deliveries.put_off(session, delivery.number, pause_ends(reader))
        return False
    is_new = reader.joined is not None and timedelta(0) <= now - reader.joined < WELCOME
    if is_new or not (until := quiet_until(reader, now)):
        return True
    deliveries.put_off(session, delivery.number, until)
    return False
