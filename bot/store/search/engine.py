"""What fits a query, in its order: a bounded number of papers, each scored by one function on every database.

Where many papers fit, ``MOST`` are taken: the newest whose titles fit, then the newest of the others. They are put in
order by their titles, days and votes, and the first ``CLOSELY`` of them by all they say: long texts take time to fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Date, func, select, text
from sqlmodel import Session, col

from bot.rules.query import Clause, Query, clauses_of, read_query
from bot.rules.query.demands import Demand, Reach, Sought, demands_in, in_title, share, sought
from bot.rules.query.found import Found, Hit
from bot.rules.query.lexis import Lexis
from bot.rules.query.scoring import Candidate, Measure, measures, score
from bot.rules.query.spelling import corrected
from bot.rules.query.tree import Node, Word, leaves, written
from bot.rules.terms import Terms
from bot.store.papers import by_id, judgements
from bot.store.search.filters import Condition, condition
from bot.store.search.indexes import index_of
from bot.store.tables import PaperRow

MOST, CLOSELY = 500, 100
A_FILTER = 0.25
"""About what part of papers a filter lets through."""
ENOUGH = 5
"""Papers that are found by whole words from which on an unfinished one is not thought of."""

GLANCED = "select number, id, day, upvotes, search_title from paper where number {}"
READ = "select number, id, day, upvotes, search_title, search_authors, search_text from paper where number {}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The ids of all that was found, best first."""

    scores: dict[str, float]
    more: bool = False
    demands: tuple[Demand, ...] = ()
    reach: Reach = Reach.EXACT


def search(
    session: Session, words: str, limit: int = 10, terms: Terms | None = None, now: datetime | None = None,
    reader_id: str = "", offset: int = 0,
) -> list[Hit]:  # fmt: skip
    """Papers that fit what is written in ``words``, best first; none for no words."""
    query = read_query(words, (now or datetime.now(UTC)).date())
    return list(find(session, query, Lexis(terms or Terms()), reader_id, offset, limit).hits)


def find(
    session: Session, query: Query, lexis: Lexis, reader_id: str = "", offset: int = 0, limit: int = 10, upto: int = 0
) -> Found:
    """A page of what fits ``query``; ``saved:`` means the library of ``reader_id``, ``upto`` is the first page's."""
    if query.node is None:
        return Found(query)
    upto = upto or session.scalar(select(func.max(col(PaperRow.number)))) or 0
    searching = Search(session, lexis, reader_id, upto)
    ranked = searching.stretched(query.node)
    shown = list(ranked.scores)[offset : offset + limit]
    papers, judged, loose = by_id(session, shown), judgements(session, shown), ranked.reach is Reach.LOOSE
    hits = [Hit(papers[id_], round(ranked.scores[id_], 4), judged[id_], loose) for id_ in shown]
    meant = "" if ranked.scores else searching.meant(query.node)
    return Found(query, tuple(hits), len(ranked.scores), ranked.more, upto, ranked.demands, meant)


@dataclass(frozen=True)
class Search:
    """One look at the papers that were here when the first page was shown."""

    session: Session
    lexis: Lexis
    reader_id: str
    upto: int

    def stretched(self, node: Node) -> Ranked:
        """What fits ``node``; where hardly anything does, what fits it less strictly."""
        best = self.ranked(node, Reach.EXACT)
        for reach in (Reach.OPEN, Reach.FINE, Reach.LOOSE):
            if not best.demands or len(best.scores) >= (ENOUGH if reach is Reach.OPEN else 1):
                break
            if reach is not Reach.LOOSE or any(one.is_translated for one in best.demands):
                wider = self.ranked(node, reach)
                best = wider if len(wider.scores) > len(best.scores) or not best.scores else best
        return best

    def meant(self, node: Node) -> str:
        """``node`` spelt differently, if that finds something."""
        better = corrected(node, self.lexis.vocabulary, self.lexis.terms)
        return written(better) if better and self.ranked(better, Reach.FINE).scores else ""

    def ranked(self, node: Node, reach: Reach) -> Ranked:
        *_, (last, _) = leaves(node)
        asked = [(clause, self.asked(clause.wanted, reach, last)) for clause in clauses_of(node)]
        demands = tuple(dict.fromkeys(one for _, found in asked if found for one in demands_in(found)))
        numbers = list(dict.fromkeys(number for clause, found in asked for number in self.fitting(clause, found)))
        return Ranked(self.scored(numbers[:MOST], demands), len(numbers) > MOST, demands, reach)

    def asked(self, node: Node | None, reach: Reach, last: Node) -> Sought | None:
        return sought(node, self.lexis, reach, last if isinstance(last, Word) else None) if node else None

    def fitting(self, clause: Clause, found: Sought | None) -> list[int]:
        """The numbers of papers that fit, those whose titles do first; more than ``MOST`` where there are more."""
        if not found and clause.wanted and not clause.filters:
            return []
        index = index_of(self.session)
        limits = [
            condition(self.session, filter_, wanted, f"filter{at}", index.number, self.reader_id, bool(found))
            for at, (filter_, wanted) in enumerate(clause.filters)
        ]
        unwanted = [one for leaf in clause.unwanted if (one := self.asked(leaf, Reach.EXACT, leaf))]
        titled = self.newest(in_title(found), unwanted, limits) if found else []
        if len(titled) > MOST or (found and found == in_title(found)):
            return titled
        return list(dict.fromkeys((*titled, *self.newest(found, unwanted, limits))))

    def newest(self, found: Sought | None, unwanted: Sequence[Sought], limits: Sequence[Condition]) -> list[int]:
        """The numbers of the newest papers that fit, at most one more than ``MOST``."""
        index = index_of(self.session)
        where, values = index.holding(found, unwanted) if found else index.lacking(unwanted)
        conditions = [f"{index.number} <= :upto", f"{index.number} > :after", *(limit.sql for limit in limits)]
        values |= {name: value for limit in limits for name, value in limit.values.items()}
        query = f"select {index.number} from {where} and {' and '.join(conditions)}"  # noqa: S608 - no part is foreign
        expected = share(found, self.lexis.vocabulary) * A_FILTER ** len(limits) if found else 1.0
        numbers: list[int] = []
        for way in index.ways(expected, self.upto, MOST):
            if len(numbers) <= MOST:
                asked = {**values, "after": way.after, "upto": way.upto, "most": MOST + 1 - len(numbers)}
                numbers += self.session.scalars(text(f"{query} order by {way.order} desc limit :most"), asked).all()
        return numbers

    def scored(self, numbers: Sequence[int], demands: Iterable[Demand]) -> dict[str, float]:
        """The scores of papers by their ids, best first; of two alike the one with the later id."""
        asked = measures(demands, self.lexis.vocabulary)
        rough = in_order(self.told(GLANCED, numbers), asked)
        closely = in_order(self.told(READ, [number for *_, number in rough[:CLOSELY]]), asked)
        return {id_: value for value, id_, _ in (*closely, *rough[CLOSELY:])}

    def told(self, asked: str, numbers: Sequence[int]) -> list[Candidate]:
        """Papers as the query ``asked`` tells them, in any order."""
        index = index_of(self.session)
        query = text(asked.format(index.among)).columns(day=Date)
        rows = self.session.execute(query, {"numbers": index.numbers(numbers)}).all() if numbers else ()
        return [Candidate(*row) for row in rows]


def in_order(papers: Iterable[Candidate], asked: Sequence[Measure]) -> list[tuple[float, str, int]]:
    """Score, id and number of each, the best first."""
    return sorted(((score(paper, asked), paper.id, paper.number) for paper in papers), reverse=True)
