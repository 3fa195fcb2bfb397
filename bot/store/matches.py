"""Papers that came near ideas, and new versions of papers that readers keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlmodel import Session, SQLModel, col

from bot.models.ideas import Grade, Idea, Near
from bot.models.papers import Paper
from bot.models.reading import ItemState
from bot.models.tracking import Course, Relation
from bot.store.ideas import LIVE, key_of, to_idea, withdraw
from bot.store.papers import by_id
from bot.store.tables import IdeaMatchRow, IdeaPaperRow, IdeaRow, ItemRow, SavedRow, VersionRow

GIVEN_UP = (ItemState.DROPPED.value, ItemState.MOVED.value)
"""States of a plan's items that stand for the paper no more."""
MATCHES = SQLModel.metadata.tables["idea_match"]


def keep(session: Session, key: int, near: Near, course: Course, now: datetime) -> bool:
    """Note that a paper came near an idea; whether that is new."""
    row = session.get(IdeaMatchRow, (key, near.paper.id))
    if row is not None:
        row.grade, row.score = (near.grade or Grade.USEFUL).value, near.score
        row.shared, row.missing = list(near.shared), list(near.missing)
        return False
    session.execute(MATCHES.insert(), [values(key, near, course, now)])
    return True


def values(key: int, near: Near, course: Course, now: datetime) -> dict[str, object]:
    return {
        "idea_key": key, "paper_id": near.paper.id, "grade": (near.grade or Grade.USEFUL).value, "score": near.score,
        "shared": list(near.shared), "missing": list(near.missing), "day": near.paper.day, "found": now,
        "course": course.value,
    }  # fmt: skip


def known(session: Session, keys: Sequence[int], paper_ids: Collection[str]) -> set[tuple[int, str]]:
    """Which of the pairs of an idea and a paper are noted already."""
    pairs: set[tuple[int, str]] = set()
    for at in range(0, len(keys), 500):
        query = select(col(IdeaMatchRow.idea_key), col(IdeaMatchRow.paper_id)).where(
            col(IdeaMatchRow.idea_key).in_(keys[at : at + 500]), col(IdeaMatchRow.paper_id).in_(paper_ids)
        )
        pairs.update((key, paper_id) for key, paper_id in session.execute(query))
    return pairs


def keep_all(session: Session, found: Sequence[tuple[int, Near, Course]], now: datetime) -> None:
    """Note many that are not noted yet."""
    if found:
        session.execute(MATCHES.insert(), [values(key, near, course, now) for key, near, course in found])


def forget(session: Session, key: int, besides: Collection[str]) -> None:
    """Forget what came near an idea as it stood before and was never told, ``besides`` what is near it now."""
    untold = col(IdeaMatchRow.course).in_((Course.SILENT.value, Course.DIGEST.value))
    others = col(IdeaMatchRow.paper_id).not_in(besides)
    session.execute(delete(IdeaMatchRow).where(col(IdeaMatchRow.idea_key) == key, untold, others))


def to_near(row: IdeaMatchRow, paper: Paper) -> Near:
    return Near(paper, Grade(row.grade), row.score, tuple(row.shared), tuple(row.missing))


def get(session: Session, reader_id: str, number: int, paper_id: str) -> Near | None:
    """How near a paper came to one of the reader's ideas, if it did."""
    key = key_of(session, reader_id, number)
    row = session.get(IdeaMatchRow, (key, paper_id)) if key else None
    return to_near(row, by_id(session, [paper_id])[paper_id]) if row else None


# --- digests ----------------------------------------------------------------------------------------------------------


def waiting(session: Session, reader_ids: Collection[str], since: datetime) -> dict[str, list[tuple[Idea, Near]]]:
    """What waits for each reader's next digest and was found since ``since``, by live idea and the best first."""
    query = (
        select(IdeaRow, IdeaMatchRow)
        .join(IdeaMatchRow, col(IdeaMatchRow.idea_key) == col(IdeaRow.key))
        .where(col(IdeaRow.reader_id).in_(reader_ids), col(IdeaMatchRow.course) == Course.DIGEST.value)
        .where(col(IdeaMatchRow.found) >= since, col(IdeaRow.status).in_(LIVE))
        .order_by(col(IdeaRow.number), col(IdeaMatchRow.score).desc(), col(IdeaMatchRow.paper_id))
    )
    rows = [(idea, match) for idea, match in session.execute(query)]
    papers = by_id(session, list({match.paper_id for _, match in rows}))
    found: dict[str, list[tuple[Idea, Near]]] = {}
    for idea, match in rows:
        found.setdefault(idea.reader_id, []).append((to_idea(idea), to_near(match, papers[match.paper_id])))
    return found


def note_told(session: Session, reader_ids: Collection[str]) -> None:
    """Note that the digests of these readers held what waited for them."""
    theirs = select(col(IdeaRow.key)).where(col(IdeaRow.reader_id).in_(reader_ids))
    session.execute(
        update(IdeaMatchRow)
        .where(col(IdeaMatchRow.idea_key).in_(theirs), col(IdeaMatchRow.course) == Course.DIGEST.value)
        .values(course=Course.TOLD.value)
    )


@dataclass(frozen=True)
class Replaced:
    """That a paper which a reader keeps has a new version."""

    paper_id: str
    version: int
    """The one that was replaced."""
    abstract: str
    """Its abstract."""
    day: date
    """The day that announced the new one."""
    kept: date
    """Since when the reader keeps the paper."""


