"""Any RSS or Atom feed that the reader lists: a laboratory's blog. Lenient, but not with DTDs and pages of HTML."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import feedparser

from bot.errors import BadBody, SourceError
from bot.models import Fetched, Post, SourceState
from bot.rules.ids import find_linked_ids
from bot.sources.fields import text, web_link
from bot.sources.http import Body, Web, only_if_changed
from bot.sources.xml import well_formed

ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
ROOTS = ("rss", "feed", "RDF")
MOST_BYTES, MOST_POSTS = 10_000_000, 200
MOST_HTML, MOST_SUMMARY, MOST_TITLE = 20_000, 500, 300
FIRST_TAG = re.compile(r"<([A-Za-z][\w.:-]*)")
DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNSEEN = {"script", "style"}


def fetch(web: Web, url: str, title: str = "", *, etag: str = "", last_modified: str = "") -> Fetched:
    """The feed's posts under ``title``, or its own one; UNCHANGED if it still bears ``etag``; raises SourceError."""

    def read(body: Body) -> Fetched:
        if body.status == 304 and (etag or last_modified):
            return Fetched(title or url, state=SourceState.UNCHANGED, etag=etag, last_modified=last_modified)
        fetched = parse(body.content, title)
        return replace(fetched, source=fetched.source or url, etag=body.etag, last_modified=body.last_modified)

    return web.get(url, accept=ACCEPT, headers=only_if_changed(etag, last_modified), parse=read)


def parse(body: bytes, title: str = "") -> Fetched:
    """The posts of a feed; raises BadBody for what is none, SourceError if no entry can be read."""
    feed = document(body)
    name = title or plain(str(feed.feed.get("title", "")))[:MOST_TITLE]
    entries = feed.entries[:MOST_POSTS]
    posts = tuple(post for entry in entries if (post := read_entry(entry, name)))
    if entries and not posts:
        raise SourceError(f"none of its {len(entries)} entries can be read")
    return Fetched(name, posts=posts, skipped=len(entries) - len(posts))


def document(body: bytes) -> Any:
    """feedparser's view of the body, which may be badly formed XML, but no bomb and no page of HTML."""
    try:
        well_formed(body, *ROOTS, most_bytes=MOST_BYTES)
        headers = {}
    except BadBody:
        body = lenient(body)
        headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # its loose parser trips over hostile bytes
        raise BadBody("a feed that cannot be read") from error


def lenient(body: bytes) -> bytes:
    """A badly formed body as UTF-8, if it is a feed all the same and declares nothing; raises BadBody otherwise."""
    content = body[:MOST_BYTES].decode("utf-8", "replace")
    first = FIRST_TAG.search(content)
    if len(body) > MOST_BYTES or first is None or first[1].rpartition(":")[2] not in ROOTS:
        raise BadBody("not an RSS or Atom feed")
    if DECLARATION.search(content) or "\0" in content:
        raise BadBody("a feed with a DTD, which is refused")
    return content.encode()


def read_entry(entry: Any, feed: str) -> Post | None:
    """The post of one entry, or None if it lacks an address or has no words at all."""
    html = markup(entry)
    summary = plain(html)[:MOST_SUMMARY]
    link = web_link(entry.get("link"))
    title = plain(str(entry.get("title", "")))[:MOST_TITLE] or summary[:80]
    if not link or not title:
        return None
    return Post(feed, link, title, summary, published(entry), linked_paper(link, html))


def markup(entry: Any) -> str:
    """The entry's summary, or else its content, as it was sent and no longer than is needed."""
    content = [str(part.get("value", "")) for part in entry.get("content", [])]
    return next(filter(None, [str(entry.get("summary", "")), *content]), "")[:MOST_HTML]


def published(entry: Any) -> datetime | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def linked_paper(link: str, html: str) -> str:
    """The arXiv paper that the entry is about: the one it points at, or the only one that it links to."""
    linked = find_linked_ids(link) or find_linked_ids(html)
    return linked[0] if len(linked) == 1 else ""


class Words(HTMLParser):
    """Collects what a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.unseen += tag in UNSEEN
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen = max(self.unseen - (tag in UNSEEN), 0)

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.words.append(data)


def plain(html: str) -> str:
    """The text of a piece of HTML, on one line."""
    if "<" not in html:
        return text(unescape(html))
    reader = Words()
    reader.feed(html)
    reader.close()
    return text("".join(reader.words))
