"""How much is going on in each direction: papers by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Trend:
    """One direction's papers, week by week."""

    slug: str
    counts: tuple[int, ...]
    """Oldest week first."""

    @property
    def change(self) -> float | None:
        """The last whole week against the mean of those before it; None where there is too little to compare."""
        before = self.counts[:-1]
        mean = sum(before) / len(before) if before else 0
        return (self.counts[-1] - mean) / mean if mean >= 1 else None


@dataclass(frozen=True, slots=True)
class Trends:
    """The trends of some directions over the same weeks."""

    mondays: tuple[date, ...]
    trends: tuple[Trend, ...]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weekly(counts: Mapping[tuple[str, date], int], slugs: Sequence[str], last: date, weeks: int) -> Trends:
    """Papers a week for each of ``slugs``, over at most ``weeks`` whole weeks up to ``last``.

    The week of ``last`` counts once its Friday has been announced; weeks before the first paper are left out, for
    there was nobody who collected.
    """
    newest = monday(last) if last.weekday() >= 4 else monday(last) - WEEK
    mondays = [newest - WEEK * back for back in reversed(range(weeks))]
    totals: dict[tuple[str, date], int] = {}
    for (slug, day), number in counts.items():
        key = (slug, monday(day))
        totals[key] = totals.get(key, 0) + number
    begun = min((week for _, week in totals), default=newest)
    mondays = [week for week in mondays if week >= begun]
    trends = tuple(Trend(slug, tuple(totals.get((slug, week), 0) for week in mondays)) for slug in slugs)
    return Trends(tuple(mondays), trends)
