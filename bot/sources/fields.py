"""Single fields of a service's answer, read whatever their type: a wrong one is as good as a missing one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.models import FetchedPaper

UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")
"""Control characters and lone surrogates, which no database and no terminal takes."""

WEB_LINK = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
MOST = 2**31 - 1
MOST_LINK = 2_000
"""Bytes; PostgreSQL's indexes hold 2,700 of a value."""


def text(value: object) -> str:
    """A string on one line, its words as they are; empty for anything else."""
    return " ".join(UNWRITABLE.sub("", value).split()) if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list that hold something."""
    return tuple(filter(None, map(text, value))) if isinstance(value, list) else ()


def count(value: object) -> int | None:
    """A number of things that a database can hold, or None."""
    return value if type(value) is int and 0 <= value <= MOST else None


def instant(value: object) -> datetime | None:
    """An ISO 8601 instant in UTC (which it is in where it does not say), or None."""
    try:
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return moment and (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def web_link(value: object) -> str:
    """An http or https address of sound length without what would steer a terminal, or an empty string."""
    link = text(value)
    is_sound = link.isprintable() and len(link.encode()) <= MOST_LINK
    return link if is_sound and WEB_LINK.fullmatch(link) else ""


def each_once(papers: Iterable[FetchedPaper | None]) -> tuple[FetchedPaper, ...]:
    """Those that could be read, each id as it came first."""
    first: dict[str, FetchedPaper] = {}
    for paper in filter(None, papers):
        first.setdefault(paper.id, paper)
    return tuple(first.values())
