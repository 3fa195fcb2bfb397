"""The development stand-in for arXiv and Hugging Face (``../shared/world``) as a fixture; see its README.md."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

WORLD = Path(__file__).resolve().parents[2] / "shared" / "world" / "world.py"
DAY = date(2026, 6, 17)
Record = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A running stand-in; the fixture puts it back to ``DAY`` and fair weather before each test."""

    url: str

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/query"

    def control(self, action: str, **arguments: Any) -> dict[str, Any]:
        """POSTs ``/control/ACTION`` and returns the world's counts."""
        request = Request(f"{self.url}/control/{action}", json.dumps(arguments).encode())
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def today(self, day: date) -> None:
        self.control("today", date=day.isoformat())

    def arxiv_faults(self, *faults: dict[str, Any]) -> None:
        self.control("arxiv/faults", faults=list(faults))

    def hf_faults(self, *faults: dict[str, Any]) -> None:
        self.control("hf/faults", faults=list(faults))

    def reset(self) -> None:
        self.today(DAY)
        self.control("arxiv/pace", seconds=0)
        self.arxiv_faults()
        self.hf_faults()


def running(*options: str, day: date = DAY) -> Iterator[World]:
    """Starts a world on a free port and stops it in the end."""
    if not WORLD.exists():
        pytest.skip(f"the development stand-in {WORLD} is not on this machine")
    command = [sys.executable, str(WORLD), "--port", "0", "--today", day.isoformat(), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            greeting = process.stdout.readline()
            address = re.search(r"http://\S+", greeting)
            assert address, f"the world did not start: {greeting!r}"
            yield World(address[0])
        finally:
            process.terminate()


def started(folder: Path, keep: Callable[[str, Record, int], bool]) -> Iterator[World]:
    """A world that knows June's records for which ``keep(kind, record, number)`` holds; few make it quick."""
    for kind, pattern in (("papers", "2026-06*"), ("hf", "*")):
        (folder / kind).mkdir()
        for path in (WORLD.parents[1] / "data" / kind).glob(pattern):
            with (
                gzip.open(path, "rt", encoding="utf-8") as all_of_them,
                gzip.open(folder / kind / path.name, "wt", 1) as few,
            ):
                few.writelines(line for number, line in enumerate(all_of_them) if keep(kind, json.loads(line), number))
    yield from running("--data", str(folder))


@pytest.fixture(scope="session")
def running_world() -> Iterator[World]:
    yield from running()


@pytest.fixture
def world(running_world: World) -> World:
    running_world.reset()
    return running_world
