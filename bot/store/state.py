"""What is known of the sources: how they stand, which days are whole, how the last runs went, and arXiv's pace."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.models import Fetched, PastRun, Post, SourceReport, SourceStanding, SourceState
from bot.rules.days import NEW_YORK
from bot.store.engine import Store
from bot.store.gates import real_time
from bot.store.tables import CoverageRow, PaceRow, PostRow, RunRow, SourceRow

FIRST_BACK_OFF, LONGEST_BACK_OFF = timedelta(minutes=5), timedelta(hours=6)


def source(session: Session, name: str, address: str = "") -> SourceStanding:
    """How ``name`` stands; its validators only if they are ``address``'s."""
    row = session.get(SourceRow, name)
    if row is None:
        return SourceStanding(name)
    values = {field: getattr(row, field) for field in SourceStanding.__dataclass_fields__}
    if row.address != address:
        values |= {"etag": "", "last_modified": ""}
    return SourceStanding(**values)


def sources(session: Session) -> list[SourceStanding]:
    rows = session.scalars(select(SourceRow).order_by(col(SourceRow.name)))
    return [source(session, row.name, row.address) for row in rows]


def source_row(session: Session, name: str) -> SourceRow:
    row = session.get(SourceRow, name)
    if row is None:
        row = SourceRow(name=name)
        session.add(row)
    return row


def note_success(session: Session, fetched: Fetched, address: str, now: datetime) -> None:
    """A well-formed answer has been kept: remember its validators and that all is well."""
    row = source_row(session, fetched.source)
    row.last_success, row.failures, row.last_error = now, 0, ""
    row.retry_after = row.back_off = None
    if fetched.state is not SourceState.UNCHANGED:
        row.address, row.etag, row.last_modified = address, fetched.etag, fetched.last_modified
    if fetched.day and (row.watermark is None or fetched.day > row.watermark):
        row.watermark = fetched.day


def note_failure(session: Session, name: str, error: str, now: datetime, retry_after: float | None) -> None:
    """It failed: wait as long as it asks, and let the clock's runs wait longer each time."""
    row, real_now = source_row(session, name), datetime.now(UTC)
    row.last_failure, row.last_error = now, error[:500]
    row.failures = (row.failures or 0) + 1
    row.back_off = real_now + min(FIRST_BACK_OFF * 2 ** min(row.failures - 1, 10), LONGEST_BACK_OFF)
    row.retry_after = real_now + timedelta(seconds=retry_after) if retry_after else None


def note_coverage(
    session: Session, days: Collection[date], service: str, *, whole: bool, scope: Sequence[str] = (), error: str = ""
) -> None:
    """Note whether ``days`` are whole; what was whole stays so, and one success adds its scope to another's."""
    for day in days:
        row = session.get(CoverageRow, (day, service))
        if row is None:
            session.add(CoverageRow(day=day, service=service, whole=whole, scope=list(scope), error=error))
        elif whole or not row.whole:
            before = row.scope if whole and row.whole else []
            row.whole, row.scope, row.error = whole, list(dict.fromkeys([*before, *scope])), error


def is_whole(session: Session, day: date, service: str, scope: Collection[str] = ()) -> bool:
    row = session.get(CoverageRow, (day, service))
    return row is not None and row.whole and set(scope) <= set(row.scope)


def missing(session: Session, day: date, services: Collection[str], scope: Collection[str]) -> list[str]:
    """The services whose part of ``day`` is not whole, in their order, then blogs that are known to have failed."""
    lacking = [name for name in services if not is_whole(session, day, name, scope if name == "arxiv" else ())]
    others = session.scalars(
        select(col(CoverageRow.service)).where(col(CoverageRow.day) == day, col(CoverageRow.whole).is_(False))
    )
    return lacking + sorted(set(others) - set(lacking) - {"arxiv", "huggingface"})


def keep_posts(session: Session, posts: Sequence[Post], day: date) -> int:
    """Keep posts that are not known yet, under the day they were published; returns how many those were."""
    new = [post for post in {post.url: post for post in posts}.values() if session.get(PostRow, post.url) is None]
    for post in new:
        published = post.published.astimezone(NEW_YORK).date() if post.published else day
        session.add(PostRow(**asdict(post), day=min(published, day)))
    return len(new)


def posts_between(session: Session, after: date, until: date) -> list[Post]:
    """Posts of the days after ``after`` up to ``until``, by feed, newest first."""
    query = select(PostRow).where(col(PostRow.day) > after, col(PostRow.day) <= until)
    rows = session.scalars(query.order_by(col(PostRow.feed), col(PostRow.day).desc(), col(PostRow.url)))
    return [Post(**{name: getattr(row, name) for name in Post.__dataclass_fields__}) for row in rows]


def note_run(session: Session, started: datetime, seconds: float, days: Sequence[date], complete: bool,
             reports: Sequence[SourceReport]) -> None:  # fmt: skip
    row = RunRow(
        started=started, seconds=seconds, first_day=days[0], last_day=days[-1], complete=complete,
        reports=[asdict(report) for report in reports],
    )  # fmt: skip
    session.add(row)


def last_runs(session: Session, limit: int = 5) -> list[PastRun]:
    """Newest first."""
    rows = session.scalars(select(RunRow).order_by(col(RunRow.number).desc()).limit(limit))
    return [
        PastRun(row.started, row.seconds, row.first_day, row.last_day, row.complete, tuple(map(report, row.reports)))
        for row in rows
    ]


def newest_run(session: Session) -> int:
    """The number of the last run, 0 before the first one."""
    return session.scalar(select(func.max(col(RunRow.number)))) or 0


def first_run(session: Session) -> datetime | None:
    """When this installation first collected, as far as it remembers."""
    return session.scalar(select(RunRow.started).order_by(col(RunRow.number)).limit(1))  # type: ignore[call-overload]


def report(values: dict[str, Any]) -> SourceReport:
    return SourceReport(**{**values, "state": SourceState(values["state"])})


class Pace:
    """One request in ``seconds`` to a service, one at a time, over all processes that share this database.

    The moment from which the next request is allowed stands in the database: it is put out of reach while one is under
    way, and ``seconds`` after its end. Times are real time, the database's where that has a clock.
    """

    UNDER_WAY = 10.0
    """Seconds for which a request keeps the others waiting if it is never heard of again: its process may be dead."""
    LOOK_AGAIN = 0.5

    def __init__(
        self,
        store: Store,
        name: str,
        seconds: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[Session], float] = real_time,
    ):
        self.store, self.name, self.seconds, self.sleep, self.clock = store, name, seconds, sleep, clock

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if not self.seconds:
            yield
            return
        while wait := self.claim():
            self.sleep(min(wait, self.LOOK_AGAIN))
        try:
            yield
        finally:
            self.allow_after(self.seconds)

    def claim(self) -> float:
        """Take the turn and return 0, or return how long to wait; a clock that was set back locks nobody out."""
        with self.store.write() as session:
            row = session.get(PaceRow, self.name)
            if row is None:
                row = PaceRow(name=self.name, next_at=0.0)
                session.add(row)
            now, longest = self.clock(session), max(self.seconds, self.UNDER_WAY)
            row.next_at = min(row.next_at, now + longest)
            wait = max(row.next_at - now, 0.0)
            if not wait:
                row.next_at = now + longest
            return wait

    def allow_after(self, seconds: float) -> None:
        with self.store.write() as session:
            session.merge(PaceRow(name=self.name, next_at=self.clock(session) + seconds))
