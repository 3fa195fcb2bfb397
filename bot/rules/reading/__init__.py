"""The reading plan: a week that one can keep. Pure: what happens depends on what is handed in, never on the clock.

``weeks`` makes a week, ``items`` is what a reader does with it, ``leftovers`` what becomes of what is left undone, and
``progress`` what all of that means for the week after.
"""

from bot.rules.reading.figures import figures, streak
from bot.rules.reading.groups import assign
from bot.rules.reading.items import complete, drop, due, find, keep, move, note, rate, swap, whereabouts
from bot.rules.reading.leftovers import give_over, hand_over, receive, slip
from bot.rules.reading.progress import done_by_kind, is_kept, is_missed, planned, progress_of
from bot.rules.reading.weekdays import first_monday, monday_of, monday_to_plan
from bot.rules.reading.weeks import make_week, refill

__all__ = [
    "assign",
    "complete",
    "done_by_kind",
    "drop",
    "due",
    "figures",
    "find",
    "first_monday",
    "give_over",
    "hand_over",
    "is_kept",
    "is_missed",
    "keep",
    "make_week",
    "monday_of",
    "monday_to_plan",
    "move",
    "note",
    "planned",
    "progress_of",
    "rate",
    "receive",
    "refill",
    "slip",
    "streak",
    "swap",
    "whereabouts",
]
