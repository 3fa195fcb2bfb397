"""arXiv's timetable: what is announced when, and what a day announces."""

from __future__ import annotations

import gzip
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.days import (
    NEW_YORK,
    announcement_day_before,
    day_of,
    days_between,
    is_announcement_day,
    newest_announced,
    runs,
    window,
)

PAPERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "papers"
HOLIDAY = date(2026, 6, 22)

instants = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
dates = st.dates(date(2020, 1, 1), date(2032, 12, 31))
holidays = st.frozensets(dates, max_size=8)


def new_york(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("submitted", "day"),
    [
        ((2026, 6, 16, 13, 59, 59), date(2026, 6, 17)),  # Tuesday before the closing: Wednesday's
        ((2026, 6, 16, 14, 0, 0), date(2026, 6, 18)),  # at the closing: the next batch
        ((2026, 6, 18, 13, 0), date(2026, 6, 19)),  # Thursday: Friday's
        ((2026, 6, 18, 14, 0), date(2026, 6, 22)),  # Thursday afternoon to Friday 14:00: Monday's
        ((2026, 6, 19, 13, 59), date(2026, 6, 22)),
        ((2026, 6, 19, 14, 0), date(2026, 6, 23)),  # Friday 14:00 to Monday 14:00: Tuesday's
        ((2026, 6, 20, 12, 0), date(2026, 6, 23)),
        ((2026, 6, 21, 23, 0), date(2026, 6, 23)),
        ((2026, 6, 22, 13, 59), date(2026, 6, 23)),
        ((2026, 6, 22, 14, 0), date(2026, 6, 24)),
    ],
)
def test_batches_close_at_two_in_new_york(submitted: tuple[int, ...], day: date) -> None:
    assert day_of(new_york(*submitted)) == day


@pytest.mark.parametrize(
    ("utc_closing", "day"),
    [
        (datetime(2026, 3, 6, 19, tzinfo=UTC), date(2026, 3, 9)),  # winter: 19:00 UTC; clocks go forward on 8 March
        (datetime(2026, 3, 9, 18, tzinfo=UTC), date(2026, 3, 10)),  # summer: 18:00 UTC
        (datetime(2026, 10, 30, 18, tzinfo=UTC), date(2026, 11, 2)),  # clocks go back on 1 November
        (datetime(2026, 11, 2, 19, tzinfo=UTC), date(2026, 11, 3)),
    ],
)
def test_the_closing_follows_new_yorks_clocks_both_ways(utc_closing: datetime, day: date) -> None:
    assert window(day)[1] == utc_closing
    assert day_of(utc_closing - timedelta(seconds=1)) == day
    assert day_of(utc_closing) != day


def test_the_week_that_loses_an_hour_has_a_shorter_window() -> None:
    start, end = window(date(2026, 3, 10))
    assert end - start == timedelta(hours=3 * 24 - 1)
    start, end = window(date(2026, 11, 3))
    assert end - start == timedelta(hours=3 * 24 + 1)


def test_a_holidays_papers_wait_for_the_next_announcement() -> None:
    assert day_of(new_york(2026, 6, 19, 12), [HOLIDAY]) == date(2026, 6, 23)
    assert window(date(2026, 6, 23), [HOLIDAY]) == (
        new_york(2026, 6, 18, 14).astimezone(UTC),
        new_york(2026, 6, 22, 14).astimezone(UTC),
    )
    assert not is_announcement_day(HOLIDAY, [HOLIDAY])


@given(instants, holidays)
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), frozenset())
@example(datetime(2026, 3, 8, 7, 0, tzinfo=UTC), frozenset({date(2026, 3, 9)}))
def test_window_and_day_of_are_each_others_inverse(moment: datetime, closed: frozenset[date]) -> None:
    day = day_of(moment, closed)
    start, end = window(day, closed)
    assert is_announcement_day(day, closed)
    assert start <= moment < end


@given(dates, holidays)
def test_windows_follow_on_one_another_without_a_gap(day: date, closed: frozenset[date]) -> None:
    day = announcement_day_before(day, closed)
    before = announcement_day_before(day, closed)
    assert window(before, closed)[1] == window(day, closed)[0]
    start, end = window(day, closed)
    assert start < end
    assert {day_of(start, closed), day_of(end - timedelta(seconds=1), closed)} == {day}


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        (new_york(2026, 6, 17, 0, 0), date(2026, 6, 17)),
        (new_york(2026, 6, 16, 23, 59), date(2026, 6, 16)),
        (new_york(2026, 6, 20, 12, 0), date(2026, 6, 19)),
        (new_york(2026, 6, 22, 12, 0), date(2026, 6, 19)),  # a holiday
        (datetime(2026, 6, 18, 3, 59, tzinfo=UTC), date(2026, 6, 17)),  # still Wednesday in New York
    ],
)
def test_the_newest_day_turns_at_midnight_in_new_york(now: datetime, newest: date) -> None:
    assert newest_announced(now, [HOLIDAY]) == newest


@given(dates, st.integers(0, 60), holidays, st.integers(1, 7))
def test_runs_cover_each_announcement_day_once_and_in_order(
    first: date, length: int, closed: frozenset[date], longest: int
) -> None:
    days = list(days_between(first, first + timedelta(days=length)))
    groups = list(runs(days, closed, longest))
    assert [day for group in groups for day in group] == [day for day in days if is_announcement_day(day, closed)]
    assert all(0 < len(group) <= longest for group in groups)
    for group in groups:
        assert all(announcement_day_before(later, closed) == day for day, later in itertools.pairwise(group))


def test_a_gap_between_days_starts_another_run() -> None:
    days = [date(2026, 6, 15), date(2026, 6, 16), date(2026, 6, 18)]
    assert list(runs(days)) == [days[:2], days[2:]]


def test_days_between_holds_both_ends() -> None:
    assert list(days_between(HOLIDAY, HOLIDAY)) == [HOLIDAY]
    assert list(days_between(HOLIDAY, HOLIDAY - timedelta(days=1))) == []


@pytest.mark.skipif(not PAPERS.is_dir(), reason=f"the recorded days {PAPERS} are not on this machine")
@pytest.mark.parametrize("month", ["2026-04", "2026-05", "2026-06"])
def test_every_recorded_paper_gets_the_day_on_which_it_was_announced(month: str) -> None:
    wrong = []
    with gzip.open(PAPERS / f"{month}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for paper in map(json.loads, lines):
            if paper.get("announced"):
                day = day_of(datetime.fromisoformat(paper["published"]), [HOLIDAY])
                if day.isoformat() != paper["announced"]:
                    wrong.append((paper["id"], paper["published"], paper["announced"], day.isoformat()))
    assert wrong == []
