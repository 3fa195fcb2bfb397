"""What is seen to after each collecting; nothing of it ever keeps a digest from going out."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot import backups, pipeline
from bot.chat.notices import note_outages
from bot.errors import StoreError
from bot.kit import Kit
from bot.schedule import EXPIRY
from bot.store import deliveries, gates, incoming, pages

log = logging.getLogger(__name__)

UPDATES_KEPT = timedelta(hours=1)
"""Real time for which the numbers of updates are kept; Telegram repeats what it got no answer for within minutes."""


def expire(kit: Kit) -> None:
    """Forget what has been kept long enough."""
    with kit.store.write() as session:
        deliveries.expire_bodies(session, kit.clock.now() - EXPIRY)
        pages.expire(session, kit.clock.now())
        incoming.expire(session, datetime.now(UTC) - UPDATES_KEPT)
        gates.forget_quiet(session)


def keep_backup(kit: Kit) -> None:
    if kept := backups.keep_daily(kit):
        log.info("today's backup is %s", kept)


def give_memory_back(kit: Kit) -> None:
    """What was free again after collecting goes to the system; glibc keeps it otherwise, and other libraries need not.

    https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


Job = Callable[[Kit], object]
JOBS: tuple[Job, ...] = (note_outages, expire, pipeline.prepare_archive, keep_backup, give_memory_back)


def keep_house(kit: Kit, *, over: type[Exception]) -> None:
    """Do all of it, whatever goes wrong with a part; ``over``, raised where ``kit`` tells of progress, ends it."""
    for job in JOBS:
        attempt(job, kit, over=over)


def attempt(job: Job, kit: Kit, *, over: type[Exception]) -> None:
    """Do one thing; where it fails, the log tells of it, and nothing else is the worse for it."""
    try:
        kit.progress("housekeeping", 0, 0)
        job(kit)
    except over:
        raise
    except StoreError as error:
        log.warning("%s failed: %s", job.__name__, error)
    except Exception:  # the job's boundary
        log.exception("%s failed", job.__name__)
