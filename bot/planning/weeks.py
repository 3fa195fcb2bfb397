"""A reader's weeks: what they can be made of, and making them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.errors import UsageError
from bot.kit import Kit
from bot.models import Habits, IdeaStatus, Item, Reader, ReadingState, Stock, StockIdea, StockPaper, Week
from bot.rules import reading as rules
from bot.rules.zones import local
from bot.store import ideas, judgements, library, readers, reading
from bot.store.engine import Session
from bot.store.lists import in_order
from bot.store.reading import Planner

WEEK = timedelta(days=7)
FRESH = timedelta(days=14)
"""How old a paper may be that is new to a plan."""
MOST_FRESH, MOST_SAVED = 40, 60
ALONE = ("private", "local")
"""Kinds of readers who have a plan of their own; all others read together."""
LONGEST_TITLE = 120


def today_of(reader: Reader, now: datetime) -> date:
    return local(now, reader.zone).date()


def planner_of(session: Session, reader_id: str) -> Planner:
    """Raises UsageError for a reader who has not asked for a plan yet."""
    found = reading.planner(session, reader_id)
    if found is None:
        raise UsageError("no plan yet", key="plan_none")
    return found


def first_habits(reader: Reader) -> Habits:
    """What a plan starts from until its reader says otherwise."""
    return Habits(reader.directions, language=reader.language, remind_at=reader.digest_at)


def week_of(known: Iterable[Week], monday: date) -> Week | None:
    return next((week for week in known if week.monday == monday), None)


def this_week(kit: Kit, session: Session, planner: Planner, now: datetime) -> Week:
    """The week that the reader is in, made where it is not; the next where no day to read on is left in it."""
    today = today_of(planner.reader, now)
    monday = rules.monday_of(today)
    found = week_of(reading.weeks(session, planner.reader.id), monday)
    return found or make(kit, session, planner, rules.first_monday(planner.habits, today), now)


def next_week(kit: Kit, session: Session, planner: Planner, now: datetime) -> Week:
    current = this_week(kit, session, planner, now)
    return make(kit, session, planner, current.monday + WEEK, now)


def make(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> Week:
    """The week of ``monday``: the one that is there, else a new one, with what the week before could not hold."""
    reader, habits = planner.reader, planner.habits
    today, known = today_of(reader, now), reading.weeks(session, reader.id)
    if there := week_of(known, monday):
        return there
    earlier = [week for week in known if week.monday < monday]
    before = rules.hand_over(rules.slip(earlier[-1], today, habits)) if earlier else None
    weeks = [before if before and week.monday == before.monday else week for week in known]
    stock, read = stock_of(kit, session, planner, today)
    progress = rules.progress_of(weeks, today, read)
    week = rules.make_week(habits, progress, stock, monday, today, before)
    reading.save_weeks(session, reader.id, [*([before] if before else []), week])
    return week


def make_again(kit: Kit, session: Session, planner: Planner, monday: date, now: datetime) -> Week | None:
    """The week of ``monday`` made anew, as the habits are now; None where something in it has been touched already."""
    week = week_of(reading.weeks(session, planner.reader.id), monday)
    if week is None or any(is_touched(item) for item in week.items):
        return None
    reading.drop_week(session, planner.reader.id, monday)
    return make(kit, session, planner, monday, now)


def is_touched(item: Item) -> bool:
    return not item.state.is_live or bool(item.swaps)


# --- what a week can be made of ---------------------------------------------------------------------------------------


def stock_of(kit: Kit, session: Session, planner: Planner, today: date) -> tuple[Stock, frozenset[str]]:
    """All that a reader's week can be made of, and the ids of what their library says is settled."""
    reader, slugs = planner.reader, planner.habits.directions
    kept = library.kept(session, reader.id)
    to_read = [id_ for id_, one in kept.items() if one.state in (ReadingState.TO_READ, ReadingState.READING)]
    disliked = {id_ for id_, value in readers.opinions(session, reader.id).items() if value < 0}
    fresh = reading.best_of(session, slugs, today - FRESH, today, MOST_FRESH)
    tasks = kit.tasks()
    stock = Stock(
        kit.classics(),
        tasks.sources,
        tasks.experiments,
        saved=saved_papers(session, to_read[:MOST_SAVED], slugs),
        fresh=tuple(StockPaper(p.id, p.title, slug) for p, slug in fresh if p.id not in kept and p.id not in disliked),
        ideas=tuple(
            StockIdea(idea.number, shortened(idea.text), idea.directions[0] if idea.directions else "")
            for idea in ideas.listed(session, reader.id, [IdeaStatus.EXPERIMENT])
        ),
    )
    return stock, frozenset(kept) - set(to_read)


def saved_papers(session: Session, ids: Sequence[str], slugs: Sequence[str]) -> tuple[StockPaper, ...]:
    """Saved papers, each with the reader's own direction that it is read for, or else the likeliest."""
    judged = judgements.by_id(session, ids)

    def slug_of(id_: str) -> str:
        found = [one.slug for one in judged[id_].directions] if id_ in judged else []
        return next((slug for slug in found if slug in slugs), found[0] if found else "")

    return tuple(StockPaper(paper.id, paper.title, slug_of(paper.id)) for paper in in_order(session, ids))


def shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"
