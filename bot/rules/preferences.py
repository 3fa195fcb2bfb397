"""A reader's settings: what each may be, and what a button or a typed answer makes of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.errors import UsageError
from bot.models import Reader
from bot.rules.directions import Direction, find_direction
from bot.rules.zones import COMMON, find_zone
from bot.wording import LANGUAGES

MOST_WORDS = 30
LONGEST_WORD = 60
WORD_LISTS = {
    "followed": "followed_words",
    "muted": "muted_words",
    "authors": "followed_authors",
    "silenced": "muted_authors",
}
"""Settings that are lists of words, and their fields."""
ONBOARDING = ("language", "directions", "hour", "zone")
"""The steps of a first conversation, in order."""
SCREENS = (
    "language", "directions", "hour", "zone", "weekdays", "quiet", "count", "form", "minimum", "compute", "nothing",
    *WORD_LISTS, "pause", "likes",
)  # fmt: skip
TYPED = {"directions", "hour", "zone", "quiet", "pause", *WORD_LISTS}
"""Settings that may be written as well as pressed."""
CHOICES: dict[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "hour": tuple(str(60 * hour) for hour in (6, 7, 8, 9, 12, 18, 20, 22)),
    "zone": COMMON,
    "weekdays": tuple("0123456"),
    "quiet": ("0-0", "1320-420", "1320-480", "1380-420", "1380-540"),
    "count": ("1", "2", "3", "5", "8", "10"),
    "form": ("one", "each"),
    "minimum": ("0", "50", "60", "70", "80", "90"),
    "compute": ("any", "medium", "low"),
    "nothing": ("0", "1"),
    "pause": ("0", "3", "7", "14", "30"),
}
TIME = re.compile(
    r"(上午|早上|早晨|凌晨|中午|下午|晚上|傍晚)?\s*(\d{1,2})(?:[:：.点时h]\s*(\d{1,2}|半)?)?分?\s*(am|pm)?",
    re.IGNORECASE,
)
SPAN = re.compile(r"(.+?)\s*(?:-|–|—|~|～|到|至|\bto\b)\s*(.+)", re.IGNORECASE)


def change(reader: Reader, name: str, value: str, directions: Sequence[Direction], today: date) -> Reader:
    """``reader`` with one setting pressed or typed; raises UsageError for a value that it cannot take."""
    if name in WORD_LISTS:
        return change_words(reader, WORD_LISTS[name], value)
    changer = CHANGERS.get(name)
    if changer is None:
        raise wrong(value)
    return changer(reader, value, directions, today)


def wrong(value: str) -> UsageError:
    return UsageError("{value} does not fit", key="wrong_answer", value=value[:60])


def one_of(value: str, name: str) -> str:
    if value not in CHOICES[name]:
        raise wrong(value)
    return value


def change_directions(reader: Reader, value: str, directions: Sequence[Direction], _today: date) -> Reader:
    return replace(reader, directions=toggled_directions(reader.directions, value, directions))


def toggled_directions(chosen: Sequence[str], value: str, directions: Sequence[Direction]) -> tuple[str, ...]:
    """``chosen`` with one direction, or several, toggled; ``all`` and ``none`` mean what they say."""
    slugs = [direction.slug for direction in directions]
    if value in ("all", "none"):
        return tuple(slugs) if value == "all" else ()
    new = set(chosen)
    for name in re.split(r"[,，、;；\n]+", value) if value not in slugs else [value]:
        if name.strip():
            new ^= {find_direction(directions, name).slug}
    return tuple(slug for slug in slugs if slug in new)


def change_weekdays(reader: Reader, value: str, *_: object) -> Reader:
    """Toggle one day; the last one stays, for pausing is another setting."""
    at = int(one_of(value, "weekdays"))
    days = [*reader.weekdays]
    days[at] = "0" if days[at] == "1" else "1"
    if "1" not in days:
        raise UsageError("no day left", key="no_weekday")
    return replace(reader, weekdays="".join(days))


def change_quiet(reader: Reader, value: str, *_: object) -> Reader:
    first, dash, last = value.partition("-")
    if dash and first.isdigit() and last.isdigit() and value in CHOICES["quiet"]:
        return replace(reader, quiet_from=int(first), quiet_to=int(last))
    match = SPAN.fullmatch(value.strip())
    if match is None:
        raise wrong(value)
    return replace(reader, quiet_from=minutes_of(match[1]), quiet_to=minutes_of(match[2]))


def change_pause(reader: Reader, value: str, _directions: object, today: date) -> Reader:
    """Pause for some days, until a day, or (``0``) not at all."""
    value = value.strip()
    if value.isascii() and value.isdigit() and int(value) <= 366:
        return replace(reader, paused_until=today + timedelta(int(value)) if int(value) else None)
    try:
        until = date.fromisoformat(value.replace("/", "-"))
    except ValueError as error:
        raise wrong(value) from error
    if not today < until <= today + timedelta(days=366 * 2):
        raise wrong(value)
    return replace(reader, paused_until=until)


def minutes_of(text: str) -> int:
    """``7:30``, ``8点半``, ``晚上9点``, ``8 pm`` as minutes after midnight; a bare number up to 23 is an hour."""
    match = TIME.fullmatch(text.strip()[:20])
    if match is None:
        raise wrong(text)
    part, hour, minute, half = match[1] or "", int(match[2]), 30 if match[3] == "半" else int(match[3] or 0), match[4]
    late = part in ("下午", "晚上", "傍晚") or (half or "").lower() == "pm" or (part == "中午" and hour < 3)
    if late and hour < 12:
        hour += 12
    if (half or "").lower() == "am" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        raise wrong(text)
    return 60 * hour + minute


def hour_of(value: str) -> int:
    """A press gives minutes, a person an hour."""
    return int(value) if value in CHOICES["hour"] else minutes_of(value)


def change_words(reader: Reader, field: str, value: str) -> Reader:
    """Add the words that were typed (separated by commas or lines), or drop the one whose mark was pressed."""
    known: tuple[str, ...] = getattr(reader, field)
    if value.startswith("-") and any(mark(word) == value[1:] for word in known):
        return with_words(reader, field, [word for word in known if mark(word) != value[1:]])
    if re.fullmatch(r"-[0-9a-f]{8}", value):
        return reader  # pressed twice
    typed = (" ".join(word.split())[:LONGEST_WORD] for word in re.split(r"[,，、;；\n]+", value.replace("\0", " ")))
    new = dict.fromkeys([*known, *(word for word in typed if any(c.isalnum() for c in word))])
    if len(new) > MOST_WORDS:
        raise UsageError("too many words", key="too_many_words", most=MOST_WORDS)
    if len(new) == len(known):
        raise wrong(value)
    return with_words(reader, field, new)


def with_words(reader: Reader, field: str, words: Iterable[str]) -> Reader:
    values: dict[str, Any] = {field: tuple(words)}
    return replace(reader, **values)


def mark(word: str) -> str:
    """A short name for a word, for buttons."""
    return f"{zlib.crc32(word.encode()):08x}"


Changer = Callable[[Reader, str, Sequence[Direction], date], Reader]
CHANGERS: dict[str, Changer] = {
    "language": lambda reader, value, *_: replace(reader, language=one_of(value, "language")),
    "directions": change_directions,
    "hour": lambda reader, value, *_: replace(reader, digest_at=hour_of(value)),
    "zone": lambda reader, value, *_: replace(reader, zone=value if value in COMMON else find_zone(value)),
    "weekdays": change_weekdays,
    "quiet": change_quiet,
    "count": lambda reader, value, *_: replace(reader, per_direction=int(one_of(value, "count"))),
    "form": lambda reader, value, *_: replace(reader, form=one_of(value, "form")),
    "minimum": lambda reader, value, *_: replace(reader, minimum=int(one_of(value, "minimum")) / 100),
    "compute": lambda reader, value, *_: replace(reader, compute=one_of(value, "compute").replace("any", "")),
    "nothing": lambda reader, value, *_: replace(reader, tell_nothing_new=one_of(value, "nothing") == "1"),
    "pause": change_pause,
}


def current(reader: Reader, name: str) -> str:
    """The choice that a setting stands at, as its button would say it."""
    values = {
        "language": reader.language,
        "hour": str(reader.digest_at),
        "zone": reader.zone,
        "quiet": f"{reader.quiet_from}-{reader.quiet_to}" if reader.quiet_from != reader.quiet_to else "0-0",
        "count": str(reader.per_direction),
        "form": reader.form,
        "minimum": str(round(reader.minimum * 100)),
        "compute": reader.compute or "any",
        "nothing": str(int(reader.tell_nothing_new)),
        "pause": "" if reader.paused_until else "0",
    }
    return values.get(name, "")
