"""The two full-text indexes: papers that hold words, the newest first, never more than asked for.

Both are asked the same, over the words that ``rules/tokens`` makes, and give the same numbers:
FTS5's https://www.sqlite.org/fts5.html#full_text_query_syntax and PostgreSQL's
https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query.demands import AllOf, AnyOf, Sought, demands_in
from bot.rules.query.tree import Field
from bot.rules.terms import Phrase


class Index(Protocol):
    """What a kind of database has to say in its own language."""

    number: str
    """A paper's number, while words are looked for."""
    among: str
    """That a paper's number is one of the parameter ``numbers``."""

    def holding(self, wanted: Sought, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        """Where to look and for what, up to the end of a ``where``, and its values."""

    def lacking(self, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        """The same of papers of which only is known what they must not hold."""

    def ways(self, share: float, upto: int, most: int) -> Sequence[Way]:
        """How to come by the ``most`` newest where about a part ``share`` of papers up to the number ``upto`` fits.

        The ways are to be gone one after the other until enough is found.
        """

    def numbers(self, numbers: Sequence[int]) -> Any:
        """The value of ``numbers`` in ``among``."""


HELD, TITLED = "words @@ cast(:query as tsquery)", "title @@ cast(:titled as tsquery)"
HELD_TOO = f"(select {HELD} from paper_index as more where more.number = words.number)"  # noqa: S608 - it is ours
COMMON = 0.2
"""A part of all papers: where more of them fit, enough are found soonest by looking at one after the other."""
AMPLE = 2
"""Times as many papers as are wanted are hoped for among the newest."""


class Way(NamedTuple):
    """A way of looking for the newest papers."""

    order: str
    """By what they are put in order."""
    after: int
    upto: int
    """Numbers: of the last paper that is looked at, and of the one before the first."""


class Sqlite:
    number = "words.rowid"
    among = "in (select value from json_each(:numbers))"

    def holding(self, wanted: Sought, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        query = fts5(wanted) if not unwanted else f"({fts5(wanted)}) NOT ({fts5(any_of(unwanted))})"
        return "paper_search as words where paper_search match :query", {"query": query}

    def lacking(self, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        if not unwanted:
            return "paper as words where true", {}
        held = "select rowid from paper_search where paper_search match :query"
        return f"paper as words where words.rowid not in ({held})", {"query": fts5(any_of(unwanted))}

    def ways(self, share: float, upto: int, most: int) -> Sequence[Way]:
        return (Way(self.number, 0, upto),)

    def numbers(self, numbers: Sequence[int]) -> Any:
        return json.dumps(list(numbers))


class Postgresql:
    """Titles stand in a table of their own, which is dense: to look into texts takes long."""

    number = "words.number"
    among = "= any(:numbers)"

    def holding(self, wanted: Sought, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        parts = wanted.parts if isinstance(wanted, AllOf) else (wanted,)
        of_title = [part for part in parts if all(one.field is Field.TITLE for one in demands_in(part))]
        others = [f"({tsquery(part)})" for part in parts if part not in of_title]
        others += [f"!({tsquery(part)})" for part in unwanted]
        if not of_title:
            return f"paper_index as words where {HELD}", {"query": " & ".join(others)}
        titled = {"titled": " & ".join(f"({tsquery(part, False)})" for part in of_title)}
        if not others:
            return f"paper_title as words where {TITLED}", titled
        return f"paper_title as words where {TITLED} and {HELD_TOO}", {**titled, "query": " & ".join(others)}

    def lacking(self, unwanted: Sequence[Sought]) -> tuple[str, dict[str, Any]]:
        if not unwanted:
            return "paper as words where true", {}
        return f"paper_index as words where {HELD}", {"query": f"!({tsquery(any_of(unwanted))})"}

    def ways(self, share: float, upto: int, most: int) -> Sequence[Way]:
        """Common words are met on the way back from the newest paper, others gathered by the index and then sorted.

        The planner would often do otherwise: it takes words that stand side by side for much commoner than they are.
        """
        gathered = f"{self.number} + 0"
        older = upto - round(AMPLE * most / share)
        if share > COMMON:
            return (Way(self.number, 0, upto),)
        return (Way(gathered, older, upto), Way(gathered, 0, older)) if older > upto / 2 else (Way(gathered, 0, upto),)

    def numbers(self, numbers: Sequence[int]) -> Any:
        return list(numbers)


INDEXES: dict[str, Index] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def index_of(session: Session) -> Index:
    return INDEXES[session.get_bind().dialect.name]


def newest(session: Session, wanted: Sought, limit: int) -> list[int]:
    """The numbers of the newest papers that hold ``wanted``."""
    index = index_of(session)
    where, values = index.holding(wanted, ())
    query = text(f"select {index.number} from {where} order by {index.number} desc limit :limit")  # noqa: S608 - no part is foreign
    return [*session.scalars(query, {**values, "limit": limit}).all()]


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


def tsquery(found: Sought, by_field: bool = True) -> str:
    """``by_field``: of an index of all fields, in which the title's words weigh A and the authors' B."""
    match found:
        case AllOf(parts):
            return " & ".join(f"({tsquery(part, by_field)})" for part in parts)
        case AnyOf(parts):
            return " | ".join(f"({tsquery(part, by_field)})" for part in parts)
    weight = {Field.TITLE: "A", Field.AUTHOR: "B"}.get(found.field, "") if by_field else ""
    return " | ".join(f"({tsquery_phrase(phrase, weight)})" for phrase in found.phrases)


def tsquery_phrase(phrase: Phrase, weight: str) -> str:
    last = len(phrase.words) - 1
    marks = [f"{'*' if phrase.open and at == last else ''}{weight}" for at in range(last + 1)]
    return " <-> ".join(f"'{word}'{':' if mark else ''}{mark}" for word, mark in zip(phrase.words, marks, strict=True))
