"""Counts, lags and states: the one place that ``status``, the chat and the metrics read them from."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.models import Status
from bot.store import state
from bot.store.papers import counts_by_direction
from bot.store.tables import PaperRow


def status(session: Session) -> Status:
    total, first, last = session.execute(
        select(func.count(), func.min(col(PaperRow.day)), func.max(col(PaperRow.day))).select_from(PaperRow)
    ).one()
    return Status(
        total, first, last, counts_by_direction(session), tuple(state.sources(session)), tuple(state.last_runs(session))
    )
