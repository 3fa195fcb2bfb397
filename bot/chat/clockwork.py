"""The clock: once a minute it is seen who is due, and whether it is time to collect.

APScheduler only ticks. What is to be done follows from the database and ``now``, so that a tick may be missed, or come
twice, and nothing is missed or done twice. Of several processes one keeps the clock; the others look whether it does.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import counting, matching, pipeline
from bot.chat.housekeeping import attempt, keep_house
from bot.chat.voices import completer, reminder, renderer, summarizer, teller
from bot.collecting import SERVICES
from bot.errors import StoreError
from bot.kit import Kit
from bot.schedule import TICK, backfill_days, is_collecting_due, pieces
from bot.store import state
from bot.store.batons import CLOCK, Baton

log = logging.getLogger(__name__)

LOOK_SECONDS = 12
"""How often a process that does not keep the clock looks whether somebody does."""
FRESH_FOR = 600.0
"""Seconds for which digests wait for the newest day that is just being collected."""
REMEMBERED_RUNS = 30


class Stopped(Exception):
    """The bot stops, or another process keeps the clock now."""


class Clockwork:
    """Collects and decides when it is time; ``wake`` is called when something may be in the outbox."""

    def __init__(self, kit: Kit, wake: Callable[[], None]):
        self.kit, self.wake = kit, wake
        self.render, self.tell, self.complete = renderer(kit), teller(kit), completer(kit)
        self.remind, self.summarize = reminder(kit), summarizer(kit)
        self.collector = replace(kit, patient=True, progress=self.watch)
        self.baton = Baton(kit.store, CLOCK)
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self.deciding = asyncio.Lock()
        self.stopping = threading.Event()
        self.fresh_since: float | None = None
        """When collecting of the newest day began that is still going on."""
        self.thread: threading.Thread | None = None
        self.asking: threading.Thread | None = None
        """Asks arXiv for the phrases of new ideas."""
        self.backfilled: date | None = None
        self.minding: asyncio.Task[None] | None = None

    def start(self) -> None:
        for job, seconds in ((self.tick, TICK.total_seconds()), (self.look, LOOK_SECONDS)):
            self.scheduler.add_job(
                job, "interval", seconds=seconds, id=job.__name__, next_run_time=datetime.now(UTC),
                max_instances=1, coalesce=True, misfire_grace_time=None,
            )  # fmt: skip
        self.scheduler.start()
        loop = asyncio.get_running_loop()
        self.minding = loop.create_task(self.mind_jumps())
        self.kit.clock.on_move(lambda: asyncio.run_coroutine_threadsafe(self.hurry(), loop))
        counting.expect("clock", within=3 * TICK.total_seconds())

    def stop(self) -> None:
        """Collecting ends at the next step that may be repeated; each one is a transaction."""
        self.stopping.set()
        counting.dismiss("clock")
        if self.minding:
            self.minding.get_loop().call_soon_threadsafe(self.minding.cancel)
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)
        self.baton.drop()

    async def mind_jumps(self) -> None:
        """Run at once what is far off: APScheduler goes by the system's clock, which may have been put back."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            now = datetime.now(UTC)
            for job in self.scheduler.get_jobs():
                if job.next_run_time > now + 2 * TICK:
                    log.warning("the system's clock was put back by %s", job.next_run_time - now)
                    job.modify(next_run_time=now)

    # --- whose clock it is ----------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Take the clock where nobody keeps it, and tick at once."""
        with self.quiet_end():
            if await asyncio.to_thread(self.takes_over):
                log.info("this process keeps the clock now")
                self.scheduler.modify_job(self.tick.__name__, next_run_time=datetime.now(UTC))
        counting.put("holds_clock", self.baton.held)
        if not self.baton.held:  # whoever holds it gives its sign with each tick
            counting.beat("clock")

    def takes_over(self) -> bool:
        return not self.baton.is_held() and self.baton.take()

    # --- the tick -------------------------------------------------------------------------------------------------

    async def tick(self) -> None:
        with self.quiet_end():
            if not await asyncio.to_thread(self.baton.is_held):
                return
            if await asyncio.to_thread(self.is_time_to_collect):
                self.collect_aside()
            await self.decide()
            await self.complete_ideas()
            counting.beat("clock")

    @contextmanager
    def quiet_end(self) -> Iterator[None]:
        """The jobs' boundary: the next tick tries again; of being cut off when we stop nobody has to hear."""
        try:
            yield
        except asyncio.CancelledError:
            if not self.stopping.is_set():
                raise
        except StoreError as error:
            log.warning("the clock cannot go on, and tries again: %s", error)
        except Exception:
            log.exception("a tick failed")

    async def hurry(self) -> None:
        """Tick at once, for the hands of the clock were moved; a run of collecting from before that ends first."""
        if self.thread:
            await asyncio.to_thread(self.thread.join)
        await self.tick()

    async def decide(self) -> None:
        """Put into the outbox what is due, unless the newest day is just coming in."""
        if not await asyncio.to_thread(self.baton.is_held):
            return
        if self.fresh_since is not None and time.monotonic() - self.fresh_since < FRESH_FOR:
            return
        async with self.deciding:
            await asyncio.to_thread(self.match_ideas)
            decided = await asyncio.to_thread(pipeline.send_digests, self.kit, self.render)
            await asyncio.to_thread(self.keep_plans)
        if decided:
            log.info("decided %d digests", decided)
        self.wake()

    # --- reading plans --------------------------------------------------------------------------------------------

    def keep_plans(self) -> None:
        """Remind and sum up; whatever goes wrong with plans, digests are decided."""
        try:
            reminders, summaries = pipeline.keep_plans(self.kit, self.remind, self.summarize)
        except StoreError:
            raise  # nothing at all can be decided
        except Exception:
            log.exception("reading plans could not be kept")
        else:
            if reminders or summaries:
                log.info("decided %d reminders and %d weekly summaries", reminders, summaries)

    # --- ideas ----------------------------------------------------------------------------------------------------

    def match_ideas(self) -> None:
        """Hold what is new against the ideas; whatever goes wrong with them, digests are decided."""
        try:
            alerts = pipeline.match_ideas(self.kit, self.tell)
        except StoreError:
            raise
        except Exception:
            log.exception("ideas could not be matched")
        else:
            if alerts:
                log.info("%d alerts about ideas", alerts)

    async def complete_ideas(self) -> None:
        """Ask arXiv for new ideas where the archive is young, in a thread that the program's end does not wait for."""
        if (self.asking and self.asking.is_alive()) or not self.baton.held:
            return
        if await asyncio.to_thread(matching.is_any_asking, self.kit):
            self.asking = threading.Thread(target=self.ask_arxiv, name="asking arXiv", daemon=True)
            self.asking.start()

    def ask_arxiv(self) -> None:
        try:
            pipeline.complete_ideas(replace(self.kit, progress=self.watch), self.complete)
        except Stopped:
            log.info("arXiv is asked after the next start")
        except StoreError as error:
            log.warning("arXiv is asked later: %s", error)
        except Exception:  # the job's boundary
            if not self.stopping.is_set():
                log.exception("arXiv could not be asked for an idea")

    # --- collecting -----------------------------------------------------------------------------------------------

    def is_time_to_collect(self) -> bool:
        if self.thread and self.thread.is_alive():
            return False
        with self.kit.store.read() as session:
            runs = state.last_runs(session, REMEMBERED_RUNS)
        return is_collecting_due(self.kit.clock.now(), self.kit.newest_by_clock(), runs)

    def collect_aside(self) -> None:
        """Collect in a thread that does not keep the program from ending."""
        if self.thread and self.thread.is_alive():
            return
        self.fresh_since = time.monotonic()
        loop = asyncio.get_running_loop()
        self.thread = threading.Thread(target=self.collect, args=(loop,), name="collecting", daemon=True)
        self.thread.start()

    def collect(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            attempt(pipeline.prepare_ideas, self.collector, over=Stopped)
            self.collect_newest()
            self.fresh_since = None
            asyncio.run_coroutine_threadsafe(self.decide(), loop)
            self.backfill()
            keep_house(self.collector, over=Stopped)
        except Stopped:
            log.info("collecting goes on after the next start, or in another process")
        except StoreError as error:
            log.warning("collecting ends, and is tried again: %s", error)
        except Exception:  # the job's boundary
            if not self.stopping.is_set():
                log.exception("collecting failed")
        finally:
            self.fresh_since = None

    def collect_newest(self) -> None:
        """The newest day, and what was announced since we last looked."""
        newest = self.kit.newest_by_clock()
        with self.kit.store.read() as session:
            last = max((run.last_day for run in state.last_runs(session, REMEMBERED_RUNS)), default=None)
        collected = pipeline.collect(self.collector)
        log.info("collected %s%s", collected.days[-1], f", without {', '.join(collected.missing)}" if collected.missing else "")  # noqa: E501  # fmt: skip
        gap = [day for day in self.lacking(newest) if last and day > last]
        self.collect_spans(gap)

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

    def watch(self, what: str, done: int, total: int) -> None:
        """Told of each step of collecting: the place to leave it."""
        if self.stopping.is_set() or not self.baton.is_held():
            raise Stopped
