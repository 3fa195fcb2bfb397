"""A reader's library: saved papers, how far the reader has come with each, tags and notes, and searching in them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.models import Paper, ReadingState, SavedPaper
from bot.rules.library import MOST_TAGS, Wanted, says_all, searchable
from bot.rules.query.demands import AllOf, AnyOf, Demand
from bot.rules.query.tree import Field
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.terms import Group, Phrase, Terms, expand
from bot.rules.tokens import tokens
from bot.store.lists import in_order
from bot.store.papers import last_number, rows_by_id
from bot.store.search.indexes import newest
from bot.store.tables import PaperRow, SavedRow


def to_saved(row: SavedRow) -> SavedPaper:
    return SavedPaper(row.paper_id, row.at, ReadingState(row.state), row.moved, tuple(row.tags), row.note)


def kept(session: Session, reader_id: str) -> dict[str, SavedPaper]:
    """What the reader keeps, by the papers' ids, the latest saved first."""
    query = select(SavedRow).where(col(SavedRow.reader_id) == reader_id)
    rows = session.scalars(query.order_by(col(SavedRow.at).desc(), col(SavedRow.paper_id)))
    return {row.paper_id: to_saved(row) for row in rows}


def ids(session: Session, reader_id: str) -> list[str]:
    """Ids of the saved papers, the latest first."""
    query = select(col(SavedRow.paper_id)).where(col(SavedRow.reader_id) == reader_id)
    return list(session.scalars(query.order_by(col(SavedRow.at).desc(), col(SavedRow.paper_id))))


def get(session: Session, reader_id: str, paper_id: str) -> SavedPaper | None:
    row = session.get(SavedRow, (reader_id, paper_id))
    return to_saved(row) if row else None


def save(session: Session, reader_id: str, paper_id: str, at: datetime) -> SavedRow:
    """Keep a paper; one that is kept already stays as it is."""
    row = session.get(SavedRow, (reader_id, paper_id))
    if row is None:
        state = ReadingState.TO_READ.value
        row = SavedRow(reader_id=reader_id, paper_id=paper_id, at=at, state=state, tags=[], note="")
        session.add(row)
    return row


def unsave(session: Session, reader_id: str, paper_id: str) -> None:
    session.execute(delete(SavedRow).where(col(SavedRow.reader_id) == reader_id, col(SavedRow.paper_id) == paper_id))


def set_state(session: Session, reader_id: str, paper_id: str, state: ReadingState, now: datetime) -> None:
    """Note how far the reader has come with a paper, in the library and in the plan alike; it is saved by this."""
    row = save(session, reader_id, paper_id, now)
    if row.state != state:
        row.state, row.moved = state.value, now


def set_tags(session: Session, reader_id: str, paper_id: str, tags: Sequence[str], now: datetime) -> None:
    save(session, reader_id, paper_id, now).tags = list(tags)


def set_note(session: Session, reader_id: str, paper_id: str, note: str, now: datetime) -> None:
    save(session, reader_id, paper_id, now).note = note


def adopt(session: Session, old: str, new: str) -> None:
    """Give the library of ``old`` to ``new``; of a paper that both keep, the words of both stay."""
    theirs, own = kept(session, old), kept(session, new)
    for paper_id, saved in theirs.items():
        row, mine = save(session, new, paper_id, saved.at), own.get(paper_id)
        row.tags = list(dict.fromkeys((*row.tags, *saved.tags)))[:MOST_TAGS]
        row.note = "\n".join(dict.fromkeys(note for note in (row.note, saved.note) if note))
        if mine is None:
            row.state, row.moved = saved.state.value, saved.moved
        unsave(session, old, paper_id)


# --- looking for something --------------------------------------------------------------------------------------------

TELLING_WORDS, MOST_HELD, MOST_TITLED = 5, 300, 10
"""Of a title, the rarest words by which papers are found; how many of these are looked at, and are told."""


def find(session: Session, reader_id: str, wanted: Wanted, terms: Terms | None = None) -> list[SavedPaper]:
    """The saved papers that fit, the latest first; words are looked for in papers, notes and tags.

    With ``terms``, Chinese words also find English papers; terms of several words are taken apart where that alone
    finds something, as the search over all papers does.
    """
    fitting = [one for one in kept(session, reader_id).values() if wanted.fits(one)]
    if not wanted.words:
        return fitting
    rows = rows_by_id(session, [one.paper_id for one in fitting])
    texts = {id_: f"{row.search_title} {row.search_authors} {row.search_text}" for id_, row in rows.items()}
    said = [(one, searchable(texts.get(one.paper_id, ""), one)) for one in fitting]

    def saying(groups: Sequence[Group]) -> list[SavedPaper]:
        return [one for one, words in said if groups and says_all(words, groups)]

    return saying(expand(wanted.words, terms)) or saying(expand(wanted.words, terms, fine=True))


def titled(session: Session, title: str, vocabulary: Vocabulary | None = None) -> list[Paper]:
    """Papers whose titles share the rarest words of ``title``, the likeliest first."""
    known, words = vocabulary or Vocabulary(), dict.fromkeys(tokens(title))
    telling = sorted(words, key=lambda word: (-known.rarity_of(word), word))[:TELLING_WORDS]
    asked = tuple(Demand(Field.TITLE, (Phrase((word,)),)) for word in telling)
    if not asked:
        return []
    ways = (AllOf(asked), AnyOf(all_but_one(asked) or asked), AnyOf(asked))
    upto = last_number(session)
    numbers = next((found for way in ways if (found := newest(session, way, upto, MOST_HELD))), [])
    rows = session.scalars(select(PaperRow).where(col(PaperRow.number).in_(numbers)))
    likeness = {row.id: alike(words.keys(), set(row.search_title.split())) for row in rows}
    return list(in_order(session, sorted(likeness, key=lambda id_: (-likeness[id_], id_))[:MOST_TITLED]))


def all_but_one(demands: Sequence[Demand]) -> tuple[AllOf, ...]:
    """The ways to leave one of ``demands`` out, for a title is seldom written twice in quite the same way."""
    return tuple(AllOf((*demands[:at], *demands[at + 1 :])) for at in range(len(demands) if len(demands) > 2 else 0))


def alike(one: Set[str], other: Set[str]) -> float:
    """The share of words that both have."""
    return len(one & other) / (len(one | other) or 1)
