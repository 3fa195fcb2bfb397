"""What a reader is told of a plan without asking: what is due on a day, and how a week went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.models.papers import Paper
from bot.models.reading import Figures, GroupWeek, Item, Week
from bot.models.tracking import IdeasWeek


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is due on a reader's day: planned until then, and last what has slipped too often."""

    day: date
    monday: date
    """Of the week that the items are numbered in."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A week of a reader's plan in review, and what the next one is to hold."""

    day: date
    """The reader's own date: the week need not be over."""
    week: Week
    history: tuple[Week, ...]
    """The last weeks up to this one, oldest first."""
    figures: Figures
    missed: int = 0
    """Weeks in a row without anything done, this one included."""
    following: Week | None = None
    """Next week's plan."""
    ideas: IdeasWeek | None = None
    """What came near the reader's ideas; None where they have none."""
    liked: tuple[tuple[Paper, int], ...] = ()
    """Papers of the reader's directions that several readers liked, and how many did."""


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A week of a group's common plan in review, and the next."""

    week: GroupWeek | None
    """None before the first has ended."""
    following: GroupWeek
    names: Mapping[str, str]
    """Of the members, as Telegram told them."""
    titles: Mapping[str, str]
    """Of the papers, by id."""
