"""Announcement days: arXiv's timetable, in New York's time.

A batch closes at 14:00 on each working day and is announced under the next day's date; what comes from Friday
14:00 to Monday 14:00 is Tuesday's, so that Monday's batch is the one that closed on Friday. There is none at
weekends, nor on the holidays that are handed in; then papers wait for the next day that has one.
https://info.arxiv.org/help/availability.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
CLOSING = time(14)
ONE_DAY = timedelta(days=1)


def is_announcement_day(day: date, holidays: Collection[date] = ()) -> bool:
    return day.weekday() < 5 and day not in holidays


def announcement_day_before(day: date, holidays: Collection[date] = ()) -> date:
    """The last announcement day before ``day``."""
    day -= ONE_DAY
    while not is_announcement_day(day, holidays):
        day -= ONE_DAY
    return day


def announcement_day_from(day: date, holidays: Collection[date] = ()) -> date:
    """``day`` itself if it has an announcement, else the next that has one."""
    while not is_announcement_day(day, holidays):
        day += ONE_DAY
    return day


def newest_announced(now: datetime, holidays: Collection[date] = ()) -> date:
    """The newest announcement day at ``now``: the feeds turn at midnight in New York."""
    return announcement_day_before(now.astimezone(NEW_YORK).date() + ONE_DAY, holidays)


def closing(day: date) -> datetime:
    """When the batch that ``day`` announces closed, UTC: 14:00 New York on the working day before."""
    working_day = announcement_day_before(day)
    return datetime.combine(working_day, CLOSING, NEW_YORK).astimezone(UTC)


def window(day: date, holidays: Collection[date] = ()) -> tuple[datetime, datetime]:
    """The times of submission, [from, to) in UTC, that ``day`` announces."""
    return closing(announcement_day_before(day, holidays)), closing(day)


def day_of(submitted: datetime, holidays: Collection[date] = ()) -> date:
    """The day that announces what was submitted at ``submitted``."""
    local = submitted.astimezone(NEW_YORK)
    closes_on = local.date() + (ONE_DAY if local.time() >= CLOSING else timedelta(0))
    while closes_on.weekday() > 4:
        closes_on += ONE_DAY
    return announcement_day_from(closes_on + ONE_DAY, holidays)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every calendar day from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        yield first + number * ONE_DAY


def runs(days: Collection[date], holidays: Collection[date] = (), longest: int = 5) -> Iterator[list[date]]:
    """Announcement days in groups that follow on one another, each of at most ``longest`` days.

    One group is one question to the API, and one transaction: a long backfill that is cut off keeps what it had.
    """
    run: list[date] = []
    for day in sorted(day for day in days if is_announcement_day(day, holidays)):
        if run and (len(run) == longest or announcement_day_before(day, holidays) != run[-1]):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
