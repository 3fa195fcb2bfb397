"""How long things take: anyone, and this reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from statistics import median

from bot.models import Habits, Item, ItemKind, Progress

CLASSIC = {1: 90, 2: 120, 3: 180}
"""By difficulty."""
PAPER = 30
IDEA_STEPS = (60, 120, 120, 90)
"""Choose, minimal run, extend, write up, where an idea is the experiment."""

SMALL = 4 * 60
"""Below it a classic takes two weeks and one paper goes with it."""
LARGE = 8 * 60
"""From it on a week has both source code and an experiment; below, they take turns."""

ENOUGH_TOLD = 3
SLOWEST, FASTEST = 2.0, 0.5


def weekly_minutes(habits: Habits, progress: Progress) -> int:
    """What a whole week may hold: the reader's budget, shrunk after missed weeks."""
    return max(1, round(habits.budget_minutes * progress.share))


def at_pace(item: Item, progress: Progress) -> Item:
    """``item`` with the minutes that it will take this reader, in fives."""
    return replace(item, minutes=max(5, 5 * round(item.estimate * progress.pace.get(item.kind, 1.0) / 5)))


def pace_of(done: Iterable[Item]) -> dict[ItemKind, float]:
    """The median of told over estimated minutes, for each kind with enough told."""
    ratios = defaultdict(list)
    for item in done:
        if item.spent is not None:
            ratios[item.kind].append(item.spent / item.estimate)
    enough = {kind: told for kind, told in ratios.items() if len(told) >= ENOUGH_TOLD}
    return {kind: min(SLOWEST, max(FASTEST, median(told))) for kind, told in enough.items()}
