"""What fits into a week: its minutes, and one thing at a time of each heavy kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.models import Item, ItemKind, ItemState

MUST_FIT = 0.75
"""The part of an item for which there must be room: estimates are no more exact than that."""
ONE_AT_A_TIME = (ItemKind.CLASSIC, ItemKind.SOURCE, ItemKind.EXPERIMENT)
OPEN = (ItemState.PLANNED, ItemState.ASKED)


def load(items: Iterable[Item]) -> int:
    """Minutes of what a week holds, done or not; what waits and what left takes none."""
    return sum(item.minutes for item in items if item.state in OPEN or item.state is ItemState.DONE)


def has_room(items: Sequence[Item], item: Item, budget: int) -> bool:
    """Whether ``item`` may be planned beside ``items``; the first one always may, whatever is asked about."""
    minutes = load(items)
    if item.kind in ONE_AT_A_TIME and any(other.kind is item.kind and other.state in OPEN for other in items):
        return False
    is_first = all(other.state not in (ItemState.PLANNED, ItemState.DONE) for other in items)
    return is_first or minutes + MUST_FIT * item.minutes <= budget


def fit(wishes: Iterable[Item], budget: int, fixed: Sequence[Item] = ()) -> list[Item]:
    """``wishes`` in their order, planned where there is room beside ``fixed`` and each other; the rest waits."""
    fitted: list[Item] = []
    for item in wishes:
        if item.state is ItemState.ASKED:
            fitted.append(item)
        elif has_room([*fixed, *fitted], item, budget) and not overtakes(item, fitted):
            fitted.append(replace(item, state=ItemState.PLANNED))
        else:
            fitted.append(replace(item, state=ItemState.WAITING, day=None))
    return fitted


def overtakes(item: Item, others: Iterable[Item]) -> bool:
    """Whether something heavy of its kind, which it may build on, waits although it came before."""
    waiting = {other.kind for other in others if other.state is ItemState.WAITING}
    return item.kind in ONE_AT_A_TIME and item.kind in waiting
