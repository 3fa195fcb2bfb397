"""What the past weeks mean for the next: what is settled, what is under way, how fast, and how much at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce

from bot.models import Item, ItemKind, ItemState, Progress, Week
from bot.rules.reading.leftovers import MOST_SLIPS, refused
from bot.rules.reading.minutes import pace_of

PRACTICE = (ItemKind.SOURCE, ItemKind.EXPERIMENT)
SMALLEST_SHARE = 0.25
MISSED_BEFORE_SHRINKING = 2
SIX_DAYS = timedelta(6)


def progress_of(weeks: Sequence[Week], today: date, read: frozenset[str] = frozenset()) -> Progress:
    """Where a reader stands who had ``weeks``, oldest first.

    ``read`` are ids of papers that the reader's library says are read or dropped. Whether a week was kept or missed
    counts from its Sunday on.
    """
    items = [item for week in weeks for item in week.items]
    done = [item for item in items if item.state is ItemState.DONE]
    missed, share = endurance([week for week in weeks if week.monday + SIX_DAYS <= today])
    start = Progress(
        done=read.union(item.id for item in done if item.part == item.parts),
        refused=frozenset(refused(items)),
        live=frozenset(live(items)),
        pace=pace_of(done),
        missed=missed,
        share=share,
        last_practice=last_practice(items),
    )
    return reduce(advance, (item for item in done if item.parts > 1), start)


def advance(progress: Progress, item: Item) -> Progress:
    """``progress`` with ``item`` done: finished, or begun where parts are to come."""
    former = next((begun for begun in progress.begun if begun.id == item.id), None)
    if item.id in progress.done or (former and former.part >= item.part):
        return progress
    begun = tuple(other for other in progress.begun if other is not former)
    if item.part < item.parts:
        return replace(progress, begun=(*begun, item))
    return replace(progress, begun=begun, done=progress.done | {item.id})


def live(items: Sequence[Item]) -> set[str]:
    """Ids of what stands in a week or is on its way to the next one, and is neither done nor dropped."""
    settled = {item.key for item in items if item.state in (ItemState.DONE, ItemState.DROPPED)}
    return {item.id for item in items if item.key not in settled}


def last_practice(items: Sequence[Item]) -> ItemKind | None:
    kinds = [item.kind for item in items if item.kind in PRACTICE and item.state is not ItemState.DROPPED]
    return kinds[-1] if kinds else None


def endurance(weeks: Iterable[Week]) -> tuple[int, float]:
    """Weeks missed in a row up to the last, and the share of the budget to plan.

    From the second missed week on the share is halved with each; each week that is kept doubles it again.
    """
    missed, share = 0, 1.0
    for week in weeks:
        missed = missed + 1 if is_missed(week) else 0
        if missed >= MISSED_BEFORE_SHRINKING:
            share = max(SMALLEST_SHARE, share / 2)
        elif is_kept(week):
            share = min(1.0, share * 2)
    return missed, share


def planned(week: Week) -> list[Item]:
    """What the week was to hold: not what only waited for room, nor what the reader dropped."""
    return [item for item in week.items if was_planned(item)]


def was_planned(item: Item) -> bool:
    if item.state is ItemState.MOVED:
        return item.day is not None or item.slips > MOST_SLIPS
    return item.state in (ItemState.PLANNED, ItemState.ASKED, ItemState.DONE)


def is_kept(week: Week) -> bool:
    """Whether at least half of what was planned is done."""
    return 0 < len(planned(week)) <= 2 * sum(done_by_kind(week).values())


def is_missed(week: Week) -> bool:
    """Whether something was planned and nothing is done."""
    return bool(planned(week)) and not done_by_kind(week)


def done_by_kind(week: Week) -> Counter[ItemKind]:
    return Counter(item.kind for item in week.items if item.state is ItemState.DONE)
