"""Ideas and papers: between the story and the store.

    a text | births: kept, and the archive searched | rounds: each new paper against each live idea | news: what is told

``archive`` keeps the papers' vectors up to date, in the store and in memory.
"""

from bot.matching.archive import Memory, fill, search
from bot.matching.births import (
    Birth,
    Complete,
    complete,
    create,
    held_against,
    is_any_asking,
    look_again,
    rewrite,
    search_of,
)
from bot.matching.news import note_told, tidings, week_of, weeks_of
from bot.matching.rounds import Tell, analyse, match
from bot.models.tracking import SCOOP

__all__ = [
    "SCOOP",
    "Birth",
    "Complete",
    "Memory",
    "Tell",
    "analyse",
    "complete",
    "create",
    "fill",
    "held_against",
    "is_any_asking",
    "look_again",
    "match",
    "note_told",
    "rewrite",
    "search",
    "search_of",
    "tidings",
    "week_of",
    "weeks_of",
]
