"""arXiv's part of a run: its feed for the newest day, its API for others, for papers by id and for phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.collecting.run import Run
from bot.errors import SourceError
from bot.kit import Kit
from bot.models import Fetched, SourceReport, SourceStanding, SourceState
from bot.rules import days as timetable
from bot.rules.ingest import is_replacement, is_stale, placed
from bot.sources import arxiv_api, arxiv_feed
from bot.store import papers, state
from bot.store.engine import Session

FEED, API = "arxiv-feed", "arxiv-api"
FOUND_AT_ONCE = 100
"""Papers of one search for an idea's phrases."""


@dataclass(frozen=True)
class Arxiv:
    """What one run does with arXiv."""

    run: Run

    @property
    def kit(self) -> Kit:
        return self.run.kit

    @property
    def feed_address(self) -> str:
        return f"{self.kit.settings.arxiv_feed_url} {' '.join(self.kit.settings.categories)}"

    def ask_feed(self) -> Fetched | None:
        settings = self.kit.settings
        self.kit.progress(FEED, 0, 0)

        def fetch(known: SourceStanding) -> Fetched:
            fetched = arxiv_feed.fetch(
                self.kit.web, settings.arxiv_feed_url, settings.categories,
                etag=known.etag, last_modified=known.last_modified, gate=self.kit.arxiv_gate,
            )  # fmt: skip
            unchanged = fetched.state is SourceState.UNCHANGED
            return replace(fetched, day=known.watermark) if unchanged else self.believed(fetched)

        return self.run.ask(FEED, self.feed_address, fetch)

    def believed(self, feed: Fetched) -> Fetched:
        """``feed``, or SourceError if it serves an earlier batch under a fresh date."""
        if feed.day is None:
            raise SourceError("the feed has no date")
        with self.kit.store.read() as session:
            known = papers.announced_days(session, [paper.id for paper in feed.papers])
        if is_stale(feed.papers, known, feed.day):
            raise SourceError(f"serves the batch of {max(known.values())} under the date of {feed.day}")
        return feed

    def newest_day(self, feed: Fetched | None) -> date:
        """The newest day that has been announced: the feed's word, or the timetable's where the feed is silent."""
        if feed is None or feed.day is None:
            return self.kit.newest_by_clock()
        if feed.state is SourceState.UNCHANGED or timetable.is_announcement_day(
            feed.day, () if lists_something(feed) else self.kit.settings.arxiv_holidays
        ):
            return feed.day
        return timetable.announcement_day_before(feed.day, self.kit.settings.arxiv_holidays)

    def take_feed(self, feed: Fetched | None, days: Sequence[date]) -> None:
        """Keep the feed's papers if it speaks of one of ``days``; what it says of another day is asked for then."""
        if feed is None or feed.state is SourceState.UNCHANGED:
            return
        day, categories, whole = feed.day, self.kit.settings.categories, feed.state is SourceState.OK
        if day is None or day not in days:
            del self.run.reports[FEED]
            return
        if not lists_something(feed):
            self.suspect(day)
            return

        def cover(session: Session) -> None:
            if whole:
                papers.take_off_day(session, day, {paper.id for paper in feed.papers}, set(categories))
            state.note_coverage(session, [day], "arxiv", whole=whole, scope=categories, error=feed.error)

        self.run.keep(feed, self.feed_address, cover)

    def take_late_versions(self, feed: Fetched | None) -> None:
        """Apply the feed's new versions of papers that became known only after the feed was kept."""
        later = [paper for paper in feed.papers if is_replacement(paper)] if feed and FEED in self.run.reports else []
        kept = self.run.keep_papers(later, nothing_more)
        if kept.updated:
            self.run.report(SourceReport(FEED, SourceState.UNCHANGED, kept.updated, updated=kept.updated))

    def suspect(self, day: date) -> None:
        """An empty feed is right at weekends and on holidays; on another day the API has to confirm it."""
        if timetable.is_announcement_day(day, self.kit.settings.arxiv_holidays):
            self.run.reports[FEED] = replace(
                self.run.reports[FEED], state=SourceState.PARTIAL, error=f"lists nothing for {day}, which may be wrong"
            )

    def fill_from_api(self, days: Sequence[date], feed: Fetched | None) -> None:
        """Ask the API for those of ``days`` that arXiv announces and that are not whole yet."""
        settings = self.kit.settings
        with self.kit.store.read() as session:
            lacking = [day for day in days if not state.is_whole(session, day, "arxiv", settings.categories)]
        silent = [day for day in lacking if not timetable.is_announcement_day(day, settings.arxiv_holidays)]
        groups = list(timetable.runs(lacking, settings.arxiv_holidays))
        with self.kit.store.write() as session:
            state.note_coverage(session, silent, "arxiv", whole=True, scope=settings.categories)
        for number, group in enumerate(groups):
            self.kit.progress(API, number, len(groups))
            self.fill(group, feed)
        if not groups and FEED not in self.run.reports:
            self.run.report(SourceReport(API, SourceState.UNCHANGED))

    def fill(self, group: Sequence[date], feed: Fetched | None) -> None:
        """One question to the API for days that follow on one another."""
        settings, holidays = self.kit.settings, self.kit.settings.arxiv_holidays
        start, end = timetable.window(group[0], holidays)[0], timetable.window(group[-1], holidays)[1]
        fetched = self.run.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_window(
            self.kit.web, settings.arxiv_api_url, settings.categories, start, end, gate=self.kit.arxiv_gate,
        ))  # fmt: skip
        if fetched is None:
            with self.kit.store.write() as session:
                state.note_coverage(session, group, "arxiv", whole=False, scope=settings.categories,
                                    error=self.run.reports[API].error)  # fmt: skip
            return
        fetched = replace(fetched, papers=tuple(placed(fetched.papers, holidays)), day=group[-1])
        doubt = self.doubtful(fetched, group, feed)

        def cover(session: Session) -> None:
            whole = fetched.state is SourceState.OK
            for day in group:
                state.note_coverage(session, [day], "arxiv", whole=whole and day != doubt, scope=settings.categories,
                                    error=fetched.error)  # fmt: skip

        kept = self.run.keep(fetched, settings.arxiv_api_url, cover)
        if feed and feed.day == group[-1] and not kept.fetched:
            self.run.reports[FEED] = replace(self.run.reports[FEED], state=SourceState.OK, error="")
        if doubt:
            self.run.fail(API, SourceError(f"has nothing for {doubt} yet"))

    def doubtful(self, fetched: Fetched, group: Sequence[date], feed: Fetched | None) -> date | None:
        """The newest day, if the API has no paper for it and the feed did not confirm that: it may only be late."""
        newest = group[-1]
        if newest < self.kit.newest_by_clock() or any(paper.day == newest for paper in fetched.papers):
            return None
        confirmed = feed is not None and feed.day == newest and not lists_something(feed)
        return None if confirmed else newest

    def was_holiday(self, day: date) -> bool:
        """Whether ``day`` is whole and nothing was announced on it."""
        with self.kit.store.read() as session:
            whole = state.is_whole(session, day, "arxiv", self.kit.settings.categories)
            return whole and not papers.announced_on(session, day)

    def look_up_unknown(self, ids: Sequence[str]) -> None:
        """Fetch those papers that are not here."""
        with self.kit.store.read() as session:
            unknown = papers.unknown_ids(session, ids)
        if unknown:
            self.look_up(unknown)

    def look_up(self, ids: Sequence[str]) -> None:
        """Fetch papers by their ids."""
        settings = self.kit.settings
        fetched = self.run.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_ids(
            self.kit.web, settings.arxiv_api_url, ids, gate=self.kit.arxiv_gate))  # fmt: skip
        if fetched:
            self.keep_found(fetched)

    def search(self, phrases: Sequence[str]) -> None:
        """Fetch papers that say any of ``phrases``; raises SourceError where arXiv does not answer."""
        settings = self.kit.settings
        fetched = self.run.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_search(
            self.kit.web, settings.arxiv_api_url, phrases, settings.categories, FOUND_AT_ONCE,
            gate=self.kit.arxiv_gate,
        ))  # fmt: skip
        if fetched is None:
            raise SourceError(self.run.reports[API].error)
        self.keep_found(fetched)

    def keep_found(self, fetched: Fetched) -> None:
        """Keep papers of any days, which say nothing of a whole one."""
        settings = self.kit.settings
        found = replace(fetched, papers=tuple(placed(fetched.papers, settings.arxiv_holidays)), day=None)
        self.run.keep(found, settings.arxiv_api_url, nothing_more)


def nothing_more(session: Session) -> None:
    """What comes with papers that say nothing of a whole day."""


def lists_something(feed: Fetched) -> bool:
    return any(not is_replacement(paper) for paper in feed.papers)
