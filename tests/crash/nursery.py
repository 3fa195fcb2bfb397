"""A process that has loaded all that the bot needs and forks lives of it, so that a life costs a tenth of a second.

    python -m tests.crash.nursery        one JSON object a line on standard input, one answer a line

``{"bear": ROLE, "in": FOLDER, "knowing": ENVIRONMENT}`` answers with the number of a new process (``settle`` is a role
of ours that fills the installation); ``{"bury": PID}`` waits for its end.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import app
from bot.chat import application, clockwork, connection, consequences, deliver, logs
from bot.chat.roles import Role
from bot.rules.days import newest_announced
from bot.settings import load_settings
from bot.sources import sample
from bot.store.batons import serving_alone
from tests.crash import hands, town

LOOK_SECONDS = 0.05
SETTLED = "settled-{pid}"
"""A file with the moment for which a process has decided all there is to decide."""


def hurry() -> None:
    """What a person may wait for a minute is over in a moment; all else is as it is shipped."""
    clockwork.LOOK_SECONDS = 1
    deliver.LEASE, deliver.HEARTBEAT = timedelta(seconds=4), 1.0
    consequences.FIRST_PAUSE, consequences.LONGEST_PAUSE = 0.05, 0.5
    connection.TIMES = {**connection.TIMES, "read_timeout": 1.0}


def load() -> None:
    """What every life needs, before there are any."""
    for part in (
        app.load_classifier, app.load_nearness, app.load_lexis, app.load_terms, app.load_classics, app.load_tasks,
    ):  # fmt: skip
        part()
    for day in sample.days():
        sample.announced_until(day)


class Watched(clockwork.Clockwork):
    """A clock that remembers for which moment it has gone through everything last."""

    went_through: datetime | None = None

    def keep_plans(self) -> None:
        now = self.kit.clock.now()
        super().keep_plans()
        self.went_through = now

    def settled(self) -> datetime | None:
        is_busy = self.deciding.locked() or self.errands.is_collecting
        return None if is_busy else self.went_through


class Life(application.Service):
    """A service that is told of the hands' moves, and tells when it has done what they ask for."""

    def __init__(self, *parts: Any):
        super().__init__(*parts)
        self.clockwork = Watched(self.kit, self.postman.ring)

    async def keep_clock(self) -> bool:
        clock = self.kit.clock
        assert isinstance(clock, hands.FileClock)
        self.tasks.append(asyncio.create_task(self.follow(clock)))
        return await super().keep_clock()

    async def follow(self, clock: hands.FileClock) -> None:
        known, told = clock.now(), None
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (now := clock.now()) != known:
                known = now
                clock.tell()
            elif (settled := self.clockwork.settled()) and settled != told:
                told = settled
                hands.write(clock.path.with_name(SETTLED.format(pid=os.getpid())), settled)


def live(folder: Path, role: str) -> None:
    """One life, from its first moment to its last."""
    settings, clock = load_settings(), hands.FileClock(folder / "now")
    logs.log_to_stderr([])
    application.Service = Life  # type: ignore[misc]
    replayed = None if "CRASH_WORLD" in os.environ else sample.transport(lambda: newest_announced(clock.now()))
    with app.open_kit(settings, transport=replayed, clock=clock) as opened:
        if role == "settle":
            town.settle(opened, int(os.environ["CRASH_READERS"]), int(os.environ["CRASH_SEED"]))
        else:
            with serving_alone(opened.store):
                application.serve(opened, Role(role))


def bear(folder: Path, role: str, environment: dict[str, str]) -> int:
    """The number of a new process in which the bot lives in that role."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        sys.stdin.close()
        with (folder / "log").open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        os.environ.update(environment)
        live(folder, role)
        status = 0
    except BaseException:
        logging.exception("a life ended badly")
    finally:
        os._exit(status)


def main() -> None:
    hurry()
    load()
    assert threading.active_count() == 1, "only who is alone may fork"
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "bear" in asked:
            print(bear(Path(asked["in"]), asked["bear"], asked["knowing"]), flush=True)
        else:
            _, status = os.waitpid(asked["bury"], 0)
            print(status, flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main()
