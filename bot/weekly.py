"""Deciding weekly summaries: for every reader whose hour has come, how the week went and what the next one is to hold.

    due readers → the week, the figures, the ideas, what others liked → next week made → messages → outbox

One reader's summary is one transaction, and ``(reader, "summary", ISO week)`` its key in the outbox: killed at any
moment, it has been decided whole or not at all, and never twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot import matching, planning
from bot.errors import StoreError, UsageError
from bot.kit import Kit
from bot.models import Delivery, Message, Reader, Week
from bot.models.summaries import GroupSummary, Summary
from bot.rules import reading as rules
from bot.rules.zones import zone
from bot.schedule import DAY, due_on
from bot.store import deliveries, ideas, reading, together
from bot.store.engine import Session
from bot.store.reading import Planner

log = logging.getLogger(__name__)

SUMMARY = "summary"
WEEK = timedelta(days=7)
HISTORY = 8
"""Weeks that the picture shows."""
MANY = 3
"""Readers who must have liked a paper before others hear of it: fewer might be told apart."""
MOST_LIKED = 5

Render = Callable[[Summary | GroupSummary, Reader], Sequence[Message]]


def decide_summaries(kit: Kit, planners: Sequence[Planner], render: Render) -> int:
    """Decide the weekly summaries that are due and put them into the outbox; returns for how many readers."""
    now = kit.clock.now()
    enrol_keepers_of_ideas(kit, now)
    due = [planner.reader.id for planner in planners if summary_on(planner, now)]
    decided = 0
    for reader_id in due:
        try:
            with kit.store.write() as session:
                decided += decide_summary(kit, session, reader_id, render, now)
        except StoreError:
            raise  # everybody's trouble
        except Exception:  # one reader's trouble is not everybody's; they stay due
            log.exception("no weekly summary could be made for reader %s", reader_id)
    return decided


def enrol_keepers_of_ideas(kit: Kit, now: datetime) -> None:
    """Who keeps ideas and has no plan gets a weekly summary of the ideas, at the hour that plans begin with."""
    with kit.store.read() as session:
        new = reading.keepers_of_ideas_alone(session)
    if new:
        with kit.store.write() as session:
            for reader in new:
                reading.save_habits(session, reader.id, planning.first_habits(reader), now)


def summary_on(planner: Planner, now: datetime) -> date | None:
    """The reader's own date for which a summary is to be decided at ``now``."""
    weekdays = "".join("1" if day == planner.habits.weekday else "0" for day in range(7))
    settled = replace(planner, since=planner.since + DAY)  # who has just begun has nothing to look back on
    return due_on(planning.by_clock(settled, planner.habits.at, weekdays, planner.summed_on), now)


def decide_summary(kit: Kit, session: Session, reader_id: str, render: Render, now: datetime) -> int:
    """One reader's, who is read again here; 1 where there was anything to tell."""
    planner = reading.planner(session, reader_id)
    day = summary_on(planner, now) if planner else None
    if planner is None or day is None:
        return 0
    reading.note_clock(session, [reader_id], summed_on=day)
    monday = rules.monday_to_plan(day) - WEEK
    review = summary_of if planner.reader.kind in planning.ALONE else group_summary
    summary = review(kit, session, planner, monday, now)
    if summary is None:
        return 0
    messages = render(summary, planner.reader)
    subject = f"{monday:%G-W%V}"
    parts = [Delivery(reader_id, SUMMARY, subject, message, part) for part, message in enumerate(messages)]
    return min(deliveries.enqueue(session, parts, now), 1)


def summary_of(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> Summary | None:
    """The week of ``monday`` in review; the next one is made, and what others asked us to note is noted.

    None for a reader of whom there is nothing to tell.
    """
    reader, today = planner.reader, planning.today_of(planner.reader, now)
    began = datetime.combine(monday, time(), zone(reader.zone)).astimezone(UTC)
    near = matching.week_of(session, reader, began, now)
    ideas.note_asked(session, near.untouched)
    planned = bool(reading.weeks(session, reader.id))
    if planned:
        planning.turn_day(kit, session, planner, now)
        planning.close_week(session, planner, monday, now)
    following = next_week(kit, session, planner, monday + WEEK, now) if planned else None
    known = reading.weeks(session, reader.id)
    week = planning.week_of(known, monday)
    history = tuple(one for one in known if one.monday <= monday)[-HISTORY:]
    if not (history or near):
        return None
    slugs = planner.habits.directions
    return Summary(
        today,
        week or Week(monday, 0),
        history,
        rules.figures(known, today, zone(reader.zone)),
        rules.progress_of(known, today).missed,
        following,
        near or None,
        tuple(reading.liked_by_many(session, slugs, began, MANY, MOST_LIKED)),
    )


def next_week(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> Week | None:
    """The plan that the summary proposes; None where it would be over already."""
    try:
        return planning.make(kit, session, planner, monday, now)
    except UsageError as error:
        log.info("no next week for reader %s: %s", planner.reader.id, error)
        return None


def group_summary(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> GroupSummary | None:
    """A group's week in review, and its next week, assigned; None for a group in which nobody reads along."""
    names = together.members(session, planner.reader.id)
    if not names:
        return None
    following = planning.make_together(kit, session, planner, monday + WEEK, now)
    known = together.group_weeks(session, planner.reader.id)
    week = next((one for one in known if one.monday == monday), None)
    shown = [share.paper for one in (week, following) if one for share in one.shares]
    return GroupSummary(week, following, names, reading.titles(session, shown))
