"""A group's common plan: ``/plan`` in a group, and the buttons that any member may press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot import planning
from bot.chat.render import together as render
from bot.chat.talk import Answer, Talk
from bot.models import GroupWeek, Message
from bot.rules.foreign import clean
from bot.store import reading, together
from bot.store.engine import Session
from bot.store.reading import Planner

LONGEST_NAME = 60


def plan(talk: Talk) -> Answer:
    """``/plan`` in a group."""
    shown = screen(talk.ensure_known())
    hint = f"\n\n{talk.words('group.start_first')}" if talk.onboarding else ""
    return Answer(messages=(replace(shown, html=shown.html + hint),))


def open_week(talk: Talk, monday: date) -> Answer:
    """A week of the group's as a message of its own, for the summary stays where it is."""
    return Answer(messages=(screen(talk.ensure_known(), monday),))


def screen(talk: Talk, monday: date | None = None) -> Message:
    """The running week, or the one of ``monday`` where there is one."""
    with talk.kit.store.write() as session:
        planner = planner_of(session, talk)
        names = together.members(session, talk.reader.id)
        week = planning.together_now(talk.kit, session, planner, talk.now)
        later = [one for one in together.group_weeks(session, talk.reader.id) if one.monday == monday]
        shown = later[0] if later else week
        titles = reading.titles(session, [share.paper for share in shown.shares])
    return render.group_screen(shown, names, titles, talk.words, talk.links)


def planner_of(session: Session, talk: Talk) -> Planner:
    """The group as one that plans, made so where it is not yet."""
    if reading.planner(session, talk.reader.id) is None:
        reading.save_habits(session, talk.reader.id, planning.first_habits(talk.reader), talk.now)
    return planning.planner_of(session, talk.reader.id)


Deed = Callable[[Talk, Session, Planner, int, date], str]
"""Changes the plan and gives the key of what is told to the member."""


def press(talk: Talk, what: str, monday: str, at: str) -> Answer:
    """A member's button."""
    if what not in DEEDS or talk.reader.kind in planning.ALONE:
        return Answer(toast=talk.words("chat.old_button"))
    talk, day = talk.ensure_known(), date.fromisoformat(monday)
    with talk.kit.store.write() as session:
        told = DEEDS[what](talk, session, planner_of(session, talk), int(at), day)
    return Answer(screen=screen(talk, day), toast=talk.words(told))


def join(talk: Talk, session: Session, planner: Planner, _at: int, _day: date) -> str:
    name = clean(talk.turn.name)[:LONGEST_NAME] or str(talk.turn.user_id)
    if not planning.join(talk.kit, session, planner, talk.turn.user_id, name, talk.now):
        return "group.joined_already"
    week = planning.together_now(talk.kit, session, planner, talk.now)
    has_paper = any(share.member == str(talk.turn.user_id) for share in week.shares)
    return "group.joined" if has_paper else "group.joined_later"


def leave(talk: Talk, session: Session, planner: Planner, _at: int, _day: date) -> str:
    planning.leave(talk.kit, session, planner, talk.turn.user_id, talk.now)
    return "group.left"


def take(talk: Talk, session: Session, planner: Planner, at: int, day: date) -> str:
    if not is_member(talk, session):
        return "group.join_first"
    week = planning.take(session, planner, day, at - 1, talk.turn.user_id)
    return told_of(week, at - 1, str(talk.turn.user_id))


def told_of(week: GroupWeek | None, at: int, member: str) -> str:
    """What a member's press on a paper came to."""
    if week is None or not 0 <= at < len(week.shares):
        return "chat.old_button"
    share = week.shares[at]
    if share.member != member:
        return "group.finished_by_other"
    return "group.finished" if share.finished else "group.taken"


def present(talk: Talk, session: Session, planner: Planner, _at: int, day: date) -> str:
    if not is_member(talk, session):
        return "group.join_first"
    planning.present(session, planner, day, talk.turn.user_id)
    return "group.presenting"


def is_member(talk: Talk, session: Session) -> bool:
    return str(talk.turn.user_id) in together.members(session, talk.reader.id)


DEEDS: dict[str, Deed] = {"join": join, "leave": leave, "take": take, "present": present}
