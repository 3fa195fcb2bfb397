"""What the clock sends for and does not wait for: papers, and arXiv's answers about new ideas.

Each errand has a thread that does not keep the program from ending. It stops at the next step that may be repeated when
the bot stops, or when another process keeps the clock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from bot import matching, pipeline
from bot.chat.housekeeping import attempt, keep_house
from bot.collecting import SERVICES
from bot.errors import StoreError
from bot.kit import Kit
from bot.schedule import backfill_days, is_collecting_due, pieces
from bot.store import state

log = logging.getLogger(__name__)

FRESH_FOR = 600.0
"""Seconds for which digests wait for the newest day that is just being collected."""
REMEMBERED_RUNS = 30


class Stopped(Exception):
    """The bot stops, or another process keeps the clock now."""


class Errands:
    """``may_go_on`` says whether the clock is still ours."""

    def __init__(self, kit: Kit, complete: matching.Complete, may_go_on: Callable[[], bool]):
        self.kit, self.complete, self.may_go_on = kit, complete, may_go_on
        self.stopping = threading.Event()
        self.collector = replace(kit, patient=True, progress=self.watch)
        self.collecting: threading.Thread | None = None
        self.asking: threading.Thread | None = None
        self.fresh_since: float | None = None
        """When collecting of the newest day began that is still going on."""
        self.backfilled: date | None = None

    def stop(self) -> None:
        self.stopping.set()

    def watch(self, what: str, done: int, total: int) -> None:
        """Told of each step: the place to leave it."""
        if self.stopping.is_set() or not self.may_go_on():
            raise Stopped

    @contextmanager
    def boundary(self, what: str) -> Iterator[None]:
        """Where an errand ends, however it ends: the next one goes on with it."""
        try:
            yield
        except Stopped:
            log.info("%s goes on after the next start, or in another process", what)
        except StoreError as error:
            log.warning("%s ends, and is tried again: %s", what, error)
        except Exception:
            if not self.stopping.is_set():
                log.exception("%s failed", what)

    # --- collecting -----------------------------------------------------------------------------------------------

    @property
    def is_collecting(self) -> bool:
        return self.collecting is not None and self.collecting.is_alive()

    @property
    def is_newest_coming(self) -> bool:
        """Whether digests had better wait for the newest day."""
        return self.fresh_since is not None and time.monotonic() - self.fresh_since < FRESH_FOR

    def is_time_to_collect(self) -> bool:
        if self.is_collecting:
            return False
        with self.kit.store.read() as session:
            runs = state.last_runs(session, REMEMBERED_RUNS)
        return is_collecting_due(self.kit.clock.now(), self.kit.newest_by_clock(), runs)

    def collect_aside(self, on_newest: Callable[[], object]) -> None:
        """Collect, unless that is being done; ``on_newest`` is called in the thread when the newest day is here."""
        if not self.is_collecting:
            self.fresh_since = time.monotonic()
            self.collecting = threading.Thread(target=self.collect, args=(on_newest,), name="collecting", daemon=True)
            self.collecting.start()

    def collect(self, on_newest: Callable[[], object]) -> None:
        with self.boundary("collecting"):
            attempt(pipeline.prepare_ideas, self.collector, over=Stopped)
            self.collect_newest()
            self.fresh_since = None
            on_newest()
            self.backfill()
            keep_house(self.collector, over=Stopped)
        self.fresh_since = None

    def collect_newest(self) -> None:
        """The newest day, and what was announced since we last looked."""
        newest = self.kit.newest_by_clock()
        with self.kit.store.read() as session:
            last = max((run.last_day for run in state.last_runs(session, REMEMBERED_RUNS)), default=None)
        collected = pipeline.collect(self.collector)
        lacking = f", without {', '.join(collected.missing)}" if collected.missing else ""
        log.info("collected %s%s", collected.days[-1], lacking)
        self.collect_spans([day for day in self.lacking(newest) if last and day > last])

    def backfill(self) -> None:
        """The month before, newest first; what a source could not give is asked for again once a day."""
        newest, today = self.kit.newest_by_clock(), self.kit.clock.now().date()
        if self.backfilled != today:
            self.collect_spans(self.lacking(newest))
            self.backfilled = today

    def collect_spans(self, days: list[date]) -> None:
        for first, last in pieces(days, self.kit.settings.arxiv_holidays):
            collected = pipeline.collect(self.collector, first, last)
            log.info("collected %s to %s", collected.days[0], collected.days[-1])

    def lacking(self, newest: date) -> list[date]:
        """Announcement days of the month before ``newest`` that are not whole."""
        settings = self.kit.settings
        with self.kit.store.read() as session:
            return [
                day
                for day in backfill_days(newest, settings.arxiv_holidays)
                if state.missing(session, day, SERVICES, settings.categories)
            ]

    # --- new ideas ------------------------------------------------------------------------------------------------

    @property
    def is_asking(self) -> bool:
        return self.asking is not None and self.asking.is_alive()

    def ask_aside(self) -> None:
        """Ask arXiv for the phrases of new ideas."""
        self.asking = threading.Thread(target=self.ask_arxiv, name="asking arXiv", daemon=True)
        self.asking.start()

    def ask_arxiv(self) -> None:
        with self.boundary("asking arXiv for ideas"):
            pipeline.complete_ideas(replace(self.kit, progress=self.watch), self.complete)
