"""What choosing for many readers reads and writes, in bulk: papers since a day, what was shown to whom, decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session, SQLModel, col

from bot.models import Paper, Reader
from bot.store.papers import chunks, to_paper
from bot.store.readers import to_reader
from bot.store.tables import OpinionRow, PaperRow, ReaderRow, SentRow, VersionRow


def newest_day(session: Session, until: date) -> date | None:
    """The newest day, ``until`` at the latest, that has papers."""
    return session.scalar(select(func.max(col(PaperRow.day))).where(col(PaperRow.day) <= until))


def papers_since(session: Session, after: date, until: date, late_after: date, above: int) -> dict[str, tuple[Paper, int]]:  # noqa: E501  # fmt: skip
    """Papers of the days after ``after`` up to ``until``, and those of the days after ``late_after`` that came later
    than paper number ``above``; each with its number, by id."""
    day, number = col(PaperRow.day), col(PaperRow.number)
    late = and_(day > late_after, number > above)
    rows = session.scalars(select(PaperRow).where(or_(day > after, late), day <= until).order_by(number))
    return {row.id: (to_paper(row), row.number or 0) for row in rows}


def revised(session: Session, after: date, until: date) -> tuple[dict[str, Paper], dict[tuple[str, int], str]]:
    """Papers of which a new version was announced in these days, and the abstracts of their older versions."""
    announced = select(col(VersionRow.paper_id)).where(col(VersionRow.day) > after, col(VersionRow.day) <= until)
    rows = session.scalars(select(PaperRow).where(col(PaperRow.id).in_(announced)).order_by(col(PaperRow.number)))
    older = session.scalars(select(VersionRow).where(col(VersionRow.paper_id).in_(announced)))
    return {row.id: to_paper(row) for row in rows}, {(row.paper_id, row.version): row.abstract for row in older}


def last_judged(session: Session) -> int:
    """Number of the newest paper before which every paper has its directions."""
    first = session.scalar(select(func.min(col(PaperRow.number))).where(col(PaperRow.judged_by) == ""))
    return first - 1 if first is not None else session.scalar(select(func.max(col(PaperRow.number)))) or 0


def readers(session: Session, ids: Collection[str]) -> list[Reader]:
    rows = session.scalars(select(ReaderRow).where(col(ReaderRow.id).in_(ids)).order_by(col(ReaderRow.id)))
    return [to_reader(row) for row in rows]


def shown(session: Session, reader_ids: Collection[str], paper_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Which of the papers each reader has been shown, in which version."""
    found: dict[str, dict[str, int]] = {}
    for chunk in chunks(paper_ids):
        query = select(SentRow.reader_id, SentRow.paper_id, SentRow.version).where(  # type: ignore[call-overload]
            col(SentRow.reader_id).in_(reader_ids), col(SentRow.paper_id).in_(chunk)
        )
        for reader, paper, version in session.execute(query):
            found.setdefault(reader, {})[paper] = version
    return found


def opinionated(session: Session, reader_ids: Collection[str]) -> set[str]:
    """Those of the readers who have liked or disliked anything."""
    query = select(col(OpinionRow.reader_id)).where(col(OpinionRow.reader_id).in_(reader_ids)).distinct()
    return set(session.scalars(query))


def note_shown(
    session: Session, papers: Mapping[str, Iterable[Paper]], before: Mapping[str, Mapping[str, int]]
) -> None:
    """Note that each reader is shown these papers; ``before`` is what they had been shown of them."""
    rows = [
        {"reader_id": reader_id, "paper_id": paper.id, "version": paper.version}
        for reader_id, chosen in papers.items()
        for paper in chosen
    ]
    again = [row for row in rows if row["paper_id"] in before.get(str(row["reader_id"]), {})]
    new = [row for row in rows if row["paper_id"] not in before.get(str(row["reader_id"]), {})]
    if new:
        session.execute(SQLModel.metadata.tables["sent"].insert(), new)
    if again:
        session.execute(update(SentRow), again)


def note_decided(session: Session, decided: Iterable[Reader]) -> None:
    """Keep how far each reader's digests have come."""
    rows = [
        {"id": r.id, "last_digest": r.last_digest, "decided_on": r.decided_on, "last_paper": r.last_paper}
        for r in decided
    ]
    if rows:
        session.execute(update(ReaderRow), rows)
