"""The pages of a day and of its papers, by far the most of a site: made here, or by other processes where it is much.

days → read from the store → on every core: resolve, render, write → papers as lists show them
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bot.models import Post
from bot.site import places
from bot.site.files import Count, write_all
from bot.site.templating import Site, Voice
from bot.site.views import Listed, Shown, listed, shown
from bot.store.archive import Entry
from bot.wording import LANGUAGES

ALONE = 1500
"""Papers for which no other process is started: to start one takes as long as some hundred papers."""
MOST_WORKERS = 8
IN_FLIGHT = 2
"""Days a worker: one that it works on and one that waits."""


@dataclass(frozen=True, slots=True)
class DayTask:
    """A day to be made."""

    day: date
    entries: tuple[Entry, ...]
    posts: tuple[Post, ...]
    around: tuple[str, str]
    """The days before and after it, "" where there is none."""
    with_papers: bool
    """Whether its papers' pages are made, too."""
    with_page: bool


class Made(NamedTuple):
    """What came of a day."""

    files: Count
    papers: tuple[Listed, ...]


class Workshop:
    """Where pages are made: a site's templates in both languages, and its folder."""

    def __init__(self, site: Site, folder: Path):
        self.site, self.folder = site, folder
        self.voices = tuple(Voice(site, language) for language in LANGUAGES)

    def day(self, task: DayTask) -> Made:
        """Papers first, so that a page never leads to one that is not there yet."""
        count = Count()
        if task.with_papers:
            pages = [shown(entry, self.site.links) for entry in task.entries]
            papers = tuple(page.listed for page in pages)
            for page in pages:
                count = count.plus(write_all(self.folder, self.paper_pages(page)))
        else:
            papers = tuple(map(listed, task.entries))
        if task.with_page:
            count = count.plus(write_all(self.folder, self.day_pages(task, papers)))
        return Made(count, papers)

    def paper_pages(self, page: Shown) -> dict[str, str]:
        path = page.listed.page
        return {f"{voice.language}/{path}": voice.render("paper.html", path, page=page, paper=page.listed)
                for voice in self.voices}  # fmt: skip

    def day_pages(self, task: DayTask, papers: tuple[Listed, ...]) -> dict[str, str]:
        path, groups = places.day_page(task.day), by_direction(papers, self.site.slugs)
        others = [paper for paper in papers if not paper.slugs]
        before, after = (date.fromisoformat(day) if day else None for day in task.around)
        return {
            f"{voice.language}/{path}": voice.render(
                "day.html", path, date=task.day, papers=papers, groups=groups, others=others, posts=task.posts,
                before=before, after=after,
            )
            for voice in self.voices
        }  # fmt: skip


def by_direction(papers: Iterable[Listed], slugs: Iterable[str]) -> dict[str, list[Listed]]:
    """Each paper under the direction that it most probably belongs to, best first."""
    groups: dict[str, list[Listed]] = {slug: [] for slug in slugs}
    for paper in sorted(papers, key=lambda one: (-one.rank, one.id)):
        if paper.slugs and paper.slugs[0] in groups:
            groups[paper.slugs[0]].append(paper)
    return {slug: found for slug, found in groups.items() if found}


Read = Callable[[date], DayTask]


def made(
    workshop: Workshop, days: Iterable[date], read: Read, papers: int, workers: int | None = None
) -> Iterator[Made]:
    """What came of each of ``days``, in order; ``papers`` is about how many pages there are to make.

    ``workers``: how many processes, else as it is worth it.
    """
    from bot.classifying import cores

    count = workers if workers is not None else min(cores(), MOST_WORKERS) if papers > ALONE else 1
    if count > 1:
        yield from made_by_workers(workshop, days, read, count)
    else:
        yield from (workshop.day(read(day)) for day in days)


def made_by_workers(workshop: Workshop, days: Iterable[date], read: Read, workers: int) -> Iterator[Made]:
    """The same by other processes, which are gone when this ends. They are spawned: this one may have threads."""
    from concurrent.futures import ProcessPoolExecutor

    from bot.classifying import in_order  # here, for a worker needs nothing of it

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=open_workshop, initargs=(workshop.site, workshop.folder))
    yield from in_order(pool, make_day, map(read, days), workers * IN_FLIGHT)


_workshop: Workshop


def open_workshop(site: Site, folder: Path) -> None:
    """In a worker: get ready."""
    from bot.classifying import leave_with_parent

    global _workshop
    leave_with_parent()
    _workshop = Workshop(site, folder)


def make_day(task: DayTask) -> Made:
    """In a worker: make a day."""
    return _workshop.day(task)
