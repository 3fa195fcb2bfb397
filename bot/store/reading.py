"""Reading plans: habits, weeks with their items, what a group reads together, and what a week can be made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, select, update
from sqlmodel import Session, SQLModel, col

from bot.models import Habits, Item, ItemKind, ItemState, Paper, Reader, Reminding, Week, WeekState
from bot.store.lists import in_order, standing
from bot.store.papers import chunks
from bot.store.readers import to_reader
from bot.store.tables import (
    AssignmentRow,
    GroupWeekRow,
    HabitsRow,
    IdeaRow,
    ItemRow,
    MemberRow,
    OpinionRow,
    PaperRow,
    ReaderRow,
    WeekRow,
)

ITEMS = SQLModel.metadata.tables["plan_item"]
FIELDS = tuple(Item.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Planner:
    """A reader who keeps a plan, and how far the clock has come with it."""

    reader: Reader
    habits: Habits
    since: datetime
    """When they asked for their first plan."""
    turned_on: date | None = None
    """The reader's own date up to which what was left undone has been moved."""
    reminded_on: date | None = None
    """The reader's own date of the last reminder that was decided, whether there was anything to say or not."""
    summed_on: date | None = None
    """The reader's own date of the last weekly summary that was decided."""


# --- habits -----------------------------------------------------------------------------------------------------------


def to_planner(row: HabitsRow, reader: ReaderRow) -> Planner:
    habits = Habits(
        tuple(row.directions or reader.directions), row.level, row.budget_minutes, row.weekday, row.at, row.days,
        Reminding(row.reminding), row.remind_at, reader.language,
    )  # fmt: skip
    return Planner(to_reader(reader), habits, row.since, row.turned_on, row.reminded_on, row.summed_on)


def planner(session: Session, reader_id: str) -> Planner | None:
    """None for a reader who has never asked for a plan."""
    row, reader = session.get(HabitsRow, reader_id), session.get(ReaderRow, reader_id)
    return to_planner(row, reader) if row and reader else None


def planners(session: Session, reader_ids: Collection[str] | None = None) -> list[Planner]:
    """The active readers who keep a plan: all, or those among ``reader_ids``."""
    query = select(HabitsRow, ReaderRow).join(ReaderRow, col(ReaderRow.id) == col(HabitsRow.reader_id))
    query = query.where(col(ReaderRow.state) == "active").order_by(col(ReaderRow.id))
    if reader_ids is not None:
        query = query.where(col(HabitsRow.reader_id).in_(reader_ids))
    return [to_planner(row, reader) for row, reader in session.execute(query)]


def keepers_of_ideas_alone(session: Session) -> list[Reader]:
    """Active readers who keep ideas and have never said how they want a plan."""
    query = (
        select(ReaderRow)
        .where(col(ReaderRow.state) == "active", col(ReaderRow.id).in_(select(col(IdeaRow.reader_id))))
        .where(col(ReaderRow.id).not_in(select(col(HabitsRow.reader_id))))
        .order_by(col(ReaderRow.id))
    )
    return [to_reader(row) for row in session.scalars(query)]


def save_habits(session: Session, reader_id: str, habits: Habits, now: datetime) -> None:
    """Put ``habits`` in the place of what was known; the language is the reader's own, and so are the directions
    where they are the same."""
    reader = session.get(ReaderRow, reader_id)
    own = list(habits.directions) if reader and list(habits.directions) != list(reader.directions) else []
    values: dict[str, Any] = asdict(habits) | {"directions": own, "reminding": str(habits.reminding)}
    del values["language"]
    if row := session.get(HabitsRow, reader_id):
        row.sqlmodel_update(values)
    else:
        session.add(HabitsRow(reader_id=reader_id, since=now, **values))
    session.flush()


def note_clock(session: Session, reader_ids: Collection[str], **noted: date) -> None:
    """Note for these readers how far the clock has come: ``turned_on``, ``reminded_on`` or ``summed_on``."""
    for chunk in chunks(list(reader_ids)):
        session.execute(update(HabitsRow).where(col(HabitsRow.reader_id).in_(chunk)).values(**noted))


def forget_plan(session: Session, reader_id: str) -> None:
    """Delete a reader's habits and weeks; of a group, also what it read together."""
    session.execute(delete(HabitsRow).where(col(HabitsRow.reader_id) == reader_id))
    session.execute(delete(WeekRow).where(col(WeekRow.reader_id) == reader_id))
    session.execute(delete(MemberRow).where(col(MemberRow.reader_id) == reader_id))
    session.execute(delete(GroupWeekRow).where(col(GroupWeekRow.reader_id) == reader_id))


def adopt(session: Session, old: str, new: str) -> None:
    """Give one reader's plan to another who has none; the items go with their weeks."""
    if session.get(HabitsRow, new) is None:
        session.execute(update(HabitsRow).where(col(HabitsRow.reader_id) == old).values(reader_id=new))
        session.execute(update(WeekRow).where(col(WeekRow.reader_id) == old).values(reader_id=new))
        session.expire_all()


