"""What the classifier says of papers: noted, read, and which papers it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from bot.models import Assignment, Compute, Evidence, Judgement, Paper
from bot.store.papers import chunks, rows_by_id, to_paper
from bot.store.tables import AssignmentRow, PaperRow

PAPERS, ASSIGNMENTS = (SQLModel.metadata.tables[name] for name in ("paper", "assignment"))
"""The tables themselves: many rows go into them at a fraction of what as many objects take."""


def unjudged(session: Session, model: str, limit: int) -> list[Paper]:
    """Papers whose judgement is not that of ``model``, at most ``limit``, by number."""
    query = select(PaperRow).where(col(PaperRow.judged_by) != model).order_by(col(PaperRow.number)).limit(limit)
    return [to_paper(row) for row in session.scalars(query)]


def count_unjudged(session: Session, model: str) -> int:
    return session.scalar(select(func.count()).where(col(PaperRow.judged_by) != model)) or 0


def note(session: Session, model: str, judged: Sequence[tuple[str, Judgement]]) -> None:
    """Put ``model``'s judgements in the place of whatever stood there."""
    for chunk in chunks([id_ for id_, _ in judged]):
        session.execute(delete(AssignmentRow).where(col(AssignmentRow.paper_id).in_(chunk)))
    note = update(PAPERS).where(PAPERS.c.id == bindparam("paper_id")).values(judged_by=model)
    levels = [
        {"paper_id": id_, "compute_level": found.compute.level, "compute_evidence": found.compute.evidence}
        for id_, found in judged
    ]
    assigned = [assignment_values(id_, assignment) for id_, found in judged for assignment in found.directions]
    if levels:
        session.execute(note, levels)
    if assigned:
        session.execute(insert(ASSIGNMENTS), assigned)


def assignment_values(paper_id: str, assignment: Assignment) -> dict[str, Any]:
    return {
        "paper_id": paper_id,
        "slug": assignment.slug,
        "probability": assignment.probability,
        "in_digest": assignment.in_digest,
        "evidence": [[evidence.term, evidence.weight] for evidence in assignment.evidence],
    }


def to_assignment(row: AssignmentRow) -> Assignment:
    evidence = tuple(Evidence(str(term), float(weight)) for term, weight in row.evidence)
    return Assignment(row.slug, row.probability, evidence, row.in_digest)


def by_id(session: Session, ids: Sequence[str]) -> dict[str, Judgement]:
    """What is noted of each paper: its assignments, most probable first, and its compute level; no scores."""
    return of_rows(session, rows_by_id(session, ids))


def of_rows(session: Session, papers: Mapping[str, PaperRow]) -> dict[str, Judgement]:
    """The same of papers whose rows are at hand, by their ids."""
    assigned: dict[str, list[Assignment]] = {}
    for chunk in chunks(list(papers)):
        rows = session.scalars(
            select(AssignmentRow)
            .where(col(AssignmentRow.paper_id).in_(chunk))
            .order_by(col(AssignmentRow.probability).desc(), col(AssignmentRow.slug))
        )
        for row in rows:
            assigned.setdefault(row.paper_id, []).append(to_assignment(row))
    return {
        id_: Judgement({}, tuple(assigned.get(id_, ())), Compute(row.compute_level, row.compute_evidence))
        for id_, row in papers.items()
    }


def counts_by_direction(session: Session) -> dict[str, int]:
    query = select(col(AssignmentRow.slug), func.count()).group_by(col(AssignmentRow.slug))
    return {slug: number for slug, number in session.execute(query)}  # noqa: C416 - a row is no pair to `dict`
