"""The command itself over the stand-in: its statuses, and that killing it at any moment changes no end."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import environment_on
from tests.world import World

pytestmark = pytest.mark.world
ROOT = Path(__file__).resolve().parents[2]
TABLES = {
    "paper": "id, version, title, abstract, authors, day, day_source, upvotes, sources, text_source, judged_by",
    "paper_version": "paper_id, version, abstract, day",
    "assignment": "paper_id, slug, probability, in_digest",
    "coverage": "day, service, whole",
}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.defpath, **environment}
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=clean, capture_output=True, text=True, timeout=90, check=False
    )


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
    june.reset()
    ran = run(environment_on(june, tmp_path), "today", "--json")
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
    started = time.monotonic()
    assert run(calm, "collect", "--since", "2026-06-16").returncode == 0
    length = time.monotonic() - started
    undisturbed = end_state(calm)
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    stormy = {**world_environment, "QIAOJIN_DATA_DIR": str(tmp_path / "stormy")}
    for _ in range(4):
        killed_after(dice.uniform(0.3, 1.0) * length, stormy)
    assert run(stormy, "collect", "--since", "2026-06-16").returncode == 0
    assert end_state(stormy) == undisturbed, f"seed {seed}"


def killed_after(seconds: float, environment: dict[str, str]) -> None:
    clean = {"PATH": os.defpath, **environment}
    with subprocess.Popen(
        command("collect", "--since", "2026-06-16"), cwd=ROOT, env=clean, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)


def test_two_commands_at_once_end_as_one(world_environment: dict[str, str], tmp_path: Path) -> None:
    clean = {"PATH": os.defpath, **world_environment}
    both = [subprocess.Popen(command("collect"), cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)]  # fmt: skip
    for process in both:
        _, err = process.communicate(timeout=90)
        assert process.returncode == 0, err.decode()
    alone = {**world_environment, "QIAOJIN_DATA_DIR": str(tmp_path / "alone")}
    assert run(alone, "collect").returncode == 0
    assert end_state(world_environment) == end_state(alone)
