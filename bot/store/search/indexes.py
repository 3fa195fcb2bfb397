"""The index of a database, of which all kinds give the same papers for the same words (``rules/tokens``)."""

from __future__ import annotations

from sqlmodel import Session

from bot.rules.query.demands import Sought
from bot.store.search.asked import Asked, Index
from bot.store.search.fts5 import Fts5
from bot.store.search.tsearch import Tsearch

INDEXES: dict[str, Index] = {"sqlite": Fts5(), "postgresql": Tsearch()}


def index_of(session: Session) -> Index:
    return INDEXES[session.get_bind().dialect.name]


def newest(session: Session, wanted: Sought, upto: int, limit: int) -> list[int]:
    """The numbers of the newest papers that hold ``wanted``, up to the number ``upto``."""
    found = index_of(session).newest(session, Asked(wanted, 0.0, upto), limit)
    return [paper.number for paper in found]
