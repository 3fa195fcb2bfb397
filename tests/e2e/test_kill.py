"""The command itself over the stand-in: its statuses, and that killing it at any moment changes no end."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import environment_on
from tests.forks import Fork
from tests.world import World

pytestmark = pytest.mark.world
ROOT = Path(__file__).resolve().parents[2]
COLLECT = ("collect", "--since", "2026-06-16")
TABLES = {
    "paper": "id, version, title, abstract, authors, day, day_source, upvotes, sources, text_source, judged_by",
    "paper_version": "paper_id, version, abstract, day",
    "assignment": "paper_id, slug, probability, in_digest",
    "coverage": "day, service, whole",
}


def started(environment: dict[str, str], *arguments: str) -> Fork:
    return Fork([*arguments], {"PATH": os.defpath, **environment}, Path(environment["QIAOJIN_DATA_DIR"]) / "told")


def end_state(environment: dict[str, str]) -> dict[str, list[Any]]:
    connection = sqlite3.connect(Path(environment["QIAOJIN_DATA_DIR"]) / "qiaojin.sqlite3")
    try:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        connection.execute("insert into paper_search(paper_search) values ('integrity-check')")
        return {table: connection.execute(f"select {columns} from {table} order by 1, 2").fetchall()
                for table, columns in TABLES.items()}  # fmt: skip
    finally:
        connection.close()


@pytest.fixture
def world_environment(few_days: World, tmp_path: Path) -> dict[str, str]:
    few_days.reset()
    return environment_on(few_days, tmp_path)


def test_today_tells_the_day_as_json(june: World, tmp_path: Path) -> None:
    """This one is started as a shell starts it."""
    june.reset()
    clean = {"PATH": os.defpath, **environment_on(june, tmp_path)}
    command = [sys.executable, "-m", "bot", "today", "--json"]
    ran = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=90, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    assert (told["day"], told["complete"], told["papers_read"]) == ("2026-06-17", True, 376)
    assert [(source["name"], source["fetched"], source["new"]) for source in told["sources"]] == [
        ("arxiv-feed", 362, 362),
        ("huggingface", 26, 14),
    ]
    assert len(told["directions"]) == 20
    assert all(direction["papers"] for direction in told["directions"])


def test_killed_at_random_moments_it_ends_as_if_undisturbed(world_environment: dict[str, str], tmp_path: Path) -> None:
    calm = {**world_environment, "QIAOJIN_DATA_DIR": str(tmp_path / "calm")}
    began = time.monotonic()
    assert started(calm, *COLLECT).ended() == 0
    length = time.monotonic() - began
    undisturbed = end_state(calm)
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    stormy = {**world_environment, "QIAOJIN_DATA_DIR": str(tmp_path / "stormy")}
    for _ in range(4):
        killed_after(dice.uniform(0.1, 1.0) * length, stormy)
    assert started(stormy, *COLLECT).ended() == 0
    assert end_state(stormy) == undisturbed, f"seed {seed}"


def killed_after(seconds: float, environment: dict[str, str]) -> None:
    fork = started(environment, *COLLECT)
    fork.process.join(seconds)
    fork.process.kill()
    fork.ended()


def test_two_commands_at_once_end_as_one(world_environment: dict[str, str], tmp_path: Path) -> None:
    both = [started(world_environment, "collect") for _ in range(2)]
    for fork in both:
        assert fork.ended() == 0, fork.told()
    alone = {**world_environment, "QIAOJIN_DATA_DIR": str(tmp_path / "alone")}
    assert started(alone, "collect").ended() == 0
    assert end_state(world_environment) == end_state(alone)
