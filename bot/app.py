"""The composition root: the only place where things are built from settings."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from bot import __version__
from bot.classifier.judge import Judge
from bot.classifier.model import Classifier
from bot.classifier.similar import NewDirection
from bot.clock import Clock
from bot.errors import SettingsError, UsageError
from bot.kit import Kit, Progress
from bot.matching import Memory
from bot.models import Classic, Paper
from bot.nearness import Nearness
from bot.rules.classics import read_classics
from bot.rules.directions import Direction, read_directions
from bot.rules.tasks import Tasks, read_tasks
from bot.rules.terms import Terms, read_terms
from bot.settings import Settings, configured, read_toml
from bot.sources.http import Web
from bot.store import papers
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


def load_judge(store: Store, directions: Sequence[Direction]) -> Judge:
    """The classifier, and what finds the directions that it was not trained on; their examples are in the store."""
    classifier = load_classifier()
    new = [known for known in directions if known.slug not in classifier.slugs]
    if not new:
        return Judge(classifier)
    with store.read() as session:
        examples = papers.by_id(session, [id_ for known in new for id_ in known.examples])
    return Judge(classifier, [described(known, examples) for known in new])


def described(known: Direction, examples: Mapping[str, Paper]) -> NewDirection:
    """A direction in the classifier's terms: it reads English, so Chinese names would tell it nothing."""
    aliases = (alias for alias in known.aliases if alias.isascii())
    shown = tuple(examples[id_] for id_ in known.examples if id_ in examples)
    return NewDirection(known.slug, known.name["en"], known.about["en"], (*known.phrases, *aliases), shown)


@cache
def load_terms() -> Terms:
    path = configured("terms.csv")
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return read_terms(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError("{path}: {error}", key="file", path=path, error=error) from error


@cache
def load_classics() -> tuple[Classic, ...]:
    return read_classics(read_toml(configured("classics.toml")))


@cache
def load_tasks() -> Tasks:
    return read_tasks(read_toml(configured("tasks.toml")))


@cache
def load_nearness() -> Nearness:
    return Nearness.load(configured("nearness.npz"), load_terms())


@contextmanager
def open_kit(
    settings: Settings, *, progress: Progress = lambda *_: None, transport: httpx.BaseTransport | None = None,
    patient: bool = False,
) -> Iterator[Kit]:  # fmt: skip
    """Everything a command works with; ``transport`` replays recorded services instead of asking the real ones."""
    directions = load_directions()
    store = Store(settings.database)
    web = Web(user_agent=user_agent(settings), proxy=settings.proxy or None, transport=transport)
    try:
        yield Kit(
            settings=settings,
            clock=Clock(settings.now),
            store=store,
            web=web,
            judge=lambda: load_judge(store, directions),
            directions=directions,
            nearness=load_nearness,
            memory=Memory(),
            terms=load_terms,
            classics=load_classics,
            tasks=load_tasks,
            arxiv_gate=Pace(store, "arxiv", 0 if transport else settings.arxiv_pace_seconds),
            progress=progress,
            patient=patient,
        )
    finally:
        web.close()
        store.close()


TOKEN = re.compile(r"[0-9]+:\S+")


def serve(settings: Settings) -> None:
    """Be the bot until a signal comes; raises UsageError where there is no token, or Telegram refuses it."""
    token = settings.telegram_token.get_secret_value().strip()
    if not token:
        raise UsageError("QIAOJIN_TELEGRAM_TOKEN is not set", key="no_token")
    if not TOKEN.fullmatch(token):
        raise UsageError("QIAOJIN_TELEGRAM_TOKEN is no token", key="token_malformed")
    from bot.chat import application, logs

    logs.log_to_stderr([token, settings.telegram_webhook_secret.get_secret_value(), settings.proxy])
    with open_kit(settings) as kit:
        application.serve(kit)
