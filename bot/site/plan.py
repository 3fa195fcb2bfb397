"""What a site consists of: its days and months, and which papers stand on which page. Pure; made from marks alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b

from bot.models import Post
from bot.models.papers import LEVELS
from bot.site import places
from bot.site.manifest import Day, Manifest
from bot.store.archive import Mark

FEED_LEAST = 100
"""Entries of a feed: the newest day whole, and older days until there are so many."""
NEWEST = 30
"""Papers on the first page of a direction."""


@dataclass(frozen=True)
class Plan:
    """The papers of a site by day, oldest day first."""

    slugs: tuple[str, ...]
    days: Mapping[date, tuple[Mark, ...]]
    posts: Mapping[date, tuple[Post, ...]]

    @cached_property
    def months(self) -> dict[str, list[date]]:
        found: dict[str, list[date]] = {}
        for day in self.days:
            found.setdefault(places.month_of(day), []).append(day)
        return found

    @cached_property
    def newest_first(self) -> list[Mark]:
        return [mark for day in reversed(list(self.days)) for mark in self.days[day]]

    @cached_property
    def counts(self) -> Counter[tuple[str, date]]:
        """Papers of each direction on each day."""
        return Counter((slug, mark.day) for mark in self.newest_first for slug in mark.directions)

    @cached_property
    def by_month(self) -> dict[str, dict[str, int]]:
        """Papers of each direction in each month that has any, newest month first."""
        found: dict[str, dict[str, int]] = {slug: {} for slug in self.slugs}
        for mark in self.newest_first:
            for slug in set(mark.directions) & found.keys():
                months, month = found[slug], places.month_of(mark.day)
                months[month] = months.get(month, 0) + 1
        return found

    @cached_property
    def feeds(self) -> dict[str, tuple[str, ...]]:
        """The ids of each feed's papers, newest day first."""
        by_direction = {slug: [mark for mark in self.newest_first if slug in mark.directions] for slug in self.slugs}
        by_level = {f"compute-{level}": [m for m in self.newest_first if m.level == level] for level in LEVELS}
        return {
            name: whole_days(found) for name, found in {"all": self.newest_first, **by_direction, **by_level}.items()
        }

    @cached_property
    def newest_of(self) -> dict[str, tuple[str, ...]]:
        """The ids of the newest papers of each direction."""
        return {slug: self.feeds[slug][:NEWEST] for slug in self.slugs}

    def around(self, day: date) -> tuple[str, str]:
        """The days before and after, "" where there is none."""
        days = list(self.days)
        at = days.index(day)
        return str(days[at - 1]) if at else "", str(days[at + 1]) if at + 1 < len(days) else ""

    def pages(self) -> frozenset[str]:
        """The paths of all files but those of papers and the site's map."""
        own = [*places.SINGLE, *map(places.day_page, self.days), *map(places.feed, self.feeds)]
        own += [places.direction_page(slug) for slug in self.slugs]
        own += [places.direction_page(slug, month) for slug, months in self.by_month.items() for month in months]
        shared = [*places.SHARED, *map(places.shard, self.months)]
        return frozenset([*shared, *(path for page in own for path in places.in_both(page))])

    def manifest(self, key: str, further: Iterable[str]) -> Manifest:
        days = {
            str(day): Day(self.key(day), self.around(day), tuple(m.id for m in marks))
            for day, marks in self.days.items()
        }
        return Manifest(key, days, self.pages() | frozenset(further))

    def key(self, day: date) -> str:
        told = blake2b(repr(self.posts.get(day, ())).encode("utf-8", "replace"), digest_size=12)
        for mark in self.days[day]:
            told.update(mark.digest)
        return told.hexdigest()


def whole_days(newest_first: Sequence[Mark]) -> tuple[str, ...]:
    """The ids of the newest day, and of as many days before it as make a feed of good length."""
    taken: list[str] = []
    last: date | None = None
    for mark in newest_first:
        if len(taken) >= FEED_LEAST and mark.day != last:
            break
        taken.append(mark.id)
        last = mark.day
    return tuple(taken)


@dataclass(frozen=True)
class Work:
    """What one build has to do of a plan."""

    papers: frozenset[date]
    """Days whose papers' pages are made anew."""
    pages: frozenset[date]
    """Days whose own page is."""
    months: frozenset[str]
    """Months whose lists and search index are."""
    needed: tuple[date, ...]
    """All days that have to be read for it, oldest first."""


def work_of(plan: Plan, old: Manifest, new: Manifest) -> Work:
    """A day that is new or changed makes its month's lists anew, and a day that got another neighbour its own page."""
    before = old.days if old.key == new.key else {}
    built = {day: before.get(str(day), Day("")) for day in plan.days}
    changed = {day for day in plan.days if built[day].key != new.days[str(day)].key}
    moved = {day for day in plan.days if built[day].around != plan.around(day)}
    months = {places.month_of(day) for day in changed} | gone_months(before, new)
    shown = {id_ for ids in (*plan.feeds.values(), *plan.newest_of.values()) for id_ in ids}
    needed = {mark.day for mark in plan.newest_first if mark.id in shown} | changed | moved
    needed |= {day for month in months for day in plan.months.get(month, ())}
    return Work(frozenset(changed), frozenset(changed | moved), frozenset(months), tuple(sorted(needed)))


def gone_months(before: Mapping[str, Day], new: Manifest) -> set[str]:
    """The months of days that are no more."""
    return {day[:7] for day in before.keys() - new.days.keys()}


def gone(old: Manifest, new: Manifest) -> list[str]:
    """The paths of files that have fallen out."""
    here = {id_ for day in new.days.values() for id_ in day.ids}
    left = {id_ for day in old.days.values() for id_ in day.ids} - here
    papers = [path for id_ in sorted(left) for path in places.in_both(places.paper_page(id_))]
    return papers + sorted(old.pages - new.pages)


def first_day(last: date, months: int) -> date:
    """The first of the month that lies ``months`` months before ``last``: lists fall out a whole month at a time."""
    number = last.year * 12 + last.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
