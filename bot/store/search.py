"""Word search over title, abstract, authors and id."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from bot.models import Paper
from bot.rules.tokens import tokens
from bot.store.papers import by_id

TITLE_WEIGHT, TEXT_WEIGHT = 4.0, 1.0

FIND = text(
    "select paper.id, -bm25(paper_search, :title, :text) as score"
    " from paper_search join paper on paper.number = paper_search.rowid"
    " where paper_search match :query order by score desc, paper.id desc limit :limit"
)


@dataclass(frozen=True)
class Hit:
    """A paper that was found; the higher the score the better."""

    paper: Paper
    score: float


def search(session: Session, words: str, limit: int = 10) -> list[Hit]:
    """Papers that hold all of ``words`` (the last one may be unfinished), best first; none for no words."""
    terms = [f'"{token}"' for token in tokens(words)]
    if not terms:
        return []
    query = " ".join([*terms[:-1], f"{terms[-1]} *"])
    weights = {"title": TITLE_WEIGHT, "text": TEXT_WEIGHT}
    found = session.execute(FIND, {"query": query, "limit": limit, **weights})
    scores: dict[str, float] = dict(found.tuples().all())
    papers = by_id(session, list(scores))
    return [Hit(papers[id_], round(score, 4)) for id_, score in scores.items()]
