"""What fits a query, in its order: a bounded number of papers, each scored by one function on every database.

Where many papers fit, ``MOST`` are taken: the newest whose titles fit, then the newest of the others. They are put in
order by their titles, days and votes, and the first ``CLOSELY`` of them by all they say: long texts take time to fetch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import Session

from bot.rules.query import Clause, Query, clauses_of, read_query
from bot.rules.query.demands import Demand, Reach, Sought, demands_in, in_title, share, sought
from bot.rules.query.found import Found, Hit
from bot.rules.query.lexis import Lexis
from bot.rules.query.scoring import Candidate, Measure, measures, score
from bot.rules.query.spelling import corrected
from bot.rules.query.tree import Node, Word, leaves, written
from bot.rules.terms import Terms
from bot.store import judgements
from bot.store.papers import last_number, rows_by_id, to_paper
from bot.store.search.asked import Asked
from bot.store.search.filters import condition
from bot.store.search.indexes import index_of

MOST, CLOSELY = 500, 100
A_FILTER = 0.25
"""About what part of papers a filter lets through."""
ENOUGH = 5
"""Papers that are found by whole words from which on an unfinished one is not thought of."""

TEXTS = "select number, search_authors, search_text from paper where number {}"


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
    upto = upto or last_number(session)
    searching = Search(session, lexis, reader_id, upto)
    ranked = searching.stretched(query.node)
    shown = list(ranked.scores)[offset : offset + limit]
    rows, loose = rows_by_id(session, shown), ranked.reach is Reach.LOOSE
    judged = judgements.of_rows(session, rows)
    hits = [Hit(to_paper(rows[id_]), round(ranked.scores[id_], 4), judged[id_], loose) for id_ in shown]
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
        papers = {paper.number: paper for clause, found in asked for paper in self.fitting(clause, found)}
        ranked = self.scored([*papers.values()][:MOST], demands)
        return Ranked(ranked, len(papers) > MOST, demands, reach)

    def asked(self, node: Node | None, reach: Reach, last: Node) -> Sought | None:
        return sought(node, self.lexis, reach, last if isinstance(last, Word) else None) if node else None

    def fitting(self, clause: Clause, found: Sought | None) -> list[Candidate]:
        """The papers that fit, those whose titles do first; more than ``MOST`` where there are more."""
        if not found and clause.wanted and not clause.filters:
            return []
        limits = [condition(self.session, filter_, wanted, f"filter{at}", self.reader_id, after_words=bool(found))
                  for at, (filter_, wanted) in enumerate(clause.filters)]  # fmt: skip
        unwanted = tuple(one for leaf in clause.unwanted if (one := self.asked(leaf, Reach.EXACT, leaf)))

        def newest(wanted: Sought | None, besides: Sequence[Candidate] = ()) -> list[Candidate]:
            expected = share(wanted, self.lexis.vocabulary) * A_FILTER ** len(limits) if wanted else 1.0
            known = tuple(paper.number for paper in besides)
            asked = Asked(wanted, expected, self.upto, unwanted, tuple(limits), known)
            return index_of(self.session).newest(self.session, asked, MOST + 1 - len(known))

        if not found or found == in_title(found):
            return newest(found)
        titled = newest(in_title(found))
        return titled if len(titled) > MOST else [*titled, *newest(found, besides=titled)]

    def scored(self, papers: Sequence[Candidate], demands: Iterable[Demand]) -> dict[str, float]:
        """The scores of papers by their ids, best first; of two alike the one with the later id."""
        asked = measures(demands, self.lexis.vocabulary)
        rough = in_order(papers, asked)
        closely = in_order(self.read([paper for *_, paper in rough[:CLOSELY]]), asked)
        return {id_: value for value, id_, _ in (*closely, *rough[CLOSELY:])}

    def read(self, papers: Sequence[Candidate]) -> list[Candidate]:
        """``papers`` with their authors and texts, in any order."""
        known = {paper.number: paper for paper in papers}
        among, numbers = index_of(self.session).among([*known])
        rows = self.session.execute(text(TEXTS.format(among)), {"numbers": numbers}).all() if known else ()
        return [known[number]._replace(authors=authors, text=said) for number, authors, said in rows]


def in_order(papers: Iterable[Candidate], asked: Sequence[Measure]) -> list[tuple[float, str, Candidate]]:
    """Score, id and what is known of each, the best first."""
    return sorted(((score(paper, asked), paper.id, paper) for paper in papers), reverse=True)
