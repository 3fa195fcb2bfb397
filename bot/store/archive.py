"""What the web archive is built from: whole days of papers with their judgements, and marks that tell what changed.

It reads papers, assignments and nothing else; no table of readers is ever asked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, select
from sqlmodel import Session, col

from bot.models import Assignment, Compute, Evidence, Judgement, Paper
from bot.store.papers import FIELDS
from bot.store.tables import AssignmentRow, PaperRow

NAMES = (*FIELDS, "compute_level", "compute_evidence")
LEVEL = NAMES.index("compute_level") - 1
"""Its place behind the id, which comes first."""
COLUMNS: tuple[Any, ...] = tuple(getattr(PaperRow, name) for name in NAMES)
ASSIGNED: tuple[Any, ...] = (
    AssignmentRow.paper_id,
    AssignmentRow.slug,
    AssignmentRow.probability,
    AssignmentRow.in_digest,
    AssignmentRow.evidence,
)
AT_A_TIME = 500
"""Rows that are held at once while marks are made."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper with what the classifier says of it."""

    paper: Paper
    judgement: Judgement


class Mark(NamedTuple):
    """The least that is known of a paper: where it stands, and a digest of all that its page shows."""

    id: str
    day: date
    directions: tuple[str, ...]
    """Most probable first; none for a withdrawn paper."""
    level: str
    digest: bytes


def newest_day(session: Session) -> date | None:
    return session.scalar(select(func.max(col(PaperRow.day))))


def marks(session: Session, first: date, last: date) -> Iterator[Mark]:
    """The papers announced from ``first`` to ``last``, by day and id, without their texts."""
    assigned: dict[str, list[tuple[Any, ...]]] = {}
    for row in session.execute(assigned_within(first, last, *map(as_written, ASSIGNED))):
        assigned.setdefault(row[0], []).append(tuple(row))
    columns = (PaperRow.day, PaperRow.withdrawn, *map(as_written, COLUMNS))
    query = select(*columns).where(*within(first, last)).order_by(col(PaperRow.day), col(PaperRow.id))
    for day, withdrawn, id_, *texts in session.execute(query).yield_per(AT_A_TIME):
        found = assigned.get(id_, [])
        digest = blake2b(repr((texts, found)).encode("utf-8", "replace"), digest_size=12).digest()
        yield Mark(id_, day, () if withdrawn else tuple(one[1] for one in found), texts[LEVEL], digest)


def as_written(column: Any) -> Any:
    """A column as the database's own text, which spares reading what is only compared."""
    return cast(column, String).label(f"written_{column.key}")


def entries(session: Session, day: date) -> list[Entry]:
    """The papers of an announcement day, by id."""
    assigned = assignments(session, day, day)
    rows = session.execute(select(*COLUMNS).where(col(PaperRow.day) == day).order_by(col(PaperRow.id)))
    return [to_entry(row, assigned.get(row.id, ())) for row in rows]


def within(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(PaperRow.day) >= first, col(PaperRow.day) <= last


def assigned_within(first: date, last: date, *columns: Any) -> Select[Any]:
    """Which papers of some days belong to which direction, most probable first."""
    query = select(*columns).join(PaperRow, col(AssignmentRow.paper_id) == col(PaperRow.id)).where(*within(first, last))
    return query.order_by(col(AssignmentRow.probability).desc(), col(AssignmentRow.slug))


def assignments(session: Session, first: date, last: date) -> dict[str, tuple[Assignment, ...]]:
    """The directions of the papers of some days by the paper's id, most probable first."""
    found: dict[str, tuple[Assignment, ...]] = {}
    for paper_id, slug, probability, in_digest, evidence in session.execute(assigned_within(first, last, *ASSIGNED)):
        terms = tuple(Evidence(str(term), float(weight)) for term, weight in evidence)
        found[paper_id] = (*found.get(paper_id, ()), Assignment(slug, probability, terms, in_digest))
    return found


def to_entry(row: Row[Any], found: tuple[Assignment, ...]) -> Entry:
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    compute = Compute(row.compute_level, row.compute_evidence)
    return Entry(Paper(**values), Judgement({}, found, compute))
