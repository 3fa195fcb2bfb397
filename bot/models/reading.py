"""The reading plan: what can be read and tried, the weeks that are made of it, and how a reader gets on with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

FOUNDATIONS = "foundations"
"""The shelf that belongs to no direction and to every reader."""


class ItemKind(StrEnum):
    """What a week is made of."""

    CLASSIC = "classic"
    PAPER = "paper"
    SOURCE = "source"
    """A question to the source code of a framework."""
    EXPERIMENT = "experiment"
    """One step of an experiment, of the library or of an idea."""


class ItemState(StrEnum):
    """Where an item of a week stands; the first three are live, and a live item stands in one week only."""

    PLANNED = "planned"
    WAITING = "waiting"
    """It came over from an earlier week and finds no room in this one: it has no day, and goes on to the next."""
    ASKED = "asked"
    """It slipped as often as may be: the reader is asked whether to keep or to drop it."""
    DONE = "done"
    DROPPED = "dropped"
    MOVED = "moved"
    """It went on to the next week, by the reader's wish or because it slipped."""

    @property
    def is_live(self) -> bool:
        return self in (ItemState.PLANNED, ItemState.WAITING, ItemState.ASKED)


class WeekState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"


class Reminding(StrEnum):
    """How a reader is reminded of what is due."""

    DIGEST = "digest"
    """Lines of the day's digest; a message of its own on days without one."""
    OWN = "own"
    """Always a message of its own, at the reader's hour."""
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Classic:
    """A paper of ``config/classics.toml``."""

    id: str
    title: str
    year: int
    shelf: str
    """A direction's slug, or ``foundations``."""
    difficulty: int
    """1 to 3."""
    after: tuple[str, ...] = ()
    """Ids of classics to read before it."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Why it is worth an evening, by language."""


