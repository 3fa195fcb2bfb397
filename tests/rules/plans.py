"""A small library and a reader's plan as the bot keeps it, for the tests of the reading plan's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.models import (
    Classic,
    Experiment,
    Habits,
    Item,
    ItemKind,
    Progress,
    SourceTask,
    Step,
    Stock,
    StockPaper,
    Week,
)
from bot.rules import reading

MONDAY = date(2026, 6, 15)
DAY = timedelta(1)
WEEK = timedelta(7)


def classic(id_: str, shelf: str = "peft", difficulty: int = 2, after: tuple[str, ...] = ()) -> Classic:
    return Classic(id_, f"On {id_}", 2020, shelf, difficulty, after)


def source(id_: str, slug: str = "peft", minutes: int = 120) -> SourceTask:
    return SourceTask(id_, "Frame", slug, f"{id_}.py: Thing", {}, {}, minutes)


def experiment(id_: str, slug: str = "peft", minutes: int = 90) -> Experiment:
    title = {"zh": f"试 {id_}", "en": f"Try {id_}"}
    return Experiment(id_, slug, title, "low", {}, tuple(Step(minutes, {}) for _ in range(4)))


def papers(prefix: str, count: int) -> tuple[StockPaper, ...]:
    return tuple(StockPaper(f"{prefix}{number}", f"About {prefix}{number}", "peft") for number in range(count))


LIBRARY = (
    classic("f1", "foundations", 1), classic("f2", "foundations", 2, ("f1",)), classic("f3", "foundations", 3, ("f2",)),
    classic("p1", "peft", 1, ("f1",)), classic("p2", "peft", 2, ("p1",)), classic("p3", "peft", 3, ("p2", "f2")),
    classic("r1", "rag", 1, ("f1",)), classic("r2", "rag", 2), classic("r3", "rag", 3, ("r1", "f3")),
)  # fmt: skip
STOCK = Stock(
    LIBRARY,
    sources=(source("s-rag", "rag"), source("s-peft"), source("s-basics", "foundations"), source("s-peft-2")),
    experiments=(experiment("e-rag", "rag"), experiment("e-peft"), experiment("e-peft-2")),
    saved=papers("saved", 2),
    fresh=papers("new", 12),
)
HABITS = Habits(directions=("peft",), level=2, budget_minutes=360)


def item(number: int = 1, kind: ItemKind = ItemKind.PAPER, id_: str = "", **more: object) -> Item:
    minutes = 120 if kind is ItemKind.CLASSIC else 30
    values = {"estimate": minutes, "minutes": minutes, "day": MONDAY} | more
    return Item(number, kind, id_ or f"{kind}-{number}", f"Title {number}", **values)  # type: ignore[arg-type]


def week(*items: Item, monday: date = MONDAY, budget: int = 360) -> Week:
    return Week(monday, budget, items)


def ids(found: Week, kind: ItemKind | None = None) -> list[str]:
    return [one.id for one in found.items if kind in (None, one.kind)]


@dataclass
class Plan:
    """A reader's weeks, made and turned as the bot does it."""

    habits: Habits = HABITS
    stock: Stock = STOCK
    read: frozenset[str] = frozenset()
    weeks: dict[date, Week] = field(default_factory=dict)

    def progress(self, today: date) -> Progress:
        return reading.progress_of(self.in_order(), today, self.read)

    def in_order(self) -> list[Week]:
        return [self.weeks[monday] for monday in sorted(self.weeks)]

    def make(self, monday: date, today: date) -> Week:
        earlier = [monday_ for monday_ in self.weeks if monday_ < monday]
        before = None
        if earlier:
            before = reading.hand_over(reading.slip(self.weeks[max(earlier)], today, self.habits))
            self.weeks[before.monday] = before
        self.weeks[monday] = reading.make_week(self.habits, self.progress(today), self.stock, monday, today, before)
        return self.weeks[monday]

    def turn(self, today: date) -> None:
        """A new day of the reader."""
        for monday in sorted(self.weeks)[-3:]:
            if monday <= today:
                self.keep(reading.slip(self.weeks[monday], today, self.habits), today)

    def keep(self, changed: Week, today: date) -> None:
        """A week that has changed, and what that means for the next."""
        self.weeks[changed.monday] = changed
        following = self.weeks.get(changed.monday + WEEK)
        if following:
            self.weeks[following.monday] = reading.receive(following, changed, self.habits, today)

    def act(self, monday: date, number: int, today: date, action: Callable[[Week, int], Week]) -> None:
        """What a reader does with an item, wherever it stands by now."""
        found, one = reading.whereabouts(self.in_order(), monday, number)
        self.keep(action(found, one.number), today)
