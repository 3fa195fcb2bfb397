"""What the commands of the plan share: one transaction with a reader's plan, and its screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from bot import planning
from bot.chat.render import plan as render
from bot.chat.talk import Talk
from bot.models import Item, Message, Week
from bot.rules import reading as rules
from bot.store import reading
from bot.store.engine import Session
from bot.store.reading import Planner

T = TypeVar("T")


def voice_of(talk: Talk) -> render.Voice:
    return render.voice(talk.kit, talk.words, talk.links, talk.names)


def change(talk: Talk, work: Callable[[Session, Planner], T]) -> T:
    """What ``work`` gives, in one transaction; raises UsageError for a reader without a plan."""
    with talk.kit.store.write() as session:
        return work(session, planning.planner_of(session, talk.reader.id))


def week_shown(talk: Talk, week: Week) -> Message:
    return render.week_screen(week, talk.today, voice_of(talk))


def item_shown(talk: Talk, week: Week, item: Item) -> Message:
    return render.item_screen(week, item, voice_of(talk))


def whereabouts(talk: Talk, monday: date, number: int) -> tuple[Week, Item]:
    return change(
        talk, lambda session, planner: rules.whereabouts(reading.weeks(session, planner.reader.id), monday, number)
    )


def week_at(talk: Talk, session: Session, planner: Planner, monday: date) -> Week:
    """The week of ``monday``: a past one if it is there, the next one made; else the one that is running."""
    known = reading.weeks(session, planner.reader.id)
    if there := planning.week_of(known, monday):
        return there
    if monday == rules.monday_of(talk.today) + timedelta(7):
        return planning.next_week(talk.kit, session, planner, talk.now)
    return planning.this_week(talk.kit, session, planner, talk.now)
