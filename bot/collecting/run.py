"""One run: each source asked at most once after it failed, what comes kept, and how each one did remembered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot import counting
from bot.errors import BackOff, SourceError
from bot.kit import Kit
from bot.models import Fetched, FetchedPaper, SourceReport, SourceStanding, SourceState
from bot.store import papers, state
from bot.store.engine import Session

SERVICES = ("arxiv", "huggingface")
"""Whose parts make a day whole; arXiv's comes from its feed or from its API."""
KEPT_AT_ONCE = 100
"""Papers in one transaction, which takes some hundredths of a second: people who press buttons write in between."""


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
