"""The index on SQLite: FTS5 over all that is searched, and over titles alone, which is a tenth of it.

Both are walked backwards from the newest paper. https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, text
from sqlmodel import Session

from bot.rules.query.demands import AllOf, AnyOf, Sought, demands_in
from bot.rules.query.scoring import Candidate
from bot.rules.query.tree import Field
from bot.rules.terms import Phrase
from bot.store.search.asked import Asked

AMONG = "in (select value from json_each(:{}))"
GLANCED = """
select paper.number, id, day, upvotes, search_title from (
  select words.rowid as number from {source} and words.rowid <= :upto{conditions} order by words.rowid desc limit :most
) as found cross join paper indexed by ix_paper_glance on paper.number = found.number
"""
"""What is told of a paper at first stands in an index, beside which papers themselves are long to read."""


class Fts5:
    def newest(self, session: Session, asked: Asked, most: int) -> list[Candidate]:
        source, values = source_of(asked)
        conditions = [limit.sql.format(number="words.rowid") for limit in asked.limits]
        values |= {name: value for limit in asked.limits for name, value in limit.values.items()}
        if asked.besides:
            conditions.append(f"words.rowid not {AMONG.format('besides')}")
            values["besides"] = json.dumps(asked.besides)
        told = "".join(f" and {one}" for one in conditions)
        query = text(GLANCED.format(source=source, conditions=told)).columns(day=Date)
        rows = session.execute(query, {**values, "upto": asked.upto, "most": most}).all()
        return sorted((Candidate(*row) for row in rows), reverse=True)

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return AMONG.format("numbers"), json.dumps(list(numbers))


def source_of(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Where to look and for what, up to the end of a ``where``, and its values."""
    held = "select rowid from paper_search where paper_search match :unwanted"
    unwanted = {"unwanted": fts5(any_of(asked.unwanted))} if asked.unwanted else {}
    if not asked.wanted:
        return f"paper as words where {f'words.rowid not in ({held})' if unwanted else 'true'}", unwanted
    if not unwanted and all(one.field is Field.TITLE for one in demands_in(asked.wanted)):
        return "paper_title as words where paper_title match :query", {"query": fts5(asked.wanted)}
    query = f"({fts5(asked.wanted)}) NOT ({unwanted['unwanted']})" if unwanted else fts5(asked.wanted)
    return "paper_search as words where paper_search match :query", {"query": query}


def any_of(found: Sequence[Sought]) -> Sought:
    return AnyOf(tuple(found)) if len(found) > 1 else found[0]


def fts5(found: Sought) -> str:
    match found:
        case AllOf(parts):
            return " AND ".join(f"({fts5(part)})" for part in parts)
        case AnyOf(parts):
            return " OR ".join(f"({fts5(part)})" for part in parts)
    column = {Field.TITLE: "search_title : ", Field.AUTHOR: "search_authors : "}.get(found.field, "")
    return f"{column}({' OR '.join(map(fts5_phrase, found.phrases))})"


def fts5_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.words)}"{" *" if phrase.open else ""}'
