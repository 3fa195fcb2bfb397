"""The composition root: the only place where things are built from settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from bot import __version__
from bot.classifier.model import Classifier
from bot.clock import Clock
from bot.kit import Kit, Progress
from bot.rules.directions import Direction, read_directions
from bot.settings import Settings, configured, read_toml
from bot.sources.http import Web
from bot.store.engine import Store
from bot.store.state import Pace

if TYPE_CHECKING:
    import httpx


def user_agent(settings: Settings) -> str:
    """Who we are, and how to reach whoever runs this, as arXiv's terms of use ask."""
    return f"qiaojin/{__version__} (daily paper digest; contact: {settings.contact or 'not given'})"


def load_directions() -> tuple[Direction, ...]:
    return read_directions(read_toml(configured("directions.toml")))


@cache
def load_classifier() -> Classifier:
    return Classifier.load(configured("model.npz"))


@contextmanager
def open_kit(
    settings: Settings, *, progress: Progress = lambda *_: None, transport: httpx.BaseTransport | None = None,
    patient: bool = False,
) -> Iterator[Kit]:  # fmt: skip
    """Everything a command works with; ``transport`` replays recorded services instead of asking the real ones."""
    store = Store(settings.database)
    web = Web(user_agent=user_agent(settings), proxy=settings.proxy or None, transport=transport)
    try:
        yield Kit(
            settings=settings,
            clock=Clock(settings.now),
            store=store,
            web=web,
            judge=load_classifier,
            directions=load_directions(),
            arxiv_gate=Pace(store, "arxiv", 0 if transport else settings.arxiv_pace_seconds),
            progress=progress,
            patient=patient,
        )
    finally:
        web.close()
        store.close()
