"""The reading plan at work: making weeks, what becomes of their items, who is reminded, and what groups read together.

    habits + past weeks + stock → (bot.rules.reading) → a week → done, moved, dropped, swapped → the next week

The rules decide; here is gathered what they need, and kept what they say. Every function that takes a session belongs
into the caller's transaction.
"""

from bot.planning.days import (
    REMINDER,
    Remind,
    by_clock,
    close_week,
    decide_reminders,
    reminders_for,
    turn_day,
    turn_days,
)
from bot.planning.items import Act, answer_asked, change, complete, drop, note, swap
from bot.planning.together import join, leave, make_together, present, take, together_now
from bot.planning.weeks import (
    ALONE,
    first_habits,
    make,
    make_again,
    next_week,
    planner_of,
    this_week,
    today_of,
    week_of,
)

__all__ = [
    "ALONE",
    "REMINDER",
    "Act",
    "Remind",
    "answer_asked",
    "by_clock",
    "change",
    "close_week",
    "complete",
    "decide_reminders",
    "drop",
    "first_habits",
    "join",
    "leave",
    "make",
    "make_again",
    "make_together",
    "next_week",
    "note",
    "planner_of",
    "present",
    "reminders_for",
    "swap",
    "take",
    "this_week",
    "today_of",
    "together_now",
    "turn_day",
    "turn_days",
    "week_of",
]
