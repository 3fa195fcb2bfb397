"""One round: who is due is decided for, a batch of readers in a transaction."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from bot import matching, planning
from bot.delivering.stock import Stock, load_stock
from bot.delivering.tastes import lift_for, opinions_of
from bot.kit import Kit
from bot.models import Delivery, Digest, DigestSection, Message, Reader
from bot.models.summaries import Reminder
from bot.models.tracking import IdeaNews
from bot.rules.edition import Shown, chosen_papers, edition
from bot.schedule import due_on, is_first, may_wait
from bot.store import deliveries, editions, readers, state
from bot.store.engine import Session

log = logging.getLogger(__name__)

DIGEST = "digest"
BATCH = 200
"""Readers in one transaction, which take less than half a second: others may write in between."""
LATEST_RUNS = 30
"""Of collecting, among which the newest day's is looked for."""

Render = Callable[[Digest, Reader], Sequence[Message]]


def decide_digests(kit: Kit, render: Render) -> int:
    """Decide the digests that are due and put them into the outbox; returns for how many readers."""
    with kit.store.read() as session:
        active = readers.in_state(session, "active")
    return decide_for(kit, active, render)


def greet_newcomers(kit: Kit, render: Render) -> int:
    """The same for those alone who have never had one, if the newest day has come in; returns for how many readers."""
    with kit.store.read() as session:
        new = readers.newcomers(session)
        runs = state.last_runs(session, LATEST_RUNS) if new else []
    is_here = any(run.last_day >= kit.newest_by_clock() for run in runs)
    return decide_for(kit, new, render) if is_here else 0


def decide_for(kit: Kit, candidates: Sequence[Reader], render: Render) -> int:
    now = kit.clock.now()
    due = [Due(reader, day) for reader in candidates if (day := due_on(reader, now))]
    with kit.store.read() as session:
        waiting = deliveries.readers_waiting(session, DIGEST) if due else set()
        due = [one for one in due if one.reader.id not in waiting]
        if not due:
            return 0
        stock = load_stock(kit, session, [one.reader for one in due])
    decided = 0
    for start in range(0, len(due), BATCH):
        with kit.store.write() as session, unswept():
            decided += decide_batch(session, stock, due[start : start + BATCH], render, now)
    return decided


class Due(NamedTuple):
    """A reader for whose own date a digest is to be decided."""

    reader: Reader
    day: date


@contextmanager
def unswept() -> Iterator[None]:
    """No search for cycles meanwhile: a batch makes many values and hardly a cycle, and each of the searches that many
    values bring about would go through all that the program holds."""
    was_swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_swept:
            gc.enable()


# --- deciding ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What one reader gets, and how far their digests have come with it."""

    reader: Reader
    sections: tuple[DigestSection, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class Besides:
    """What a reader's digest brings besides papers."""

    ideas: IdeaNews
    reading: Reminder | None


def decide_batch(session: Session, stock: Stock, batch: Sequence[Due], render: Render, now: datetime) -> int:
    """Decide for readers, who are read again here: they may have changed their mind since."""
    found = {one.reader.id: one for one in batch}
    ids = list(found)
    shown = editions.shown(session, ids, list(stock.shelf.papers))
    opinions = opinions_of(session, ids)
    due = editions.readers(session, ids)
    news = matching.tidings(session, {reader.id: stock.start(reader) for reader in due}, stock.newest, now)
    plans = planning.reminders_for(session, ids, now)
    decisions = []
    for reader in due:
        seen = Shown(shown.get(reader.id, {}), stock.abstracts)
        try:
            lift = lift_for(stock.shelf, reader, opinions.get(reader.id, ()))
            besides = Besides(news.get(reader.id, IdeaNews()), plans.get(reader.id))
            day = found[reader.id].day if reader == found[reader.id].reader else due_on(reader, now)
            decision = decide(session, stock, Due(reader, day), seen, lift, besides, render, now) if day else None
        except Exception:  # one reader's trouble is not everybody's; they stay due
            log.exception("no digest could be made for reader %s", reader.id)
        else:
            decisions += [decision] if decision else []
    deliveries.enqueue(session, [delivery for decision in decisions for delivery in decision.deliveries], now)
    told = {decision.reader.id: chosen_papers(decision.sections) for decision in decisions}
    editions.note_shown(session, told, shown)
    matching.note_told(session, list(told))
    editions.note_decided(session, [decision.reader for decision in decisions])
    return len(decisions)


def decide(
    session: Session, stock: Stock, due: Due, shown: Shown, lift: Mapping[str, float], besides: Besides,
    render: Render, now: datetime,
) -> Decision | None:  # fmt: skip
    """None where the reader is better served a little later."""
    reader, day = due
    window = stock.window(session, reader)
    sections = edition(stock.shelf, reader, shown, window.arrived, lift)
    empty = not sections and not window.posts and not besides.ideas
    if empty and window.missing and may_wait(reader, day, now):
        return None
    digest = Digest(
        window.day, not window.missing, window.missing, len(window.arrived), sections, window.posts,
        ideas=besides.ideas, reading=besides.reading,
    )  # fmt: skip
    silent = empty and not besides.reading and not (reader.tell_nothing_new or is_first(reader))
    messages = () if silent else render(digest, reader)
    ahead = replace(
        reader, last_digest=max(stock.newest, reader.last_digest or stock.newest), decided_on=day,
        last_paper=stock.last_paper,
    )  # fmt: skip
    parts = (Delivery(reader.id, DIGEST, day.isoformat(), message, part) for part, message in enumerate(messages))
    return Decision(ahead, sections, tuple(parts))
