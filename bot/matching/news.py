"""What readers are told of their ideas: the section of a digest, and that of a weekly summary."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.models import Reader
from bot.models.ideas import Grade, Near
from bot.models.tracking import EntryKind, IdeaNews, IdeasWeek, IdeaWeek, Revision
from bot.rules import ideas as rules
from bot.store import ideas, matches, papers
from bot.store.engine import Session

KEPT_WAITING = timedelta(days=30)
"""For which something waits for a digest; whoever was away longer finds it on the idea's card."""
WEEKS = 8
"""That a chart shows."""


def tidings(session: Session, spans: Mapping[str, date], until: date, now: datetime) -> dict[str, IdeaNews]:
    """What waits for the digests of some readers: ``spans`` has, by reader, the day after which theirs begins."""
    if not spans:
        return {}
    waiting = matches.waiting(session, spans, now - KEPT_WAITING)
    replaced = matches.replaced(session, spans, min(spans.values()), until)
    news = {}
    for reader_id in {*waiting, *replaced}:
        found = [one for one in replaced.get(reader_id, ()) if one.day > max(spans[reader_id], one.kept)]
        news[reader_id] = IdeaNews(rules.told(waiting.get(reader_id, ())), revisions(session, reader_id, found))
    return {reader_id: one for reader_id, one in news.items() if one}


def revisions(session: Session, reader_id: str, replaced: Sequence[matches.Replaced]) -> tuple[Revision, ...]:
    """New versions whose abstract says something else than the one that the reader knows."""
    first: dict[str, matches.Replaced] = {}
    for one in replaced:
        first[one.paper_id] = min(first.get(one.paper_id, one), one, key=lambda version: version.version)
    known = papers.by_id(session, list(first))
    changed = {id_: rules.changed_sentences(one.abstract, known[id_].abstract) for id_, one in first.items()}
    numbers = ideas.attached_to(session, reader_id, list(first))
    return tuple(Revision(known[id_], new, numbers.get(id_, ())) for id_, new in sorted(changed.items()) if new)


def note_told(session: Session, reader_ids: Collection[str]) -> None:
    """Note that the digests of these readers hold what waited for them."""
    if reader_ids:
        matches.note_told(session, reader_ids)


def week_of(session: Session, reader: Reader, since: datetime, until: datetime) -> IdeasWeek:
    """What a week was for the reader's ideas: what came near, what was noted, how it compares with the weeks before.

    Whoever tells of the untouched ones notes it with ``store.ideas.note_asked``, for they are asked about once.
    """
    mondays = rules.mondays(until.date(), WEEKS)
    grades = matches.grades_since(session, reader.id, mondays[0])
    weeks = []
    for idea in ideas.listed(session, reader.id):
        found = matches.found_between(session, reader.id, idea.number, since, until)
        notes = [entry for entry in ideas.journal(session, reader.id, idea.number)
                 if entry.kind is EntryKind.NOTE and since <= entry.at < until]  # fmt: skip
        near = [one for one in found if is_of_week(one, since.date(), until.date())]
        if near or notes:
            counts = rules.by_week(grades.get(idea.number, ()), mondays)
            weeks.append(IdeaWeek(idea, tuple(rules.ranked(near)), tuple(notes), counts))
    return IdeasWeek(mondays, tuple(weeks), tuple(ideas.untouched(session, reader.id, until - rules.UNTOUCHED)))


def weeks_of(
    session: Session, reader: Reader, number: int, last: date
) -> tuple[tuple[date, ...], tuple[Mapping[Grade, int], ...]]:
    """The Mondays of the last weeks, and how many papers of each grade came near an idea in each of them."""
    mondays = rules.mondays(last, WEEKS)
    grades = matches.grades_since(session, reader.id, mondays[0])
    return mondays, rules.by_week(grades.get(number, ()), mondays)


def is_of_week(near: Near, first: date, last: date) -> bool:
    """Whether it is news: what a search of the archive brought up is not."""
    return near.paper.day is not None and first <= near.paper.day <= last
