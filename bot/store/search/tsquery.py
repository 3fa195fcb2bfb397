"""What PostgreSQL's index over words is asked: which words, and in which of its segments.

GIN writes the list of a word's papers again whenever some are added, as long as it is short enough to stand beside the
word. So the index over texts has segments, as Lucene's has: in each, a word begins with the segment and has a list of
its own, and only those of the newest grow. https://www.postgresql.org/docs/current/gin.html#GIN-IMPLEMENTATION
"""

from __future__ import annotations

from dataclasses import replace

from bot.rules.query.demands import AllOf, AnyOf, Demand, Sought, demands_in
from bot.rules.query.tree import Field
from bot.rules.terms import Phrase
from bot.store.search.pairs import pairs

SEGMENT = 15
"""Bits of a paper's number that tell its place within a segment; the function ``search_segment`` knows them too."""


def segments(after: int, upto: int) -> list[str]:
    """What stands before the words of papers behind the number ``after`` up to ``upto``."""
    return [f"{segment:x}." for segment in range((after + 1) >> SEGMENT, (upto >> SEGMENT) + 1)]


def behind(number: int) -> int:
    """The last number before the segment of ``number``: of a segment that is asked at all, all is gathered."""
    return max((number >> SEGMENT << SEGMENT) - 1, 0)


def is_exact(found: Sought, where: Field = Field.ANYWHERE) -> bool:
    """Whether the index of the field ``where`` knows by itself which papers fit."""
    return all(
        one.field is where and max(len(phrase.words) for phrase in one.phrases) == 1 for one in demands_in(found)
    )


def refusal(unwanted: Sought) -> str:
    """What no paper that will do holds, as far as the index knows; nothing where it does not."""
    if isinstance(unwanted, Demand):
        single = tuple(one for one in unwanted.phrases if len(one.words) == 1)
        return tsquery(replace(unwanted, phrases=single)) if single and unwanted.field is Field.ANYWHERE else ""
    return tsquery(unwanted) if is_exact(unwanted) else ""


def tsquery(found: Sought) -> str:
    """A query that every paper fits that says what is sought, and few others."""
    match found:
        case AllOf(parts):
            return " & ".join(f"({tsquery(part)})" for part in parts)
        case AnyOf(parts):
            return " | ".join(f"({tsquery(part)})" for part in parts)
    return " | ".join(f"({held(phrase)})" for phrase in found.phrases)


def held(phrase: Phrase) -> str:
    """All words of ``phrase``, and which of them are neighbours; an open one may go on.

    Chinese words overlap in the characters that they are made of: that all of them stand there tells enough.
    """
    *before, last = phrase.words
    neighbours = [] if phrase.is_chinese else pairs(before if phrase.open else phrase.words)
    words = [*(f"'^{word}'" for word in (*before, *neighbours)), f"'^{last}'{':*' if phrase.open else ''}"]
    return " & ".join(words)
