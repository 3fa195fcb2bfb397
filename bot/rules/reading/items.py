"""What a reader does with an item of a week: each takes the week and the item's number, and gives the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.errors import UsageError
from bot.models import Habits, Item, ItemState, Progress, Stock, Week
from bot.rules.reading.choice import candidates
from bot.rules.reading.room import has_room
from bot.rules.reading.weekdays import WEEK, open_days, roomiest

LONGEST_TAKEAWAY = 500


def find(week: Week, number: int) -> Item:
    """The item of that number; raises UsageError where there is none."""
    for item in week.items:
        if item.number == number:
            return item
    raise UsageError("no item {number}", key="plan_no_item", number=number)


def whereabouts(weeks: Sequence[Week], monday: date, number: int) -> tuple[Week, Item]:
    """Where the item that had ``number`` in the week of ``monday`` stands now: it may have moved on since.

    ``weeks`` are the reader's, oldest first. Raises UsageError where there is no such item.
    """
    later = [week for week in weeks if week.monday >= monday]
    if not later or later[0].monday != monday:
        raise UsageError("no item {number}", key="plan_no_item", number=number)
    week, item = later[0], find(later[0], number)
    for following in later[1:]:
        for other in following.items:
            if item.state is ItemState.MOVED and other.key == item.key:
                week, item = following, other
    return week, item


def changed(week: Week, number: int, **changes: Any) -> Week:
    return put(week, replace(find(week, number), **changes))


def put(week: Week, item: Item) -> Week:
    """``week`` with ``item`` in the place of the one that has its number."""
    return replace(week, items=tuple(item if old.number == item.number else old for old in week.items))


def unfinished(week: Week, number: int) -> Item:
    """The item; raises UsageError where it is done already."""
    item = find(week, number)
    if item.state is ItemState.DONE:
        raise UsageError("item {number} is done", key="plan_item_done", number=number)
    return item


def complete(week: Week, number: int, now: datetime, minutes: int | None = None) -> Week:
    """Done at ``now``, in ``minutes`` where the reader told; said again, only the minutes count."""
    item = find(week, number)
    done_at = item.done_at if item.state is ItemState.DONE else now
    return changed(week, number, state=ItemState.DONE, done_at=done_at, spent=minutes or item.spent)


def rate(week: Week, number: int, stars: int) -> Week:
    """One to five stars; what is beyond counts as the nearest."""
    return changed(week, number, stars=min(5, max(1, stars)))


def note(week: Week, number: int, takeaway: str) -> Week:
    """The trick, in one line."""
    return changed(week, number, takeaway=" ".join(takeaway.split())[:LONGEST_TAKEAWAY])


def move(week: Week, number: int, day: date, today: date) -> Week:
    """To a day of the week, or beyond it into the next; raises UsageError for a day that is past."""
    unfinished(week, number)
    if day < today or day < week.monday:
        raise UsageError("{day} is past", key="plan_day_past", day=day)
    state = ItemState.PLANNED if day < week.monday + WEEK else ItemState.MOVED
    return changed(week, number, state=state, day=day, slips=0)


def drop(week: Week, number: int) -> Week:
    """Never to come again."""
    unfinished(week, number)
    return changed(week, number, state=ItemState.DROPPED)


def keep(week: Week, number: int, habits: Habits, today: date) -> Week:
    """What was asked about stays in the plan, on the next day with room, and may slip again."""
    item = replace(unfinished(week, number), slips=0, day=None)
    if item.state is ItemState.MOVED:
        return put(week, item)
    others = [other for other in week.items if other.number != number]
    days = open_days(habits, week.monday, today)
    if days and has_room(others, item, week.budget_minutes):
        return put(week, replace(item, state=ItemState.PLANNED, day=roomiest(others, days)))
    return put(week, replace(item, state=ItemState.WAITING))


def swap(week: Week, number: int, habits: Habits, progress: Progress, stock: Stock, today: date) -> Week:
    """Another of the same kind that fits in its place; raises UsageError where there is none.

    ``progress`` is that of all weeks, this one included.
    """
    item = unfinished(week, number)
    others = [other for other in week.items if other is not item]
    without = replace(progress, refused=progress.refused | {item.id})
    for new in candidates(item.kind, habits, without, stock):
        if new.minutes <= item.minutes or has_room(others, new, week.budget_minutes):
            swaps = (*item.swaps, item.id)
            new = replace(new, number=number, day=item.day, state=item.state, since=week.monday, swaps=swaps)
            swapped = put(week, new)
            return keep(swapped, number, habits, today) if item.state is ItemState.ASKED else swapped
    raise UsageError("nothing else of its kind", key="plan_nothing_else")


def due(week: Week, today: date, paused_until: date | None = None) -> tuple[Item, ...]:
    """What a reminder of ``today`` names: what is planned until then, and last what is asked about."""
    if today < week.monday or (paused_until is not None and today < paused_until):
        return ()
    planned = [item for item in week.items if item.state is ItemState.PLANNED and item.day and item.day <= today]
    asked = [item for item in week.items if item.state is ItemState.ASKED]
    return (*planned, *asked)
