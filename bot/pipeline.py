"""The story: sources | ingest | classify | store | choose | deliver.

``collect`` brings in what is missing for some days, ``classify`` gives the new papers their directions, and
``digest_of`` chooses what one day holds; ``match_ideas`` holds the new papers against every reader's ideas;
``send_digests`` and ``keep_plans`` choose for each reader, and the chat delivers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot import counting, delivering, matching, planning, weekly
from bot.collecting import API, SERVICES, Arxiv, Collected, Run, blogs, huggingface
from bot.delivering import Render
from bot.errors import SourceError, UsageError
from bot.kit import Kit
from bot.models import Digest, Judgement, Paper, SourceReport, SourceState
from bot.rules import days as timetable
from bot.rules.digest import choose
from bot.rules.query import read_query
from bot.rules.query.found import Found
from bot.store import judgements, papers, reading, state
from bot.store.search import find

FIRST_DAY = date(1991, 8, 14)
"""Of arXiv; there is nothing to be asked for before it."""
BATCH = 256
"""Papers that are judged, and kept, at once."""
MOST_ASKED = 6
"""Phrases of an idea that arXiv is asked for, the most telling ones."""


def collect(kit: Kit, first: date | None = None, last: date | None = None) -> Collected:
    """Bring in what the days from ``first`` to ``last`` lack; by default, the newest day that has been announced."""
    run = Run(kit)
    arxiv = Arxiv(run)
    feed = arxiv.ask_feed()
    newest = arxiv.newest_day(feed)
    days = list(timetable.days_between(first or last or newest, last or newest))
    arxiv.take_feed(feed, days)
    arxiv.fill_from_api(days, feed)
    if first is None and last is None and arxiv.was_holiday(newest):
        days = [timetable.announcement_day_before(newest, kit.settings.arxiv_holidays)]
        arxiv.fill_from_api(days, feed)
    huggingface.ask(run, days)
    arxiv.take_late_versions(feed)
    if days[-1] >= newest:
        arxiv.look_up_unknown(blogs.read(run, days[-1]))
    arxiv.look_up_unknown([id_ for known in kit.directions for id_ in known.examples])
    classify(kit)
    return run.finish(days)


def classify(kit: Kit) -> None:
    """Give every paper that the present model has not judged its directions; this follows a change of model too."""
    judge = kit.judge()
    with kit.store.read() as session:
        todo = judgements.count_unjudged(session, judge.id)
    done = 0
    while done < todo:
        with kit.store.read() as session:
            batch = judgements.unjudged(session, judge.id, BATCH)
        if not batch:
            break
        with counting.timed("model_seconds"):
            judged = list(zip((paper.id for paper in batch), judge.judge(batch), strict=True))
        counting.note("judged_papers", len(batch))
        with kit.store.write() as session:
            judgements.note(session, judge.id, judged)
        done += len(batch)
        kit.progress("classify", done, todo)


def digest_of(
    kit: Kit, day: date, slugs: Sequence[str] = (), limit: int | None = None, compute: str | None = None,
    reports: Sequence[SourceReport] = (),
) -> Digest:  # fmt: skip
    """What ``day`` holds for ``slugs`` (all directions by default), as far as it is known here."""
    settings = kit.settings
    with kit.store.read() as session:
        known = papers.of_day(session, day)
        judged = judgements.by_id(session, [paper.id for paper in known])
        missing = state.missing(session, day, SERVICES, settings.categories)
        posts = state.posts_between(session, timetable.announcement_day_before(day), day)
    return Digest(
        day=day,
        complete=not missing,
        missing=tuple(missing),
        papers_read=len(known),
        sections=choose(
            known,
            judged,
            slugs or [direction.slug for direction in kit.directions],
            limit or settings.digest_limit,
            settings.digest_compute if compute is None else compute,
        ),
        posts=tuple(posts),
        sources=tuple(reports),
    )


def match_ideas(kit: Kit, tell: matching.Tell) -> int:
    """Hold the new papers against every live idea: what is very near goes into the outbox, the rest into digests."""
    return matching.match(kit, tell)


def prepare_ideas(kit: Kit) -> None:
    """Analyse the live ideas, so that the next round need not: it stands before the digests."""
    matching.analyse(kit)


def prepare_archive(kit: Kit) -> None:
    """Make ready what a search for an idea needs, so that the next one answers at once."""
    matching.fill(kit)


def complete_ideas(kit: Kit, render: matching.Complete) -> int:
    """Ask arXiv, once, for the phrases of ideas that were written down when there was little to search here."""

    def bring(words: Sequence[str]) -> None:
        Arxiv(Run(kit)).search(words[:MOST_ASKED])
        classify(kit)

    return matching.complete(kit, bring, render)


def send_digests(kit: Kit, render: Render) -> int:
    """Choose for every reader whose hour has come, and put what they get into the outbox; returns for how many."""
    return delivering.decide_digests(kit, render)


def greet_newcomers(kit: Kit, render: Render) -> int:
    """Give somebody new the first digest at once; returns for how many readers."""
    return delivering.greet_newcomers(kit, render)


def keep_plans(kit: Kit, remind: planning.Remind, summarize: weekly.Render) -> tuple[int, int]:
    """Let the days of reading plans turn, and put into the outbox what is due and in no digest, and weeks in review.

    Returns how many reminders, and how many summaries.
    """
    with kit.store.read() as session:
        planners = reading.planners(session)
    planning.turn_days(kit, planners)
    return planning.decide_reminders(kit, planners, remind), weekly.decide_summaries(kit, planners, summarize)


def look_up(kit: Kit, paper_id: str) -> tuple[Paper, Judgement]:
    """A paper by its id: from here, else from arXiv; raises UsageError where nobody knows it."""
    asked = bring_in(kit, [paper_id])
    if asked and asked.state is SourceState.FAILED:
        raise SourceError(asked.error)
    with kit.store.read() as session:
        known = papers.by_id(session, [paper_id]).get(paper_id)
        if known is None:
            raise UsageError("no paper {id}", key="unknown_paper", id=paper_id)
        return known, judgements.by_id(session, [paper_id])[paper_id]


def look_for(
    kit: Kit, written: str, today: date, reader_id: str = "", offset: int = 0, limit: int = 10, upto: int = 0
) -> Found:
    """A page of the papers that fit what somebody wrote; ``upto`` is what its first page said."""
    lexis = kit.lexis()
    query = read_query(written, today, lexis.directions)
    with kit.store.read() as session:
        return find(session, query, lexis, reader_id, offset, limit, upto)


def bring_in(kit: Kit, ids: Sequence[str]) -> SourceReport | None:
    """Fetch those of these papers that are not here yet, a hundred at a time; how arXiv did, None if not asked."""
    run = Run(kit)
    Arxiv(run).look_up_unknown(ids)
    if API in run.reports:
        classify(kit)
    return run.reports.get(API)


def check_days(first: date | None, last: date | None, now: datetime) -> None:
    """Raises UsageError for a day that has not come yet or has never been, or an end before the beginning."""
    today = now.astimezone(timetable.NEW_YORK).date()
    for day in (first, last):
        if day and day < FIRST_DAY:
            raise UsageError("{day} is before arXiv began", key="before_arxiv", day=day, first=FIRST_DAY)
        if day and day > today:
            raise UsageError("{day} has not come yet", key="future_day", day=day, today=today)
    if first and last and last < first:
        raise UsageError("{last} is before {first}", key="days_reversed", first=first, last=last)
