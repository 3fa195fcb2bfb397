"""Lists of papers that people ask for: a direction over some days, what resembles a paper, counts by week."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.models import Assignment, Compute, Paper
from bot.rules.query.demands import Demand
from bot.rules.query.tree import Field
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.ranking import rank_of
from bot.rules.terms import Phrase
from bot.rules.tokens import tokens
from bot.store.papers import by_id, last_number, rows_by_id
from bot.store.search.indexes import newest
from bot.store.tables import AssignmentRow, PaperRow

TELLING_WORDS = 24
"""Of a paper's words, those by which others are found: its rarest."""
NEWEST, CANDIDATES = 300, 200
"""Papers that are looked at for one of these words, and for all of them."""


@dataclass(frozen=True)
class Page:
    """A piece of a longer list."""

    papers: tuple[Paper, ...]
    total: int


def of_direction(session: Session, slug: str, first: date, last: date, offset: int, limit: int) -> Page:
    """The papers of a direction announced from ``first`` to ``last``, the newest day first, best first in a day."""
    query = (
        select(PaperRow.id, PaperRow.day, PaperRow.upvotes, PaperRow.compute_level, AssignmentRow.probability)  # type: ignore[call-overload]
        .join(AssignmentRow, col(AssignmentRow.paper_id) == col(PaperRow.id))
        .where(col(AssignmentRow.slug) == slug, col(PaperRow.day) >= first, col(PaperRow.day) <= last)
        .where(col(PaperRow.withdrawn).is_(False))
    )
    found = [(day, standing(*rest), id_) for id_, day, *rest in session.execute(query)]
    found.sort(key=lambda one: (-one[0].toordinal(), -one[1], one[2]))
    return Page(in_order(session, [id_ for *_, id_ in found[offset : offset + limit]]), len(found))


def standing(upvotes: int | None, compute: str, probability: float) -> float:
    """The rank of a paper on its own day, from what the ranking looks at alone."""
    paper = Paper("", 1, "", "", (), (), None, upvotes=upvotes)
    return rank_of(paper, Assignment("", probability), Compute(compute)).total


def in_order(session: Session, ids: Sequence[str]) -> tuple[Paper, ...]:
    """The papers of ``ids`` that are here, in their order."""
    known = by_id(session, ids)
    return tuple(known[id_] for id_ in ids if id_ in known)


def counts_by_day(session: Session, first: date, last: date) -> dict[tuple[str, date], int]:
    """How many papers each direction had on each day, by slug and day."""
    query = (
        select(col(AssignmentRow.slug), col(PaperRow.day), func.count())
        .join(PaperRow, col(AssignmentRow.paper_id) == col(PaperRow.id))
        .where(col(PaperRow.day) >= first, col(PaperRow.day) <= last, col(PaperRow.withdrawn).is_(False))
        .group_by(col(AssignmentRow.slug), col(PaperRow.day))
    )
    return {(slug, day): number for slug, day, number in session.execute(query) if day}


# --- similar papers ---------------------------------------------------------------------------------------------------


def similar(
    session: Session, paper_id: str, limit: int = 30, vocabulary: Vocabulary | None = None
) -> list[tuple[Paper, float]]:
    """Other papers by the cosine of their tf-idf vectors, nearest first.

    The full-text index proposes those that share the paper's rarest words; the cosine over whole abstracts decides.
    """
    row = rows_by_id(session, [paper_id]).get(paper_id)
    if row is None:
        return []
    words = Counter(weighed_words(row))
    known = vocabulary or Vocabulary()
    rarity = {word: known.rarity_of(word) for word in words}
    telling = sorted(words, key=lambda word: (-words[word] * rarity[word], word))[:TELLING_WORDS]
    numbers = sharing(session, telling, rarity)
    rows = [other for other in session.scalars(select(PaperRow).where(col(PaperRow.number).in_(numbers)))
            if other.id != paper_id and not other.withdrawn]  # fmt: skip
    scores = nearness(words, {other.id: Counter(weighed_words(other)) for other in rows}, rarity)
    best = sorted(scores, key=lambda id_: (-scores[id_], id_))[:limit]
    return [(paper, scores[paper.id]) for paper in in_order(session, best)]


def sharing(session: Session, words: Sequence[str], rarity: Mapping[str, float]) -> list[int]:
    """The numbers of the papers that share the most telling of ``words``; of each word, the newest ones."""
    shared: dict[int, float] = {}
    upto = last_number(session)
    for word in words:
        for number in newest(session, Demand(Field.ANYWHERE, (Phrase((word,)),)), upto, NEWEST):
            shared[number] = shared.get(number, 0.0) + rarity[word]
    return sorted(shared, key=lambda number: (-shared[number], -number))[:CANDIDATES]


def weighed_words(row: PaperRow) -> list[str]:
    """The words of a title count twice; numbers and single letters do not count."""
    found = row.search_title.split() * 2 + tokens(row.abstract)
    return [word for word in found if len(word) > 1 and not word.isdigit()]


def nearness(words: Counter[str], others: dict[str, Counter[str]], idf: dict[str, float]) -> dict[str, float]:
    """The cosine between ``words`` and each of ``others``, over the words that ``words`` holds."""
    own = {word: (1 + math.log(count)) * idf[word] for word, count in words.items()}
    length = math.sqrt(sum(value * value for value in own.values())) or 1.0
    scores = {}
    for id_, theirs in others.items():
        shared = sum(own[word] * (1 + math.log(theirs[word])) * idf[word] for word in own.keys() & theirs.keys())
        # What the other one says besides makes it less alike; its rarity is not known, so it counts with the mean.
        mean = sum(idf.values()) / len(idf)
        norm = math.sqrt(sum(((1 + math.log(n)) * idf.get(word, mean)) ** 2 for word, n in theirs.items())) or 1.0
        scores[id_] = shared / (length * norm)
    return scores
