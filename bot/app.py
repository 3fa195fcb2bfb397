"""The composition root: the only place where things are built from settings."""

from __future__ import annotations

import csv
import gc
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot import __version__
from bot.classifier.judge import Judge
from bot.classifier.model import Classifier
from bot.classifier.similar import NewDirection
from bot.clock import Clock, MovableClock
from bot.errors import QiaojinError, SettingsError, UsageError
from bot.kit import Kit, Progress
from bot.matching import Memory
from bot.models import Classic, Paper
from bot.nearness import Nearness
from bot.rules.classics import read_classics
from bot.rules.directions import Direction, read_directions
from bot.rules.query.lexis import Lexis, rows_of
from bot.rules.query.vocabulary import read_vocabulary
from bot.rules.tasks import Tasks, read_tasks
from bot.rules.terms import Terms, read_terms
from bot.settings import Settings, configured, read_toml
from bot.sources.http import Web
from bot.store import papers, postgresql
from bot.store.batons import serving_alone
from bot.store.engine import Store, kind_of
from bot.store.state import Pace
from bot.wording import Words

if TYPE_CHECKING:
    import httpx

    from bot.playground.town import Town
    from bot.web import Front

log = logging.getLogger(__name__)


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


def rows_in(name: str) -> list[dict[str, str | None]]:
    """The rows of a list among the configured files."""
    path = configured(name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError("{path}: {error}", key="file", path=path, error=error) from error


@cache
def load_terms() -> Terms:
    return read_terms(rows_in("terms.csv"))


@cache
def load_lexis() -> Lexis:
    directions = load_directions()
    terms = read_terms([*rows_in("terms.csv"), *rows_of(directions)])
    lexis = Lexis(terms, read_vocabulary(rows_in("words.csv")), directions)
    gc.freeze()  # it stays: to look for garbage in it would hold up a search for a tenth of a second
    return lexis


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
    patient: bool = False, clock: Clock | None = None,
) -> Iterator[Kit]:  # fmt: skip
    """Everything a command works with; ``transport`` replays recorded services instead of asking the real ones."""
    directions = load_directions()
    store = Store(settings.database)
    web = Web(user_agent=user_agent(settings), proxy=settings.proxy or None, transport=transport)
    try:
        yield Kit(
            settings=settings,
            clock=clock or Clock(settings.now),
            store=store,
            web=web,
            judge=lambda: load_judge(store, directions),
            directions=directions,
            nearness=load_nearness,
            memory=Memory(),
            terms=load_terms,
            lexis=load_lexis,
            classics=load_classics,
            tasks=load_tasks,
            arxiv_gate=Pace(store, "arxiv", 0 if transport else settings.arxiv_pace_seconds),
            progress=progress,
            patient=patient,
        )
    finally:
        web.close()
        store.close()


def front_of(kit: Kit) -> Front | None:
    """What answers the outside world while the bot runs, where the settings name an address for it."""
    if not kit.settings.listens_on:
        return None
    from bot.chat.commands.calendars import subscribed
    from bot.web import Builder, Front

    builder = Builder(kit.store, partial(build_site, kit.settings)) if kit.settings.site_serve else None
    return Front(kit, partial(subscribed, kit), builder)


def build_site(settings: Settings) -> None:
    """Bring the pages that the web part serves up to date: all that a process of its own does, until it exits."""
    from bot import site
    from bot.chat import logs
    from bot.classifying import leave_with_parent

    leave_with_parent()
    os.nice(BEHIND_ANSWERS)
    logs.log_to_stderr(logs.secrets_of(settings), settings.log_format, settings.log_level)
    try:
        with open_kit(settings) as kit:
            site.build(kit, settings.site_folder)
    except QiaojinError as error:
        log.warning("the site could not be built: %s", error)
        raise SystemExit(1) from None
    except Exception as error:  # the process's boundary; its log hides secrets, the interpreter's own words do not
        log.exception("the site could not be built")
        raise SystemExit(1) from error


BEHIND_ANSWERS = 10
"""How much a build of the site lets others go first."""
TOKEN = re.compile(r"[0-9]+:\S+")


