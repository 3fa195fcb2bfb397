"""How well a paper fits a query: BM25 over its fields, then how new it is and what its readers say.

https://dl.acm.org/doi/10.1561/1500000019
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bot.rules.query.demands import Demand
from bot.rules.query.tree import Field
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.terms import Phrase

WEIGHTS = {Field.ANYWHERE: (6.0, 3.0, 1.0), Field.TITLE: (6.0, 0.0, 0.0), Field.AUTHOR: (0.0, 3.0, 0.0)}
"""What one occurrence in the title, among the authors and in the text weighs, by where it is asked for."""
SATURATION = 1.2
LENGTH, USUAL_LENGTH = 0.5, 1300
"""How far a long text counts for less, and the characters of a usual one."""
A_YEAR, OLDEST = 0.25, -8.0
"""What a year adds, and the years at which a paper counts as old: a sum in which today does not occur."""
NEW_YEAR_2026 = date(2026, 1, 1).toordinal()
VOTES, MANY_VOTES = 0.5, 200
"""What many upvotes add."""


class Candidate(NamedTuple):
    """What is known of a paper before its place is: its searchable words by field; a row as it comes."""

    number: int
    id: str
    day: date | None
    upvotes: int | None
    title: str
    authors: str = ""
    text: str = ""


class Measure(NamedTuple):
    """A demand made ready for many papers."""

    weights: tuple[float, float, float]
    rarity: float
    needles: tuple[str, ...]
    """Its phrases as they stand in a text whose words are divided, begun and ended by one blank."""


def measures(demands: Iterable[Demand], vocabulary: Vocabulary) -> list[Measure]:
    return [
        Measure(WEIGHTS[one.field], vocabulary.rarity(one.phrases), tuple(map(needle, one.phrases))) for one in demands
    ]


def needle(phrase: Phrase) -> str:
    return f" {' '.join(phrase.words)}{'' if phrase.open else ' '}"


def score(paper: Candidate, asked: Sequence[Measure]) -> float:
    """The higher the better; a paper that no words are asked of is as good as it is new and liked."""
    title, authors, text = f" {paper.title} ", f" {paper.authors} ", f" {paper.text} "
    length = 1 - LENGTH + LENGTH * len(paper.text) / USUAL_LENGTH
    total = standing(paper.day, paper.upvotes)
    for (in_title, by_author, in_text), rarity, needles in asked:
        weight = in_title * count(needles, title) if in_title else 0.0
        if by_author and paper.authors:
            weight += by_author * count(needles, authors)
        if in_text and paper.text:
            weight += in_text * count(needles, text) / length
        total += rarity * weight / (weight + SATURATION)
    return total


def count(needles: Iterable[str], text: str) -> int:
    total = 0
    for one in needles:  # called for every paper and field: a sum over a generator takes twice as long
        if one in text:
            total += text.count(one)
    return total


def standing(day: date | None, upvotes: int | None) -> float:
    """What a paper has by its day and its readers alone."""
    years = (day.toordinal() - NEW_YEAR_2026) / 365.25 if day else OLDEST
    votes = VOTES * math.log1p(upvotes) / math.log1p(MANY_VOTES) if upvotes else 0.0
    return A_YEAR * max(years, OLDEST) + votes
