"""Any RSS or Atom feed that the reader lists: a laboratory's blog. Lenient, but not with DTDs and pages of HTML."""

from __future__ import annotations

import re
from calendar import timegm
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from bot.errors import BadBody, SourceError
from bot.models import Fetched, Post, SourceState
from bot.rules.ids import find_linked_ids
from bot.sources.fields import text, web_link
from bot.sources.http import Body, Web, only_if_changed
from bot.sources.xml import as_feed, well_formed

ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
ROOTS = ("rss", "feed", "RDF")
MOST_BYTES, MOST_POSTS = 5_000_000, 200
MOST_HTML, MOST_SUMMARY, MOST_TITLE = 20_000, 500, 300
FIRST_TAG = re.compile(r"<([A-Za-z][\w.:-]*)")
DECLARATION = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNSEEN = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>|<!\[?[^<>]*>")
INLINE = {"a", "b", "cite", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"}


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
    name = title or own_title(feed.feed)
    entries = feed.entries[:MOST_POSTS]
    posts = tuple(post for entry in entries if (post := read_entry(entry, name)))
    if entries and not posts:
        raise SourceError(f"none of its {len(entries)} entries can be read")
    return Fetched(name, posts=posts, skipped=len(entries) - len(posts))


def document(body: bytes) -> Any:
    """feedparser's view of the body, which may be badly formed XML, but no bomb and no page of HTML."""
    try:
        well_formed(body, *ROOTS, most_bytes=MOST_BYTES)
        return as_feed(body)
    except BadBody:
        return as_feed(lenient(body), {"content-type": "application/xml; charset=utf-8"})


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
    title = own_title(entry) or summary[:80]
    if not link or not title:
        return None
    return Post(feed, link, title, summary, published(entry), linked_paper(link, html))


def own_title(place: Any) -> str:
    """The title of a feed or an entry; where it is no markup, ``O(n<m)`` stays what it is."""
    title = str(place.get("title", ""))[:MOST_HTML]
    is_markup = "html" in str(place.get("title_detail", {}).get("type", ""))
    return (plain(title) if is_markup else text(unescape(title)))[:MOST_TITLE]


def markup(entry: Any) -> str:
    """The entry's summary, or else its content, as it was sent and no longer than is needed."""
    content = [str(part.get("value", "")) for part in entry.get("content", [])]
    return next(filter(None, [str(entry.get("summary", "")), *content]), "")[:MOST_HTML]


def published(entry: Any) -> datetime | None:
    stamps = (dict.get(entry, name) for name in ("published_parsed", "updated_parsed"))  # its ``get`` mixes them up
    moment = next(filter(None, stamps), None)
    try:
        return datetime.fromtimestamp(timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def linked_paper(link: str, html: str) -> str:
    """The arXiv paper that the entry is about: the one it points at, or the only one that it links to."""
    linked = find_linked_ids(link) or find_linked_ids(html)
    return linked[0] if len(linked) == 1 else ""


def plain(html: str) -> str:
    """The text of a piece of HTML, on one line."""
    # Python 3.11's own parser stumbles over Word's ``<![if …]>``: https://github.com/python/cpython/issues/77057
    return text(unescape(TAG.sub(gap, UNSEEN.sub(" ", html))))


def gap(tag: re.Match[str]) -> str:
    return "" if (tag[1] or "").lower() in INLINE else " "
