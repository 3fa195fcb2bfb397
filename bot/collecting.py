"""One run of collecting: each source asked in turn, what comes kept, and how each one did remembered.

Each source's papers are kept some at a time, its validators and the day's coverage with the last of them: killed at
any moment, the next run asks again for what was not kept to its end, and ends the same. An outage is never kept as
"nothing new".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot import counting
from bot.errors import BackOff, SourceError
from bot.kit import Kit
from bot.models import Fetched, FetchedPaper, SourceReport, SourceStanding, SourceState
from bot.rules import days as timetable
from bot.rules.ingest import is_replacement, is_stale, placed
from bot.settings import FeedSetting
from bot.sources import arxiv_api, arxiv_feed, feeds, huggingface
from bot.store import papers, state
from bot.store.engine import Session

FEED, API, HF = "arxiv-feed", "arxiv-api", "huggingface"
SERVICES = ("arxiv", "huggingface")
"""Whose parts make a day whole; arXiv's comes from its feed or from its API."""
KEPT_AT_ONCE = 100
"""Papers in one transaction, which takes some hundredths of a second: people who press buttons write in between."""
FOUND_AT_ONCE = 100
"""Papers of one search for an idea's phrases."""
HF_KEEPS_MOVING = 3
"""Days for which a list of Hugging Face is asked for again: votes still come in."""


@dataclass(frozen=True)
class Collected:
    """What a run came to."""

    days: tuple[date, ...]
    reports: tuple[SourceReport, ...]
    missing: tuple[str, ...]
    """Services that one of the days still lacks."""

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def nothing(self) -> bool:
        """Whether every source that was asked has failed."""
        return all(report.state is SourceState.FAILED for report in self.reports)


