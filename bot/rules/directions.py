"""The directions of research, as ``config/directions.toml`` describes them, and what a person means by a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.errors import SettingsError, UsageError
from bot.rules.ids import split_version
from bot.rules.tokens import tokens
from bot.wording import Language

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_SLUG = 24
"""It also names a command of the chat, and stands in the 64 bytes of a button."""


@dataclass(frozen=True)
class Direction:
    """A direction of research; texts by language."""

    slug: str
    name: dict[str, str]
    about: dict[str, str]
    aliases: tuple[str, ...] = ()
    """What else people call it."""
    questions: tuple[dict[str, str], ...] = ()
    """The idea bank."""
    classics: tuple[str, ...] = ()
    """arXiv ids."""
    phrases: tuple[str, ...] = ()
    """Of a direction without training data: words that its papers use."""
    examples: tuple[str, ...] = ()
    """Of a direction without training data: arXiv ids of papers that belong to it."""

    def label(self, language: Language) -> str:
        return self.name[language]


def read_directions(table: Mapping[str, Any]) -> tuple[Direction, ...]:
    """The ``[[direction]]`` tables of the file; raises SettingsError that names the one that is wrong."""
    found = []
    for number, entry in enumerate(table.get("direction", []), start=1):
        try:
            found.append(direction(entry))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise SettingsError("directions.toml: entry {number}", key="bad_direction", number=number) from error
    if not found or len({known.slug for known in found}) < len(found):
        raise SettingsError("directions.toml: no directions", key="no_directions")
    return tuple(found)


def direction(entry: Mapping[str, Any]) -> Direction:
    return Direction(
        slug=slug_of(entry["slug"]),
        name=in_both(entry["name"]),
        about=in_both(entry["about"]),
        aliases=tuple(str(alias) for alias in entry.get("aliases", ())),
        questions=tuple(dict(question) for question in entry.get("questions", ())),
        classics=tuple(str(id_) for id_ in entry.get("classics", ())),
        phrases=tuple(str(phrase) for phrase in entry.get("phrases", ())),
        examples=tuple(split_version(str(id_))[0] for id_ in entry.get("examples", ())),
    )


def slug_of(text: str) -> str:
    if not SLUG.fullmatch(text) or len(text) > LONGEST_SLUG:
        raise ValueError(f"{text!r} is no slug")
    return text


def in_both(text: str | Mapping[str, str]) -> dict[str, str]:
    """A text by language; one that is given once serves for both."""
    return {"zh": text, "en": text} if isinstance(text, str) else {"zh": text["zh"], "en": text["en"]}


def spelled(name: str) -> str:
    """A name without its case, spaces, hyphens and accents."""
    return "".join(tokens(name))


def spellings(directions: Sequence[Direction]) -> dict[str, Direction]:
    """Every name of every direction; a slug or a proper name wins over an alias."""
    found: dict[str, Direction] = {}
    for names in (
        lambda known: (known.slug, known.name["zh"], known.name["en"]),
        lambda known: known.aliases,
    ):
        for known in directions:
            for name in names(known):
                found.setdefault(spelled(name), known)
    return found


def find_direction(directions: Sequence[Direction], name: str) -> Direction:
    """The direction that ``name`` means, forgiving of case and of typing errors.

    Raises UsageError with the nearest names where none is near enough to be meant.
    """
    known = spellings(directions)
    if found := known.get(spelled(name)):
        return found
    near = list(dict.fromkeys(known[spelling].slug for spelling in get_close_matches(spelled(name), known, 3, 0.5)))
    meant = get_close_matches(spelled(name), known, 1, 0.84)
    if meant:
        return known[meant[0]]
    names = ", ".join(near or [direction.slug for direction in directions])
    raise UsageError("no direction {name}; near it: {near}", key="unknown_direction", name=name[:60], near=names)
