"""What a search came to: a page of papers, and what is to be said about the rest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import Judgement, Paper
from bot.rules.query.demands import Demand
from bot.rules.query.parser import Query

NOTHING_SAID = Judgement({})


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found; the higher the score the better."""

    paper: Paper
    score: float
    judgement: Judgement = NOTHING_SAID
    loose: bool = False
    """It says only a part of what was asked, because nothing says all of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found."""

    query: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    """Papers that can be paged through."""
    more: bool = False
    """Whether still more fit."""
    upto: int = 0
    """The number of the newest paper when the first page was shown; later ones stay out of the next pages."""
    demands: tuple[Demand, ...] = ()
    """What was looked for in the papers, to be marked."""
    meant: str = ""
    """Where nothing was found, a query that finds something."""

    @property
    def is_loose(self) -> bool:
        return any(hit.loose for hit in self.hits)
