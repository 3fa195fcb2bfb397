"""How near papers are to an idea: `ask` an idea's text once, then `grade` papers, `match` a day, search the archive."""

from __future__ import annotations

from bot.nearness.archive import Archive
from bot.nearness.directions import suggested_directions
from bot.nearness.model import Nearness
from bot.nearness.question import Question

__all__ = ["Archive", "Nearness", "Question", "suggested_directions"]
