"""The turn of a reader's day: what was left undone moves on, and what is due is named."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.errors import StoreError
from bot.kit import Kit
from bot.models import Delivery, Habits, ItemState, Message, Reader, Reminding, Week
from bot.models.summaries import Reminder
from bot.planning.weeks import ALONE, WEEK, make, today_of, week_of
from bot.rules import reading as rules
from bot.schedule import due_on, is_paused
from bot.store import deliveries, reading
from bot.store.engine import Session
from bot.store.reading import Planner

log = logging.getLogger(__name__)

REMINDER = "reminder"
EVERY_DAY = "1111111"

Remind = Callable[[Reminder, Reader], Message]


def turn_days(kit: Kit, planners: Sequence[Planner]) -> int:
    """Move on what was left undone, for each of them whose day has turned; returns for how many."""
    now = kit.clock.now()
    due = [planner.reader.id for planner in planners if is_turning(planner, now)]
    for reader_id in due:
        try:
            with kit.store.write() as session:
                if planner := reading.planner(session, reader_id):
                    turn_day(kit, session, planner, now)
        except StoreError:
            raise  # everybody's trouble
        except Exception:  # one reader's trouble is not everybody's
            log.exception("the day of reader %s could not turn", reader_id)
    return len(due)


def is_turning(planner: Planner, now: datetime) -> bool:
    alone = planner.reader.kind in ALONE
    return alone and planner.turned_on != today_of(planner.reader, now) and not is_paused(planner.reader, now)


def turn_day(kit: Kit, session: Session, planner: Planner, now: datetime) -> None:
    """One reader's; a week that no summary has planned, as after a pause, is made now."""
    today = today_of(planner.reader, now)
    known = reading.weeks(session, planner.reader.id)
    after = turned(known, planner.habits, today)
    reading.save_weeks(session, planner.reader.id, [new for new in after if new not in known])
    monday = rules.monday_of(today)
    if known and known[-1].monday < monday == rules.first_monday(planner.habits, today):
        make(kit, session, planner, monday, now)
    reading.note_clock(session, [planner.reader.id], turned_on=today)


def close_week(session: Session, planner: Planner, monday: date, now: datetime) -> None:
    """Let go on to the next week what its summary need not wait for."""
    today, known = today_of(planner.reader, now), reading.weeks(session, planner.reader.id)
    after = [rules.give_over(week, today, planner.habits) if week.monday == monday else week for week in known]
    after = turned(after, planner.habits, today)
    reading.save_weeks(session, planner.reader.id, [new for new in after if new not in known])


def turned(known: Sequence[Week], habits: Habits, today: date) -> list[Week]:
    """The weeks as they stand on the morning of ``today``."""
    after: list[Week] = []
    for week in known:
        if after and after[-1].monday == week.monday - WEEK:
            week = rules.receive(week, after[-1], habits, today)
        after.append(rules.slip(week, today, habits) if week.monday <= today else week)
    return after


# --- reminders --------------------------------------------------------------------------------------------------------


def reminder_of(session: Session, planner: Planner, now: datetime) -> Reminder | None:
    """What is due today; None where nothing is, for somebody who wants no reminders, and in a pause.

    What has slipped too often is mentioned beside it, and is no reason to write: the weekly summary asks about it too.
    """
    reader, today = planner.reader, today_of(planner.reader, now)
    if planner.habits.reminding is Reminding.OFF or reader.kind not in ALONE:
        return None
    monday = rules.monday_of(today)
    week = week_of(turned(reading.weeks(session, reader.id, monday - WEEK), planner.habits, today), monday)
    items = rules.due(week, today, reader.paused_until) if week else ()
    is_due = any(item.state is not ItemState.ASKED for item in items)
    return Reminder(today, week.monday, items) if week and is_due else None


def reminders_for(session: Session, reader_ids: Collection[str], now: datetime) -> Mapping[str, Reminder]:
    """What the digests of these readers say of their plans, by reader."""
    planners = reading.planners(session, reader_ids)
    in_digest = [planner for planner in planners if planner.habits.reminding is Reminding.DIGEST]
    found = {}
    for planner in in_digest:
        try:
            if reminder := reminder_of(session, planner, now):
                found[planner.reader.id] = reminder
        except Exception:  # a digest comes without its plan rather than not at all
            log.exception("no reminder could be made for reader %s", planner.reader.id)
    return found


def decide_reminders(kit: Kit, planners: Sequence[Planner], render: Remind) -> int:
    """Put reminders that are messages of their own into the outbox; returns how many.

    They are for those who want them apart, and for days on which no digest may come.
    """
    now = kit.clock.now()
    due = [(planner.reader.id, day) for planner in planners if (day := reminding_on(planner, now))]
    decided = 0
    for reader_id, day in due:
        try:
            with kit.store.write() as session:
                decided += decide_reminder(session, reader_id, day, render, now)
        except StoreError:
            raise
        except Exception:  # one reader's trouble is not everybody's; they stay due
            log.exception("no reminder could be made for reader %s", reader_id)
    return decided


def decide_reminder(session: Session, reader_id: str, day: date, render: Remind, now: datetime) -> int:
    """One reader's, who is read again here; a day that went by is reminded of no more."""
    planner = reading.planner(session, reader_id)
    if planner is None or reminding_on(planner, now) != day:
        return 0
    reading.note_clock(session, [reader_id], reminded_on=day)
    reminder = reminder_of(session, planner, now) if day == today_of(planner.reader, now) else None
    if reminder is None:
        return 0
    message = render(reminder, planner.reader)
    return deliveries.enqueue(session, [Delivery(reader_id, REMINDER, day.isoformat(), message)], now)


def reminding_on(planner: Planner, now: datetime) -> date | None:
    """The reader's own date for which a reminder of its own is to be decided at ``now``."""
    reader, habits = planner.reader, planner.habits
    if habits.reminding is Reminding.OFF or reader.kind not in ALONE:
        return None
    without_digest = "".join("0" if day == "1" else "1" for day in reader.weekdays)
    weekdays = EVERY_DAY if habits.reminding is Reminding.OWN else without_digest
    return due_on(by_clock(planner, habits.remind_at, weekdays, planner.reminded_on), now)


def by_clock(planner: Planner, at: int, weekdays: str, decided_on: date | None) -> Reader:
    """The reader as if their digest came at this hour of these days: ``due_on`` then answers for something else."""
    return replace(
        planner.reader, digest_at=at, weekdays=weekdays, decided_on=decided_on, joined=planner.since,
        last_digest=date.min,
    )  # fmt: skip
