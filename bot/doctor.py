"""What may be wrong with an installation: each check looks at one part and says what it found.

settings → database → files → disk → font → proxy → services → token → webhook → clock

Nothing is changed: a database that is not there is not made, one of an older program is not brought up to date. What a
finding means, and what to do about it, stands in the catalogues under its name (``doctor.disk.low`` and
``doctor.disk.low.do``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import app, charts
from bot.chat.connection import api_address
from bot.errors import QiaojinError, SourceError
from bot.settings import Settings, load_settings
from bot.sources import probe
from bot.sources.http import Web
from bot.store import checks, migrations, sqlite
from bot.store.engine import kind_of
from bot.store.transfer import reading

if TYPE_CHECKING:
    import httpx

PATIENCE = 12.0
"""Seconds for each service; a person waits."""
TOO_LITTLE, LITTLE = 200_000_000, 2_000_000_000
"""Bytes of free disk; a year of arXiv takes less than the second."""
SKEW = timedelta(minutes=1)
"""How far our clock may be from the services' clocks before digests come at wrong hours."""

Question = Callable[[Web], probe.Answer]


class State(StrEnum):
    FINE = "fine"
    DOUBTFUL = "doubtful"
    """It works, and somebody should look at it."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    state: State = State.FINE
    what: str = "fine"
    """The rest of its name in the catalogues."""
    values: Mapping[str, object] = field(default_factory=dict)
    error: QiaojinError | None = None
    """What was raised, to be told in its own words."""

    @property
    def key(self) -> str:
        return f"doctor.{self.check}.{self.what}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A service's answer, or why there is none."""

    answer: probe.Answer | None = None
    error: SourceError | None = None


def examine(
    environment: Mapping[str, str] = os.environ, transport: httpx.BaseTransport | None = None
) -> Iterator[Finding]:
    """All findings, in the order in which one thing needs the other; without readable settings there is only one.

    ``transport`` replays recorded services instead of asking the real ones.
    """
    try:
        settings = load_settings(environment)
    except QiaojinError as error:
        yield Finding("settings", State.WRONG, "wrong", error=error)
        return
    yield from check_settings(settings)
    yield check_database(settings)
    yield check_files()
    yield from check_disk(settings)
    yield check_font()
    proxy = check_proxy(settings)
    if proxy:
        yield proxy
    if not proxy or proxy.state is State.FINE:  # else every service would be blamed for it
        yield from check_services(settings, transport)


def check_settings(settings: Settings) -> Iterator[Finding]:
    yield Finding("settings", values={"path": settings.data_dir})
    if not settings.contact:
        yield Finding("contact", State.DOUBTFUL, "missing")
    if not settings.owners and not settings.registration:
        yield Finding("owners", State.DOUBTFUL, "missing")
    if settings.now:
        yield Finding("now", State.DOUBTFUL, "set", {"now": f"{settings.now:%Y-%m-%d %H:%M}"})


# --- what is on this machine ------------------------------------------------------------------------------------------


def check_database(settings: Settings) -> Finding:
    kind, address = kind_of(settings.database), settings.database
    values: dict[str, object] = {"path": kind.shown(address), "newest": migrations.revisions()[-1]}
    try:
        if kind is sqlite and not sqlite.is_there(Path(kind.shown(address))):
            return Finding("database", what="to_come", values=values)
        with reading(address) as connection:
            revision = values["revision"] = migrations.current(connection)
            if revision != values["newest"]:
                checks.demand_rights(connection)
            faults = checks.faults(connection) if revision in migrations.revisions() else []
    except QiaojinError as error:
        return Finding("database", State.WRONG, "wrong", error=error)
    if faults:
        return Finding("database", State.WRONG, "damaged", {**values, "fault": faults[0], "count": len(faults)})
    if revision not in migrations.revisions():
        return (
            Finding("database", State.WRONG, "newer", values)
            if revision
            else Finding("database", what="to_come", values=values)
        )
    return Finding("database", what="fine" if revision == values["newest"] else "older", values=values)


def check_files() -> Finding:
    """The models and the configuration, read as the bot reads them."""
    try:
        for load in (app.load_directions, app.load_classifier, app.load_terms, app.load_classics, app.load_tasks):
            load()
        app.load_nearness()
    except QiaojinError as error:
        return Finding("files", State.WRONG, "wrong", error=error)
    return Finding("files", values={"count": len(app.load_directions())})


def check_disk(settings: Settings) -> Iterator[Finding]:
    """The folder of the data; that of the backups too where it is another one, or may not be written to."""
    data, kept = room_in(settings.data_dir), room_in(settings.backups)
    yield data
    if kept.values["path"] != data.values["path"] and (settings.backup_folder or kept.what == "unwritable"):
        yield kept
    if open_to_others := [path for path in private_files(settings) if S_IMODE(path.stat().st_mode) & 0o077]:
        yield Finding("permissions", State.DOUBTFUL, "open", {"path": open_to_others[0], "count": len(open_to_others)})


