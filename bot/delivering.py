"""Deciding what goes out: for every reader who is due, choose, render, and put into the outbox.

    due readers → one stock of papers for all → each one's edition → messages → outbox, with what was shown noted

What one reader gets is one transaction: killed at any moment, a digest has been decided whole or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot import matching, planning
from bot.collecting import SERVICES
from bot.kit import Kit
from bot.models import Delivery, Digest, DigestSection, Message, Post, Reader
from bot.models.summaries import Reminder
from bot.models.tracking import IdeaNews
from bot.rules import days as timetable
from bot.rules import relevance
from bot.rules.edition import Shelf, Shown, arrived_since, chosen_papers, edition
from bot.schedule import BACKFILL, DAY, due_on, is_first, may_wait
from bot.store import deliveries, editions, papers, readers, state
from bot.store.engine import Session

log = logging.getLogger(__name__)

DIGEST = "digest"
BATCH = 100
"""Readers in one transaction: others may write in between."""
NEVER = 2**31 - 1
"""A paper number that none reaches, as wide as the column."""
LATEST_RUNS = 30
"""Of collecting, among which the newest day's is looked for."""
LATE = timedelta(days=7)
"""How long papers that came late for a day still follow."""

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
    due = [reader for reader in candidates if due_on(reader, now)]
    with kit.store.read() as session:
        waiting = deliveries.readers_waiting(session, DIGEST) if due else set()
        due = [reader for reader in due if reader.id not in waiting]
        if not due:
            return 0
        stock = load_stock(kit, session, due)
    decided = 0
    for start in range(0, len(due), BATCH):
        with kit.store.write() as session:
            decided += decide_batch(session, stock, [reader.id for reader in due[start : start + BATCH]], render, now)
    return decided


# --- what there is to choose from -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """What is new since one reader's last digest, whatever they read."""

    day: date
    arrived: frozenset[str]
    missing: tuple[str, ...]
    posts: tuple[Post, ...]


@dataclass
class Stock:
    """The papers of one moment, loaded once for all readers who are due."""

    kit: Kit
    shelf: Shelf
    numbers: Mapping[str, tuple[date, int]]
    """Day and number of each paper that is not just a new version of an old one."""
    abstracts: Mapping[tuple[str, int], str]
    newest: date
    newest_with_papers: date
    last_paper: int
    windows: dict[tuple[date, int, date], Window] = field(default_factory=dict)

    def start(self, reader: Reader) -> date:
        """The day after which a reader's digest begins."""
        return start_of(reader, self.newest, self.newest_with_papers)

    def window(self, session: Session, reader: Reader) -> Window:
        start = self.start(reader)
        since = timetable.newest_announced(reader.joined, self.kit.settings.arxiv_holidays) if reader.joined else start
        key = (start, reader.last_paper, max(since, start - LATE))
        if key not in self.windows:
            self.windows[key] = self.open_window(session, *key)
        return self.windows[key]

    def open_window(self, session: Session, start: date, last_paper: int, since: date) -> Window:
        arrived = frozenset(arrived_since(self.numbers, start, last_paper, since))
        days = [self.numbers[id_][0] for id_ in arrived]
        asked = timetable.days_between(max(start, self.newest - LATE) + DAY, self.newest)
        missing = [
            name
            for day in asked
            if timetable.is_announcement_day(day, self.kit.settings.arxiv_holidays)
            for name in state.missing(session, day, SERVICES, self.kit.settings.categories)
        ]
        posts = state.posts_between(session, start, self.newest)
        return Window(max(days, default=self.newest), arrived, tuple(dict.fromkeys(missing)), tuple(posts))


def load_stock(kit: Kit, session: Session, due: Sequence[Reader]) -> Stock:
    newest = kit.newest_by_clock()
    with_papers = editions.newest_day(session, newest) or newest
    after = min(start_of(reader, newest, with_papers) for reader in due)
    above = min((reader.last_paper for reader in due if reader.last_paper), default=NEVER)
    found = editions.papers_since(session, after, newest, newest - LATE, above)
    old, abstracts = editions.revised(session, after, newest)
    known = {id_: paper for id_, (paper, _) in found.items()}
    judged = papers.judgements(session, list(old | known))
    numbers = {id_: (paper.day, number) for id_, (paper, number) in found.items() if paper.day}
    return Stock(kit, Shelf((old | known).values(), judged), numbers, abstracts, newest, with_papers,
                 editions.last_judged(session))  # fmt: skip


