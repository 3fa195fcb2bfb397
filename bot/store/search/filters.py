"""The filters of a query as conditions on the numbers of papers.

Each is told as the set of numbers that fit; where that is small, it is quickest to have the set in hand, and where it
is large, to look up each paper that the words found.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query import Filter
from bot.rules.query.tree import FilterField
from bot.store.search.asked import Condition

SMALL = 20_000
"""Numbers that are better taken as a set."""

MARKED = "select number from paper_mark where mark = :{0}"
ARCHIVE = "select number from paper_mark where (mark = :{0} or (mark >= :{0}_from and mark < :{0}_to))"
SETS = {
    FilterField.DIRECTION: MARKED,
    FilterField.COMPUTE: MARKED,
    FilterField.HAS: MARKED,
    FilterField.CATEGORY: MARKED,
    FilterField.SINCE: "select number from paper where day >= :{0}",
    FilterField.ID: "select number from paper where id = :{0}",
    FilterField.SAVED: "select number from saved join paper on paper.id = saved.paper_id"
    " where saved.reader_id = :{0}_by and cast(saved.tags as varchar) like :{0} escape '!'",
}


def condition(session: Session, one: Filter, wanted: bool, name: str, reader_id: str, after_words: bool) -> Condition:
    """That a paper fits ``one`` or does not; ``name`` is its own among the parameters.

    ``after_words``: words find the papers, so that each is held against the set, and not each of the set looked up. The
    planners would often join, but leave alone what is asked about its truth.
    """
    numbers, values = set_of(one).format(name), values_of(one, name, reader_id)
    own = "paper_mark.number" if "paper_mark" in numbers else "paper.number"
    looked_up = f"exists ({numbers} and {own} = {{number}})"
    held = f"{{number}} in ({numbers})" if is_small(session, numbers, values) else looked_up
    negation = "" if wanted else "not "
    return Condition(f"({held}) is {negation}true" if after_words else f"{negation}{held}", values)


def set_of(one: Filter) -> str:
    return ARCHIVE if one.field is FilterField.CATEGORY and "." not in one.value else SETS[one.field]


def is_small(session: Session, numbers: str, values: dict[str, Any]) -> bool:
    counted = text(f"select count(*) from ({numbers} limit {SMALL + 1}) as fitting")  # noqa: S608 - no part is foreign
    return (session.scalar(counted, values) or 0) <= SMALL


def values_of(one: Filter, name: str, reader_id: str) -> dict[str, Any]:
    match one.field:
        case FilterField.CATEGORY if "." not in one.value:  # all of an archive, "cs": "/" comes behind "."
            return {name: f"cat:{one.value}", f"{name}_from": f"cat:{one.value}.", f"{name}_to": f"cat:{one.value}/"}
        case FilterField.CATEGORY:
            return {name: f"cat:{one.value}"}
        case FilterField.DIRECTION | FilterField.COMPUTE | FilterField.HAS:
            return {name: f"{one.field}:{one.value}"}
        case FilterField.SAVED:
            said = json.dumps(one.value) if one.value else ""
            return {name: f"%{escaped(said)}%", f"{name}_by": reader_id}
    return {name: one.value}


def escaped(text_: str) -> str:
    return text_.replace("!", "!!").replace("%", "!%").replace("_", "!_")
