"""What the search in the browser reads: a month's papers in one compact file, and the piece of the list of terms.

The files are scripts that call ``qiaojin(…)`` with JSON: unlike ``fetch`` this works for pages opened as files, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from bot.models.papers import LEVELS
from bot.rules.directions import Direction
from bot.rules.foreign import clean
from bot.rules.terms import Phrase, Terms
from bot.site.views import Listed


def shard_text(month: str, papers: Sequence[Listed], slugs: Sequence[str]) -> str:
    """Rows of id, title, day of the month, numbers of directions, number of the level (0 unknown), authors' families,
    further words; newest first."""
    number = {slug: at for at, slug in enumerate(slugs)}
    rows = [row(paper, number) for paper in papers]
    return script({"month": month, "papers": rows})


def row(paper: Listed, number: dict[str, int]) -> list[object]:
    level = LEVELS.index(paper.level) + 1 if paper.level else 0
    directions = [number[slug] for slug in paper.slugs if slug in number]
    words = [" ".join(paper.families), " ".join(paper.terms)]
    return [paper.id, clean(paper.title), paper.day.day, directions, level, *words]


def terms_text(terms: Terms, directions: Iterable[Direction]) -> str:
    """For each Chinese term what it is in English: words in order, ``*`` after one that may go on."""
    told = {"".join(units).replace(" ", ""): [spelled(one) for one in group] for units, group in terms.english.items()}
    for direction in directions:
        told.setdefault(direction.name["zh"], [direction.name["en"].lower()])
    return script({"terms": told})


def spelled(phrase: Phrase) -> str:
    return " ".join(phrase.words) + ("*" if phrase.open else "")


def script(value: object) -> str:
    """JSON is a part of JavaScript since ES2019, line separators included."""
    return f"qiaojin({json.dumps(value, ensure_ascii=False, separators=(',', ':'))});\n"