def start_of(reader: Reader, newest: date, newest_with_papers: date) -> date:
    """The day after which this reader's digest begins; a first one holds the newest day that has papers."""
    last = reader.last_digest or newest_with_papers - DAY
    return max(last, newest - timedelta(days=BACKFILL))


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


def decide_batch(session: Session, stock: Stock, ids: Sequence[str], render: Render, now: datetime) -> int:
    """Decide for readers, who are read again here: they may have changed their mind since."""
    shown = editions.shown(session, ids, list(stock.shelf.papers))
    opinionated = editions.opinionated(session, ids)
    due = editions.readers(session, ids)
    news = matching.tidings(session, {reader.id: stock.start(reader) for reader in due}, stock.newest, now)
    plans = planning.reminders_for(session, ids, now)
    decisions = []
    for reader in due:
        seen = Shown(shown.get(reader.id, {}), stock.abstracts)
        try:
            lift = lift_for(session, stock.shelf, reader) if reader.id in opinionated else {}
            besides = Besides(news.get(reader.id, IdeaNews()), plans.get(reader.id))
            decision = decide(session, stock, reader, seen, lift, besides, render, now)
        except Exception:  # one reader's trouble is not everybody's; they stay due
            log.exception("no digest could be made for reader %s", reader.id)
        else:
            decisions += [decision] if decision else []
    deliveries.enqueue(session, [delivery for decision in decisions for delivery in decision.deliveries], now)
    told = {decision.reader.id: list(chosen_papers(decision.sections)) for decision in decisions}
    editions.note_shown(session, told, shown)
    matching.note_told(session, [decision.reader.id for decision in decisions])
    editions.note_decided(session, [decision.reader for decision in decisions])
    return len(decisions)


def decide(
    session: Session, stock: Stock, reader: Reader, shown: Shown, lift: Mapping[str, float], besides: Besides,
    render: Render, now: datetime,
) -> Decision | None:  # fmt: skip
    """None where the reader is not due any more, or is better served a little later."""
    day = due_on(reader, now)
    if day is None:
        return None
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


def lift_for(session: Session, shelf: Shelf, reader: Reader) -> dict[str, float]:
    """What the reader's likes and dislikes do to the papers that may be chosen."""
    values = readers.opinions(session, reader.id)
    known, judged = papers.by_id(session, list(values)), papers.judgements(session, list(values))
    opinions = [relevance.Opinion(known[id_], judged[id_], value) for id_, value in values.items() if id_ in known]
    slugs = [reader.bound_to] if reader.bound_to else reader.directions
    near = {found.paper.id: found.paper for slug in slugs for found in shelf.under.get(slug, ())}
    return relevance.lift([(paper, shelf.judgements[id_]) for id_, paper in near.items()], opinions)


# --- asked for --------------------------------------------------------------------------------------------------------


def digest_for(kit: Kit, reader: Reader, day: date | None = None) -> Digest | None:
    """What ``day`` (by default the newest that has papers) holds for a reader who asks; None where no day is here.

    It shows what they were shown before, too, and counts as shown, so that no digest brings it again.
    """
    with kit.store.write() as session:
        day = day or editions.newest_day(session, kit.newest_by_clock())
        if day is None:
            return None
        known = {paper.id: paper for paper in papers.of_day(session, day)}
        shelf = Shelf(known.values(), papers.judgements(session, list(known)))
        sections = edition(shelf, reader, Shown({}, {}), known, lift_for(session, shelf, reader))
        missing = tuple(state.missing(session, day, SERVICES, kit.settings.categories))
        posts = tuple(state.posts_between(session, timetable.announcement_day_before(day), day))
        if readers.get(session, reader.id):
            readers.note_sent(session, reader.id, chosen_papers(sections))
    return Digest(day, not missing, missing, len(known), sections, posts)
