"""Where the hands of the clock may be put: a few moments that are worth a look, or any that is to come."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.errors import UsageError
from bot.rules.zones import zone

DAY = timedelta(days=1)
FARTHEST = 400 * DAY
"""Further than that is a slip of the keyboard."""
MOMENTS = {"morning": (None, time(8)), "monday": (0, time(9)), "sunday": (6, time(20))}
"""Day of the week (None for any) and hour of the buttons."""


def destination(now: datetime, place: str, wish: str) -> datetime:
    """The moment, UTC, that ``wish`` names at ``now`` in the time zone ``place``.

    A wish is ``hour``, a name of ``MOMENTS``, or a local time such as ``2026-06-22T09:00``; raises UsageError for any
    other, and for a moment that is past or very far away.
    """
    moment = now + timedelta(hours=1) if wish == "hour" else named(now, place, wish)
    if moment < now:
        raise UsageError("the clock only goes forward", key="clock_back")
    if moment > now + FARTHEST:
        raise UsageError("at most 400 days at once", key="clock_far")
    return moment


def named(now: datetime, place: str, wish: str) -> datetime:
    here = now.astimezone(zone(place))
    if wish not in MOMENTS:
        return read(wish).replace(tzinfo=zone(place)).astimezone(UTC)
    weekday, hour = MOMENTS[wish]
    moment = datetime.combine(here.date(), hour, zone(place))
    while moment <= here or weekday not in (None, moment.weekday()):
        moment += DAY
    return moment.astimezone(UTC)


def read(wish: str) -> datetime:
    try:
        return datetime.fromisoformat(wish).replace(tzinfo=None)
    except ValueError as error:
        raise UsageError("{wish} is no time", key="no_time", wish=wish[:40]) from error
