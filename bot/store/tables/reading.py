"""Reading plans: how readers want them, their weeks, and what a group reads together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Column, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import TelegramId, UtcTime


class HabitsRow(SQLModel, table=True):
    """How a reader wants the plan; the fields are those of ``models.Habits``."""

    __tablename__ = "habits"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    directions: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """Empty for those of the reader's digests."""
    level: int
    budget_minutes: int
    weekday: int
    at: int
    days: str
    reminding: str
    remind_at: int
    since: datetime = Field(sa_type=UtcTime)
    """When the first plan was asked for: no summary is due for what was before."""
    turned_on: date | None = None
    reminded_on: date | None = None
    summed_on: date | None = None


class WeekRow(SQLModel, table=True):
    """One week of a reader's plan."""

    __tablename__ = "plan_week"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    monday: date = Field(primary_key=True)
    budget_minutes: int
    state: str


class ItemRow(SQLModel, table=True):
    """One thing to do in a week; the fields are those of ``models.Item``. What was done stays for the statistics."""

    __tablename__ = "plan_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reader_id", "monday"], ["plan_week.reader_id", "plan_week.monday"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )

    reader_id: str = Field(primary_key=True)
    monday: date = Field(primary_key=True)
    number: int = Field(primary_key=True)
    kind: str
    id: str
    """An arXiv id, a task's or an idea's: the library and the paper need not be here."""
    title: str
    estimate: int
    minutes: int
    slug: str
    day: date | None = None
    state: str
    part: int
    parts: int
    slips: int
    since: date | None = None
    swaps: list[str] = Field(sa_column=Column(JSON, nullable=False))
    idea: int | None = None
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    spent: int | None = None
    stars: int | None = None
    takeaway: str


class MemberRow(SQLModel, table=True):
    """Somebody who reads along in a group's plan."""

    __tablename__ = "plan_member"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    """The group."""
    user_id: int = Field(primary_key=True, sa_type=TelegramId, index=True)
    name: str
    joined: datetime = Field(sa_type=UtcTime)


class GroupWeekRow(SQLModel, table=True):
    """One week of a group's plan: who takes which paper, and who presents."""

    __tablename__ = "group_week"

    reader_id: str = Field(primary_key=True, foreign_key="reader.id", ondelete="CASCADE")
    monday: date = Field(primary_key=True)
    shares: list[dict[str, str | bool]] = Field(sa_column=Column(JSON, nullable=False))
    presenter: str
