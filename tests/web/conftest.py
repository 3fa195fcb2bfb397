"""A web application over an empty installation, and what stands behind it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import counting
from bot.kit import Kit
from bot.rules.calendar import Feed
from bot.web.application import application

with warnings.catch_warnings():  # it would rather have httpx2, which python-telegram-bot does not know yet
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@dataclass
class Behind:
    """The bot as the web part sees it."""

    updates: list[dict[str, Any]] = field(default_factory=list)
    calendars: dict[str, Feed] = field(default_factory=dict)
    trouble: Exception | None = None
    """Raised when an update is taken."""

    async def take(self, update: dict[str, Any]) -> None:
        if self.trouble:
            raise self.trouble
        self.updates.append(update)

    def client(self, kit: Kit) -> TestClient:
        return TestClient(application(kit, self.take, self.calendars.get), follow_redirects=False)


@pytest.fixture(autouse=True)
def counts() -> Iterator[counting.Counts]:
    """Nothing has been counted yet."""
    counting.process.clear()
    yield counting.process
    counting.process.clear()


@pytest.fixture
def behind() -> Behind:
    return Behind()


@pytest.fixture
def client(kit: Kit, behind: Behind) -> TestClient:
    return behind.client(kit)