@dataclass(frozen=True, slots=True)
class SourceTask:
    """A question to answer in the source of a framework: a ``[[source]]`` of ``config/tasks.toml``."""

    id: str
    framework: str
    slug: str
    """A direction's, or ``foundations``."""
    where: str
    """A file, and often a class or function of it."""
    question: Mapping[str, str]
    change: Mapping[str, str]
    """What to try changing."""
    minutes: int


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four steps of an experiment: choose, minimal run, extend, write up."""

    minutes: int
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A small experiment: an ``[[experiment]]`` of ``config/tasks.toml``."""

    id: str
    slug: str
    title: Mapping[str, str]
    compute: str
    """``low`` or ``medium``."""
    needs: Mapping[str, str]
    """Machine, model and data."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class StockPaper:
    """A paper that could go into a week."""

    id: str
    title: str
    slug: str = ""
    """The direction that it is read for."""


@dataclass(frozen=True, slots=True)
class StockIdea:
    """An idea in status ``experiment``: its next step goes before the library's experiments."""

    number: int
    title: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """All that a week can be made of, each sort in the order in which it is to be preferred."""

    classics: tuple[Classic, ...] = ()
    sources: tuple[SourceTask, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    saved: tuple[StockPaper, ...] = ()
    """Papers that the reader saved and has not read."""
    fresh: tuple[StockPaper, ...] = ()
    """New papers of the reader's directions, best first."""
    ideas: tuple[StockIdea, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do in a week; ``(monday, number)`` is its key for a reader."""

    number: int
    """1, 2, 3 … in its week; stays as it is once shown."""
    kind: ItemKind
    id: str
    """An arXiv id, a task's id, or ``idea-3``."""
    title: str
    """A paper's title; of a task the text in the reader's language when the week was made."""
    estimate: int
    """Minutes that it takes anyone."""
    minutes: int
    """Minutes that are planned: the estimate at the reader's own pace."""
    slug: str = ""
    """The direction, or ``foundations``; empty where none is known."""
    day: date | None = None
    """None while it waits or is asked about."""
    state: ItemState = ItemState.PLANNED
    part: int = 1
    """1 or 2 of a classic that takes two weeks, 1 to 4 of an experiment's steps."""
    parts: int = 1
    slips: int = 0
    """How often it was left undone and moved."""
    since: date | None = None
    """Monday of the week that it was first planned for: what is older goes first, and nothing goes before what it
    builds on."""
    swaps: tuple[str, ...] = ()
    """Ids of what stood here before and was swapped away."""
    idea: int | None = None
    """Number of the idea that the experiment belongs to."""
    done_at: datetime | None = None
    spent: int | None = None
    """Minutes that it took, where the reader told."""
    stars: int | None = None
    """1 to 5."""
    takeaway: str = ""

    @property
    def key(self) -> tuple[ItemKind, str, int]:
        """What it is, whichever week it stands in."""
        return self.kind, self.id, self.part


@dataclass(frozen=True, slots=True)
class Week:
    """A reader's plan from one Monday to the Sunday after it."""

    monday: date
    budget_minutes: int
    """What the reader has time for in the days that the week had left when it was made, shrunk after missed weeks."""
    items: tuple[Item, ...] = ()
    """By number."""
    state: WeekState = WeekState.PROPOSED


@dataclass(frozen=True, slots=True)
class Habits:
    """How a reader wants the plan."""

    directions: tuple[str, ...] = ()
    """The first counts most; empty for the foundations alone."""
    level: int = 1
    """1 new to the field, 2 at home in it, 3 expert."""
    budget_minutes: int = 300
    """A week's."""
    weekday: int = 6
    """The day of the summary and of the next plan, 0 for Monday."""
    at: int = 20 * 60
    """Minutes after midnight of summary and plan, in the reader's zone."""
    days: str = "1111111"
    """``1`` for each day, from Monday on, on which something may be planned."""
    reminding: Reminding = Reminding.DIGEST
    remind_at: int = 8 * 60
    """Minutes after midnight of reminders that are messages of their own."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a reader's past weeks mean for the next one."""

    done: frozenset[str] = frozenset()
    """Ids of what was finished, all parts of it."""
    refused: frozenset[str] = frozenset()
    """Ids of what was dropped or swapped away: it is never proposed again."""
    begun: tuple[Item, ...] = ()
    """The newest finished part of each thing that has parts to come, the last that was worked on last."""
    live: frozenset[str] = frozenset()
    """Ids of what stands in a week or is on its way to the next one, and is neither done nor dropped."""
    pace: Mapping[ItemKind, float] = field(default_factory=dict)
    """How many times the estimate this reader needs; kinds without enough told minutes are absent."""
    missed: int = 0
    """Weeks in a row, up to the last ended one, in which nothing was done."""
    share: float = 1.0
    """The part of the budget that is planned, below 1 after missed weeks."""
    last_practice: ItemKind | None = None
    """Whether the last week with one of the two had source code or an experiment: they take turns."""

    @property
    def settled(self) -> frozenset[str]:
        """What needs no reading any more, whether finished or refused."""
        return self.done | self.refused


@dataclass(frozen=True, slots=True)
class Month:
    """What was done in a month of the reader's calendar."""

    first: date
    done: Mapping[ItemKind, int]
    minutes: int
    """Told, or else planned."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A reader's statistics."""

    planned: int = 0
    done: int = 0
    minutes: int = 0
    streak: int = 0
    """Weeks in a row that were kept, up to now."""
    longest: int = 0
    """The longest such row ever."""
    by_kind: Mapping[ItemKind, int] = field(default_factory=dict)
    """Items done."""
    by_direction: Mapping[str, int] = field(default_factory=dict)
    """Items done, by slug, most first."""
    months: tuple[Month, ...] = ()
    """Oldest first, without gaps."""


@dataclass(frozen=True, slots=True)
class Share:
    """A paper of a group's plan and the member who takes it."""

    paper: str
    """arXiv id."""
    member: str
    finished: bool = False


@dataclass(frozen=True, slots=True)
class GroupWeek:
    """A group's plan: who takes which paper, and who presents."""

    monday: date
    shares: tuple[Share, ...] = ()
    presenter: str = ""
    """A member; empty where there is none."""
