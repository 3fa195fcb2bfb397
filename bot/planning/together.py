"""What a group reads together: who takes which paper, who has finished, and whose turn it is to present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.kit import Kit
from bot.models import GroupWeek, ReadingState, Share
from bot.planning.weeks import FRESH, today_of
from bot.rules import reading as rules
from bot.store import library, reading, together
from bot.store.engine import Session
from bot.store.reading import Planner

FEWEST, MOST = 3, 8
"""Papers of a group's week."""


def together_now(kit: Kit, session: Session, planner: Planner, now: datetime) -> GroupWeek:
    """The group's week that is running."""
    return make_together(kit, session, planner, rules.monday_of(today_of(planner.reader, now)), now)


def make_together(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> GroupWeek:
    """The group's week of ``monday``: the one that is there, else new papers, one for each member.

    Where they are few, some more are anybody's.
    """
    group, history = planner.reader.id, together.group_weeks(session, planner.reader.id)
    if there := week_on(session, planner, monday):
        return there
    members = list(together.members(session, group))
    earlier = [week for week in history if week.monday < monday]
    papers = papers_for(session, planner, now)[: min(MOST, max(FEWEST, len(members)))]
    dealt, free = papers[: len(members)], papers[len(members) :]
    week = rules.assign(dealt, members, earlier, monday)
    week = replace(week, shares=(*week.shares, *(Share(paper, "") for paper in free if members)))
    if week.shares:
        together.save_group_week(session, group, week)
    return week


def papers_for(session: Session, planner: Planner, now: datetime) -> list[str]:
    """What the group saved, then the best of its directions; nothing that it has had before."""
    group, today = planner.reader.id, today_of(planner.reader, now)
    had = {share.paper for week in together.group_weeks(session, group) for share in week.shares}
    kept = library.kept(session, group)
    saved = [id_ for id_, one in kept.items() if one.state is ReadingState.TO_READ]
    best = [paper.id for paper, _ in reading.best_of(session, planner.habits.directions, today - FRESH, today, 40)]
    return [id_ for id_ in dict.fromkeys((*saved, *(id_ for id_ in best if id_ not in kept))) if id_ not in had]


def join(kit: Kit, session: Session, planner: Planner, user_id: int, name: str, now: datetime) -> bool:
    """Somebody reads along, with a paper of their own from this week on; whether they are new."""
    running = together_now(kit, session, planner, now)
    if not together.join_plan(session, planner.reader.id, user_id, name, now):
        return False
    if not running.shares:
        make_together(kit, session, planner, running.monday, now)
    else:
        shares = with_one_for(str(user_id), running.shares, papers_for(session, planner, now))
        together.save_group_week(session, planner.reader.id, replace(running, shares=shares))
    return True


def with_one_for(member: str, shares: Sequence[Share], papers: Sequence[str]) -> tuple[Share, ...]:
    """``shares`` with one for a new member: the first that is free, else a new paper, as far as there is one.

    Where a week holds as much as it may, the new member waits for the next.
    """
    free = next((at for at, share in enumerate(shares) if not share.member), None)
    if free is None:
        new = papers[: min(1, max(0, MOST - len(shares)))]
        return (*shares, *(Share(paper, member) for paper in new))
    return (*shares[:free], replace(shares[free], member=member), *shares[free + 1 :])


def leave(kit: Kit, session: Session, planner: Planner, user_id: int, now: datetime) -> None:
    """Somebody reads along no more; what they have not finished is anybody's."""
    running, member = together_now(kit, session, planner, now), str(user_id)
    together.leave_plan(session, user_id, planner.reader.id)
    shares = tuple(replace(one, member="") if one.member == member and not one.finished else one
                   for one in running.shares)  # fmt: skip
    presenter = "" if running.presenter == member else running.presenter
    together.save_group_week(session, planner.reader.id, replace(running, shares=shares, presenter=presenter))


def take(session: Session, planner: Planner, monday: date, at: int, user_id: int) -> GroupWeek | None:
    """The paper at this place becomes the member's; their own is finished by this, or not after all.

    One that another member has finished stays theirs. None where the week or the paper is not there.
    """
    week, member = week_on(session, planner, monday), str(user_id)
    if week is None or not 0 <= at < len(week.shares):
        return None
    share = week.shares[at]
    if share.member == member:
        share = replace(share, finished=not share.finished)
    elif not share.finished:
        share = replace(share, member=member)
    week = replace(week, shares=(*week.shares[:at], share, *week.shares[at + 1 :]))
    together.save_group_week(session, planner.reader.id, week)
    return week


def present(session: Session, planner: Planner, monday: date, user_id: int) -> None:
    """The member presents that week."""
    if week := week_on(session, planner, monday):
        together.save_group_week(session, planner.reader.id, replace(week, presenter=str(user_id)))


def week_on(session: Session, planner: Planner, monday: date) -> GroupWeek | None:
    known = together.group_weeks(session, planner.reader.id)
    return next((week for week in known if week.monday == monday), None)
