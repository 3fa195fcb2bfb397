from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sources.http import Web
from tests.world import running_world, world  # noqa: F401 - fixtures

PAYLOADS = Path(__file__).resolve().parents[3] / "shared" / "payloads"


@pytest.fixture
def payloads() -> Path:
    if not PAYLOADS.exists():
        pytest.skip(f"the recorded bodies {PAYLOADS} are not on this machine")
    return PAYLOADS


@pytest.fixture
def web() -> Iterator[Web]:
    """A client with the patience of a person, whose pauses take no time."""
    yield from without_pauses(patience=30)


@pytest.fixture
def impatient_web() -> Iterator[Web]:
    """The same with less patience: three or four tries."""
    yield from without_pauses(patience=5)


def without_pauses(patience: float) -> Iterator[Web]:
    slept = [0.0]
    with Web(
        user_agent="qiaojin-tests (nobody@example.org)",
        patience=patience,
        timeout=5,
        sleep=slept.append,
        monotonic=lambda: time.monotonic() + sum(slept),
    ) as client:
        yield client
