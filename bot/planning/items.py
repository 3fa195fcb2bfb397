"""What becomes of the items of a week by the hand of its reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from bot.kit import Kit
from bot.models import Item, ItemKind, ItemState, ReadingState, Week
from bot.models.tracking import Entry, EntryKind
from bot.planning.weeks import WEEK, stock_of, today_of, week_of
from bot.rules import reading as rules
from bot.store import ideas, library, papers, reading
from bot.store.engine import Session
from bot.store.reading import Planner

Act = Callable[[Week, int], Week]
"""Takes a week and the number of an item."""


def change(session: Session, planner: Planner, monday: date, number: int, act: Act, now: datetime) -> tuple[Week, Item]:
    """The week and the item after ``act``, wherever the item stands by now; what leaves the week comes into the next.

    Raises UsageError for an item that is not there.
    """
    reader, known = planner.reader, reading.weeks(session, planner.reader.id)
    week, item = rules.whereabouts(known, monday, number)
    changed = [act(week, item.number)]
    if following := week_of(known, week.monday + WEEK):
        changed.append(rules.receive(following, changed[0], planner.habits, today_of(reader, now)))
    reading.save_weeks(session, reader.id, [new for new in changed if new not in known])
    return changed[0], rules.find(changed[0], item.number)


def complete(
    session: Session, planner: Planner, monday: date, number: int, now: datetime, minutes: int | None = None
) -> tuple[Week, Item]:
    """An item done; a paper that is done is read in the reader's library too."""
    week, item = change(session, planner, monday, number, lambda w, n: rules.complete(w, n, now, minutes), now)
    is_paper = item.kind in (ItemKind.CLASSIC, ItemKind.PAPER)
    if is_paper and item.part == item.parts and papers.by_id(session, [item.id]):
        library.set_state(session, planner.reader.id, item.id, ReadingState.READ, now)
    return week, item


def swap(kit: Kit, session: Session, planner: Planner, monday: date, number: int, now: datetime) -> tuple[Week, Item]:
    """Something else of the same kind in an item's place."""
    known, today = reading.weeks(session, planner.reader.id), today_of(planner.reader, now)
    stock, read = stock_of(kit, session, planner, today)

    def act(week: Week, at: int) -> Week:
        return rules.swap(week, at, planner.habits, rules.progress_of(known, today, read), stock, today)

    return change(session, planner, monday, number, act, now)


def drop(kit: Kit, session: Session, planner: Planner, monday: date, number: int, now: datetime) -> tuple[Week, Item]:
    """Never to come again; something else takes the place of what was asked about."""
    _, before = rules.whereabouts(reading.weeks(session, planner.reader.id), monday, number)
    week, item = change(session, planner, monday, number, rules.drop, now)
    return refilled(kit, session, planner, week, now) if before.state is ItemState.ASKED else week, item


def answer_asked(kit: Kit, session: Session, planner: Planner, week: Week, now: datetime, *, keep: bool) -> Week:
    """The same answer for everything in ``week`` that is asked about."""
    today = today_of(planner.reader, now)

    def kept(week: Week, number: int) -> Week:
        return rules.keep(week, number, planner.habits, today)

    for item in week.items:
        if item.state is ItemState.ASKED:
            week, _ = change(session, planner, week.monday, item.number, kept if keep else rules.drop, now)
    return week if keep else refilled(kit, session, planner, week, now)


def refilled(kit: Kit, session: Session, planner: Planner, week: Week, now: datetime) -> Week:
    """``week`` with something in the place of what was dropped, so that nobody comes back to an empty one."""
    today = today_of(planner.reader, now)
    stock, read = stock_of(kit, session, planner, today)
    progress = rules.progress_of(reading.weeks(session, planner.reader.id), today, read)
    week = rules.refill(week, planner.habits, progress, stock, today)
    reading.save_weeks(session, planner.reader.id, [week])
    return week


def note(
    session: Session, planner: Planner, monday: date, number: int, takeaway: str, now: datetime
) -> tuple[Week, Item]:
    """Keep a takeaway; it is also a note of the ideas that the item belongs to."""
    week, item = change(session, planner, monday, number, lambda w, n: rules.note(w, n, takeaway), now)
    attached = ideas.attached_to(session, planner.reader.id, [item.id]).get(item.id, ())
    for idea in dict.fromkeys((*attached, *([item.idea] if item.idea else []))):
        ideas.note(session, planner.reader.id, idea, Entry(EntryKind.NOTE, now, f"{item.title}: {item.takeaway}"))
    return week, item
