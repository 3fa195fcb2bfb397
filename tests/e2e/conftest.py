"""The development stand-in with a part of its data, and kits that ask it: at leisure, or without much patience."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import open_kit
from bot.kit import Kit
from bot.settings import Settings, load_settings
from bot.sources import sample
from bot.sources.http import Web
from bot.store.state import Pace
from tests.fakes import Hands
from tests.world import DAY, Record, World, started

FOUR = "cs.CL cs.LG cs.AI cs.CV"
SPEED = 20
"""How many seconds of a hasty kit's patience pass in one."""
OpenKit = Callable[..., AbstractContextManager[Kit]]


@pytest.fixture(scope="session")
def june(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All of June."""
    yield from started(tmp_path_factory.mktemp("june"), lambda *_: True)


@pytest.fixture(scope="session")
def thin_june(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every eighth paper of June and those of the sample day: enough to talk about, and quick to collect."""
    sampled = {paper.id for paper in sample.announced_until(DAY).values()}

    def keep(kind: str, record: Record, number: int) -> bool:
        return kind == "hf" or number % 8 == 0 or record["id"] in sampled

    yield from started(tmp_path_factory.mktemp("thin"), keep)


@pytest.fixture(scope="session")
def few_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Every eighth paper of the days that tests of trouble look at; all that Hugging Face listed on two of them."""

    def keep(kind: str, record: Record, number: int) -> bool:
        if kind == "hf":
            return record["day"] in {"2026-06-16", "2026-06-17"}
        return number % 8 == 0 and record["announced"] in {"2026-06-09", "2026-06-10", "2026-06-16", "2026-06-17"}

    yield from started(tmp_path_factory.mktemp("few"), keep)


def environment_on(world: World, folder: Path) -> dict[str, str]:
    """What points a command at ``world``."""
    return {
        "QIAOJIN_CONFIG_DIR": str(folder / "config"),
        "QIAOJIN_DATA_DIR": str(folder / "data"),
        "QIAOJIN_ARXIV_API_URL": world.api_url,
        "QIAOJIN_ARXIV_FEED_URL": world.url,
        "QIAOJIN_HF_URL": world.url,
        "QIAOJIN_CATEGORIES": FOUR,
        "QIAOJIN_ARXIV_PACE_SECONDS": "0",
        "QIAOJIN_NOW": f"{DAY}T16:00:00Z",
    }


def opener(world: World, folder: Path, **web: Any) -> OpenKit:
    """``with on(day) as kit``: a kit at noon of ``day`` over ``world``; its database in ``folder`` stays."""

    @contextmanager
    def opened(day: date = DAY, **changes: object) -> Iterator[Kit]:
        world.today(day)
        now = datetime.fromisoformat(f"{day}T16:00:00Z")
        settings: Settings = load_settings(environment_on(world, folder)).model_copy(update={"now": now, **changes})
        with open_kit(settings) as kit, Web(user_agent="qiaojin-tests", **web) as client:
            yield replace(kit, web=client, arxiv_gate=Pace(kit.store, "arxiv", 0))

    return opened


def hasty_opener(world: World, folder: Path) -> OpenKit:
    """One whose kits give up after a second."""
    return opener(
        world, folder, timeout=0.3, patience=20, max_bytes=3_000_000,
        sleep=lambda seconds: time.sleep(seconds / SPEED), monotonic=lambda: time.monotonic() * SPEED,
    )  # fmt: skip


@contextmanager
def bot_on(world: World, folder: Path, token: str, at: datetime) -> Iterator[Kit]:
    """A bot's kit that talks to all of ``world`` as fast as it can; its clock stands at ``at``."""
    settings = load_settings(
        {
            "QIAOJIN_DATA_DIR": str(folder), "QIAOJIN_CONFIG_DIR": str(folder), "QIAOJIN_TELEGRAM_TOKEN": token,
            "QIAOJIN_TELEGRAM_API_URL": world.url, "QIAOJIN_TELEGRAM_RATE": "0", "QIAOJIN_ARXIV_PACE_SECONDS": "0",
            "QIAOJIN_ARXIV_API_URL": world.api_url, "QIAOJIN_ARXIV_FEED_URL": world.url, "QIAOJIN_HF_URL": world.url,
        }
    )  # fmt: skip
    with open_kit(settings) as kit:
        yield replace(kit, clock=Hands(at))
