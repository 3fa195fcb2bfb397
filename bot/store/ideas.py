"""Ideas: what readers mean to try, their journals and their papers. Every question names the reader whose they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.models.ideas import Idea, IdeaStatus
from bot.models.tracking import SCOOP, Entry, EntryKind, Link, Relation, Tracked
from bot.store import deliveries
from bot.store.papers import by_id, chunks, last_number
from bot.store.tables import IdeaCountRow, IdeaEntryRow, IdeaPaperRow, IdeaRow

FIELDS = tuple(name for name in Idea.__dataclass_fields__ if name != "status")
LIVE = [status.value for status in IdeaStatus if status.is_live]


def to_idea(row: IdeaRow) -> Idea:
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Idea(**values, status=IdeaStatus(row.status))


def row_of(session: Session, reader_id: str, number: int) -> IdeaRow | None:
    query = select(IdeaRow).where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number) == number)
    return session.scalars(query).first()


def key_of(session: Session, reader_id: str, number: int) -> int | None:
    """The key of a reader's idea, by which its rows are found."""
    query = select(col(IdeaRow.key)).where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number) == number)
    return session.scalar(query)


def get(session: Session, reader_id: str, number: int) -> Idea | None:
    row = row_of(session, reader_id, number)
    return to_idea(row) if row else None


def listed(session: Session, reader_id: str, statuses: Collection[IdeaStatus] = ()) -> list[Idea]:
    """The reader's ideas by number, all or those of some statuses."""
    query = select(IdeaRow).where(col(IdeaRow.reader_id) == reader_id).order_by(col(IdeaRow.number))
    if statuses:
        query = query.where(col(IdeaRow.status).in_(status.value for status in statuses))
    return [to_idea(row) for row in session.scalars(query)]


# --- changing ---------------------------------------------------------------------------------------------------------


def create(session: Session, idea: Idea, born: date, now: datetime, *, asks_arxiv: bool = False) -> Idea:
    """Keep a new idea under the reader's next number; papers that are here already are not held against it again."""
    number = next_number(session, idea.reader_id)
    row = IdeaRow(
        reader_id=idea.reader_id, number=number, text=idea.text, directions=list(idea.directions),
        must=list(idea.must), must_not=list(idea.must_not), status=idea.status.value, created=now, touched=now,
        born=born, seen=last_number(session), asks_arxiv=asks_arxiv,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note(session, idea.reader_id, number, Entry(EntryKind.BORN, now, status=idea.status.value))
    return to_idea(row)


def next_number(session: Session, reader_id: str) -> int:
    row = session.get(IdeaCountRow, reader_id) or IdeaCountRow(reader_id=reader_id, given=0)
    row.given += 1
    session.add(row)
    return row.given


def change(session: Session, reader_id: str, number: int, now: datetime, **changes: Any) -> Idea | None:
    """Put ``changes`` of an idea's fields in place; None where the reader has no such idea.

    One that comes back from silence is not told what it slept through.
    """
    row = row_of(session, reader_id, number)
    if row is None:
        return None
    if row.status not in LIVE and changes.get("status", row.status) in LIVE:
        row.seen = last_number(session)
    for name, value in changes.items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.touched, row.asked_about = now, False
    session.flush()
    return to_idea(row)


def decide(session: Session, reader_id: str, number: int, status: IdeaStatus, now: datetime, reason: str = "") -> None:
    """Give an idea another status, and write the decision into its journal; one that is over falls silent at once."""
    if change(session, reader_id, number, now, status=status.value):
        note(session, reader_id, number, Entry(EntryKind.STATUS, now, reason, status.value))
        if not status.is_live:
            withdraw(session, reader_id, number)


def withdraw(session: Session, reader_id: str, number: int, paper_id: str = "") -> None:
    """Alerts of an idea, or of one paper for it, that wait for the end of a night are not sent any more."""
    deliveries.withdraw(session, reader_id, SCOOP, f"{number}/{paper_id}/" if paper_id else f"{number}/")


def touch(session: Session, reader_id: str, number: int, now: datetime) -> int | None:
    """Note that the reader did something with an idea, and return its key."""
    row = row_of(session, reader_id, number)
    if row is None:
        return None
    row.touched, row.asked_about = now, False
    return row.key


def remove(session: Session, reader_id: str, number: int) -> None:
    """Delete an idea with all that belongs to it."""
    withdraw(session, reader_id, number)
    session.execute(delete(IdeaRow).where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number) == number))


def note_asked(session: Session, ideas: Iterable[Idea]) -> None:
    """Note that readers were asked about ideas that they leave alone."""
    for idea in ideas:
        if row := row_of(session, idea.reader_id, idea.number):
            row.asked_about = True


def adopt(session: Session, old: str, new: str) -> None:
    """Give one reader's ideas to another, under new numbers."""
    for row in session.scalars(select(IdeaRow).where(col(IdeaRow.reader_id) == old).order_by(col(IdeaRow.number))):
        row.reader_id, row.number = new, next_number(session, new)


