"""What runs when: who is due for a digest at ``now``, and when it is time to collect. Pure; nothing here keeps time.

Nothing is ever "scheduled": who is due follows from what is stored and from ``now``, so that downtime of any length
costs each reader one digest that comes late and holds everything, and no change of the clocks skips or repeats one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.models import PastRun, Reader, SourceStanding
from bot.rules import days as timetable
from bot.rules.zones import local, zone

DAY = timedelta(days=1)
TICK = timedelta(minutes=1)
PATIENCE = timedelta(hours=6)
"""How long a digest that would be empty waits for a day that is not whole yet."""
FEED_TURNS = time(0, 20)
"""New York's time after which the day's feed can be expected: https://info.arxiv.org/help/rss.html"""
AGAIN_WHEN_WHOLE, AGAIN_WHEN_NOT = timedelta(hours=3), timedelta(minutes=15)
NOTICE_AFTER = timedelta(days=1)
"""How long a source may be down before the owners hear of it."""
EXPIRY = timedelta(days=7)
"""How long the outbox keeps the texts of messages that were sent; where they are still needed, ``pages`` has them."""
BACKFILL = 30
"""Days before the newest one that a new installation fetches."""


# --- readers ----------------------------------------------------------------------------------------------------------


def due_on(reader: Reader, now: datetime) -> date | None:
    """The reader's own date for which a digest is to be decided at ``now``, or None.

    A reader who never had one is due at once; every other when the hour they chose has come on a day they chose,
    once a day, however many days went by.
    """
    if reader.state != "active" or is_paused(reader, now):
        return None
    if is_first(reader):
        return local(now, reader.zone).date()
    if quiet_until(reader, now):
        return None
    return next((day for day, moment in slots(reader, now) if moment <= now and is_open(reader, day, moment)), None)


def is_first(reader: Reader) -> bool:
    """Whether this reader has never had a digest."""
    return reader.decided_on is None and reader.last_digest is None


def slots(reader: Reader, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The reader's digest hours of the last week, newest first: the date they belong to, and the moment."""
    today = local(now, reader.zone).date()
    for back in range(-1, 8):
        day = today - back * DAY
        if reader.weekdays[day.weekday()] == "1":
            moment = moment_of(reader, day)
            yield day, quiet_until(reader, moment) or moment


def is_open(reader: Reader, day: date, moment: datetime) -> bool:
    """Whether nothing has been decided for ``day``, or after it, and the reader was there already."""
    if reader.decided_on is not None and reader.decided_on >= day:
        return False
    return reader.joined is None or reader.joined < moment


def moment_of(reader: Reader, day: date) -> datetime:
    """When the reader's hour comes on ``day``, UTC.

    An hour that the clocks leave out comes as much later as they jump; of one that comes twice, the first counts.
    """
    wall = datetime.combine(day, time(reader.digest_at // 60 % 24, reader.digest_at % 60))
    return wall.replace(tzinfo=zone(reader.zone)).astimezone(UTC)


def is_paused(reader: Reader, now: datetime) -> bool:
    return reader.paused_until is not None and local(now, reader.zone).date() < reader.paused_until


def pause_ends(reader: Reader) -> datetime:
    """The beginning of the day on which a pause is over, UTC."""
    assert reader.paused_until
    return datetime.combine(reader.paused_until, time(), zone(reader.zone)).astimezone(UTC)


def quiet_until(reader: Reader, now: datetime) -> datetime | None:
    """When the reader's quiet hours end, if ``now`` lies in them."""
    start, end = reader.quiet_from, reader.quiet_to
    here = local(now, reader.zone)
    minute = here.hour * 60 + here.minute
    if start == end or not (start <= minute < end if start < end else minute >= start or minute < end):
        return None
    day = here.date() + (DAY if minute >= end else timedelta(0))
    wall = datetime.combine(day, time(end // 60 % 24, end % 60), zone(reader.zone))
    # Where the clocks go back within the hour, the end may lie behind us already: then it is the second one.
    return wall.astimezone(UTC) if wall.astimezone(UTC) > now else wall.replace(fold=1).astimezone(UTC)


def may_wait(reader: Reader, day: date, now: datetime) -> bool:
    """Whether a digest for the reader's ``day`` that would be empty may still wait for papers to come."""
    if is_first(reader):
        return reader.joined is None or now < reader.joined + PATIENCE
    moment = moment_of(reader, day)
    return now < (quiet_until(reader, moment) or moment) + PATIENCE


# --- collecting -------------------------------------------------------------------------------------------------------


def is_collecting_due(now: datetime, newest: date, runs: Sequence[PastRun]) -> bool:
    """Whether to collect, given the newest announcement day and the last runs, newest first."""
    if not runs:
        return True
    last = next((run for run in runs if run.last_day >= newest), None)
    if last is None:
        here = now.astimezone(timetable.NEW_YORK)
        turned = here.date() > newest or here.time() >= FEED_TURNS
        return turned and is_past(runs[0], AGAIN_WHEN_NOT, now)
    return is_past(last, AGAIN_WHEN_WHOLE if last.complete else AGAIN_WHEN_NOT, now)


def is_past(run: PastRun, span: timedelta, now: datetime) -> bool:
    """Whether ``span`` has gone by since ``run``; one in the future is from a clock that was set back."""
    return not timedelta(0) <= now - run.started < span


def backfill_days(newest: date, holidays: Collection[date] = ()) -> list[date]:
    """The announcement days of the month before ``newest``, oldest first."""
    span = timetable.days_between(newest - BACKFILL * DAY, newest - DAY)
    return [day for day in span if timetable.is_announcement_day(day, holidays)]


def pieces(lacking: Collection[date], holidays: Collection[date] = ()) -> list[tuple[date, date]]:
    """``lacking`` days as spans to collect one after another, newest first."""
    return [(run[0], run[-1]) for run in reversed(list(timetable.runs(lacking, holidays)))]


def down_since(source: SourceStanding, began: datetime | None, now: datetime) -> datetime | None:
    """Since when a source has been down, if that is worth a notice; ``began`` is when we first asked for anything."""
    since = source.last_success or began
    return since if source.failures and since and now - since > NOTICE_AFTER else None
