"""Known once: how what several sources say of one paper becomes one paper, in whatever order they speak.

``merge`` is a rule for each fact: the text comes from the newest version and the most precise source, the day from
the one that knows best, counts from whoever spoke last, and nothing that is known is overwritten by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time

from bot.models import FetchedPaper, Paper
from bot.rules.days import day_of
from bot.rules.tex import readable

TEXT_RANK = {"": 0, "huggingface": 1, "arxiv-feed": 2, "arxiv-api": 3}
"""Whose title, abstract and authors to believe: the API has authors one by one, the feed in one line."""

DAY_RANK = {"": 0, "huggingface": 1, "arxiv-api": 2, "arxiv-feed": 3}
"""Whose day to believe: the feed is the announcement, the API's follows from the timetable."""

WITHDRAWN = re.compile(
    r"^\W*withdrawn\b|\b(?:paper|article|manuscript|submission|preprint|work|version) (?:has been|is|was) withdrawn\b"
    r"|\bwithdrawn by (?:the )?(?:author|arxiv)|\bhave withdrawn this\b", re.IGNORECASE,
)  # fmt: skip
SPACE = re.compile(r"\s+")
MOST_TEXT, MOST_AUTHORS, MOST_NAME = 10_000, 5_000, 300
MOST_CATEGORIES, LONGEST_CATEGORY = 50, 64
"""Above any of these it is no paper but somebody's joke, and more than a database's index takes."""


def one_line(text: str) -> str:
    return SPACE.sub(" ", text).strip()


def is_withdrawn(paper: FetchedPaper) -> bool:
    """arXiv keeps a withdrawn paper's page: its comment or the head of its abstract says so."""
    return bool(WITHDRAWN.search(paper.comment) or WITHDRAWN.search(paper.abstract[:200]))


def placed(papers: Iterable[FetchedPaper], holidays: Collection[date] = ()) -> list[FetchedPaper]:
    """Papers from the API with the day that arXiv's timetable gives their submission."""
    return [replace(p, day=day_of(p.submitted, holidays)) if p.day is None and p.submitted else p for p in papers]


def first_seen(fetched: FetchedPaper) -> Paper:
    """The paper as one source alone describes it."""
    return Paper(
        id=fetched.id,
        version=fetched.version,
        title=readable(fetched.title)[:MOST_TEXT],
        abstract=one_line(fetched.abstract)[:MOST_TEXT],
        authors=tuple(readable(name)[:MOST_NAME] for name in fetched.authors[:MOST_AUTHORS]),
        categories=tuple(name for name in fetched.categories if len(name) <= LONGEST_CATEGORY)[:MOST_CATEGORIES],
        day=None if is_replacement(fetched) else fetched.day,
        day_source=fetched.source if fetched.day and not is_replacement(fetched) else "",
        submitted=fetched.submitted,
        updated=fetched.updated,
        comment=one_line(fetched.comment)[:MOST_TEXT],
        upvotes=fetched.upvotes,
        comments=fetched.comments,
        code_url=fetched.code_url,
        summary=one_line(fetched.summary)[:MOST_TEXT],
        keywords=fetched.keywords,
        withdrawn=is_withdrawn(fetched),
        sources=(fetched.source,),
        text_source=fetched.source,
    )


def is_replacement(fetched: FetchedPaper) -> bool:
    return fetched.announce_type is not None and fetched.announce_type.is_replacement


def merge(known: Paper, fetched: FetchedPaper) -> Paper:
    """``known`` with what ``fetched`` adds; equal to ``known`` where it adds nothing."""
    return merged(known, first_seen(fetched))


def merged(known: Paper, said: Paper) -> Paper:
    """The same, of what a source says as ``first_seen`` gives it."""
    newer, older = (said, known) if authority(said) >= authority(known) else (known, said)
    day, day_source = better_day(known, said)
    return replace(
        newer,
        authors=newer.authors or older.authors,
        categories=newer.categories or older.categories,
        abstract=newer.abstract or older.abstract,
        day=day,
        day_source=day_source,
        submitted=min(filter(None, (known.submitted, said.submitted)), key=rounded_last, default=None),
        updated=max(filter(None, (known.updated, said.updated)), default=None),
        comment=newer.comment or older.comment,
        upvotes=known.upvotes if said.upvotes is None else said.upvotes,
        comments=known.comments if said.comments is None else said.comments,
        code_url=said.code_url or known.code_url,
        summary=said.summary or known.summary,
        keywords=said.keywords or known.keywords,
        withdrawn=newer.withdrawn,
        sources=tuple(sorted({*known.sources, *said.sources}, key=lambda name: (-DAY_RANK.get(name, 0), name))),
    )


def rounded_last(moment: datetime) -> tuple[bool, datetime]:
    """An order in which Hugging Face's times, which are rounded to midnight, come after arXiv's."""
    return moment.time() == time(0), moment


def authority(paper: Paper) -> tuple[int, int]:
    """Which of two tellings of one paper has the text to keep: the newer version, then the better source."""
    return paper.version, TEXT_RANK.get(paper.text_source, 0)


def better_day(known: Paper, said: Paper) -> tuple[date | None, str]:
    """The better source's day; of one source's two days the earlier, for a paper is announced once."""
    candidates = [paper for paper in (known, said) if paper.day]
    if not candidates:
        return None, ""
    best = min(candidates, key=lambda paper: (-DAY_RANK.get(paper.day_source, 0), paper.day))
    return best.day, best.day_source


def is_stale(batch: Iterable[FetchedPaper], days_known: dict[str, date], feed_day: date) -> bool:
    """Whether a feed serves an earlier day's batch under a fresh date: its ids do not advance.

    ``days_known`` holds the day of each paper that arXiv itself has already announced to us.
    """
    fresh = [paper.id for paper in batch if not is_replacement(paper)]
    return bool(fresh) and all(days_known.get(id_, feed_day) < feed_day for id_ in fresh)
