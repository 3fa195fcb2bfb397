"""The sample weeks: the services' addresses answered from bundled bodies, so that ``make demo`` needs no network.

One full day, Wednesday 2026-06-17, and five papers on each other announcement day from 15 June to 3 July. All answers
are those of the day that ``today`` tells: the feed announces it, and nobody knows what comes later.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

import httpx

from bot.models import AnnounceType, FetchedPaper
from bot.rules.days import closing
from bot.rules.ids import split_version
from bot.sources import arxiv_feed

DAY = date(2026, 6, 17)
FOLDER = files("bot").joinpath("sample")
WINDOW = re.compile(r"submittedDate:\[(\d{12}) TO (\d{12})\]")
NO_ITEMS = """<?xml version='1.0' encoding='UTF-8'?>
<rss version="2.0"><channel><title>updates on arXiv.org</title>
<pubDate>{:%a, %d %b %Y} 00:00:00 -0400</pubDate></channel></rss>
"""
ANSWER = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>https://arxiv.org/api/sample</id><opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>
"""
ENTRY = """
<entry><id>http://arxiv.org/abs/{id}v{version}</id><title>{title}</title><summary>{abstract}</summary>
<published>{submitted:%Y-%m-%dT%H:%M:%SZ}</published><updated>{submitted:%Y-%m-%dT%H:%M:%SZ}</updated>
{authors}{categories}</entry>"""


def transport(today: Callable[[], date] = lambda: DAY) -> httpx.MockTransport:
    """A transport for ``Web`` that knows three paths on any host."""

    def answer(request: httpx.Request) -> httpx.Response:
        path, asked = request.url.path, request.url.params
        if "/rss/" in path:
            return httpx.Response(200, content=feed(today()))
        if path.endswith("/api/daily_papers"):
            return httpx.Response(200, content=listed(asked, today()))
        if path.endswith("/api/query"):
            return httpx.Response(200, content=found(asked, today()))
        return httpx.Response(404)

    return httpx.MockTransport(answer)


def days() -> list[date]:
    """The days for which anything is bundled, oldest first."""
    names = (entry.name for entry in FOLDER.iterdir() if entry.is_dir() and entry.name[:2] == "20")
    return sorted(map(date.fromisoformat, names))


def feed(day: date) -> bytes:
    """arXiv's feed of ``day``; one without items where nothing was announced."""
    body = FOLDER.joinpath(day.isoformat(), "feed.xml")
    return body.read_bytes() if body.is_file() else NO_ITEMS.format(day).encode()


def listed(asked: httpx.QueryParams, today: date) -> bytes:
    """Hugging Face's list of the day that is asked for: one page."""
    body = FOLDER.joinpath(asked.get("date", ""), "huggingface.json")
    is_there = asked.get("date", "9") <= today.isoformat() and asked.get("p", "0") == "0" and body.is_file()
    return body.read_bytes() if is_there else b"[]"


# --- arXiv's API ------------------------------------------------------------------------------------------------------


def found(asked: httpx.QueryParams, today: date) -> bytes:
    """The API's answer to a list of ids or a window of days of submission; it finds nothing by words."""
    known = announced_until(today)
    if ids := asked.get("id_list"):
        papers = [known[id_] for id_ in (split_version(one)[0] for one in ids.split(",")) if id_ in known]
    elif window := WINDOW.search(asked.get("search_query", "")):
        start, end = (datetime.strptime(stamp, "%Y%m%d%H%M").replace(tzinfo=UTC) for stamp in window.groups())
        papers = [paper for paper in known.values() if start <= submitted(paper) <= end]
    else:
        papers = []
    first = int(asked.get("start", "0"))
    page = papers[first : first + int(asked.get("max_results", "10"))]
    return ANSWER.format(total=len(papers), entries="".join(map(entry, page))).encode()


@cache
def announced_until(today: date) -> dict[str, FetchedPaper]:
    """The papers by their ids in the newest version; one that was replaced was still submitted when it first was."""
    papers: dict[str, FetchedPaper] = {}
    for day in days():
        for paper in arxiv_feed.parse(feed(day)).papers if day <= today else ():
            if paper.id in papers:
                papers[paper.id] = replace(paper, day=papers[paper.id].day)
            elif paper.announce_type is not AnnounceType.REPLACE:
                papers[paper.id] = paper
    return papers


def submitted(paper: FetchedPaper) -> datetime:
    """An hour before the batch of its day closed; a feed does not tell."""
    assert paper.day
    return closing(paper.day) - timedelta(hours=1)


def entry(paper: FetchedPaper) -> str:
    return ENTRY.format(
        id=paper.id, version=paper.version, title=escape(paper.title), abstract=escape(paper.abstract),
        submitted=submitted(paper), authors=tags("<author><name>{}</name></author>", paper.authors),
        categories=tags('<category term="{}"/>', paper.categories),
    )  # fmt: skip


def tags(form: str, values: Iterable[str]) -> str:
    return "".join(form.format(escape(value)) for value in values)
