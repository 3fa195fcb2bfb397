"""The index on PostgreSQL: GIN over words and pairs of neighbouring words, beside the texts that they were made of.

Titles stand in a dense table with all that is told of a paper at first. Texts stand aside, so that those papers that
the index finds lie close together. To open a text takes long: it is done for the newest of what was found, and only
where the index cannot tell by itself whether a paper fits, for a phrase or an author.
https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query.demands import AllOf, AnyOf, Demand, Sought, demands_in
from bot.rules.query.scoring import Candidate, needle
from bot.rules.query.tree import Field
from bot.rules.terms import Phrase
from bot.store.search.asked import Asked
from bot.store.search.pairs import pairs

COMMON = {"paper_title": 0.04, "paper_index": 0.2}
"""Parts of all papers: where more of them fit, enough are found soonest by reading one after the other."""
AMPLE = 3
"""Times as many papers are read one after the other as should hold enough."""
A_FEW = 100
"""Papers that are opened beyond those that are wanted, for some will not do."""

PLACES = {
    ("paper_title", Field.TITLE): "' ' || said || ' '",
    ("paper_index", Field.ANYWHERE): "said",
    ("paper_index", Field.TITLE): "split_part(said, ' ~ ', 1) || ' '",
    ("paper_index", Field.AUTHOR): "' ' || split_part(said, ' ~ ', 2) || ' '",
}
"""Where words stand, a blank before and behind each."""

FOUND = "select {columns} from {table} as words where {conditions} order by number{gathered} desc limit :most"
TITLES = "select number, id, day, upvotes, said, {fits} from ({found}) as found"
TEXTS = """
select number, id, day, upvotes, title.said, {fits} from ({found}) as found cross join lateral (
  select id, day, upvotes, said from paper_title where paper_title.number = found.number offset 0
) as title
"""
"""Each step by itself and by numbers: the planner would rather read whole tables."""
OPENED = "(select {fits} from (select said || '' as said from paper_index where number = found.number offset 0) as one)"
READ = "(select {fits} from (select words.said || '' as said offset 0) as one)"
"""A text is put together but once, however often it is looked through."""


@dataclass
class Values:
    """The values of a statement, under names of their own."""

    named: dict[str, Any] = field(default_factory=dict)

    def put(self, value: Any) -> str:
        name = f"value{len(self.named)}"
        self.named[name] = value
        return f":{name}"


@dataclass(frozen=True)
class Way:
    """A way of coming by papers, the newest first, from behind the number ``after`` up to ``upto``."""

    table: str
    conditions: tuple[str, ...]
    fits: str
    """What is to be asked of each paper that was found; nothing where it fits already."""
    after: int
    upto: int
    gathered: bool
    """By the index, and then put in order; else one after the other."""


class Tsearch:
    def newest(self, session: Session, asked: Asked, most: int) -> list[Candidate]:
        values = Values({name: value for limit in asked.limits for name, value in limit.values.items()})
        found: list[Candidate] = []
        for way in ways(asked, most, values):
            if len(found) < most:
                found += fitting(session, way, most - len(found), values)
        return found

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "= any(:numbers)", list(numbers)


def fitting(session: Session, way: Way, most: int, values: Values) -> list[Candidate]:
    """At most ``most`` papers on one way, the newest first."""
    found: list[Candidate] = []
    asked, upto = (most + A_FEW if way.fits else most), way.upto
    while True:
        met = session.execute(statement(way), {**values.named, "after": way.after, "upto": upto, "most": asked}).all()
        rows = sorted(((Candidate(*told), fits) for *told, fits in met), reverse=True)
        found += [paper for paper, fits in rows if fits]
        if len(rows) < asked or len(found) >= most:
            return found[:most]
        asked, upto = 2 * asked, rows[-1][0].number - 1


def statement(way: Way) -> Any:
    # What is put in order by more than the bare number is gathered before, and no index over numbers is asked.
    plus = " + 0" if way.gathered else ""
    conditions = (*way.conditions, f"words.number{plus} <= :upto", f"words.number{plus} > :after")
    told, columns = (TITLES, "*") if way.table == "paper_title" else (TEXTS, "number")
    found = FOUND.format(columns=columns, table=way.table, conditions=" and ".join(conditions), gathered=plus)
    return text(told.format(found=found, fits=way.fits or "true"))


def ways(asked: Asked, most: int, values: Values) -> Iterator[Way]:
    """How the newest are come by, one way after the other until there are enough."""
    limits = [limit.sql.format(number="words.number") for limit in asked.limits]
    if asked.besides:
        limits.append(f"words.number <> all({values.put(list(asked.besides))})")
    of_title, others = divided(asked.wanted)
    of_texts = [*others, *asked.unwanted]
    table = "paper_title" if of_title or not of_texts else "paper_index"
    older = asked.upto
    if not asked.wanted or (asked.share > COMMON[table] and not (of_title and of_texts)):
        older = max(asked.upto - round(AMPLE * most / asked.share), 0) if asked.wanted else 0
        says = [said(one, table, values) for one in (*of_title, *others)] + refused(asked.unwanted, values)
        read = [READ.format(fits=" and ".join(says))] if of_texts else says
        yield Way(table, (*limits, *read), "", older, asked.upto, gathered=False)
    if older:
        found, fits = gathered(of_title, others, asked.unwanted, values)
        yield Way(table, (*limits, *found), fits, 0, older, gathered=True)


def divided(wanted: Sought | None) -> tuple[list[Sought], list[Sought]]:
    """What titles alone tell, and the rest; all of both is wanted."""
    parts = wanted.parts if isinstance(wanted, AllOf) else (wanted,) if wanted else ()
    of_title = [part for part in parts if all(one.field is Field.TITLE for one in demands_in(part))]
    return of_title, [part for part in parts if part not in of_title]


def gathered(
    of_title: Sequence[Sought], others: Sequence[Sought], unwanted: Sequence[Sought], values: Values
) -> tuple[list[str], str]:
    """What the index is asked, over titles where they tell anything, and what is asked of each paper afterwards."""
    refusals = [query for one in unwanted if (query := refusal(one))]
    if of_title:  # against sets of others: what papers must not hold is nothing to ask an index for by itself
        conditions = [holds(map(tsquery, of_title), values)]
        conditions += [f"({among(holds([tsquery(one)], values))}) is true" for one in others]
        conditions += [f"({among(holds([one], values))}) is not true" for one in refusals]
    else:
        conditions = [holds([*map(tsquery, others), *(f"!({one})" for one in refusals)], values)]
    fits = [said(one, "paper_title", values) for one in of_title if not is_exact(one, Field.TITLE)]
    doubtful = [one for one in (*others, *unwanted) if not is_exact(one)]
    if doubtful:
        says = [said(one, "paper_index", values) for one in others if one in doubtful]
        says += refused([one for one in unwanted if one in doubtful], values)
        fits.append(unless_sure(doubtful, OPENED.format(fits=" and ".join(says)), values))
    return conditions, " and ".join(fits)


def unless_sure(doubtful: Sequence[Sought], opened: str, values: Values) -> str:
    """``opened``, where it can be, only of the few papers that hold a phrase of which the index does not know all."""
    demands = [one for part in doubtful for one in demands_in(part)]
    phrases = tuple(phrase for one in demands for phrase in one.phrases if len(phrase.words) > 1)
    if any(one.field is not Field.ANYWHERE for one in demands) or not all(one.is_chinese for one in phrases):
        return opened
    held = among(holds([tsquery(Demand(Field.ANYWHERE, phrases))], values), "found")
    return f"(({held}) is not true or {opened})"


def among(condition: str, paper: str = "words") -> str:
    """That a paper is one of those: asked about its truth, which keeps the planner from joining for a few papers."""
    return f"{paper}.number in (select number from paper_index where {condition})"  # noqa: S608 - no part is foreign


def holds(queries: Iterable[str], values: Values) -> str:
    return f"search_words(said) @@ cast({values.put(' & '.join(f'({one})' for one in queries))} as tsquery)"


def refused(unwanted: Iterable[Sought], values: Values) -> list[str]:
    return [f"not {said(one, 'paper_index', values)}" for one in unwanted]


def said(found: Sought, table: str, values: Values) -> str:
    """That a paper says what is sought, in SQL over its text."""
    match found:
        case AllOf(parts):
            return f"({' and '.join(said(part, table, values) for part in parts)})"
        case AnyOf(parts):
            return f"({' or '.join(said(part, table, values) for part in parts)})"
    place = PLACES[table, found.field]
    needles = [f"strpos({place}, {values.put(needle(phrase))}) > 0" for phrase in found.phrases]
    return f"({' or '.join(needles)})"


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
    words = [*(f"'{word}'" for word in (*before, *neighbours)), f"'{last}'{':*' if phrase.open else ''}"]
    return " & ".join(words)
