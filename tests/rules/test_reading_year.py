"""A year of weeks, with readers who do as they like."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models import FOUNDATIONS, Classic, Habits, Item, ItemKind, ItemState, Stock, StockIdea, Week
from bot.rules import reading
from bot.rules.classics import read_classics
from bot.rules.zones import local
from tests.rules.plans import DAY, HABITS, MONDAY, STOCK, WEEK, Plan, classic, experiment, papers, source

CONFIG = Path(__file__).parents[2] / "config"
SHELVES = (FOUNDATIONS, "peft", "rag", "agents")
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "+05:45")
START = datetime(2026, 3, 1, 5, tzinfo=UTC)
"""A week before the clocks change in New York, a month before they do in Europe and Australia."""

habits_of_readers = st.builds(
    Habits,
    directions=st.lists(st.sampled_from(SHELVES[1:]), unique=True).map(tuple),
    level=st.integers(1, 3),
    budget_minutes=st.sampled_from([30, 60, 120, 239, 240, 300, 479, 480, 700, 1200]),
    weekday=st.integers(0, 6),
    at=st.sampled_from([0, 8 * 60, 12 * 60]),
    days=st.text("01", min_size=7, max_size=7),
)


def random_library(chance: Random) -> tuple[Classic, ...]:
    """Forty papers on four shelves that build on some of those before them, on their shelf or the foundations."""
    library: list[Classic] = []
    for number in range(40):
        shelf = chance.choice(SHELVES)
        below = [c.id for c in library if c.shelf in (shelf, FOUNDATIONS if shelf != FOUNDATIONS else shelf)]
        after = tuple(chance.sample(below, min(len(below), chance.randrange(3))))
        library.append(classic(f"c{number}", shelf, chance.choice((1, 2, 3)), after))
    return tuple(library)


class Year:
    """A reader whose plan is checked whenever anything happens to it."""

    def __init__(self, habits: Habits, zone: str, seed: int):
        self.chance = Random(seed)
        self.zone = zone
        self.diligence = self.chance.choice((0.0, 0.3, 0.7, 0.95, 1.0))
        self.plan = Plan(habits, Stock(
            random_library(self.chance),
            tuple(source(f"s{n}", self.chance.choice(SHELVES), self.chance.choice((60, 120, 180))) for n in range(15)),
            tuple(experiment(f"e{n}", self.chance.choice(SHELVES), 90) for n in range(4)),
        ))  # fmt: skip
        self.after = {classic.id: classic.after for classic in self.plan.stock.classics}
        self.checked: list[Week] = []
        self.seen: set[tuple[ItemKind, str, int]] = set()
        self.turned: date | None = None
        self.away_until = date.min

    def live_through(self, days: int) -> None:
        now = START
        while now < START + timedelta(days):
            self.hour(now)
            now += timedelta(hours=self.chance.choice((5, 11, 13)))

    def hour(self, now: datetime) -> None:
        here = local(now, self.zone)
        today = here.date()
        if today < self.away_until:
            return
        if self.chance.random() < 0.002:
            self.away_until = today + timedelta(self.chance.randrange(1, 40))
        if today != self.turned:
            self.plan.turn(today)
            self.turned = today
            self.check(today)
        if today.weekday() == self.plan.habits.weekday and here.hour * 60 + here.minute >= self.plan.habits.at:
            self.plan_ahead(today)
        self.do_something(now, today)

    def plan_ahead(self, today: date) -> None:
        monday = reading.monday_to_plan(today)
        if monday not in self.plan.weeks:
            self.renew_stock(monday)
            try:
                self.plan.make(monday, today)
            except UsageError as error:
                if error.key != "plan_week_over":
                    raise
            self.check(today)

    def renew_stock(self, monday: date) -> None:
        week = monday.isoformat()
        idea = (StockIdea(self.chance.randrange(3), "An idea"),) if self.chance.random() < 0.2 else ()
        saved = papers(f"saved-{week}-", self.chance.randrange(4))
        self.plan.stock = replace(self.plan.stock, saved=saved, fresh=papers(f"new-{week}-", 9), ideas=idea)
        if self.chance.random() < 0.05:
            budget = self.chance.choice((90, 240, 480))
            self.plan.habits = replace(self.plan.habits, budget_minutes=budget)

    def do_something(self, now: datetime, today: date) -> None:
        for week in self.plan.in_order()[-2:]:
            for item in reading.due(week, today):
                if self.chance.random() < 0.3 * self.diligence:
                    minutes = self.chance.choice((None, 20, 50, 200))
                    self.act(week, item, today, lambda w, n, m=minutes: reading.complete(w, n, now, m))
            if week.items and self.chance.random() < 0.15:
                self.change_mind(week, self.chance.choice(week.items), now, today)

    def change_mind(self, week: Week, item: Item, now: datetime, today: date) -> None:
        habits, stock = self.plan.habits, self.plan.stock
        actions = {
            "drop": lambda w, n: self.drop(w, n, today),
            "keep": lambda w, n: reading.keep(w, n, habits, today),
            "swap": lambda w, n: reading.swap(w, n, habits, self.plan.progress(today), stock, today),
            "tomorrow": lambda w, n: reading.move(w, n, today + DAY, today),
            "next week": lambda w, n: reading.move(w, n, w.monday + WEEK, today),
            "done": lambda w, n: reading.complete(w, n, now),
        }
        offered = {
            ItemState.PLANNED: ("drop", "swap", "tomorrow", "next week", "done"),
            ItemState.WAITING: ("drop", "swap", "done"),
            ItemState.ASKED: ("drop", "keep", "swap", "done"),
        }
        week, item = reading.whereabouts(self.plan.in_order(), week.monday, item.number)
        if item.state in offered:
            self.act(week, item, today, actions[self.chance.choice(offered[item.state])])

    def drop(self, week: Week, number: int, today: date) -> Week:
        """Dropped; what had been asked about makes room for something else."""
        dropped = reading.drop(week, number)
        if reading.find(week, number).state is not ItemState.ASKED:
            return dropped
        weeks = [dropped if other.monday == week.monday else other for other in self.plan.in_order()]
        return reading.refill(dropped, self.plan.habits, reading.progress_of(weeks, today), self.plan.stock, today)

    def act(self, week: Week, item: Item, today: date, action: Callable[[Week, int], Week]) -> None:
        try:
            self.plan.act(week.monday, item.number, today, action)
        except UsageError as error:
            if error.key not in {"plan_nothing_else", "plan_day_past", "plan_item_done"}:
                raise
        self.check(today)

    # --- what always holds

    def check(self, today: date) -> None:
        weeks = self.plan.in_order()
        for week in weeks[-2:]:
            self.check_days(week, today)
        if weeks == self.checked:
            return
        self.checked = weeks
        for week in weeks[-2:]:
            self.check_budget(week)
        self.check_that_nothing_is_lost_or_doubled(weeks)
        self.check_order(weeks)

    def check_days(self, week: Week, today: date) -> None:
        assert [item.number for item in week.items] == list(range(1, len(week.items) + 1))
        for item in week.items:
            if item.state is ItemState.PLANNED:
                assert today <= item.day, "nothing is planned for a day that is past"
                assert week.monday <= item.day < week.monday + WEEK
            assert item.slips <= 3
            if item.state in (ItemState.WAITING, ItemState.ASKED):
                assert item.day is None

    def check_budget(self, week: Week) -> None:
        minutes = [item.minutes for item in week.items if item.state is ItemState.PLANNED]
        assert sum(minutes) <= week.budget_minutes + max(minutes, default=0)

    def check_that_nothing_is_lost_or_doubled(self, weeks: list[Week]) -> None:
        items = [item for week in weeks for item in week.items]
        here = Counter(item.key for item in items if item.state is not ItemState.MOVED)
        assert [key for key, count in here.items() if count > 1] == []
        on_the_way = {item.key for item in weeks[-1].items if item.state is ItemState.MOVED} if weeks else set()
        swapped = {id_ for item in items for id_ in item.swaps}
        lost = {key for key in self.seen if key not in here and key not in on_the_way and key[1] not in swapped}
        assert lost == set()
        self.seen |= {item.key for item in items}

    def check_order(self, weeks: list[Week]) -> None:
        """What is planned has all before it behind it: settled, or planned for an earlier day."""
        settled = set()
        for item in (item for week in weeks for item in week.items):
            settled.update(item.swaps)
            if item.state is ItemState.DROPPED or (item.state is ItemState.DONE and item.part == item.parts):
                settled.add(item.id)
        for at in range(max(0, len(weeks) - 2), len(weeks)):
            planned = [item for item in weeks[at].items if item.state is ItemState.PLANNED]
            earlier = [item for week in weeks[max(0, at - 2) : at] for item in week.items if item.state.is_live]
            for item in planned:
                ahead = {other.id for other in (*earlier, *planned) if other.day is None or other.day < item.day}
                assert set(self.after.get(item.id, ())) <= settled | ahead, item


@settings(max_examples=10, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(habits_of_readers, st.sampled_from(ZONES), st.integers(0, 2**32))
def test_a_year_with_any_reader(habits: Habits, zone: str, seed: int) -> None:
    Year(habits, zone, seed).live_through(370)


def weeks_to_read(plan: Plan, monday: date = MONDAY) -> list[str]:
    """The classics that a reader gets through who always finishes, one a week, until there is none."""
    read = []
    while True:
        week = plan.make(monday, monday)
        for item in week.items:
            week = reading.complete(week, item.number, datetime.combine(item.day, datetime.min.time(), UTC))
            if item.kind is ItemKind.CLASSIC:
                read.append(item.id)
        plan.keep(week, monday)
        monday += WEEK
        if len(read) < len(plan.weeks):
            return read


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_reader_who_always_finishes_gets_through_a_shelf_in_as_many_weeks_as_it_has_papers(level: int) -> None:
    library = read_classics(tomllib.loads((CONFIG / "classics.toml").read_text(encoding="utf-8")))
    mine = [classic for classic in library if classic.shelf in ("peft", FOUNDATIONS)]
    plan = Plan(replace(HABITS, level=level), replace(STOCK, classics=library))
    read = weeks_to_read(plan)
    assert sorted(read) == sorted(classic.id for classic in mine)
    assert all(read.index(before) < read.index(classic.id) for classic in mine for before in classic.after)


def test_with_little_time_a_shelf_takes_twice_as_many_weeks() -> None:
    plan = Plan(replace(HABITS, budget_minutes=200))
    read = weeks_to_read(plan)
    assert read == [id_ for id_ in dict.fromkeys(read) for _ in range(2)]
    assert len(read) == 2 * 6
