"""The site that this process serves, kept up to date: whichever process collects, whoever serves the pages builds them.

They are built in a process of their own, so that this one stays small and goes on answering.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.context import SpawnProcess

from bot.store import state
from bot.store.engine import Store

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often it is seen whether a run of collecting has ended."""


class Builder:
    """Builds at the start, and whenever a run of collecting has ended since; one build at a time."""

    def __init__(self, store: Store, build: Callable[[], None], look_seconds: float = LOOK_SECONDS):
        self.store, self.build, self.look_seconds = store, build, look_seconds
        self.stopping = threading.Event()
        self.built: int | None = None
        """The newest run of collecting, 0 where there is none yet, that the last build knew."""
        self.process: SpawnProcess | None = None

    def start(self) -> None:
        threading.Thread(target=self.run, name="site", daemon=True).start()

    def stop(self) -> None:
        """A build that is under way is cut off; the next one makes it whole."""
        self.stopping.set()
        if self.process and self.process.is_alive():
            self.process.terminate()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.look()
            except Exception:  # the thread's boundary: the next look tries again
                log.exception("the site could not be looked after")
            self.stopping.wait(self.look_seconds)

    def look(self) -> None:
        """Build if there is reason to; what fails is tried again after the next run."""
        with self.store.read() as session:
            newest = state.newest_run(session)
        if newest != self.built:
            self.built = newest
            self.build_apart()

    def build_apart(self) -> None:
        self.process = multiprocessing.get_context("spawn").Process(target=self.build, name="site")
        self.process.start()
        if self.stopping.is_set():
            self.process.terminate()
        self.process.join()
