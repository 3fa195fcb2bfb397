"""Real recorded days over the services' stand-in: the numbers that were promised."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.models import SourceState
from bot.pipeline import collect, digest_of
from bot.rules.days import is_announcement_day
from bot.store import figures, papers
from tests.e2e.conftest import FOUR, OpenKit, opener
from tests.world import DAY, WORLD, World

pytestmark = pytest.mark.world


@pytest.fixture
def world(june: World) -> World:
    june.reset()
    return june


@pytest.fixture
def on(world: World, tmp_path: Path) -> OpenKit:
    return opener(world, tmp_path)


SIX = ["cs.CL", "cs.LG", "cs.AI", "cs.CV", "cs.IR", "cs.MA"]
HOLIDAY = date(2026, 6, 22)


def ids(kit, day: date = DAY) -> set[str]:
    with kit.store.read() as session:
        return {paper.id for paper in papers.of_day(session, day)}


def announced(kit, day: date = DAY) -> set[str]:
    """Those that arXiv itself put on ``day``."""
    with kit.store.read() as session:
        return {paper.id for paper in papers.of_day(session, day) if paper.day_source != "huggingface"}


@cache
def recorded() -> dict[str, set[str]]:
    """The ids of each announcement day as the recording has them."""
    days: dict[str, set[str]] = {}
    with gzip.open(WORLD.parents[1] / "data" / "papers" / "2026-06.jsonl.gz", "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            if paper.get("announced") and not set(FOUR.split()).isdisjoint(paper["categories"]):
                days.setdefault(paper["announced"], set()).add(paper["id"])
    return days


def test_the_day_has_376_papers_and_a_second_run_adds_none(on, world) -> None:
    with on() as kit:
        collected = collect(kit)
        found = {report.name: (report.fetched, report.new) for report in collected.reports}
        assert found == {"arxiv-feed": (362, 362), "huggingface": (26, 14)}
        assert collected.complete
        assert len(ids(kit)) == 376
        again = collect(kit)
        assert again.complete
        assert [(report.new, report.updated) for report in again.reports] == [(0, 0), (0, 0)]
        assert len(ids(kit)) == 376
        assert digest_of(kit, DAY).papers_read == 376


def test_the_default_categories_bring_367(on) -> None:
    with on(categories=SIX) as kit:
        (feed, _) = collect(kit).reports
        assert (feed.name, feed.new) == ("arxiv-feed", 367)


def test_the_api_gives_the_same_day(on, world) -> None:
    with on() as kit:
        collect(kit)
        by_feed = announced(kit)
    with on(database_url="sqlite://", arxiv_feed_url=f"{world.url}/nowhere") as kit:
        collected = collect(kit)
        assert collected.complete
        states = {report.name: report.state for report in collected.reports}
        assert states["arxiv-feed"] is SourceState.FAILED
        assert announced(kit) == by_feed
        assert len(by_feed) == 362
        assert len(ids(kit)) == 376


def test_a_week_day_by_day_is_what_was_announced(on, world) -> None:
    days = recorded()
    calls = world.control("state")["arxiv_calls"].get("api", 0)
    for number in range(5):
        day = date(2026, 6, 15) + timedelta(days=number)
        with on(day) as kit:
            collected = collect(kit)
            assert collected.days == (day,)
            assert collected.complete
            assert announced(kit, day) == days[str(day)]
    assert world.control("state")["arxiv_calls"].get("api", 0) == calls  # no API call on an ordinary day


def test_weekend_and_holiday_show_the_last_announcement(on) -> None:
    days = recorded()
    for day in (date(2026, 6, 20), date(2026, 6, 21), HOLIDAY):
        with on(day) as kit:
            collected = collect(kit)
            assert collected.days == (date(2026, 6, 19),)
            assert collected.complete
            assert announced(kit, date(2026, 6, 19)) == days["2026-06-19"]


def test_a_holiday_that_the_settings_do_not_know_ends_as_its_day_before(on) -> None:
    with on(HOLIDAY, arxiv_holidays=[]) as kit:
        collected = collect(kit)
        assert collected.complete
        assert collected.days == (date(2026, 6, 19),)


@pytest.mark.long
def test_collect_since_fills_an_empty_database(on) -> None:
    days = recorded()
    first = date(2026, 6, 10)
    with on() as kit:
        collected = collect(kit, first)
        assert collected.complete
        assert len(collected.days) == 8
        for day in collected.days:
            assert announced(kit, day) == (days[str(day)] if is_announcement_day(day) else set()), day
        with kit.store.read() as session:
            assert figures.status(session, kit.clock.now()).last_day == DAY
            names = [row[0] for row in session.connection().exec_driver_sql("select id from paper")]
        assert max(Counter(names).values()) == 1
        again = collect(kit, first)
        assert sum(report.new + report.updated for report in again.reports) == 0


@pytest.mark.long
def test_day_by_day_and_all_at_once_know_the_same_papers(on) -> None:
    span = [date(2026, 6, 16) + timedelta(days=number) for number in range(2)]
    for day in span:
        with on(day) as kit:
            collect(kit)
    with on() as kit:
        one_by_one = {day: ids(kit, day) for day in span}
    with on(database_url="sqlite://") as kit:
        collect(kit, span[0])
        assert {day: ids(kit, day) for day in span} == one_by_one


def test_new_versions_keep_the_old_abstracts(on) -> None:
    with on(date(2026, 6, 10)) as kit:
        collect(kit)
    with on() as kit:
        collected = collect(kit)
        (feed,) = [report for report in collected.reports if report.name == "arxiv-feed"]
        with kit.store.read() as session:
            revised = [paper for paper in papers.of_day(session, date(2026, 6, 10)) if paper.version == 2]
            old = {paper.id: papers.versions(session, paper.id) for paper in revised}
        assert len(revised) == feed.updated > 50
        assert all([row.version for row in rows] == [1] for rows in old.values())
        changed = [paper for paper in revised if old[paper.id][0].abstract != paper.abstract]
        assert 0.3 < len(changed) / len(revised) < 0.7
        assert all("second model family" in paper.abstract for paper in changed)
        assert sum(report.new + report.updated for report in collect(kit).reports) == 0
