"""Whether a service is there and is what it should be: one small question to each, as the bot would ask it."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.errors import BadBody
from bot.sources import arxiv_api as api
from bot.sources import arxiv_feed as feed
from bot.sources import huggingface as hf
from bot.sources.http import Body, Web

KNOWN_PAPER = "1706.03762"
KNOCK_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}
"""Of proxies whose address names none; SOCKS has another one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """That a service answered, and what is of interest in it."""

    seconds: float
    """How long it took, with all tries."""
    at: datetime
    """When it came, by our clock."""
    date: datetime | None = None
    """The same by the service's clock, where it tells."""
    facts: Mapping[str, Any] = field(default_factory=dict)


def arxiv_feed(web: Web, url: str, categories: Sequence[str]) -> Answer:
    return ask(web, f"{url}/rss/{'+'.join(categories)}", feed.ACCEPT, feed.parse)


def arxiv_api(web: Web, url: str) -> Answer:
    return ask(web, f"{url}?id_list={KNOWN_PAPER}&max_results=1", api.ACCEPT, api.parse)


def huggingface(web: Web, url: str) -> Answer:
    return ask(web, f"{url}/api/daily_papers?limit=1", hf.ACCEPT, hf.listed)


def telegram(web: Web, url: str, method: str) -> Answer:
    """``url`` holds the token; no error names more of it than the host."""
    return ask(web, f"{url}/{method}", "application/json", result)


def result(content: bytes) -> Mapping[str, Any]:
    """The ``result`` of an answer of the Bot API; raises BadBody where it is none."""
    with suppress(ValueError, KeyError, TypeError):
        found = json.loads(content)["result"]
        if isinstance(found, dict):
            return found
    raise BadBody("not an answer of Telegram's Bot API")


def knock(url: str) -> str:
    """Why nobody answers at an address, be it of a proxy; "" where somebody takes a connection."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or PORTS.get(parts.scheme, 1080)), KNOCK_SECONDS).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def ask(web: Web, url: str, accept: str, parse: Callable[[bytes], object]) -> Answer:
    """Raises SourceError where nothing comes, and where what comes cannot be read."""
    started = time.monotonic()

    def read(body: Body) -> Answer:
        found = parse(body.content)
        facts = found if isinstance(found, Mapping) else {}
        return Answer(time.monotonic() - started, datetime.now(UTC), date_of(body), facts)

    return web.get(url, accept=accept, parse=read)


def date_of(body: Body) -> datetime | None:
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(body.headers.get("Date", "")).astimezone(UTC)
    return None
