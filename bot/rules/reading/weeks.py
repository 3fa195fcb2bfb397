"""Making a week: what came over from the one before goes first, and new things fill what is left of the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import chain, islice

from bot.errors import UsageError
from bot.models import Habits, Item, ItemKind, ItemState, Progress, Stock, Week
from bot.rules.reading.choice import candidates
from bot.rules.reading.leftovers import MOST_SLIPS, joined, leaving, numbered
from bot.rules.reading.minutes import LARGE, SMALL, weekly_minutes
from bot.rules.reading.progress import advance
from bot.rules.reading.room import fit, has_room
from bot.rules.reading.weekdays import days_in_week, open_days, roomiest, spread

HANDFUL = 5
"""Papers of a week, at most."""


def make_week(
    habits: Habits, progress: Progress, stock: Stock, monday: date, today: date, before: Week | None = None
) -> Week:
    """The week of ``monday``, proposed: what left ``before``, the week made last, and new things of ``stock``.

    What is still planned in ``before`` is expected to be done there; if it is not, ``receive`` makes room for it.
    Raises UsageError where no day to read on is left in the week.
    """
    days = open_days(habits, monday, today)
    if not days:
        raise UsageError("no day left", key="plan_week_over")
    budget = max(1, weekly_minutes(habits, progress) * len(days) // days_in_week(habits))
    came = leaving(before, monday, today) if before else []
    items = fit(came, budget)
    items += additions(items, budget, habits, expecting(progress, before), stock)
    items = [item if item.since else replace(item, since=monday) for item in items]
    return Week(monday, budget, tuple(numbered(dated(items, days))))


def refill(week: Week, habits: Habits, progress: Progress, stock: Stock, today: date) -> Week:
    """``week`` with something in the place of what was asked about and dropped: what waits, then new things."""
    days = open_days(habits, week.monday, today)
    if not days:
        return week
    items = joined(week.items, (), days, week.budget_minutes)
    placed = [item for item in items if item.state is not ItemState.DROPPED or item.slips <= MOST_SLIPS]
    for new in numbered(additions(placed, week.budget_minutes, habits, progress, stock), len(items)):
        items.append(replace(new, since=week.monday, day=roomiest(items, days)))
    return replace(week, items=tuple(items))


def additions(items: Sequence[Item], budget: int, habits: Habits, progress: Progress, stock: Stock) -> list[Item]:
    """New things for the places that ``items`` leave free, as long as there is room; not yet dated."""
    found: list[Item] = []
    for kinds in free_places(items, places(habits, progress)):
        here = [*items, *found]
        known = {item.id for item in here}
        possible = chain.from_iterable(candidates(kind, habits, progress, stock) for kind in kinds)
        found += islice((new for new in possible if new.id not in known and has_room(here, new, budget)), 1)
    return found


def expecting(progress: Progress, before: Week | None) -> Progress:
    """``progress`` as it will be when what is planned in ``before`` is done."""
    planned = [item for item in before.items if item.state is ItemState.PLANNED] if before else []
    progress = reduce(advance, planned, progress)
    return replace(progress, live=progress.live - {item.id for item in planned})


def places(habits: Habits, progress: Progress) -> Iterator[Sequence[ItemKind]]:
    """What a week of this size has room for, most important first; each place names the kinds it can be filled with."""
    minutes = weekly_minutes(habits, progress)
    yield (ItemKind.CLASSIC,)
    yield (ItemKind.PAPER,)
    if minutes < SMALL:
        return
    if minutes >= LARGE:
        yield (ItemKind.SOURCE,)
        yield (ItemKind.EXPERIMENT,)
    elif progress.last_practice is ItemKind.SOURCE:
        yield (ItemKind.EXPERIMENT, ItemKind.SOURCE)
    else:
        yield (ItemKind.SOURCE, ItemKind.EXPERIMENT)
    for _ in range(HANDFUL - 1):
        yield (ItemKind.PAPER,)


def free_places(items: Iterable[Item], places: Iterable[Sequence[ItemKind]]) -> Iterator[Sequence[ItemKind]]:
    """The places that ``items`` do not fill already, each item one."""
    left = [item.kind for item in items]
    for kinds in places:
        if taken := next((kind for kind in left if kind in kinds), None):
            left.remove(taken)
        else:
            yield kinds


def dated(items: Iterable[Item], days: Sequence[date]) -> list[Item]:
    """What is planned spread over ``days``, by day; then what waits or is asked about."""
    planned = [item for item in items if item.state is ItemState.PLANNED]
    others = [item for item in items if item.state is not ItemState.PLANNED]
    return [*sorted(spread(planned, days), key=lambda item: item.day or days[0]), *others]
