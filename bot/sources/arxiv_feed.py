"""arXiv's daily feed: one announcement day in one request. https://info.arxiv.org/help/rss.html"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import BadBody, SourceError
from bot.models import AnnounceType, Fetched, FetchedPaper, SourceState
from bot.rules.days import NEW_YORK
from bot.rules.ids import is_id, split_version
from bot.sources.fields import each_once, text
from bot.sources.http import Body, Gate, Web, only_if_changed
from bot.sources.xml import as_feed, well_formed

SOURCE = "arxiv-feed"
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9"
NEW_YORK_OFFSETS = {timedelta(hours=-4), timedelta(hours=-5)}
MOST_ITEMS = 2_000
"""arXiv cuts a feed there. https://info.arxiv.org/help/rss.html"""

HEAD = re.compile(r"\s*(?:arXiv:(\S+)\s+Announce Type:\s*([\w-]+)\s*)?(?:Abstract:\s*)?")
SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")


def fetch(
    web: Web,
    base_url: str,
    categories: Sequence[str],
    *,
    etag: str = "",
    last_modified: str = "",
    gate: Gate | None = None,
) -> Fetched:
    """The newest announcement day of ``categories``; UNCHANGED if it still bears ``etag``; raises SourceError."""

    def read(body: Body) -> Fetched:
        if body.status == 304 and (etag or last_modified):
            return Fetched(SOURCE, state=SourceState.UNCHANGED, etag=etag, last_modified=last_modified)
        fetched = parse(body.content)
        if not fetched.papers or fetched.state is not SourceState.OK:
            return fetched  # without its stamps: an empty or cut feed that is served by mistake must be asked for again
        return replace(fetched, etag=body.etag, last_modified=body.last_modified)

    return web.get(
        f"{base_url}/rss/{'+'.join(categories)}",
        accept=ACCEPT,
        headers=only_if_changed(etag, last_modified),
        parse=read,
        gate=gate,
        explain=explain,
    )


def parse(body: bytes) -> Fetched:
    """The day that a feed, RSS or Atom, announces; BadBody for what is none, SourceError if all items are bad."""
    well_formed(body, "rss", "feed", "RDF")
    feed = as_feed(body)
    if str(feed.feed.get("title", "")).startswith("Feed error"):
        raise SourceError(text(feed.feed.get("subtitle"))[:200] or "the feed reports an error")
    day = own_day(feed)
    items = [read_entry(entry, day) for entry in feed.entries]
    papers = each_once(items)
    if items and not papers:
        raise SourceError(f"none of its {len(items)} items can be read")
    whole = Fetched(SOURCE, papers, skipped=items.count(None), day=day)
    if len(items) < MOST_ITEMS:
        return whole
    return replace(whole, state=SourceState.PARTIAL, error=f"the feed is full ({MOST_ITEMS} items): it may be cut")


def explain(content: bytes) -> str:
    """The words of arXiv's error feed."""
    try:
        well_formed(content, "rss", "feed")
        return text(as_feed(content).feed.get("subtitle"))
    except BadBody:
        return ""


def own_day(feed: Any) -> date | None:
    """The feed's own date: the channel's in RSS, the entries' in Atom, whose own stamp is the minute it was made."""
    places = [(feed.feed, "published"), *((entry, "published") for entry in feed.entries[:1]), (feed.feed, "updated")]
    stamps = (dict.get(place, name) for place, name in places)  # feedparser's own ``get`` takes one for the other
    return next((day for stamp in stamps if stamp and (day := new_york_day(stamp))), None)


def new_york_day(stamp: str) -> date | None:
    """The calendar date in New York; as written, where the offset is New York's."""
    try:
        moment = datetime.fromisoformat(stamp) if stamp[:4].isdigit() else parsedate_to_datetime(stamp)
        return moment.date() if moment.utcoffset() in NEW_YORK_OFFSETS else moment.astimezone(NEW_YORK).date()
    except (ValueError, OverflowError):
        return None


def read_entry(entry: Any, day: date | None) -> FetchedPaper | None:
    """The paper of one item, or None if it lacks an id or a title."""
    summary = str(entry.get("summary", ""))
    head = HEAD.match(summary)
    assert head
    known = identity(entry, head[1] or "")
    title = text(entry.get("title"))
    if known is None or not title:
        return None
    return FetchedPaper(
        id=known[0],
        version=known[1],
        title=title,
        abstract=text(summary[head.end() :]),
        source=SOURCE,
        authors=split_authors(", ".join(str(person.get("name", "")) for person in entry.get("authors", []))),
        categories=tuple(dict.fromkeys(filter(None, (text(tag.get("term")) for tag in entry.get("tags", []))))),
        day=day,
        announce_type=announce_type(text(entry.get("arxiv_announce_type")) or head[2] or "", known[1]),
    )


def identity(entry: Any, in_summary: str) -> tuple[str, int] | None:
    """Id and version from the guid, the link (which names no version) and the head of the description."""
    candidates = (
        str(entry.get("id", "")).rpartition("arXiv.org:")[2],
        str(entry.get("link", "")).rpartition("/abs/")[2],
        in_summary,
    )
    known = [split_version(candidate) for candidate in candidates if is_id(candidate)]
    return (known[0][0], max(version for id_, version in known if id_ == known[0][0])) if known else None


def announce_type(word: str, version: int) -> AnnounceType:
    """arXiv's word; where it is none that we know, a first version is new and a later one a replacement."""
    try:
        return AnnounceType(word.lower())
    except ValueError:
        return AnnounceType.NEW if version == 1 else AnnounceType.REPLACE


def split_authors(line: str) -> tuple[str, ...]:
    """Names as they stand, ``Jr.`` with the name before it; commas in parentheses or braces separate nobody."""
    names: list[str] = []
    for part in map(text, split_outside_brackets(line)):
        if names and SUFFIX.fullmatch(part):
            names[-1] += f" {part}"
        elif part:
            names.append(part)
    return tuple(names)


def split_outside_brackets(line: str) -> list[str]:
    parts, depth = [""], 0
    for char in line:
        depth += (char in "({") - (char in ")}")
        if char == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts if depth == 0 else line.split(",")
