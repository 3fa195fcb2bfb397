"""Hugging Face's Daily Papers: what its readers put on one day's list, with their votes. https://huggingface.co/papers"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from bot.errors import BadBody, SourceError
from bot.models import Fetched, FetchedPaper, SourceState
from bot.rules.ids import is_id, split_version
from bot.sources.fields import count, each_once, instant, text, texts, web_link
from bot.sources.http import Body, Web

SOURCE = "huggingface"
ACCEPT = "application/json"
PAGE_SIZE, MOST_PAGES = 100, 20


def fetch(web: Web, base_url: str, day: date) -> Fetched:
    """The whole list of ``day``; PARTIAL where a later page is missing, SourceError where the first one is."""
    items: list[Any] = []
    for page in range(MOST_PAGES):
        try:
            came = fetch_page(web, base_url, day, page)
        except SourceError as error:
            if not items:
                raise
            return gathered(items, day, state=SourceState.PARTIAL, error=str(error))
        fresh = [item for item in came if item not in items]  # a service deaf to ``p`` gives the first page for ever
        items += fresh
        if len(came) < PAGE_SIZE or not fresh:
            return gathered(items, day)
    return gathered(items, day, state=SourceState.PARTIAL, error=f"the list is longer than {MOST_PAGES} pages")


def fetch_page(web: Web, base_url: str, day: date, page: int) -> list[Any]:
    def read(body: Body) -> list[Any]:
        return listed(body.content)

    return web.get(
        f"{base_url}/api/daily_papers",
        {"date": day.isoformat(), "limit": PAGE_SIZE, "p": page},
        accept=ACCEPT,
        parse=read,
        explain=explain,
    )


def parse(body: bytes, day: date) -> Fetched:
    """One page of the list of ``day``; raises BadBody for what is none, SourceError if no item can be read."""
    return gathered(listed(body), day)


def listed(body: bytes) -> list[Any]:
    answer = decoded(body)
    if not isinstance(answer, list):
        raise BadBody(f"an answer that is no list of papers ({type(answer).__name__})")
    return answer


def decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadBody("an answer that is not JSON, or is cut short") from error


def explain(content: bytes) -> str:
    """The words of an error answer: ``{"error": "…"}``."""
    try:
        answer = decoded(content)
    except BadBody:
        return ""
    return text(answer.get("error")) if isinstance(answer, dict) else ""


def gathered(items: list[Any], day: date, *, state: SourceState = SourceState.OK, error: str = "") -> Fetched:
    """What can be read of ``items``, each paper once."""
    read = [read_item(item, day) for item in items]
    papers = each_once(read)
    if items and not papers:
        raise SourceError(f"none of its {len(items)} items can be read")
    return Fetched(SOURCE, papers, skipped=read.count(None), day=day, state=state, error=error)


def read_item(item: object, day: date) -> FetchedPaper | None:
    """The paper of one item, or None if it lacks an arXiv id or a title; every other field may be anything."""
    paper = item.get("paper") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(paper, dict):
        return None
    short_id, title = text(paper.get("id")), text(paper.get("title")) or text(item.get("title"))
    if not is_id(short_id) or not title:
        return None
    return FetchedPaper(
        id=split_version(short_id)[0],
        title=title,
        abstract=text(paper.get("summary")) or text(item.get("summary")),
        source=SOURCE,
        authors=shown_authors(paper.get("authors")),
        day=day,
        submitted=instant(paper.get("publishedAt")),
        upvotes=count(paper.get("upvotes")),
        comments=first_count(item.get("numComments"), paper.get("numComments"), paper.get("comments")),
        code_url=web_link(paper.get("githubRepo")),
        summary=text(paper.get("ai_summary")),
        keywords=texts(paper.get("ai_keywords")),
    )


def shown_authors(authors: object) -> tuple[str, ...]:
    """Names of the authors who are not hidden."""
    people = [one for one in authors if isinstance(one, dict)] if isinstance(authors, list) else []
    return texts([person.get("name") for person in people if person.get("hidden") is not True])


def first_count(*values: object) -> int | None:
    return next((number for number in map(count, values) if number is not None), None)
