"""What a round of matching reads and writes: the live ideas of all readers, and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.models.tracking import Tracked
from bot.store.ideas import LIVE, to_idea, with_links
from bot.store.tables import IdeaRow


def behind(session: Session, newest: int) -> list[Tracked]:
    """The live ideas of all readers that have not been held against every paper up to number ``newest``."""
    query = select(IdeaRow).where(col(IdeaRow.status).in_(LIVE), col(IdeaRow.seen) < newest)
    return with_links(session, list(session.scalars(query.order_by(col(IdeaRow.key)))))


def is_any_behind(session: Session, newest: int) -> bool:
    query = select(col(IdeaRow.key)).where(col(IdeaRow.status).in_(LIVE), col(IdeaRow.seen) < newest).limit(1)
    return session.scalar(query) is not None


def still_live(session: Session, ideas: Sequence[Tracked]) -> list[Tracked]:
    """Those of ``ideas`` that are there and live, as their readers have them now."""
    found: dict[int, IdeaRow] = {}
    keys = [one.key for one in ideas]
    for at in range(0, len(keys), 500):
        chosen = col(IdeaRow.key).in_(keys[at : at + 500])
        rows = session.scalars(select(IdeaRow).where(chosen, col(IdeaRow.status).in_(LIVE)))
        found |= {row.key: row for row in rows if row.key}
    return [replace(one, idea=to_idea(found[one.key])) for one in ideas if one.key in found]


def note_seen(session: Session, newest: int) -> None:
    """Note that every live idea has been held against the papers up to number ``newest``."""
    session.execute(
        update(IdeaRow).where(col(IdeaRow.status).in_(LIVE), col(IdeaRow.seen) < newest).values(seen=newest)
    )


def asking_arxiv(session: Session) -> list[Tracked]:
    """Ideas for which arXiv is still to be asked."""
    rows = session.scalars(select(IdeaRow).where(col(IdeaRow.asks_arxiv)).order_by(col(IdeaRow.key)))
    return with_links(session, list(rows))


def note_asked_arxiv(session: Session, key: int) -> None:
    session.execute(update(IdeaRow).where(col(IdeaRow.key) == key).values(asks_arxiv=False))
