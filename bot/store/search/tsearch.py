"""The index on PostgreSQL: GIN over words and pairs of neighbouring words, beside the texts that they were made of.

Titles stand in a dense table with all that is told of a paper at first. Texts stand aside, so that those papers that
the index finds lie close together, and their index is in segments, the newest of which is asked first. To open a text
takes long: it is done for the newest of what was found, and only where the index cannot tell by itself whether a paper
fits, for a phrase or an author.
https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query.demands import AllOf, AnyOf, Demand, Sought, demands_in
from bot.rules.query.scoring import Candidate, needle
from bot.rules.query.tree import Field
from bot.store.search.asked import Asked
from bot.store.search.tsquery import behind, is_exact, refusal, segments, tsquery

COMMON = {"paper_title": 0.04, "paper_index": 0.2}
"""Parts of all papers: where more of them fit, enough are found soonest by reading one after the other."""
AMPLE = 3
"""Times as many papers are looked at as should hold enough."""
FURTHER = 8
"""Times as many more are looked at where these held too few."""
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
SEGMENTS = "unnest(cast(:segments as text[])) as part (segment)"
IN_SEGMENTS = f"select one.* from {SEGMENTS} cross join lateral ({{}}) as one order by one.number desc limit :most"  # noqa: S608
AMONG = f"""{{paper}}.number in (
  select one.number from {SEGMENTS} cross join lateral (select number from paper_index where {{held}} offset 0) as one
)"""  # noqa: S608 - no part is foreign
"""The index is asked by segments, one after the other."""
HOLDS = {
    "paper_title": "search_words(said, '') @@ cast(replace({query}, '^', '') as tsquery)",
    "paper_index": "search_words(said, search_segment(number)) @@ cast(replace({query}, '^', segment) as tsquery)",
}
"""A caret before each word holds the place of its segment."""
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
        bounds = {"after": way.after, "upto": upto, "segments": segments(way.after, upto), "most": asked}
        met = session.execute(statement(way), {**values.named, **bounds}).all()
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
    if way.gathered and way.table == "paper_index":
        found = IN_SEGMENTS.format(found)
    return text(told.format(found=found, fits=way.fits or "true"))


def ways(asked: Asked, most: int, values: Values) -> Iterator[Way]:
    """How the newest are come by, one way after the other until there are enough."""
    limits = [limit.sql.format(number="words.number") for limit in asked.limits]
    if asked.besides:
        limits.append(f"words.number <> all({values.put(list(asked.besides))})")
    of_title, others = divided(asked.wanted)
    of_texts = [*others, *asked.unwanted]
    table = "paper_title" if of_title or not of_texts else "paper_index"
    enough = round(AMPLE * most / asked.share) if asked.share else asked.upto
    upto = asked.upto
    if not asked.wanted or (asked.share > COMMON[table] and not (of_title and of_texts)):
        says = [said(one, table, values) for one in (*of_title, *others)] + refused(asked.unwanted, values)
        read = [READ.format(fits=" and ".join(says))] if of_texts else says
        after = max(upto - enough, 0) if asked.wanted else 0
        yield Way(table, (*limits, *read), "", after, upto, gathered=False)
        upto = after
    found, fits = gathered(of_title, others, asked.unwanted, values) if upto else ((), "")
    while upto:
        after = 0 if of_title else behind(upto - enough)
        yield Way(table, (*limits, *found), fits, after, upto, gathered=True)
        upto, enough = after, FURTHER * enough


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
        conditions = [holds(map(tsquery, of_title), values, "paper_title")]
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
    return AMONG.format(paper=paper, held=condition)


def holds(queries: Iterable[str], values: Values, table: str = "paper_index") -> str:
    return HOLDS[table].format(query=values.put(" & ".join(f"({one})" for one in queries)))


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
