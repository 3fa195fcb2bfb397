"""What groups read together: who reads along, and who takes which paper in which week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import String, cast, delete, or_, select
from sqlmodel import Session, col

from bot.models import GroupWeek, Share
from bot.store.tables import GroupWeekRow, MemberRow


def join_plan(session: Session, group_id: str, user_id: int, name: str, now: datetime) -> bool:
    """Note that somebody reads along, under this name; whether they are new."""
    row = session.get(MemberRow, (group_id, user_id))
    if row is None:
        session.add(MemberRow(reader_id=group_id, user_id=user_id, name=name, joined=now))
    else:
        row.name = name
    session.flush()
    return row is None


def leave_plan(session: Session, user_id: int, group_id: str = "") -> None:
    """Somebody reads along no more: in this group, or in any."""
    chosen = [col(MemberRow.user_id) == user_id, *([col(MemberRow.reader_id) == group_id] if group_id else [])]
    session.execute(delete(MemberRow).where(*chosen))


def reads_along(session: Session, user_id: int) -> bool:
    """Whether somebody is a member of any group's plan."""
    return session.scalar(select(col(MemberRow.user_id)).where(col(MemberRow.user_id) == user_id).limit(1)) is not None


def forget_member(session: Session, user_id: int) -> None:
    """Take somebody out of the plans of all groups, past weeks included: what they read is nobody's."""
    leave_plan(session, user_id)
    member = str(user_id)
    for row in weeks_of_member(session, user_id):
        row.shares = [{**share, "member": ""} if share["member"] == member else share for share in row.shares]
        row.presenter = "" if row.presenter == member else row.presenter
    session.flush()


def weeks_of_member(session: Session, user_id: int) -> Sequence[GroupWeekRow]:
    """The weeks of groups' plans in which somebody has a share or presents, oldest first."""
    member = str(user_id)
    named = cast(col(GroupWeekRow.shares), String).contains(f'"{member}"')
    query = select(GroupWeekRow).where(or_(col(GroupWeekRow.presenter) == member, named))
    return session.scalars(query.order_by(col(GroupWeekRow.monday), col(GroupWeekRow.reader_id))).all()


def members(session: Session, group_id: str) -> dict[str, str]:
    """Names by the member's number in writing, in the order in which they joined."""
    rows = session.scalars(
        select(MemberRow)
        .where(col(MemberRow.reader_id) == group_id)
        .order_by(col(MemberRow.joined), col(MemberRow.user_id))
    )
    return {str(row.user_id): row.name for row in rows}


def group_weeks(session: Session, group_id: str) -> list[GroupWeek]:
    """Every week of a group's plan, oldest first."""
    rows = session.scalars(
        select(GroupWeekRow).where(col(GroupWeekRow.reader_id) == group_id).order_by(col(GroupWeekRow.monday))
    )
    return [
        GroupWeek(row.monday, tuple(Share(**share) for share in row.shares), row.presenter)  # type: ignore[arg-type]
        for row in rows
    ]


def save_group_week(session: Session, group_id: str, week: GroupWeek) -> None:
    shares = [asdict(share) for share in week.shares]
    row = GroupWeekRow(reader_id=group_id, monday=week.monday, shares=shares, presenter=week.presenter)
    session.merge(row)
