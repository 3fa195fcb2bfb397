"""What is left undone: it is moved, at most twice, then asked about; and it goes over from one week into the next.

An item that leaves a week stays there as ``moved``, and comes into the next week as a copy with a number of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.models import Habits, Item, ItemState, Week
from bot.rules.reading.room import fit
from bot.rules.reading.weekdays import WEEK, is_over, open_days, roomiest

MOST_SLIPS = 2
"""How often what is left undone is moved before the reader is asked about it."""


def slip(week: Week, today: date, habits: Habits) -> Week:
    """``week`` as the reader's day ``today`` finds it: what is overdue has moved, and a week that is over is empty."""
    days = open_days(habits, week.monday, today)
    items: list[Item] = []
    for item in week.items:
        overdue = item.state is ItemState.PLANNED and item.day is not None and item.day < today
        items.append(slipped(item, [*items, *week.items[len(items) + 1 :]], days) if overdue else item)
    week = replace(week, items=tuple(items))
    return hand_over(week) if is_over(week, today) else week


def slipped(item: Item, others: Sequence[Item], days: Sequence[date]) -> Item:
    """``item`` on a later day of its week, on its way to the next, or asked about."""
    item = replace(item, slips=item.slips + 1)
    if item.slips > MOST_SLIPS:
        return replace(item, state=ItemState.ASKED, day=None)
    if not days:
        return replace(item, state=ItemState.MOVED)
    return replace(item, day=roomiest(others, days))


def give_over(week: Week, today: date, habits: Habits) -> Week:
    """``week`` as its summary on ``today`` finds it: what has slipped to its very last day goes on to the next.

    It could still be done, and still can be; but a next week that counts on it would be wrong nearly always.
    """
    if today < week.monday or open_days(habits, week.monday, today + timedelta(1)):
        return week
    items = (
        slipped(item, (), ()) if item.state is ItemState.PLANNED and item.slips and item.day == today else item
        for item in week.items
    )
    return replace(week, items=tuple(items))


def hand_over(week: Week) -> Week:
    """``week`` without what waits or is asked about, for the next one is made and takes it."""
    items = (
        replace(item, state=ItemState.MOVED) if item.state in (ItemState.WAITING, ItemState.ASKED) else item
        for item in week.items
    )
    return replace(week, items=tuple(items))


def leaving(week: Week, monday: date, today: date) -> list[Item]:
    """What went on from ``week``, as it comes into that of ``monday``: what is asked about, then the oldest first.

    A day that the reader wished for is kept where it lies in the new week and is not past.
    """
    came = []
    for item in week.items:
        if item.state is ItemState.MOVED:
            state = ItemState.ASKED if item.slips > MOST_SLIPS else ItemState.PLANNED
            kept = item.day is not None and max(monday, today) <= item.day < monday + WEEK
            came.append(replace(item, state=state, day=item.day if kept else None))
    return by_age(came)


def by_age(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item.state is not ItemState.ASKED, item.since or date.min))


def receive(week: Week, before: Week, habits: Habits, today: date) -> Week:
    """``week`` with what left ``before`` since it was made: new things wait where there is not room for both.

    Later parts of what was dropped or swapped away in ``before`` go, too. Nothing changes the second time.
    """
    gone = refused(before.items)
    items = [without_later_part(item, gone) for item in week.items]
    here = {item.key for item in items}
    swapped = {id_ for item in items for id_ in item.swaps}
    came = [item for item in leaving(before, week.monday, today) if item.key not in here and item.id not in swapped]
    if came:
        items = joined(items, numbered(came, len(items)), open_days(habits, week.monday, today), week.budget_minutes)
    return replace(week, items=tuple(items))


def refused(items: Iterable[Item]) -> set[str]:
    """Ids of what was dropped or swapped away."""
    ids = {item.id for item in items if item.state is ItemState.DROPPED}
    return ids.union(*(item.swaps for item in items))


def without_later_part(item: Item, gone: Container[str]) -> Item:
    return replace(item, state=ItemState.DROPPED) if item.part > 1 and item.id in gone and item.state.is_live else item


def joined(items: Sequence[Item], came: Sequence[Item], days: Sequence[date], budget: int) -> list[Item]:
    """``items`` and, with the first claim to room, ``came``; without ``days`` to plan on, all that came waits."""
    if not days:
        return [*items, *(replace(item, state=ItemState.WAITING, day=None) for item in came)]
    movable = [item for item in items if item.state in (ItemState.PLANNED, ItemState.WAITING)]
    fixed = [item for item in items if item not in movable]
    together = [*fixed, *fit(by_age([*came, *movable]), budget, fixed)]
    for at, item in enumerate(together):
        if item.state is ItemState.PLANNED and item.day is None:
            together[at] = replace(item, day=roomiest(together, days))
    return sorted(together, key=lambda item: item.number)


def numbered(items: Iterable[Item], after: int = 0) -> list[Item]:
    """``items`` with the numbers that follow ``after``."""
    return [replace(item, number=number) for number, item in enumerate(items, start=after + 1)]
