"""An installation with a small library, and readers who keep plans in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select

from bot import planning, weekly
from bot.kit import Kit
from bot.models import Classic, Experiment, Habits, Reader, SourceTask, Step, Week
from bot.rules.tasks import Tasks
from bot.store import deliveries, readers, reading
from bot.store.engine import Session
from bot.store.reading import Planner
from bot.store.tables import DeliveryRow
from tests.chat.people import stock
from tests.fakes import Hands

MONDAY = date(2026, 6, 15)
MORNING = datetime(2026, 6, 15, 6, tzinfo=UTC)
DAY, WEEK = timedelta(1), timedelta(7)
HABITS = Habits(("peft",), 1, 500)
READER = Reader("5", state="active", directions=("peft",), joined=MORNING - WEEK, last_digest=MONDAY, decided_on=MONDAY)
PAPERS = [f"2606.0100{number}" for number in range(9)]
BOTH = {"zh": "一句话 <b>", "en": "One & <b> line"}
CLASSICS = tuple(
    Classic(f"1706.0000{at}", f"On the {at}th <thing>", 2017, "foundations" if at < 2 else "peft", 1, why=BOTH)
    for at in range(8)
)
TASKS = Tasks(
    tuple(SourceTask(f"s{at}", "Frame", "peft", f"frame/{at}.py", BOTH, BOTH, 60) for at in range(4)),
    tuple(Experiment(f"e{at}", "peft", BOTH, "low", BOTH, (Step(60, BOTH),) * 4) for at in range(4)),
)


def library(kit: Kit) -> Kit:
    """``kit`` with a clock to be moved, the small library, and papers of the days before."""
    kit = replace(kit, clock=Hands(MORNING), classics=lambda: CLASSICS, tasks=lambda: TASKS)
    stock(kit, *PAPERS, day=MONDAY - 3 * DAY)
    return kit


def hands(kit: Kit) -> Hands:
    assert isinstance(kit.clock, Hands)
    return kit.clock


def enrol(kit: Kit, reader: Reader = READER, habits: Habits = HABITS, *, week: bool = True) -> None:
    """A reader who keeps a plan, the running week made."""
    with kit.store.write() as session:
        readers.save(session, reader)
        session.flush()
        reading.save_habits(session, reader.id, habits, kit.clock.now())
        if week:
            planning.this_week(kit, session, planning.planner_of(session, reader.id), kit.clock.now())


@contextmanager
def at_plan(kit: Kit, reader_id: str = "5") -> Iterator[tuple[Session, Planner]]:
    with kit.store.write() as session:
        yield session, planning.planner_of(session, reader_id)


def weeks(kit: Kit, reader_id: str = "5") -> list[Week]:
    with kit.store.read() as session:
        return reading.weeks(session, reader_id)


def posted(kit: Kit, reader_id: str = "5", kind: str = "") -> list[DeliveryRow]:
    """What is in the outbox for a reader, which is then delivered."""
    with kit.store.write() as session:
        chosen = select(DeliveryRow).where(col(DeliveryRow.state) == "waiting", col(DeliveryRow.reader_id) == reader_id)
        rows = [row for row in session.scalars(chosen.order_by(col(DeliveryRow.number))) if kind in ("", row.kind)]
        deliveries.mark_sent(session, [(row.number or 0, row.number or 0) for row in rows], kit.clock.now())
        return rows


def planners(kit: Kit) -> list[Planner]:
    with kit.store.read() as session:
        return reading.planners(session)


def turn_days(kit: Kit) -> int:
    return planning.turn_days(kit, planners(kit))


def decide_reminders(kit: Kit, render: planning.Remind) -> int:
    return planning.decide_reminders(kit, planners(kit), render)


def decide_summaries(kit: Kit, render: weekly.Render) -> int:
    return weekly.decide_summaries(kit, planners(kit), render)
