"""Who is due, and when to collect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import schedule
from bot.models import PastRun, Reader, SourceStanding

DAY = date(2026, 6, 17)
READER = Reader(
    "1", state="active", zone="Asia/Shanghai", digest_at=8 * 60, last_digest=DAY - timedelta(days=1),
    decided_on=DAY - timedelta(days=1), joined=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "+05:45", "UTC", "-11:00"]  # noqa: E501  # fmt: skip


MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lived(reader: Reader, moments: list[datetime]) -> list[tuple[datetime, date]]:
    """What is decided for ``reader`` when the program looks at these moments."""
    decided = []
    for now in moments:
        if day := schedule.due_on(reader, now):
            decided.append((now, day))
            reader = replace(reader, decided_on=day)
    return decided


def test_is_due_when_the_readers_hour_has_come() -> None:
    assert schedule.due_on(READER, at("2026-06-16T23:59")) is None
    assert schedule.due_on(READER, at("2026-06-17T00:00")) == DAY


def test_is_due_once_a_day() -> None:
    assert schedule.due_on(replace(READER, decided_on=DAY), at("2026-06-17T20:00")) is None


def test_an_offset_is_a_zone() -> None:
    reader = replace(READER, zone="-09:30")
    assert schedule.due_on(reader, at("2026-06-17T17:29")) is None
    assert schedule.due_on(reader, at("2026-06-17T17:30")) == DAY


def test_a_new_reader_is_due_at_once_whatever_the_hour() -> None:
    new = replace(READER, last_digest=None, decided_on=None, quiet_from=0, quiet_to=23 * 60)
    assert schedule.due_on(new, at("2026-06-17T12:34")) == DAY


def test_an_hour_before_the_reader_came_does_not_count() -> None:
    came = replace(READER, decided_on=None, joined=at("2026-06-17T05:00"))
    assert schedule.due_on(came, at("2026-06-17T06:00")) is None
    assert schedule.due_on(came, at("2026-06-18T00:00")) == DAY + timedelta(days=1)


@pytest.mark.parametrize("state", ["onboarding", "stopped", "gone"])
def test_only_active_readers_are_due(state: str) -> None:
    assert schedule.due_on(replace(READER, state=state), at("2026-06-17T12:00")) is None


def test_a_pause_ends_on_its_date() -> None:
    paused = replace(READER, paused_until=date(2026, 6, 20))
    assert schedule.due_on(paused, at("2026-06-19T12:00")) is None
    assert schedule.due_on(paused, at("2026-06-20T00:00")) == date(2026, 6, 20)


def test_only_the_chosen_weekdays() -> None:
    mondays = replace(READER, weekdays="1000000")
    hours = [at("2026-06-15T01:00") + timedelta(hours=n) for n in range(24 * 13)]
    assert [day.day for _, day in lived(replace(mondays, decided_on=date(2026, 6, 1)), hours)] == [15, 22]


def test_no_weekday_is_never() -> None:
    assert schedule.due_on(replace(READER, weekdays="0000000"), at("2026-06-17T12:00")) is None


def test_what_falls_into_quiet_hours_comes_after_them() -> None:
    quiet = replace(READER, digest_at=23 * 60, quiet_from=22 * 60, quiet_to=7 * 60)
    assert schedule.due_on(quiet, at("2026-06-17T15:30")) is None  # 23:30 in Shanghai
    assert schedule.due_on(quiet, at("2026-06-17T22:59")) is None
    assert schedule.due_on(quiet, at("2026-06-17T23:00")) == DAY


def test_a_catch_up_waits_for_the_end_of_quiet_hours() -> None:
    quiet = replace(READER, quiet_from=22 * 60, quiet_to=7 * 60)
    assert schedule.due_on(quiet, at("2026-06-17T16:00")) is None  # midnight in Shanghai
    assert schedule.due_on(quiet, at("2026-06-17T23:00")) == DAY


def test_after_any_downtime_one_digest() -> None:
    back = at("2026-06-25T03:00")
    assert lived(READER, [back + timedelta(minutes=n) for n in range(60 * 18)]) == [(back, date(2026, 6, 25))]


def test_an_hour_that_the_clocks_leave_out_still_comes() -> None:
    reader = replace(READER, zone="Europe/Berlin", digest_at=2 * 60 + 30, decided_on=date(2026, 3, 28))
    minutes = [at("2026-03-29T00:00") + timedelta(minutes=n) for n in range(20 * 60)]
    assert lived(reader, minutes) == [(at("2026-03-29T01:30"), date(2026, 3, 29))]


def test_an_hour_that_comes_twice_counts_once() -> None:
    reader = replace(READER, zone="America/New_York", digest_at=90, decided_on=date(2026, 10, 31))
    minutes = [at("2026-11-01T04:00") + timedelta(minutes=n) for n in range(20 * 60)]
    assert lived(reader, minutes) == [(at("2026-11-01T05:30"), date(2026, 11, 1))]


@given(
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 24 * 60 - 1),
    quiet=st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    start=MOMENTS,
    every=st.integers(13, 59),
)
@settings(max_examples=60)
def test_every_day_of_ten_brings_exactly_one(
    zone: str, hour: int, quiet: tuple[int, int], start: datetime, every: int
) -> None:
    """Whatever the zone, the hour, the quiet hours and the clocks do: no day is skipped, none comes twice."""
    assume((quiet[1] - quiet[0]) % 1440 < 20 * 60)
    reader = replace(
        READER, zone=zone, digest_at=hour, quiet_from=quiet[0], quiet_to=quiet[1], joined=start, decided_on=None
    )
    moments = [start + timedelta(minutes=n) for n in range(0, 10 * 24 * 60, every)]
    days = [day for _, day in lived(reader, moments)]
    assert days == sorted(set(days))
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))
    assert len(days) >= 8


@given(
    zone=st.sampled_from(ZONES),
    quiet=st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    now=MOMENTS,
)
def test_quiet_hours_end_within_a_day_and_are_over_then(zone: str, quiet: tuple[int, int], now: datetime) -> None:
    reader = replace(READER, zone=zone, quiet_from=quiet[0], quiet_to=quiet[1])
    if until := schedule.quiet_until(reader, now):
        assert now < until <= now + timedelta(hours=25)
        assert schedule.quiet_until(reader, until) is None


# --- collecting -------------------------------------------------------------------------------------------------------


def run(started: str, last_day: date = DAY, complete: bool = True) -> PastRun:
    return PastRun(at(started), 1.0, last_day, last_day, complete, ())


def test_an_empty_database_collects_at_any_hour() -> None:
    assert schedule.is_collecting_due(at("2026-06-17T04:05"), DAY, [])


def test_collects_a_little_after_midnight_in_new_york() -> None:
    yesterday = [run("2026-06-16T22:00", DAY - timedelta(days=1))]
    assert not schedule.is_collecting_due(at("2026-06-17T04:19"), DAY, yesterday)
    assert schedule.is_collecting_due(at("2026-06-17T04:20"), DAY, yesterday)


def test_a_feed_that_has_not_turned_is_not_asked_every_minute() -> None:
    asked = [run("2026-06-17T04:20", DAY - timedelta(days=1))]
    assert not schedule.is_collecting_due(at("2026-06-17T04:21"), DAY, asked)
    assert schedule.is_collecting_due(at("2026-06-17T04:35"), DAY, asked)


def test_a_whole_day_is_looked_at_again_every_three_hours_another_one_sooner() -> None:
    now = at("2026-06-17T06:00")
    assert not schedule.is_collecting_due(now, DAY, [run("2026-06-17T04:30")])
    assert schedule.is_collecting_due(now, DAY, [run("2026-06-17T04:30", complete=False)])
    assert schedule.is_collecting_due(at("2026-06-17T07:30"), DAY, [run("2026-06-17T04:30")])


def test_a_clock_that_was_set_back_does_not_stop_collecting() -> None:
    assert schedule.is_collecting_due(at("2026-06-17T06:00"), DAY, [run("2026-08-01T00:00")])


def test_the_backfill_is_a_month_newest_first() -> None:
    days = schedule.backfill_days(DAY)
    spans = schedule.pieces(days)
    assert (min(days), max(days)) == (date(2026, 5, 18), date(2026, 6, 16))
    assert spans[0][1] == date(2026, 6, 16)
    assert spans == sorted(spans, reverse=True)


def test_a_source_is_worth_a_notice_after_a_day() -> None:
    down = SourceStanding("arxiv-api", failures=3, last_success=at("2026-06-16T00:00"))
    assert schedule.down_since(down, None, at("2026-06-16T23:00")) is None
    assert schedule.down_since(down, None, at("2026-06-17T00:01")) == at("2026-06-16T00:00")
    assert schedule.down_since(replace(down, failures=0), None, at("2026-06-19T00:00")) is None
    never = SourceStanding("a blog", failures=9)
    assert schedule.down_since(never, at("2026-06-01T00:00"), at("2026-06-03T00:00")) == at("2026-06-01T00:00")
