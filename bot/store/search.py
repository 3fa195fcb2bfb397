"""Word search over title, abstract, authors and id; a Chinese query finds English papers through the list of terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from bot.models import Paper
from bot.rules.terms import Group, Phrase, Terms, expand
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
    loose: bool = False
    """It says only a part of what was asked, because nothing says all of it."""


def search(session: Session, words: str, limit: int = 10, terms: Terms | None = None) -> list[Hit]:
    """Papers that hold all of ``words`` (the last one may be unfinished), best first; none for no words.

    With ``terms``, what is asked in Chinese is also found in English. Where no paper holds all of it, its terms are
    taken apart, and at last those papers come that hold some of it: the division into words was ours, not the reader's.
    """
    groups, parts = expand(words, terms), expand(words, terms, fine=True)
    scores = find(session, all_of(groups), limit)
    if not scores and parts != groups:
        scores = find(session, all_of(parts), limit)
    loose = not scores and len(groups) > 1 and any(is_translated(group) for group in groups)
    if loose:
        scores = find(session, any_of(parts), limit)
    papers = by_id(session, list(scores))
    return [Hit(papers[id_], round(score, 4), loose) for id_, score in scores.items()]


def find(session: Session, query: str, limit: int) -> dict[str, float]:
    """The scores of the papers that fit a query in FTS5's own language, best first."""
    if not query:
        return {}
    weights = {"title": TITLE_WEIGHT, "text": TEXT_WEIGHT}
    rows = session.execute(FIND, {"query": query, "limit": limit, **weights})
    return {row.id: row.score for row in rows}


def is_translated(group: Group) -> bool:
    return len(group) > 1 and group[0].is_chinese


def all_of(groups: Sequence[Group]) -> str:
    return " AND ".join(f"({one_of(group)})" for group in groups)


def any_of(groups: Sequence[Group]) -> str:
    return one_of(dict.fromkeys(phrase for group in groups for phrase in group))


def one_of(phrases: Iterable[Phrase]) -> str:
    """https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    return " OR ".join(f'"{" ".join(phrase.words)}"{" *" if phrase.open else ""}' for phrase in phrases)
