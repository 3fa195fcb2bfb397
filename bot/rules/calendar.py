"""A reading plan as an iCalendar file, as calendars take it in: https://www.rfc-editor.org/rfc/rfc5545

Moments are written in UTC, so that no table of a zone's rules has to travel along.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

PRODUCT = "-//Qiaojin//Reading plan//EN"
REFRESH = ("REFRESH-INTERVAL;VALUE=DURATION:PT4H", "X-PUBLISHED-TTL:PT4H")
"""How often a subscriber is to look again; the second is Outlook's word: https://www.rfc-editor.org/rfc/rfc7986"""
LONGEST_LINE = 75
"""Octets of one line, its end not counted (section 3.1)."""
END = "\r\n"
SPECIAL = re.compile(r"[\\;,]")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Event:
    """Something to do: on a whole day, or from a moment on for some minutes."""

    uid: str
    """Says for good which event this is, so that a file taken in again changes it and adds nothing."""
    day: date
    """The reader's own date."""
    title: str
    minutes: int = 0
    start: datetime | None = None
    """When it begins; None for a whole day."""
    about: str = ""
    url: str = ""


class Feed(NamedTuple):
    """A calendar to subscribe to."""

    text: str
    version: str
    """Changes when, and only when, there is something new in it."""


def feed(name: str, events: Sequence[Event], now: datetime) -> Feed:
    """``calendar`` for subscribers: it says how often to look again."""
    version = hashlib.sha256(repr((name, *events)).encode()).hexdigest()[:32]
    return Feed(calendar(name, events, now, REFRESH), version)


def calendar(name: str, events: Sequence[Event], now: datetime, more: Sequence[str] = ()) -> str:
    """The text of an ``.ics`` file that holds ``events`` as they stand at ``now``; ``more`` are lines of its head."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            f"X-WR-CALNAME:{escaped(name)}", *more)  # fmt: skip
    body = (line for event in events for line in lines_of(event, now))
    return "".join(folded(line) + END for line in (*head, *body, "END:VCALENDAR"))


def lines_of(event: Event, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{escaped(event.uid)}", f"DTSTAMP:{moment(now)}", f"LAST-MODIFIED:{moment(now)}")
    if event.start:
        yield from (f"DTSTART:{moment(event.start)}", f"DTEND:{moment(event.start + timedelta(minutes=event.minutes))}")
    else:
        end = event.day + timedelta(days=1)
        yield from (f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}", "TRANSP:TRANSPARENT")
    yield f"SUMMARY:{escaped(event.title)}"
    if event.about:
        yield f"DESCRIPTION:{escaped(event.about)}"
    if event.url:
        yield f"URL:{''.join(CONTROL.sub('', event.url).split())}"
    yield "END:VEVENT"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """``text`` as a value of type TEXT (section 3.3.11)."""
    whole = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return SPECIAL.sub(lambda found: "\\" + found[0], whole).replace("\n", "\\n")


def folded(line: str) -> str:
    """``line`` in pieces of at most 75 octets, each after the first behind a blank; never inside a character."""
    pieces, piece, room = list[str](), "", LONGEST_LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece, room = piece + char, room - size
    return f"{END} ".join([*pieces, piece])
