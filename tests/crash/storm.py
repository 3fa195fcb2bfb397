"""Days in which processes are killed at random moments, and what they leave."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from bot.models import Outbox
from bot.store import checks, deliveries
from bot.store.engine import Store
from tests.crash import hands
from tests.crash.nursery import SETTLED
from tests.crash.town import START

ROOT = Path(__file__).resolve().parents[2]
ALONE = ("all",)
SEVERAL = ("clock", "clock", "worker", "worker")
STEP = timedelta(hours=6)
LATEST = timedelta(hours=20)
"""How long a message may wait for its sender's lease to end: whose last digest waits gets no new one."""
PATIENCE = 300.0
"""Seconds after which a step that is not done will never be."""
LOOK_SECONDS = 0.03
END_STATE = {
    "delivery": "reader_id kind subject part html papers state",
    "sent": "reader_id paper_id version",
    "reader": "id state last_digest decided_on",
    "habits": "reader_id turned_on reminded_on summed_on",
    "plan_item": "reader_id monday number id day state",
    "idea_match": "idea_key paper_id grade course",
    "paper": "id version day judged_by",
}
"""What must be the same whatever happened on the way."""


@dataclass(frozen=True)
class Plan:
    """What is to happen: how many readers, how many days, how many kills, by which dice."""

    readers: int
    days: float
    kills: int
    seed: int

    @property
    def moments(self) -> list[datetime]:
        return [START + at * STEP for at in range(1, int(timedelta(days=self.days) / STEP) + 1)]


@dataclass(frozen=True)
class Ending:
    """What is left when the last day is over."""

    told: Counter[tuple[str, str]]
    rows: dict[str, list[tuple[Any, ...]]]
    faults: list[str]
    kills: int
    seconds: float
    log: str

    @property
    def kinds(self) -> Counter[str]:
        return Counter(row[1] for row in self.rows["delivery"])


class Telegram(Protocol):
    """What takes the messages."""

    @property
    def url(self) -> str: ...

    def told(self) -> Counter[tuple[str, str]]:
        """How often each chat was told what."""


class Nursery:
    """The other end of ``tests.crash.nursery``."""

    def __init__(self, process: subprocess.Popen[str]):
        self.process = process

    def answer(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self, **what: object) -> int:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        return int(self.answer())

    def bear(self, role: str, folder: Path, environment: dict[str, str]) -> int:
        return self.ask(**{"bear": role, "in": str(folder), "knowing": environment})

    def bury(self, pid: int) -> int:
        return self.ask(bury=pid)

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.bury(pid)


@contextmanager
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.crash.nursery"]
    # Nobody speaks TLS, and each life would load all authorities, 30 ms for each of its clients.
    environment = {"PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "SSL_CERT_DIR": os.devnull}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        opened = Nursery(process)
        assert opened.answer() == "ready"
        yield opened
        process.communicate()


@dataclass
class Storm:
    """One installation through its days; ``roles`` are the processes that serve it, all the time."""

    plan: Plan
    nursery: Nursery
    folder: Path
    address: str
    roles: Sequence[str]
    telegram: Telegram
    alive: list[int] = field(default_factory=list)
    killed: int = 0
    pace: float = 0.3
    """Seconds that a step takes when nobody is killed, as far as is known."""

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)
        self.hands = self.folder / "now"

    @cached_property
    def store(self) -> Store:
        return Store(self.address)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    # --- processes ------------------------------------------------------------------------------------------------

    def bear(self, role: str) -> int:
        return self.nursery.bear(role, self.folder, self.environment())

    def environment(self) -> dict[str, str]:
        return {
            "QIAOJIN_DATA_DIR": str(self.folder / "data"), "QIAOJIN_CONFIG_DIR": str(self.folder),
            "QIAOJIN_DATABASE_URL": self.address, "QIAOJIN_BACKUP_DAILY": "false", "QIAOJIN_ARXIV_PACE_SECONDS": "0",
            "QIAOJIN_TELEGRAM_TOKEN": "42:crash", "QIAOJIN_TELEGRAM_API_URL": self.telegram.url,
            "QIAOJIN_TELEGRAM_RATE": "1000", "CRASH_READERS": str(self.plan.readers),
            "CRASH_SEED": str(self.plan.seed),
        }  # fmt: skip

    def kill(self) -> None:
        """Kill one of them, wherever it is, and start another in its place."""
        at = self.dice.randrange(len(self.roles))
        self.nursery.kill(self.alive[at])
        self.alive[at] = self.bear(self.roles[at])
        self.killed += 1

    def settle(self) -> None:
        """Fill the installation, before anybody serves it."""
        self.turn_to(START)
        assert self.nursery.bury(self.bear("settle")) == 0, self.log

    # --- days -----------------------------------------------------------------------------------------------------

    def rage(self) -> Ending:
        began = time.monotonic()
        self.turn_to(START)
        self.alive = [self.bear(role) for role in self.roles]
        try:
            kills = Counter(self.dice.choices(range(len(self.plan.moments)), k=self.plan.kills))
            for at, moment in enumerate(self.plan.moments):
                self.go_through(moment, kills[at])
            self.until(self.is_empty)
        finally:
            for pid in self.alive:
                self.nursery.kill(pid)
        return self.ending(time.monotonic() - began)

    def go_through(self, moment: datetime, kills: int) -> None:
        """Let it be ``moment`` until all is decided, killing meanwhile; the last ones come to an end."""
        self.until(lambda: self.outbox(moment).lag < LATEST.total_seconds())
        began = time.monotonic()
        self.turn_to(moment)
        for _ in range(kills):
            time.sleep(self.dice.uniform(0, 2) * self.pace)
            self.kill()
        self.until(lambda: self.is_settled(moment))
        if not kills:
            self.pace = 0.8 * self.pace + 0.2 * (time.monotonic() - began)

    def turn_to(self, moment: datetime) -> None:
        hands.write(self.hands, moment)

    def is_settled(self, moment: datetime) -> bool:
        files = [self.folder / SETTLED.format(pid=pid) for pid in self.alive]
        return any(file.exists() and file.read_text() == moment.isoformat() for file in files)

    def is_empty(self) -> bool:
        return self.outbox(START).waiting == 0

    def outbox(self, now: datetime) -> Outbox:
        with self.store.read() as session:
            return deliveries.outbox(session, now)

    def until(self, true: Any) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, f"it does not go on:\n{self.log}"
            time.sleep(LOOK_SECONDS)

    # --- what is left ---------------------------------------------------------------------------------------------

    def ending(self, seconds: float) -> Ending:
        with self.store.engine.connect() as connection:
            faults = checks.faults(connection, thorough=True)
            rows = {table: self.rows(connection, table, columns.split()) for table, columns in END_STATE.items()}
        self.store.close()
        return Ending(self.telegram.told(), rows, faults, self.killed, seconds, self.log)

    def rows(self, connection: Connection, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        found = SQLModel.metadata.tables[table]
        return sorted(tuple(map(str, row)) for row in connection.execute(select(*(found.c[name] for name in columns))))


def repeats(stormy: Ending) -> int:
    """Messages that came once more than the outbox knows of."""
    return sum(stormy.told.values()) - sum(row[-1] == deliveries.SENT for row in stormy.rows["delivery"])
