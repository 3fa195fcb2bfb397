"""A reader's statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from bot.models import Figures, Item, ItemState, Month, Week
from bot.rules.reading.progress import is_kept, planned
from bot.rules.reading.weekdays import is_over


def figures(weeks: Sequence[Week], today: date, zone: tzinfo) -> Figures:
    """Of all ``weeks``, oldest first, at the reader's date ``today``; months are those of ``zone``."""
    items = [item for week in weeks for item in week.items]
    done = [item for item in items if item.state is ItemState.DONE]
    rows = streaks(weeks, today)
    directions = Counter(item.slug for item in done if item.slug)
    return Figures(
        planned=len({item.key for week in weeks for item in planned(week) if is_counted(item, week, today)}),
        done=len(done),
        minutes=minutes_of(done),
        streak=rows[-1] if rows else 0,
        longest=max(rows, default=0),
        by_kind=Counter(item.kind for item in done),
        by_direction=dict(directions.most_common()),
        months=tuple(months(done, zone)),
    )


def is_counted(item: Item, week: Week, today: date) -> bool:
    """Whether ``item`` was to be done by now: what a coming week holds is only proposed."""
    return week.monday <= today or item.state is ItemState.DONE


def streak(weeks: Sequence[Week], today: date) -> int:
    """Weeks in a row, oldest first, that were kept up to now; the running one counts once it is kept."""
    return streaks(weeks, today)[-1]


def streaks(weeks: Sequence[Week], today: date) -> list[int]:
    """How long the row of kept weeks was at the end of each; the first is 0, for the time before all weeks.

    Weeks without a plan, as in a pause, neither break a row nor lengthen it.
    """
    rows = [0]
    for week in weeks:
        if week.monday <= today and planned(week):
            if is_kept(week):
                rows.append(rows[-1] + 1)
            elif is_over(week, today):
                rows.append(0)
    return rows


def minutes_of(done: Sequence[Item]) -> int:
    """Told, or else planned."""
    return sum(item.minutes if item.spent is None else item.spent for item in done)


def months(done: Sequence[Item], zone: tzinfo) -> Iterator[Month]:
    """Every month from the first with something done to the last."""
    by_month: dict[date, list[Item]] = {}
    for item in done:
        if item.done_at:
            by_month.setdefault(month_of(item.done_at, zone), []).append(item)
    if by_month:
        first, last = min(by_month), max(by_month)
        while first <= last:
            items = by_month.get(first, [])
            yield Month(first, Counter(item.kind for item in items), minutes_of(items))
            first = (first + timedelta(31)).replace(day=1)


def month_of(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date().replace(day=1)
