"""The strict look at an XML body that comes before any lenient parser, and feedparser's view of it.

The parsers that follow recover from anything: a page of HTML or of ``Rate exceeded.`` would be an empty feed, and a
body cut short one with fewer papers (https://github.com/lukasschwab/arxiv.py/issues/43). Here it is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import feedparser
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.errors import BadBody

MOST_BYTES = 20_000_000
ENDLESS_WORD = re.compile(rb"[\w.+-]{500,}")


def well_formed(body: bytes, *roots: str, most_bytes: int = MOST_BYTES) -> Element:
    """The root element of a document without a DTD whose root is named in ``roots``; raises BadBody otherwise."""
    if len(body) > most_bytes:
        raise BadBody(f"a document of more than {most_bytes // 1_000_000} MB")
    if b"\0" in body:
        raise BadBody("not well-formed XML (NUL bytes)")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadBody(looks_like_html(body) or "XML with a DTD, which is refused") from error
    except (ParseError, ValueError, LookupError) as error:  # the latter two: encodings that expat cannot read
        raise BadBody(looks_like_html(body) or f"not well-formed XML ({error}); it may be cut short") from error
    if local_name(root) not in roots:
        raise BadBody(looks_like_html(body) or f"<{local_name(root)[:40]}> in place of a feed")
    return root


def local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def looks_like_html(body: bytes) -> str:
    start = body[:500].lstrip().lower()
    return "a page of HTML in place of a feed" if start.startswith((b"<!doctype html", b"<html")) else ""


def as_feed(body: bytes, headers: Mapping[str, str] | None = None) -> Any:
    """feedparser's view of a body that has been looked at; raises BadBody where it stumbles.

    Its clean-ups are for browsers and eat text such as ``O(n<m)``. It is handed a file, because it takes bare bytes for
    the name of one first, and no endless words, in which it would look for e-mail addresses in quadratic time.
    """
    file = BytesIO(ENDLESS_WORD.sub(b"", body))
    try:
        return feedparser.parse(file, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadBody("a feed that cannot be read") from error
