"""The days of a week: which are left to read on, and which thing is read when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.models import Habits, Item, ItemState, Week

WEEK = timedelta(7)


def monday_of(day: date) -> date:
    """The Monday of the week that ``day`` belongs to."""
    return day - timedelta(day.weekday())


def monday_to_plan(today: date) -> date:
    """The week that the message of the plan's day is about: today's on a Monday, else the next."""
    return monday_of(today + timedelta(6))


def first_monday(habits: Habits, today: date) -> date:
    """The week of a first plan: this one, or the next where no day to read on is left in this one."""
    this = monday_of(today)
    return this if open_days(habits, this, today) else this + WEEK


def is_over(week: Week, today: date) -> bool:
    return today >= week.monday + WEEK


def open_days(habits: Habits, monday: date, today: date) -> list[date]:
    """The reader's days of the week of ``monday`` that are not past; a reader without days has all of them."""
    wanted = habits.days if "1" in habits.days else "1111111"
    days = [monday + timedelta(number) for number, mark in enumerate(wanted) if mark == "1"]
    return [day for day in days if day >= today]


def days_in_week(habits: Habits) -> int:
    return habits.days.count("1") or 7


def spread(items: Sequence[Item], days: Sequence[date]) -> list[Item]:
    """``items`` in their order over ``days``, each day with about as many minutes; who has a day keeps it."""
    total = sum(item.minutes for item in items)
    dated, so_far = [], 0
    for item in items:
        middle = so_far + item.minutes / 2
        day = days[int(len(days) * middle / total)]
        dated.append(item if item.day else replace(item, day=day))
        so_far += item.minutes
    return dated


def roomiest(items: Iterable[Item], days: Sequence[date]) -> date:
    """The one of ``days`` with the fewest minutes planned, the earliest of several."""
    minutes = dict.fromkeys(days, 0)
    for item in items:
        if item.state is ItemState.PLANNED and item.day in minutes:
            minutes[item.day] += item.minutes
    return min(days, key=lambda day: (minutes[day], day))