def replaced(session: Session, reader_ids: Collection[str], after: date, until: date) -> dict[str, list[Replaced]]:
    """Papers that readers saved, linked or planned and of which these days announced a new version, by reader."""
    version = VersionRow
    shown = (col(version.paper_id), col(version.version), col(version.abstract), col(version.day))
    span = (col(version.day) > after, col(version.day) <= until)
    saved = (
        select(col(SavedRow.reader_id), *shown, col(SavedRow.at))
        .join(version, col(version.paper_id) == col(SavedRow.paper_id))
        .where(col(SavedRow.reader_id).in_(reader_ids), *span)
    )
    linked = (
        select(col(IdeaRow.reader_id), *shown, col(IdeaPaperRow.at))
        .join(IdeaPaperRow, col(IdeaPaperRow.idea_key) == col(IdeaRow.key))
        .join(version, col(version.paper_id) == col(IdeaPaperRow.paper_id))
        .where(col(IdeaRow.reader_id).in_(reader_ids), col(IdeaPaperRow.relation) != Relation.UNRELATED.value, *span)
    )
    planned = (
        select(col(ItemRow.reader_id), *shown, col(ItemRow.monday))
        .join(version, col(version.paper_id) == col(ItemRow.id))
        .where(col(ItemRow.reader_id).in_(reader_ids), col(ItemRow.state).not_in(GIVEN_UP), *span)
    )
    found: dict[str, list[Replaced]] = {}
    for query in (saved, linked, planned):
        for reader_id, paper_id, number, abstract, day, since in session.execute(query.order_by(*shown[:2])):
            kept = since.date() if isinstance(since, datetime) else since
            found.setdefault(reader_id, []).append(Replaced(paper_id, number, abstract, day, kept))
    return found


# --- the card, the week -----------------------------------------------------------------------------------------------


def of_idea(session: Session, reader_id: str, number: int) -> list[Near]:
    """All that ever came near an idea, the newest first."""
    return nears(session, reader_id, number)


def found_between(session: Session, reader_id: str, number: int, since: datetime, until: datetime) -> list[Near]:
    """What was found to be near an idea from ``since`` until before ``until``, the newest first."""
    return nears(session, reader_id, number, col(IdeaMatchRow.found) >= since, col(IdeaMatchRow.found) < until)


def nears(session: Session, reader_id: str, number: int, *which: ColumnElement[bool]) -> list[Near]:
    query = (
        select(IdeaMatchRow)
        .join(IdeaRow, col(IdeaRow.key) == col(IdeaMatchRow.idea_key))
        .where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number) == number, *which)
        .order_by(col(IdeaMatchRow.day).desc().nulls_last(), col(IdeaMatchRow.score).desc(), col(IdeaMatchRow.paper_id))
    )
    rows = list(session.scalars(query))
    papers = by_id(session, [row.paper_id for row in rows])
    return [to_near(row, papers[row.paper_id]) for row in rows]


def count(session: Session, reader_id: str, number: int) -> int:
    """How many papers ever came near an idea."""
    key = key_of(session, reader_id, number)
    return session.scalar(select(func.count()).select_from(IdeaMatchRow).where(col(IdeaMatchRow.idea_key) == key)) or 0


def grades_since(session: Session, reader_id: str, since: date) -> Mapping[int, list[tuple[date, Grade]]]:
    """Day and grade of the papers since ``since`` that came near each of the reader's ideas, by number."""
    query = (
        select(col(IdeaRow.number), col(IdeaMatchRow.day), col(IdeaMatchRow.grade))
        .join(IdeaMatchRow, col(IdeaMatchRow.idea_key) == col(IdeaRow.key))
        .where(col(IdeaRow.reader_id) == reader_id, col(IdeaMatchRow.day) >= since)
        .order_by(col(IdeaMatchRow.day), col(IdeaMatchRow.paper_id))
    )
    found: dict[int, list[tuple[date, Grade]]] = {}
    for number, day, grade in session.execute(query):
        found.setdefault(number, []).append((day, Grade(grade)))
    return found


def silence(session: Session, reader_id: str, numbers: Iterable[int]) -> None:
    """Nothing of what waits, for a digest or for the end of a night, is told of these ideas any more."""
    numbers = list(numbers)
    keys = select(col(IdeaRow.key)).where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number).in_(numbers))
    session.execute(
        update(IdeaMatchRow)
        .where(col(IdeaMatchRow.idea_key).in_(keys), col(IdeaMatchRow.course) == Course.DIGEST.value)
        .values(course=Course.SILENT.value)
    )
    for number in numbers:
        withdraw(session, reader_id, number)


def silence_papers(session: Session, reader_id: str, number: int, paper_ids: Sequence[str]) -> None:
    """The same of some papers for one idea."""
    waiting = (col(IdeaMatchRow.idea_key) == key_of(session, reader_id, number),
               col(IdeaMatchRow.course) == Course.DIGEST.value)  # fmt: skip
    for id_ in paper_ids:
        theirs = col(IdeaMatchRow.paper_id) == id_
        session.execute(update(IdeaMatchRow).where(*waiting, theirs).values(course=Course.SILENT.value))
        withdraw(session, reader_id, number, id_)
