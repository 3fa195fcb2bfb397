"""Stand-ins for what lies outside: arXiv, Hugging Face and blogs over a stub transport, and time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

import httpx

from bot.app import open_kit
from bot.clock import Clock
from bot.kit import Kit
from bot.models import FetchedPaper
from bot.rules.days import NEW_YORK, day_of
from bot.settings import Settings
from bot.sources.http import Web
from tests.sources.bodies import api_page, hf_item, item, rss

DAY = date(2026, 6, 17)


@dataclass
class FakeTime:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


class Hands(Clock):
    """The program's clock, whose hands the test moves."""

    def __init__(self, at: datetime):
        self.at = at

    def now(self) -> datetime:
        return self.at


@contextmanager
def stub_kit(settings: Settings, transport: httpx.BaseTransport, *, patient: bool = False) -> Iterator[Kit]:
    """What a command works with, over ``transport`` and without waiting for anything."""
    time = FakeTime()
    with (
        open_kit(settings, transport=transport, patient=patient) as kit,
        Web(user_agent="test", transport=transport, sleep=time.sleep, monotonic=time.monotonic) as web,
    ):
        yield replace(kit, web=web)


@dataclass(frozen=True)
class Written:
    """A paper as its authors submitted it."""

    id: str
    title: str = "Smaller Models, Sharper Questions"
    abstract: str = "We ask less of models."
    submitted: datetime = datetime(2026, 6, 16, 12, tzinfo=UTC)
    categories: tuple[str, ...] = ("cs.CL", "cs.LG")
    version: int = 1

    @property
    def day(self) -> date:
        return day_of(self.submitted, HOLIDAYS)


HOLIDAYS = (date(2026, 6, 22), date(2026, 11, 26))
Answer = httpx.Response | Exception | bytes


@dataclass
class Services:
    """arXiv, Hugging Face and blogs that know ``papers``; ``weather`` puts an answer in the place of a service's own.

    ``calls`` are the names of what was asked, in order: ``feed``, ``api``, ``hf`` and the addresses of blogs.
    """

    today: date = DAY
    papers: list[Written] = field(default_factory=list)
    replaced: list[Written] = field(default_factory=list)
    """New versions that today's feed announces."""
    listed: dict[date, list[dict[str, Any]]] = field(default_factory=dict)
    blogs: dict[str, bytes] = field(default_factory=dict)
    weather: dict[str, Answer | Callable[[httpx.Request], Answer | None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    etag: str = ""

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        name = self.name(request)
        self.calls.append(name)
        self.requests.append(request)
        answer: Any = self.weather.get(name)
        if callable(answer):
            answer = answer(request)
        if answer is None:
            answer = self.well(name, request)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):  # one answer may be given often; its stream can be read only once
            return httpx.Response(answer.status_code, content=answer.content, headers=dict(answer.headers))
        return httpx.Response(200, content=answer)

    def name(self, request: httpx.Request) -> str:
        places = {"/rss/": "feed", "/api/query": "api", "/api/daily_papers": "hf"}
        return next((name for place, name in places.items() if place in request.url.path), str(request.url))

    def well(self, name: str, request: httpx.Request) -> Answer:
        match name:
            case "feed":
                return self.feed(request)
            case "api":
                return self.api(request)
            case "hf":
                return self.list(request)
        return self.blogs[name] if name in self.blogs else httpx.Response(404)

    def feed(self, request: httpx.Request) -> Answer:
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return httpx.Response(304)
        asked = set(request.url.path.rpartition("/")[2].split("+"))
        body = self.feed_of(self.today, asked, self.replaced)
        return httpx.Response(200, content=body, headers={"ETag": self.etag} if self.etag else {})

    def feed_of(self, day: date, asked: set[str], replaced: list[Written] = [], dated: date | None = None) -> bytes:  # noqa: B006
        items = [
            feed_item(paper, "new" if paper.categories[0] in asked else "cross")
            for paper in self.papers
            if paper.day == day and asked & set(paper.categories)
        ]
        items += [feed_item(paper, "replace") for paper in replaced if asked & set(paper.categories)]
        midnight = datetime.combine(dated or day, datetime.min.time(), NEW_YORK)
        return rss(*items, stamp=f"{midnight:%a, %d %b %Y %H:%M:%S %z}")

    def api(self, request: httpx.Request) -> bytes:
        asked = request.url.params
        if ids := asked.get("id_list"):
            found = [paper for paper in self.papers if paper.id in ids.split(",")]
        else:
            low, high = re.findall(r"\d{12}", asked["search_query"])
            categories = set(re.findall(r"cat:([\w.-]+)", asked["search_query"]))
            found = [
                paper
                for paper in self.papers
                if low <= f"{paper.submitted:%Y%m%d%H%M}" <= high and categories & set(paper.categories)
            ]
        start, size = int(asked.get("start", 0)), int(asked.get("max_results", 10))
        return api_page(*map(api_entry, found[start : start + size]), total=len(found))

    def list(self, request: httpx.Request) -> bytes:
        page, size = int(request.url.params["p"]), int(request.url.params["limit"])
        items = self.listed.get(date.fromisoformat(request.url.params["date"]), [])
        return json.dumps(items[page * size : (page + 1) * size]).encode()


def feed_item(paper: Written, kind: str) -> str:
    return item(f"{paper.id}v{paper.version}", paper.title, paper.abstract, kind, categories=paper.categories)


def api_entry(paper: Written) -> str:
    moment = f"{paper.submitted:%Y-%m-%dT%H:%M:%SZ}"
    categories = "".join(f'<category term="{name}"/>' for name in paper.categories)
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v{paper.version}</id><title>{escape(paper.title)}</title>"
        f"<updated>{moment}</updated><published>{moment}</published><summary>{escape(paper.abstract)}</summary>"
        f'{categories}<arxiv:primary_category term="{paper.categories[0]}"/>'
        "<author><name>Ada Lovelace</name></author><author><name>Alan Turing</name></author></entry>"
    )


def listing(paper: Written, **fields: Any) -> dict[str, Any]:
    """``paper`` as Hugging Face lists it."""
    return hf_item(paper.id, title=paper.title, summary=paper.abstract, **fields)


def fetched(id_: str = "2606.01234", **fields: Any) -> FetchedPaper:
    """What some source says of a paper."""
    said: dict[str, Any] = {"title": "A Title", "abstract": "Some words.", "source": "arxiv-feed", "day": DAY}
    return FetchedPaper(id=id_, **{**said, **fields})