def room_in(folder: Path) -> Finding:
    """Whether there is room in a folder (in the nearest one above it, where it is yet to be made), and for us."""
    place = next(path for path in (folder, *folder.absolute().parents) if os.path.exists(path))
    free = shutil.disk_usage(place).free
    values: dict[str, object] = {"path": place, "free": f"{free / 1e9:.1f} GB"}
    if not os.access(place, os.W_OK | os.X_OK):
        return Finding("disk", State.WRONG, "unwritable", values)
    if free < LITTLE:
        return Finding("disk", State.WRONG if free < TOO_LITTLE else State.DOUBTFUL, "low", values)
    return Finding("disk", values=values)


def private_files(settings: Settings) -> list[Path]:
    """What holds readers' data, as far as it is a file of ours."""
    folders = {folder for folder in (settings.data_dir, settings.backups) if os.access(folder, os.R_OK | os.X_OK)}
    return sorted(path for folder in folders for path in folder.glob("*.sqlite3*") if path.is_file())


def check_font() -> Finding:
    font = charts.cjk_font()
    return Finding("font", values={"path": font}) if font else Finding("font", State.DOUBTFUL, "missing")


# --- what is elsewhere ------------------------------------------------------------------------------------------------


def check_proxy(settings: Settings) -> Finding | None:
    """Whether anybody is where all that goes out is to go through; None where there is no proxy."""
    if not settings.proxy:
        return None
    parts = urlsplit(settings.proxy)
    values: dict[str, object] = {"address": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"}
    if why := probe.knock(settings.proxy):
        return Finding("proxy", State.WRONG, "unreachable", {**values, "why": why})
    return Finding("proxy", values=values)


def check_services(settings: Settings, transport: httpx.BaseTransport | None = None) -> Iterator[Finding]:
    """Every service is asked once, all at the same time, as the bot would ask it: proxy and all."""
    token = settings.telegram_token.get_secret_value().strip()
    questions: dict[str, Question] = {
        "arxiv_feed": partial(probe.arxiv_feed, url=settings.arxiv_feed_url, categories=settings.categories),
        "arxiv_api": partial(probe.arxiv_api, url=settings.arxiv_api_url),
        "huggingface": partial(probe.huggingface, url=settings.hf_url),
    }
    if app.TOKEN.fullmatch(token):
        address = api_address(settings) + token
        questions["telegram"] = partial(probe.telegram, url=address, method="getMe")
        questions["webhook"] = partial(probe.telegram, url=address, method="getWebhookInfo")
    web = Web(user_agent=app.user_agent(settings), proxy=settings.proxy or None, patience=PATIENCE, transport=transport)
    asked = ask_all(web, questions)
    hosts = {"arxiv_feed": settings.arxiv_feed_url, "arxiv_api": settings.arxiv_api_url, "huggingface": settings.hf_url}
    for name, url in hosts.items():
        yield told_of(name, asked[name], {"url": url})
    if "telegram" in asked:
        yield told_of_token(asked["telegram"])
        yield from told_of_webhook(settings, asked["webhook"])
    else:
        yield Finding("token", State.WRONG, "malformed" if token else "missing")
    yield from told_of_clock([one.answer for one in asked.values() if one.answer])


def ask_all(web: Web, questions: Mapping[str, Question]) -> dict[str, Asked]:
    with web, ThreadPoolExecutor(len(questions)) as threads:
        return dict(zip(questions, threads.map(partial(answered, web), questions.values()), strict=True))


def answered(web: Web, question: Question) -> Asked:
    try:
        return Asked(question(web))
    except SourceError as error:
        return Asked(error=error)


def told_of(check: str, asked: Asked, values: Mapping[str, object]) -> Finding:
    if asked.answer is None:
        return Finding(check, State.WRONG, "wrong", {**values, "said": asked.error})
    return Finding(check, values={**values, "seconds": f"{asked.answer.seconds:.1f}"})


def told_of_token(asked: Asked) -> Finding:
    if asked.answer is None:
        refused = any(sign in str(asked.error) for sign in ("answered 401", "answered 404"))
        return Finding("token", State.WRONG, "refused" if refused else "unreachable", {"said": asked.error})
    return Finding("token", values={"name": asked.answer.facts.get("username", "?")})


def told_of_webhook(settings: Settings, asked: Asked) -> Iterator[Finding]:
    """Only where one is wanted, or where one that is not wanted keeps the bot from polling."""
    facts = asked.answer.facts if asked.answer else {}
    url, wanted = str(facts.get("url", "")), settings.telegram_webhook_url
    if wanted and url == wanted and facts.get("last_error_message"):
        yield Finding("webhook", State.DOUBTFUL, "failing", {"said": str(facts["last_error_message"])[:200]})
    elif wanted and url == wanted:
        yield Finding("webhook", values={"waiting": facts.get("pending_update_count", 0)})
    elif url and not wanted:
        yield Finding("webhook", State.DOUBTFUL, "left_over")


def told_of_clock(answers: list[probe.Answer]) -> Iterator[Finding]:
    """Our clock against the middle one of the services' clocks."""
    skews = sorted(answer.date - answer.at for answer in answers if answer.date)
    if not skews:
        return
    skew = skews[len(skews) // 2]
    values = {"seconds": f"{abs(skew).total_seconds():.0f}", "now": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
    yield Finding("clock", State.WRONG, "off", values) if abs(skew) > SKEW else Finding("clock", values=values)
