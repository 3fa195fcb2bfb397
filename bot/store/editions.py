"""What choosing for many readers reads and writes, in bulk: papers since a day, what was shown to whom, decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, and_, bindparam, func, or_, select
from sqlmodel import Session, SQLModel, col

from bot.models import Paper, Reader
from bot.store.papers import chunks, last_number, to_paper
from bot.store.readers import found
from bot.store.tables import PaperRow, ReaderRow, SentRow, VersionRow

SENT, READERS = (SQLModel.metadata.tables[name] for name in ("sent", "reader"))


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
    return first - 1 if first is not None else last_number(session)


def readers(session: Session, ids: Collection[str]) -> list[Reader]:
    return found(session, col(ReaderRow.id).in_(ids))


def shown(session: Session, reader_ids: Collection[str], paper_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Which of the papers each reader has been shown, in which version."""
    versions: dict[str, dict[str, int]] = {}
    for chunk in chunks(paper_ids):
        query = select(SentRow.reader_id, SentRow.paper_id, SentRow.version).where(  # type: ignore[call-overload]
            col(SentRow.reader_id).in_(reader_ids), col(SentRow.paper_id).in_(chunk)
        )
        for reader, paper, version in session.execute(query):
            versions.setdefault(reader, {})[paper] = version
    return versions


def note_shown(
    session: Session, papers: Mapping[str, Iterable[Paper]], before: Mapping[str, Mapping[str, int]]
) -> None:
    """Note that each reader is shown these papers; ``before`` is what they had been shown of them."""
    new, again = list[tuple[str, str, int]](), list[tuple[str, str, int]]()
    for reader_id, chosen in papers.items():
        known = before.get(reader_id, {})
        for paper in chosen:
            (again if paper.id in known else new).append((paper.id, reader_id, paper.version))
    put_in(session, new)
    if again:
        here = (SENT.c.reader_id == bindparam("reader"), SENT.c.paper_id == bindparam("paper"))
        change = SENT.update().where(*here).values(version=bindparam("now"))
        rows = [{"reader": reader_id, "paper": paper_id, "now": version} for paper_id, reader_id, version in again]
        connection_of(session).execute(change, rows)


def put_in(session: Session, rows: Sequence[tuple[str, str, int]]) -> None:
    """Texts and numbers as the driver takes them: a look at each value would cost more than keeping it."""
    if not rows:
        return
    connection, names = connection_of(session), ("paper_id", "reader_id", "version")
    insert = SENT.insert().compile(dialect=connection.dialect, column_keys=names)
    values = rows if insert.positional else [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(insert.string, values)


def note_decided(session: Session, decided: Iterable[Reader]) -> None:
    """Keep how far each reader's digests have come."""
    here = READERS.update().where(READERS.c.id == bindparam("reader"))
    rows = [
        {"reader": r.id, "last_digest": r.last_digest, "decided_on": r.decided_on, "last_paper": r.last_paper}
        for r in decided
    ]
    if rows:
        connection_of(session).execute(here, rows)


def connection_of(session: Session) -> Connection:
    """For statements that the session need not look at: what it has not written yet goes before them."""
    session.flush()
    return session.connection()