# --- weeks ------------------------------------------------------------------------------------------------------------


def to_item(row: ItemRow) -> Item:
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    values |= {"kind": ItemKind(row.kind), "state": ItemState(row.state), "swaps": tuple(row.swaps)}
    return Item(**values)


def weeks(session: Session, reader_id: str, since: date = date.min) -> list[Week]:
    """The weeks of a reader's plan, oldest first: every one, or those from the Monday ``since`` on."""
    items: dict[date, list[Item]] = {}
    chosen = select(ItemRow).where(col(ItemRow.reader_id) == reader_id, col(ItemRow.monday) >= since)
    for row in session.scalars(chosen.order_by(col(ItemRow.monday), col(ItemRow.number))):
        items.setdefault(row.monday, []).append(to_item(row))
    query = select(WeekRow).where(col(WeekRow.reader_id) == reader_id, col(WeekRow.monday) >= since)
    rows = session.scalars(query.order_by(col(WeekRow.monday)))
    return [
        Week(row.monday, row.budget_minutes, tuple(items.get(row.monday, ())), WeekState(row.state)) for row in rows
    ]


def save_weeks(session: Session, reader_id: str, changed: Iterable[Week]) -> None:
    """Put these weeks in the place of what was known of them."""
    for week in changed:
        chosen = and_(col(ItemRow.reader_id) == reader_id, col(ItemRow.monday) == week.monday)
        session.execute(delete(ItemRow).where(chosen))
        session.merge(
            WeekRow(reader_id=reader_id, monday=week.monday, budget_minutes=week.budget_minutes, state=str(week.state))
        )
        session.flush()
        rows = [{"reader_id": reader_id, "monday": week.monday, **values_of(item)} for item in week.items]
        if rows:
            session.connection().execute(ITEMS.insert(), rows)
    session.expire_all()


def values_of(item: Item) -> dict[str, Any]:
    values = {name: getattr(item, name) for name in FIELDS}
    return values | {"kind": str(item.kind), "state": str(item.state), "swaps": list(item.swaps)}


def drop_week(session: Session, reader_id: str, monday: date) -> None:
    session.execute(delete(WeekRow).where(col(WeekRow.reader_id) == reader_id, col(WeekRow.monday) == monday))
    session.expire_all()


# --- what a week can be made of ---------------------------------------------------------------------------------------


def best_of(session: Session, slugs: Sequence[str], first: date, last: date, limit: int) -> list[tuple[Paper, str]]:
    """The best papers of some directions announced from ``first`` to ``last``, each with the direction it is best in.

    The directions take turns, so that the one with the most papers does not crowd out the others.
    """
    query = (
        select(PaperRow.id, AssignmentRow.slug, PaperRow.upvotes, PaperRow.compute_level, AssignmentRow.probability)  # type: ignore[call-overload]
        .join(AssignmentRow, col(AssignmentRow.paper_id) == col(PaperRow.id))
        .where(col(AssignmentRow.slug).in_(slugs), col(PaperRow.day) >= first, col(PaperRow.day) <= last)
        .where(col(PaperRow.withdrawn).is_(False))
    )
    found = sorted(((-standing(*rest), id_, slug) for id_, slug, *rest in session.execute(query)))
    chosen = dict[str, str]()
    for _, id_, slug in by_turns(found):
        chosen.setdefault(id_, slug)
        if len(chosen) == limit:
            break
    return [(paper, chosen[paper.id]) for paper in in_order(session, list(chosen))]


def by_turns(found: Iterable[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The best of each direction, then the second of each, and so on; within a round the best first."""
    seen = dict[str, int]()
    rounds = []
    for one in found:
        turn = seen[one[2]] = seen.get(one[2], 0) + 1
        rounds.append((turn, one))
    return [one for _, one in sorted(rounds)]


def liked_by_many(
    session: Session, slugs: Collection[str], since: datetime, least: int, limit: int
) -> list[tuple[Paper, int]]:
    """Papers of some directions that at least ``least`` readers have liked since, and how many did; most liked first.

    Only people's own likes count, given to that one paper.
    """
    paper, likes = col(OpinionRow.paper_id), func.count()
    belongs = select(col(AssignmentRow.paper_id)).where(col(AssignmentRow.slug).in_(slugs))
    query = (
        select(paper, likes)
        .where(col(OpinionRow.value) >= 1, col(OpinionRow.at) >= since, paper.in_(belongs))
        .group_by(paper)
        .having(likes >= least)
        .order_by(likes.desc(), paper.desc())
        .limit(limit)
    )
    counts = dict[str, int]((id_, number) for id_, number in session.execute(query))
    return [(known, counts[known.id]) for known in in_order(session, list(counts))]


def titles(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Titles of the papers that are here, by id."""
    return {paper.id: paper.title for paper in in_order(session, ids)}