# --- the journal ------------------------------------------------------------------------------------------------------


def note(session: Session, reader_id: str, number: int, entry: Entry) -> None:
    """Write into an idea's journal."""
    if key := touch(session, reader_id, number, entry.at):
        session.add(
            IdeaEntryRow(idea_key=key, kind=entry.kind.value, at=entry.at, text=entry.text, status=entry.status)
        )
        session.flush()


def give_reason(session: Session, reader_id: str, number: int, reason: str) -> bool:
    """Write a word of reason beside the last decision on an idea; whether there is one."""
    decisions = (col(IdeaEntryRow.idea_key) == key_of(session, reader_id, number),
                 col(IdeaEntryRow.kind) == EntryKind.STATUS.value)  # fmt: skip
    query = select(IdeaEntryRow).where(*decisions).order_by(col(IdeaEntryRow.number).desc()).limit(1)
    last = session.scalars(query).first()
    if last is not None:
        last.text = reason
    return last is not None


def journal(session: Session, reader_id: str, number: int) -> list[Entry]:
    """An idea's journal, oldest line first."""
    query = (
        select(IdeaEntryRow)
        .join(IdeaRow, col(IdeaRow.key) == col(IdeaEntryRow.idea_key))
        .where(col(IdeaRow.reader_id) == reader_id, col(IdeaRow.number) == number)
        .order_by(col(IdeaEntryRow.number))
    )
    return [Entry(EntryKind(row.kind), row.at, row.text, row.status) for row in session.scalars(query)]


# --- its papers -------------------------------------------------------------------------------------------------------


def link(
    session: Session, reader_id: str, number: int, paper_id: str, relation: Relation, at: datetime,
    phrases: Iterable[str] = (),
) -> None:  # fmt: skip
    """Note what a paper is to an idea, in the place of what was said before."""
    if key := touch(session, reader_id, number, at):
        session.merge(
            IdeaPaperRow(idea_key=key, paper_id=paper_id, relation=relation.value, phrases=list(phrases), at=at)
        )
        session.flush()


def unlink(session: Session, reader_id: str, number: int, paper_id: str) -> None:
    theirs = col(IdeaPaperRow.idea_key) == key_of(session, reader_id, number)
    session.execute(delete(IdeaPaperRow).where(theirs, col(IdeaPaperRow.paper_id) == paper_id))


def links_of(session: Session, keys: Sequence[int]) -> dict[int, tuple[Link, ...]]:
    """The papers of ideas by the ideas' keys, the latest first."""
    rows = [row for at in range(0, len(keys), 500) for row in session.scalars(
        select(IdeaPaperRow)
        .where(col(IdeaPaperRow.idea_key).in_(keys[at : at + 500]))
        .order_by(col(IdeaPaperRow.at).desc(), col(IdeaPaperRow.paper_id))
    )]  # fmt: skip
    known = by_id(session, list({row.paper_id for row in rows}))
    found: dict[int, list[Link]] = {}
    for row in rows:
        linked = Link(known[row.paper_id], Relation(row.relation), row.at, tuple(row.phrases))
        found.setdefault(row.idea_key, []).append(linked)
    return {key: tuple(links) for key, links in found.items()}


def tracked(session: Session, reader_id: str, number: int) -> Tracked | None:
    """An idea with its papers."""
    row = row_of(session, reader_id, number)
    return next(iter(with_links(session, [row])), None) if row else None


def with_links(session: Session, rows: Sequence[IdeaRow]) -> list[Tracked]:
    by_key = {row.key: row for row in rows if row.key}
    links = links_of(session, list(by_key))
    return [Tracked(to_idea(row), key, row.born, row.seen, links.get(key, ())) for key, row in by_key.items()]


def attached_to(session: Session, reader_id: str, paper_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Numbers of the reader's ideas that each of these papers belongs to, by paper."""
    found: dict[str, list[int]] = {}
    for chunk in chunks(paper_ids):
        query = (
            select(col(IdeaPaperRow.paper_id), col(IdeaRow.number))
            .join(IdeaRow, col(IdeaRow.key) == col(IdeaPaperRow.idea_key))
            .where(col(IdeaRow.reader_id) == reader_id, col(IdeaPaperRow.paper_id).in_(chunk))
            .where(col(IdeaPaperRow.relation) != Relation.UNRELATED.value)
            .order_by(col(IdeaRow.number))
        )
        for paper_id, number in session.execute(query):
            found.setdefault(paper_id, []).append(number)
    return {id_: tuple(numbers) for id_, numbers in found.items()}


def untouched(session: Session, reader_id: str, since: datetime) -> list[Idea]:
    """The reader's live ideas that were left alone since before ``since`` and have not been asked about."""
    query = select(IdeaRow).where(
        col(IdeaRow.reader_id) == reader_id, col(IdeaRow.status).in_(LIVE), col(IdeaRow.touched) < since,
        col(IdeaRow.asked_about).is_(False),
    )  # fmt: skip
    return [to_idea(row) for row in session.scalars(query.order_by(col(IdeaRow.number)))]
