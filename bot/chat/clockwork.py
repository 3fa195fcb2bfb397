"""The clock: once a minute it is seen who is due, and whether it is time to collect.

APScheduler only ticks. What is to be done follows from the database and ``now``, so that a tick may be missed, or come
twice, and nothing is missed or done twice. Of several processes one keeps the clock; the others look whether it does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import counting, matching, pipeline
from bot.chat.errands import Errands
from bot.chat.voices import completer, reminder, renderer, summarizer, teller
from bot.errors import StoreError
from bot.kit import Kit
from bot.schedule import TICK
from bot.store.batons import CLOCK, Baton

log = logging.getLogger(__name__)

LOOK_SECONDS = 12
"""How often a process that does not keep the clock looks whether somebody does."""


class Clockwork:
    """Sends for papers and decides when it is time; ``wake`` is called when something may be in the outbox."""

    def __init__(self, kit: Kit, wake: Callable[[], None]):
        self.kit, self.wake = kit, wake
        self.render, self.tell = renderer(kit), teller(kit)
        self.remind, self.summarize = reminder(kit), summarizer(kit)
        self.baton = Baton(kit.store, CLOCK)
        self.errands = Errands(kit, completer(kit), self.baton.is_held)
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self.deciding = asyncio.Lock()
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
        self.errands.stop()
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
            if await asyncio.to_thread(self.errands.is_time_to_collect):
                loop = asyncio.get_running_loop()
                self.errands.collect_aside(lambda: asyncio.run_coroutine_threadsafe(self.decide(), loop))
            await self.decide()
            await self.complete_ideas()
            counting.beat("clock")

    @contextmanager
    def quiet_end(self) -> Iterator[None]:
        """The jobs' boundary: the next tick tries again; of being cut off when we stop nobody has to hear."""
        try:
            yield
        except asyncio.CancelledError:
            if not self.errands.stopping.is_set():
                raise
        except StoreError as error:
            log.warning("the clock cannot go on, and tries again: %s", error)
        except Exception:
            log.exception("a tick failed")

    async def hurry(self) -> None:
        """Tick at once, for the hands of the clock were moved; a run of collecting from before that ends first."""
        if self.errands.collecting:
            await asyncio.to_thread(self.errands.collecting.join)
        await self.tick()

    async def decide(self) -> None:
        """Put into the outbox what is due, unless the newest day is just coming in."""
        if self.errands.is_newest_coming or not await asyncio.to_thread(self.baton.is_held):
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
        """Ask arXiv for new ideas where the archive is young."""
        if not self.errands.is_asking and self.baton.held and await asyncio.to_thread(matching.is_any_asking, self.kit):
            self.errands.ask_aside()
