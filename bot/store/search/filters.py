"""The filters of a query as conditions on the numbers of papers.

Each is told as the set of numbers that fit; where that is small, SQLite is quicker with the set in its hands, and where
it is large, with a look at each paper that the words found. PostgreSQL decides by itself.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query import Filter
from bot.rules.query.tree import FilterField

SMALL = 20_000
"""Numbers that are better taken as a set."""

MARKED = "select number from paper_mark where mark = :{0}"
SETS = {
    FilterField.DIRECTION: MARKED,
    FilterField.COMPUTE: MARKED,
    FilterField.HAS: MARKED,
    FilterField.CATEGORY: "select number from paper_mark where (mark = :{0} or (mark >= :{0}_from and mark < :{0}_to))",
    FilterField.SINCE: "select number from paper where day >= :{0}",
    FilterField.ID: "select number from paper where id = :{0}",
    FilterField.SAVED: "select number from saved join paper on paper.id = saved.paper_id"
    " where saved.reader_id = :{0}_by and cast(saved.tags as varchar) like :{0} escape '!'",
}


class Condition(NamedTuple):
    """SQL over the number of a paper, and its values."""

    sql: str
    values: dict[str, Any]


def condition(
    session: Session, one: Filter, wanted: bool, name: str, number: str, reader_id: str, after_words: bool
) -> Condition:
    """That the paper ``number``, a column, fits ``one`` or does not; ``name`` is its own among the parameters.

    ``after_words``: words find the papers, so that each is held against the set, and not each of the set looked up.
    """
    numbers, values = SETS[one.field].format(name), values_of(one, name, reader_id)
    negation = "" if wanted else "not "
    if session.get_bind().dialect.name == "sqlite" and is_small(session, numbers, values):
        return Condition(f"{'+' if after_words else ''}{number} {negation}in ({numbers})", values)
    own = "paper_mark.number" if "paper_mark" in numbers else "paper.number"
    return Condition(f"{negation}exists ({numbers} and {own} = {number})", values)


def is_small(session: Session, numbers: str, values: dict[str, Any]) -> bool:
    counted = text(f"select count(*) from ({numbers} limit {SMALL + 1}) as fitting")  # noqa: S608 - no part is foreign
    return (session.scalar(counted, values) or 0) <= SMALL


def values_of(one: Filter, name: str, reader_id: str) -> dict[str, Any]:
    match one.field:
        case FilterField.CATEGORY:  # all of an archive, "cs", too: "/" comes behind "."
            return {name: f"cat:{one.value}", f"{name}_from": f"cat:{one.value}.", f"{name}_to": f"cat:{one.value}/"}
        case FilterField.DIRECTION | FilterField.COMPUTE | FilterField.HAS:
            return {name: f"{one.field}:{one.value}"}
        case FilterField.SAVED:
            said = json.dumps(one.value) if one.value else ""
            return {name: f"%{escaped(said)}%", f"{name}_by": reader_id}
    return {name: one.value}


def escaped(text_: str) -> str:
    return text_.replace("!", "!!").replace("%", "!%").replace("_", "!_")