def serve(settings: Settings, role: str = "all") -> None:
    """Be the bot, or a part of it, until a signal comes.

    Raises UsageError where there is no token, or Telegram refuses it, where the role is none, and where another
    process serves from the same SQLite file.
    """
    from bot.chat import application, logs
    from bot.chat.roles import role_of

    part = role_of(role, several=kind_of(settings.database) is postgresql)
    if part.calls_telegram:
        demand_token(settings)
    logs.log_to_stderr(logs.secrets_of(settings), settings.log_format, settings.log_level)
    with open_kit(settings if part.answers else behind(settings)) as kit, serving_alone(kit.store):
        application.serve(kit, part, front_of(kit))


def demand_token(settings: Settings) -> None:
    token = settings.telegram_token.get_secret_value().strip()
    if not token:
        raise UsageError("QIAOJIN_TELEGRAM_TOKEN is not set", key="no_token")
    if not TOKEN.fullmatch(token):
        raise UsageError("QIAOJIN_TELEGRAM_TOKEN is no token", key="token_malformed")


def behind(settings: Settings) -> Settings:
    """For a process that answers nobody: it tells how it is where it is asked to, and neither Telegram nor a visitor of
    the site comes to it."""
    return settings.model_copy(update={"telegram_webhook_url": "", "site_serve": False})


# --- the playground ---------------------------------------------------------------------------------------------------


BEGINNING = {"en": datetime(2026, 6, 17, 20, tzinfo=UTC), "zh": datetime(2026, 6, 18, 1, tzinfo=UTC)}
"""The playground's first moment: 20:00 in UTC, 09:00 in Beijing."""
PLAYED = "playground.sqlite3"
"""Its database."""


@contextmanager
def open_playground(
    settings: Settings, port: int, folder: Path, words: Words, transport: httpx.BaseTransport | None = None
) -> Iterator[tuple[Town, str, Kit]]:
    """A town with its page, the address of both, and a kit of the bot that lives there; ``folder`` keeps its data.

    It begins when the sample's full day has been announced and the next morning brings more, where people of that
    language live; or where a folder that was kept left off.
    """
    from bot.playground import server, town
    from bot.rules.days import newest_announced
    from bot.sources import sample
    from bot.store import state

    clock, token = MovableClock(BEGINNING[words.language]), town.made_up_token()
    founded = town.founded(clock, token, words)
    with server.running(founded, port) as address:
        own = in_playground(settings, folder, address, token)
        replayed = transport or sample.transport(lambda: newest_announced(clock.now()))
        with open_kit(own, transport=replayed, clock=clock) as kit:
            with kit.store.read() as session:
                left_off = [run.started for run in state.last_runs(session, 1)]
            if left_off and left_off[0] > clock.now():
                clock.move_to(left_off[0])
            yield founded, address, kit


def in_playground(settings: Settings, folder: Path, address: str, token: str) -> Settings:
    """``settings`` of a bot that knows nobody but the playground, and whose owner is whoever plays."""
    from bot.playground.town import YOU

    return settings.model_copy(update={
        "data_dir": folder, "database_url": f"sqlite:///{folder / PLAYED}",
        "backup_daily": False, "backup_folder": None,
        "now": None, "proxy": "", "feeds": [], "arxiv_holidays": [],
        "telegram_api_url": address, "telegram_token": SecretStr(token), "telegram_rate": 0.0,
        "telegram_webhook_url": "", "web_listen": "", "web_url": "",
        "owners": [YOU], "registration": "open", "allowed": [],
    })  # fmt: skip


def playground(
    settings: Settings, port: int, folder: Path, words: Words, opened: Callable[[str], None], *, own_data: bool = False
) -> None:
    """Be the bot in a browser until a signal comes; ``opened`` is told the page's address as soon as there is one.

    With ``own_data`` it knows the papers of a copy of the configured database.
    """
    from bot import pipeline
    from bot.chat import application, logs
    from bot.playground.copying import copy_papers

    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"  # nothing else is asked, and nobody else is meant
    if own_data:
        copy_papers(settings.database, folder / PLAYED)
    with open_playground(settings, port, folder, words) as (town, address, kit):
        logs.log_to_stderr([town.token])
        opened(address)
        with serving_alone(kit.store):
            pipeline.collect(kit)
            application.serve(kit)