@dataclass
class Run:
    """One run of collecting: it asks each source in turn, keeps what comes, and remembers how each one did."""

    kit: Kit
    reports: dict[str, SourceReport] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    """Sources that are not asked again in this run; what they gave before makes their report a partial one."""
    started: float = field(default_factory=time.monotonic)

    # --- asking ---------------------------------------------------------------------------------------------------

    def ask(self, name: str, address: str, fetch: Callable[[SourceStanding], Fetched]) -> Fetched | None:
        """What ``fetch`` gives, or None: a source that failed is reported, and not asked again in this run."""
        if name in self.failed:
            return None
        with self.kit.store.read() as session:
            known = state.source(session, name, address)
        if wait := known.waits_until(datetime.now(UTC), patient=self.kit.patient):
            self.report_failure(name, f"{known.last_error}; not asked again before {wait:%H:%M:%S} UTC")
            return None
        started = time.monotonic()
        try:
            fetched = fetch(known)
        except SourceError as error:
            self.fail(name, error, time.monotonic() - started)
            return None
        self.report(SourceReport(name, fetched.state, skipped=fetched.skipped, error=fetched.error,
                                 seconds=time.monotonic() - started))  # fmt: skip
        return fetched

    def fail(self, name: str, error: SourceError, seconds: float = 0.0) -> None:
        retry_after = error.retry_after if isinstance(error, BackOff) else None
        with self.kit.store.write() as session:
            state.note_failure(session, name, str(error), self.kit.clock.now(), retry_after)
        self.report_failure(name, str(error), seconds)

    def report_failure(self, name: str, error: str, seconds: float = 0.0) -> None:
        self.failed.add(name)
        self.report(SourceReport(name, SourceState.FAILED, seconds=seconds, error=error))

    def report(self, new: SourceReport) -> None:
        """Add to what is known of this source's part in the run; the worst state stays."""
        old = self.reports.get(new.name)
        self.reports[new.name] = new if old is None else added(old, new)

    def keep(self, fetched: Fetched, address: str, cover: Callable[[Session], None]) -> papers.Kept:
        """The papers, then the source's state and the coverage that follows."""

        def end(session: Session) -> None:
            state.note_success(session, fetched, address, self.kit.clock.now())
            cover(session)

        kept = self.keep_papers(fetched.papers, end)
        self.report(SourceReport(fetched.source, fetched.state, kept.fetched, kept.new, kept.updated))
        return kept

    def keep_papers(self, batch: Sequence[FetchedPaper], end: Callable[[Session], None]) -> papers.Kept:
        """Some papers a transaction, each made ready before it; ``end`` belongs to the last one."""
        pieces = list(papers.chunks(batch, KEPT_AT_ONCE)) or [()]
        kept = papers.Kept()
        for number, piece in enumerate(pieces, start=1):
            ready = papers.told(piece)
            with self.kit.store.write() as session:
                kept = kept.plus(papers.keep_told(session, ready))
                if number == len(pieces):
                    end(session)
        return kept

    # --- arXiv ----------------------------------------------------------------------------------------------------

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

        return self.ask(FEED, self.feed_address, fetch)

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
            del self.reports[FEED]
            return
        if not lists_something(feed):
            self.suspect(day)
            return

        def cover(session: Session) -> None:
            if whole:
                papers.take_off_day(session, day, {paper.id for paper in feed.papers}, set(categories))
            state.note_coverage(session, [day], "arxiv", whole=whole, scope=categories, error=feed.error)

        self.keep(feed, self.feed_address, cover)

    def take_late_versions(self, feed: Fetched | None) -> None:
        """Apply the feed's new versions of papers that became known only after the feed was kept."""
        later = [paper for paper in feed.papers if is_replacement(paper)] if feed and FEED in self.reports else []
        kept = self.keep_papers(later, nothing_more)
        if kept.updated:
            self.report(SourceReport(FEED, SourceState.UNCHANGED, kept.updated, updated=kept.updated))

    def suspect(self, day: date) -> None:
        """An empty feed is right at weekends and on holidays; on another day the API has to confirm it."""
        if timetable.is_announcement_day(day, self.kit.settings.arxiv_holidays):
            self.reports[FEED] = replace(
                self.reports[FEED], state=SourceState.PARTIAL, error=f"lists nothing for {day}, which may be wrong"
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
        if not groups and FEED not in self.reports:
            self.report(SourceReport(API, SourceState.UNCHANGED))

    def fill(self, group: Sequence[date], feed: Fetched | None) -> None:
        """One question to the API for days that follow on one another."""
        settings, holidays = self.kit.settings, self.kit.settings.arxiv_holidays
        start, end = timetable.window(group[0], holidays)[0], timetable.window(group[-1], holidays)[1]
        fetched = self.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_window(
            self.kit.web, settings.arxiv_api_url, settings.categories, start, end, gate=self.kit.arxiv_gate,
        ))  # fmt: skip
        if fetched is None:
            with self.kit.store.write() as session:
                state.note_coverage(session, group, "arxiv", whole=False, scope=settings.categories,
                                    error=self.reports[API].error)  # fmt: skip
            return
        fetched = replace(fetched, papers=tuple(placed(fetched.papers, holidays)), day=group[-1])
        doubt = self.doubtful(fetched, group, feed)

        def cover(session: Session) -> None:
            whole = fetched.state is SourceState.OK
            for day in group:
                state.note_coverage(session, [day], "arxiv", whole=whole and day != doubt, scope=settings.categories,
                                    error=fetched.error)  # fmt: skip

        kept = self.keep(fetched, settings.arxiv_api_url, cover)
        if feed and feed.day == group[-1] and not kept.fetched:
            self.reports[FEED] = replace(self.reports[FEED], state=SourceState.OK, error="")
        if doubt:
            self.fail(API, SourceError(f"has nothing for {doubt} yet"))

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

    # --- the others -----------------------------------------------------------------------------------------------

    def ask_huggingface(self, days: Sequence[date]) -> None:
        """Ask for the lists of those of ``days`` that are not here yet, and of the last ones again."""
        with self.kit.store.read() as session:
            asked = [day for day in days if not state.is_whole(session, day, HF) or day in days[-HF_KEEPS_MOVING:]]
        for number, day in enumerate(asked):
            self.kit.progress(HF, number, len(asked))
            self.ask_huggingface_day(day)
        if not asked:
            self.report(SourceReport(HF, SourceState.UNCHANGED))

    def ask_huggingface_day(self, day: date) -> None:
        address = self.kit.settings.hf_url
        fetched = self.ask(HF, address, lambda _: huggingface.fetch(self.kit.web, address, day))
        if fetched is None:
            with self.kit.store.write() as session:
                state.note_coverage(session, [day], HF, whole=False, error=self.reports[HF].error)
            return
        whole = fetched.state is SourceState.OK
        self.keep(fetched, address, lambda session: state.note_coverage(
            session, [day], HF, whole=whole, error=fetched.error))  # fmt: skip

    def read_blogs(self, day: date) -> None:
        """Read the user's feeds; a paper that one of them links to is looked up, so that it is known as a paper."""
        linked: list[str] = []
        for blog in self.kit.settings.feeds:
            self.kit.progress(blog.title or blog.url, 0, 0)
            linked += self.read_blog(blog, day)
        self.look_up_unknown(linked)

    def read_blog(self, blog: FeedSetting, day: date) -> list[str]:
        """The arXiv ids that the blog's posts link to."""
        name = blog.title or blog.url
        fetched = self.ask(name, blog.url, lambda known: replace(
            feeds.fetch(self.kit.web, blog.url, blog.title, etag=known.etag, last_modified=known.last_modified),
            source=name, day=None,
        ))  # fmt: skip
        posts = fetched.posts if fetched else ()
        with self.kit.store.write() as session:
            new = state.keep_posts(session, posts, day)
            state.note_coverage(session, [day], name, whole=fetched is not None)
            if fetched:
                state.note_success(session, fetched, blog.url, self.kit.clock.now())
        if fetched:
            self.report(SourceReport(name, fetched.state, fetched=len(posts), new=new))
        return [post.arxiv_id for post in posts if post.arxiv_id]

    def fetch_examples(self) -> None:
        """Look up the papers that the user gives as examples of a direction."""
        examples = [id_ for known in self.kit.directions for id_ in known.examples]
        self.look_up_unknown(examples)

    def look_up_unknown(self, ids: Sequence[str]) -> None:
        with self.kit.store.read() as session:
            unknown = papers.unknown_ids(session, ids)
        if unknown:
            self.look_up(unknown)

    def look_up(self, ids: Sequence[str]) -> None:
        """Fetch papers by their ids."""
        settings = self.kit.settings
        fetched = self.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_ids(
            self.kit.web, settings.arxiv_api_url, ids, gate=self.kit.arxiv_gate))  # fmt: skip
        if fetched:
            known = replace(fetched, papers=tuple(placed(fetched.papers, settings.arxiv_holidays)), day=None)
            self.keep(known, settings.arxiv_api_url, nothing_more)

    def search(self, phrases: Sequence[str]) -> None:
        """Fetch papers that say any of ``phrases``; raises SourceError where arXiv does not answer."""
        settings = self.kit.settings
        fetched = self.ask(API, settings.arxiv_api_url, lambda _: arxiv_api.fetch_search(
            self.kit.web, settings.arxiv_api_url, phrases, settings.categories, FOUND_AT_ONCE,
            gate=self.kit.arxiv_gate,
        ))  # fmt: skip
        if fetched is None:
            raise SourceError(self.reports[API].error)
        known = replace(fetched, papers=tuple(placed(fetched.papers, settings.arxiv_holidays)), day=None)
        self.keep(known, settings.arxiv_api_url, nothing_more)

    # --- the end --------------------------------------------------------------------------------------------------

    def finish(self, days: Sequence[date]) -> Collected:
        """Note the run and say what the days still lack."""
        with self.kit.store.write() as session:
            lacking = [name for day in days
                       for name in state.missing(session, day, SERVICES, self.kit.settings.categories)]  # fmt: skip
            missing = tuple(dict.fromkeys(lacking))
            seconds = time.monotonic() - self.started
            started = self.kit.clock.now() - timedelta(seconds=seconds)
            counting.observe("run_seconds", seconds)
            state.note_run(session, started, seconds, days, not missing, list(self.reports.values()))
        return Collected(tuple(days), tuple(self.reports.values()), missing)


def nothing_more(session: Session) -> None:
    """What comes with papers that say nothing of a whole day."""


def lists_something(feed: Fetched) -> bool:
    return any(not is_replacement(paper) for paper in feed.papers)


WORST = (SourceState.FAILED, SourceState.PARTIAL, SourceState.OK, SourceState.UNCHANGED)


def added(old: SourceReport, new: SourceReport) -> SourceReport:
    """Two parts of one source's work as one; where the parts differ in state, a success and a failure are partial."""
    state_ = min(old.state, new.state, key=WORST.index)
    if state_ is SourceState.FAILED and old.fetched + new.fetched:
        state_ = SourceState.PARTIAL
    return SourceReport(
        old.name, state_, old.fetched + new.fetched, old.new + new.new, old.updated + new.updated,
        old.skipped + new.skipped, old.seconds + new.seconds, new.error or old.error,
    )  # fmt: skip
