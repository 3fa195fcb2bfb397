"""Papers' vectors, as one engine makes them, and what the archive reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import and_, delete, func, select
from sqlmodel import Session, SQLModel, col

from bot.models.papers import Paper
from bot.store.papers import to_paper
from bot.store.tables import CoverageRow, PaperRow, VectorRow

VECTORS = SQLModel.metadata.tables["paper_vector"]
Row = tuple[int, date | None, bytes]
"""A paper's number, its day, its vector."""


def are_whole(session: Session, engine: str) -> bool:
    """Whether every paper has its vector by ``engine``; a vector never outlives its paper, so counting will do."""
    papers = session.scalar(select(func.count()).select_from(PaperRow))
    return papers == session.scalar(select(func.count()).where(col(VectorRow.engine) == engine))


def lacking(session: Session, engine: str, after: int, limit: int) -> list[tuple[int, Paper]]:
    """Papers with a number after ``after`` that have no vector by ``engine``, at most ``limit``, by number."""
    here = and_(col(VectorRow.number) == col(PaperRow.number), col(VectorRow.engine) == engine)
    query = select(PaperRow).outerjoin(VectorRow, here)
    query = query.where(col(PaperRow.number) > after, col(VectorRow.number).is_(None))
    rows = session.scalars(query.order_by(col(PaperRow.number)).limit(limit))
    return [(row.number or 0, to_paper(row)) for row in rows]


def keep(session: Session, engine: str, made: Iterable[tuple[int, bytes]]) -> None:
    """Keep vectors by number, in the place of those of an earlier engine."""
    rows = [{"number": number, "engine": engine, "vector": vector} for number, vector in made]
    if rows:
        session.execute(delete(VectorRow).where(col(VectorRow.number).in_(row["number"] for row in rows)))
        session.execute(VECTORS.insert(), rows)


def above(session: Session, engine: str, number: int) -> list[Row]:
    """The vectors of the papers after paper ``number``, by number."""
    query = (
        select(col(VectorRow.number), col(PaperRow.day), col(VectorRow.vector))
        .join(PaperRow, col(PaperRow.number) == col(VectorRow.number))
        .where(col(VectorRow.number) > number, col(VectorRow.engine) == engine)
        .order_by(col(VectorRow.number))
    )
    return [(found, day, vector) for found, day, vector in session.execute(query)]


def papers(session: Session, numbers: Sequence[int]) -> list[Paper]:
    """The papers of ``numbers`` that are not withdrawn, 500 of them by number, then the next."""
    found = []
    for at in range(0, len(numbers), 500):
        chosen = col(PaperRow.number).in_(numbers[at : at + 500])
        query = select(PaperRow).where(chosen, col(PaperRow.withdrawn).is_(False)).order_by(col(PaperRow.number))
        found += [to_paper(row) for row in session.scalars(query)]
    return found


def between(session: Session, after: int, until: int, limit: int) -> list[tuple[int, Paper]]:
    """The papers with a number after ``after`` up to ``until``, at most ``limit``, by number."""
    number = col(PaperRow.number)
    query = select(PaperRow).where(number > after, number <= until).order_by(number).limit(limit)
    return [(row.number or 0, to_paper(row)) for row in session.scalars(query)]


def coverage(
    session: Session, since: date | None = None, until: date | None = None
) -> tuple[int, date | None, date | None]:
    """How many papers there are from ``since`` to ``until``, and their first and last day.

    Without ``since`` it begins with the first day that was collected: papers looked up one by one may be years older.
    """
    first = since or session.scalar(select(func.min(col(CoverageRow.day))).where(col(CoverageRow.service) == "arxiv"))
    query = select(func.count(), func.min(col(PaperRow.day)), func.max(col(PaperRow.day)))
    if first:
        query = query.where(col(PaperRow.day) >= first)
    if until:
        query = query.where(col(PaperRow.day) <= until)
    papers, first, last = session.execute(query).one()
    return papers, first, last
