"""Two workers, two clocks and a chat process on PostgreSQL, killed and restarted, against the world and its faults.

Small in ``make long``. ``make crash`` has a thousand readers for a week: ``WORKERS_READERS``, ``WORKERS_DAYS`` and
``WORKERS_KILLS`` say so, and ``CRASH_SEED`` by which dice.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from bot.rules.days import NEW_YORK
from bot.store import deliveries, transfer
from bot.store.engine import Store
from tests.crash.storm import Ending, Plan, Storm, nursery, repeats
from tests.databases import Server
from tests.world import World

pytestmark = [pytest.mark.world, pytest.mark.long]

READERS = int(os.environ.get("WORKERS_READERS", "60"))
DAYS = int(os.environ.get("WORKERS_DAYS", "2"))
KILLS = int(os.environ.get("WORKERS_KILLS", "8"))
SEED = int(os.environ.get("CRASH_SEED", random.randrange(10_000)))
ROLES = ("worker", "worker", "clock", "clock", "chat")
FAULTS = ("400", "429", "500", "502", "reset", "hang", "garbage", "done_but_reset")
QUIET, STORMY = "42:quiet", "42:stormy"


class Town:
    """The world's Telegram, as one bot sees it."""

    def __init__(self, world: World, token: str):
        self.url, self.world, self.token = world.url, world, token

    def told(self) -> Counter[tuple[str, str]]:
        messages = self.world.control("telegram/messages", token=self.token)
        return Counter((str(message["chat"]["id"]), str(message.get("text", ""))) for message in messages)  # type: ignore[index, attr-defined]


class Weather(Storm):
    """Days of the world; with faults where there are kills."""

    lost = 0
    """Answers that the world may have swallowed: what they answered for came again."""

    def environment(self) -> dict[str, str]:
        town = self.telegram
        assert isinstance(town, Town)
        return super().environment() | {
            "CRASH_WORLD": "yes", "QIAOJIN_TELEGRAM_TOKEN": town.token, "QIAOJIN_ARXIV_API_URL": town.world.api_url,
            "QIAOJIN_ARXIV_FEED_URL": town.world.url, "QIAOJIN_HF_URL": town.world.url,
        }  # fmt: skip

    def turn_to(self, moment: datetime) -> None:
        assert isinstance(self.telegram, Town)
        world = self.telegram.world
        world.today(moment.astimezone(NEW_YORK).date())
        faults = [self.fault(kind) for kind in FAULTS if self.plan.kills and self.dice.random() < 0.4]
        self.lost += sum(2 for fault in faults if fault["kind"] == "done_but_reset")
        world.control("telegram/faults", faults=faults)
        super().turn_to(moment)

    def fault(self, kind: str) -> dict[str, object]:
        """Trouble with two of the next messages; one that is refused twice would be given up."""
        times = 1 if kind == "400" else 2
        return {
            "method": "sendMessage", "kind": kind, "skip": self.dice.randrange(20), "times": times, "retry_after": 1,
            "seconds": 2,
        }  # fmt: skip


def lived(storm: Weather) -> Ending:
    ending = storm.rage()
    print(f"{storm.folder.name}: seed {SEED}, {storm.killed} kills, {ending.seconds:.0f} s, {dict(ending.kinds)}, "
          f"{repeats(ending)} repeated, {storm.lost} answers may have been lost")  # fmt: skip
    return ending


def test_the_end_is_that_of_a_quiet_run_reader_by_reader(thin_june: World, postgresql: Server, tmp_path: Path) -> None:
    world = thin_june
    world.reset()
    world.control("telegram/limits", enforce=False)
    with nursery() as opened:
        storms = {}
        for token, kills in ((QUIET, 0), (STORMY, KILLS)):
            folder = tmp_path / token.partition(":")[2]
            (folder / "data").mkdir(parents=True)
            address = postgresql.fresh_database(folder.name)
            plan = Plan(READERS, DAYS, kills, SEED)
            storms[token] = Weather(plan, opened, folder, address, ROLES, Town(world, token))
        storms[QUIET].settle()
        with transfer.reading(storms[QUIET].address) as source, closing(Store(storms[STORMY].address)) as target:
            transfer.copy_database(source, target)
        quiet, stormy = lived(storms[QUIET]), lived(storms[STORMY])
    world.control("telegram/faults", faults=[])
    world.control("telegram/limits", enforce=True)
    assert {row[-1] for row in quiet.rows["delivery"]} == {"sent"}
    assert stormy.faults == []
    for table, rows in quiet.rows.items():
        assert stormy.rows[table] == rows, f"{table} is another, seed {SEED}"
    assert copies(stormy).keys() == copies(quiet).keys()
    assert all(copies(stormy)[chat] >= count for chat, count in sent(quiet).items())
    assert repeats(stormy) <= KILLS + storms[STORMY].lost, f"seed {SEED}"


def copies(ending: Ending) -> Counter[str]:
    """How many messages each chat got."""
    found: Counter[str] = Counter()
    for (chat, _), times in ending.told.items():
        found[chat] += times
    return found


def sent(ending: Ending) -> Counter[str]:
    """How many messages the outbox says that each chat got; on a busy machine a quiet run may say one again, too."""
    return Counter(reader for reader, *_, state in ending.rows["delivery"] if state == deliveries.SENT)
