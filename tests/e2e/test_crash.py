"""Killed with SIGKILL at random moments over simulated days, on both databases: nothing is lost.

``CRASH_KILLS``, ``CRASH_READERS`` and ``CRASH_SEED`` say how often, with how many readers and by which dice; ``make
crash`` kills 300 times on each database, with 500 readers.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import transfer
from bot.store.engine import Store
from tests.crash import telegram
from tests.crash.storm import ALONE, SEVERAL, Ending, Nursery, Plan, Storm, nursery, repeats
from tests.databases import Server

KILLS = int(os.environ.get("CRASH_KILLS", "20"))
SEED = int(os.environ.get("CRASH_SEED", random.randrange(10_000)))
DAYS = 1.5 if KILLS < 100 else 12
READERS = int(os.environ.get("CRASH_READERS", "60"))
KINDS = {"digest", "scoop", "reminder"}
"""That there are in a day and a half; a longer time has summaries, too."""


@pytest.fixture(scope="module")
def opened() -> Iterator[Nursery]:
    with nursery() as opened:
        yield opened


def address_in(folder: Path) -> str:
    return f"sqlite:///{folder}/data/crash.sqlite3"


@pytest.fixture(scope="module")
def settled(opened: Nursery, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an installation as it is before the first day."""
    folder = tmp_path_factory.mktemp("settled")
    with telegram.running() as nobody:
        Storm(Plan(READERS, DAYS, 0, SEED), opened, folder, address_in(folder), ALONE, nobody).settle()
    return address_in(folder)


def lived(opened: Nursery, settled: str, folder: Path, address: str, roles: Sequence[str], kills: int) -> Ending:
    """How the days end for a copy of an installation; every message that it sends is taken."""
    (folder / "data").mkdir(parents=True)
    plan = Plan(READERS, DAYS, kills, SEED)
    with transfer.reading(settled) as source, closing(Store(address)) as target:
        transfer.copy_database(source, target)
    with telegram.running() as taken:
        ending = Storm(plan, opened, folder, address, roles, taken).rage()
    print(f"{folder.name}: seed {SEED}, {kills} kills, {ending.seconds:.0f} s, {dict(ending.kinds)}, "
          f"{repeats(ending)} repeated")  # fmt: skip
    return ending


@pytest.fixture(scope="module")
def quiet(opened: Nursery, settled: str, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """The same days without a kill."""
    folder = tmp_path_factory.mktemp("crash") / "quiet"
    return lived(opened, settled, folder, address_in(folder), ALONE, 0)


def test_quiet_days_bring_everything_once(quiet: Ending) -> None:
    assert {row[-1] for row in quiet.rows["delivery"]} == {"sent"}
    assert repeats(quiet) == 0
    assert set(quiet.kinds) >= KINDS
    assert "Traceback" not in quiet.log


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killed_at_random_moments_nothing_is_lost(
    database: str, quiet: Ending, opened: Nursery, settled: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address, roles = address_in(tmp_path / database), ALONE
    if database == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        address, roles = server.fresh_database("crash"), SEVERAL
    stormy = lived(opened, settled, tmp_path / database, address, roles, KILLS)
    assert stormy.kills == KILLS
    assert stormy.faults == []
    for table, rows in quiet.rows.items():
        assert stormy.rows[table] == rows, f"{table} is another, seed {SEED}"
    assert set(stormy.told) == set(quiet.told), f"seed {SEED}"
    assert repeats(stormy) <= KILLS, f"seed {SEED}"
