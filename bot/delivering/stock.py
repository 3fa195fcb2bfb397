"""What there is to choose from: the papers of one moment, and what of them is new to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.collecting import SERVICES
from bot.kit import Kit
from bot.models import Post, Reader
from bot.rules import days as timetable
from bot.rules.edition import arrived_since
from bot.rules.shelf import Shelf
from bot.schedule import BACKFILL, DAY
from bot.store import editions, judgements, state
from bot.store.engine import Session

NEVER = 2**31 - 1
"""A paper number that none reaches, as wide as the column."""
LATE = timedelta(days=7)
"""How long papers that came late for a day still follow."""


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
    judged = judgements.by_id(session, list(old | known))
    numbers = {id_: (paper.day, number) for id_, (paper, number) in found.items() if paper.day}
    return Stock(kit, Shelf((old | known).values(), judged), numbers, abstracts, newest, with_papers,
                 editions.last_judged(session))  # fmt: skip


def start_of(reader: Reader, newest: date, newest_with_papers: date) -> date:
    """The day after which this reader's digest begins; a first one holds the newest day that has papers."""
    last = reader.last_digest or newest_with_papers - DAY
    return max(last, newest - timedelta(days=BACKFILL))
