"""What past weeks mean: kept and missed weeks, the shrinking plan, streaks and statistics, turns in a group."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Figures, GroupWeek, ItemKind, ItemState, Share, Week
from bot.rules import reading
from tests.rules.plans import DAY, MONDAY, WEEK, Plan, item, week

CLASSIC, PAPER, SOURCE, EXPERIMENT = ItemKind
DONE, MOVED = ItemState.DONE, ItemState.MOVED


def past_week(number: int, done: int, left: int) -> Week:
    items = [item(n, id_=f"{number}-{n}", state=DONE if n <= done else MOVED) for n in range(1, done + left + 1)]
    return week(*items, monday=MONDAY + number * WEEK)


def past_weeks(outcomes: str) -> list[Week]:
    """One letter a week: kept, half-hearted (a quarter done), missed, or empty."""
    done = {"k": (2, 2), "h": (1, 3), "m": (0, 4), "e": (0, 0)}
    return [past_week(number, *done[letter]) for number, letter in enumerate(outcomes)]


# --- kept and missed ----------------------------------------------------------------------------------------------


def test_a_week_is_kept_with_half_of_it_done_and_missed_with_nothing() -> None:
    kept = [(reading.is_kept(found), reading.is_missed(found)) for found in past_weeks("khme")]
    assert kept == [(True, False), (False, False), (False, True), (False, False)]


def test_what_only_waited_or_was_dropped_is_not_held_against_a_week() -> None:
    waited = item(3, state=MOVED, day=None)
    dropped = item(4, state=ItemState.DROPPED)
    assert reading.is_kept(week(item(1, state=DONE), item(2, state=MOVED), waited, dropped))
    assert not reading.is_missed(week(waited, dropped))
    assert reading.is_missed(week(replace(waited, slips=3)))


def test_done_is_counted_by_kind() -> None:
    found = week(item(1, state=DONE), item(2, state=DONE), item(3, CLASSIC, state=DONE), item(4, SOURCE))
    assert reading.done_by_kind(found) == {PAPER: 2, CLASSIC: 1}


@pytest.mark.parametrize(
    ("outcomes", "missed", "share"),
    [("", 0, 1), ("m", 1, 1), ("kmm", 2, 0.5), ("mmm", 3, 0.25), ("mmmmmm", 6, 0.25), ("mkm", 1, 1), ("mhm", 1, 1),
     ("mmh", 0, 0.5), ("mmk", 0, 1), ("mmmk", 0, 0.5), ("mmmkk", 0, 1), ("mmmmkkk", 0, 1)],
)  # fmt: skip
def test_two_missed_weeks_in_a_row_halve_the_plan_and_kept_ones_double_it_again(
    outcomes: str, missed: int, share: float
) -> None:
    progress = reading.progress_of(past_weeks(outcomes), MONDAY + len(outcomes) * WEEK)
    assert (progress.missed, progress.share) == (missed, share)


def test_a_week_is_judged_from_its_sunday_on() -> None:
    weeks = past_weeks("mm")
    assert reading.progress_of(weeks, MONDAY + 12 * DAY).missed == 1
    assert reading.progress_of(weeks, MONDAY + 13 * DAY).missed == 2


def test_somebody_who_vanishes_for_three_weeks_finds_a_small_plan_and_grows_back() -> None:
    plan, loads = Plan(), []
    for number in range(10):
        monday = MONDAY + number * WEEK
        made = plan.make(monday, monday)
        loads.append(made.budget_minutes)
        for day in range(1, 8):
            here = number < 2 or number > 4
            for one in plan.weeks[monday].items if here else ():
                if one.state is ItemState.ASKED:
                    plan.act(monday, one.number, monday, reading.drop)
                elif one.state is ItemState.PLANNED:
                    plan.act(monday, one.number, monday, lambda w, n: reading.complete(w, n, datetime.now(UTC)))
            plan.turn(monday + day * DAY)
    assert loads == [360, 360, 360, 360, 180, 90, 90, 180, 360, 360]


# --- streaks and statistics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcomes", "streak"),
    [("", 0), ("k", 1), ("kkk", 3), ("kkm", 0), ("kmkk", 2), ("kkh", 0), ("kek", 2), ("ke", 1)],
)
def test_the_streak_counts_kept_weeks_up_to_now(outcomes: str, streak: int) -> None:
    assert reading.streak(past_weeks(outcomes), MONDAY + len(outcomes) * WEEK) == streak


def test_the_running_week_lengthens_a_streak_once_kept_and_does_not_break_it_before() -> None:
    today = MONDAY + 2 * WEEK + 2 * DAY
    assert reading.streak(past_weeks("kkm"), today) == 2
    assert reading.streak(past_weeks("kkk"), today) == 3
    assert reading.streak(past_weeks("kkkk"), today) == 3


def test_a_gap_as_in_a_pause_does_not_break_a_streak() -> None:
    weeks = [found for number, found in enumerate(past_weeks("kkkk")) if number not in (1, 2)]
    assert reading.streak(weeks, MONDAY + 4 * WEEK) == 2


def test_figures_sum_up_what_was_done() -> None:
    first = week(
        item(1, state=DONE, spent=50, slug="rag", done_at=datetime(2026, 6, 16, 9, tzinfo=UTC)),
        item(2, CLASSIC, state=DONE, slug="peft", done_at=datetime(2026, 6, 30, 23, tzinfo=UTC)),
        item(3, id_="late", state=MOVED),
    )  # fmt: skip
    second = week(
        item(1, id_="late", state=DONE, slug="rag", done_at=datetime(2026, 8, 2, 9, tzinfo=UTC)),
        monday=MONDAY + WEEK,
    )  # fmt: skip
    found = reading.figures([first, second], MONDAY + 2 * WEEK, ZoneInfo("Asia/Shanghai"))
    assert (found.planned, found.done, found.minutes) == (3, 3, 50 + 120 + 30)
    assert (found.streak, found.longest) == (2, 2)
    assert found.by_kind == {PAPER: 2, CLASSIC: 1}
    assert list(found.by_direction.items()) == [("rag", 2), ("peft", 1)]
    assert [(month.first, month.done, month.minutes) for month in found.months] == [
        (date(2026, 6, 1), {PAPER: 1}, 50),
        (date(2026, 7, 1), {CLASSIC: 1}, 120),
        (date(2026, 8, 1), {PAPER: 1}, 30),
    ]


def test_months_without_anything_done_are_there_too() -> None:
    moments = (datetime(2025, 11, 5, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC))
    weeks = [week(*(item(n, state=DONE, done_at=moment) for n, moment in enumerate(moments, start=1)))]
    months = reading.figures(weeks, MONDAY, UTC).months
    assert [month.first.month for month in months] == [11, 12, 1, 2]
    assert [month.minutes for month in months] == [30, 0, 0, 30]


def test_somebody_without_weeks_has_figures_too() -> None:
    assert reading.figures([], MONDAY, UTC) == Figures()


# --- a group ------------------------------------------------------------------------------------------------------


def group_weeks(members: list[str], counts: list[int]) -> list[GroupWeek]:
    history: list[GroupWeek] = []
    for number, count in enumerate(counts):
        ids = [f"{number}-{n}" for n in range(count)]
        history.append(reading.assign(ids, members, history, MONDAY + number * WEEK))
    return history


def test_papers_and_the_turn_to_present_go_round() -> None:
    weeks = group_weeks(["ann", "bo", "cy"], [2, 2, 2])
    assert [found.presenter for found in weeks] == ["ann", "bo", "cy"]
    taken = [[share.member for share in found.shares] for found in weeks]
    assert taken == [["ann", "bo"], ["bo", "cy"], ["cy", "ann"]]


def test_whoever_presents_takes_the_first_paper() -> None:
    for found in group_weeks(["ann", "bo", "cy", "di"], [3, 1, 4, 2, 6]):
        assert found.shares[0].member == found.presenter


def test_a_group_without_members_or_papers_has_an_empty_week() -> None:
    assert reading.assign(["1"], [], [], MONDAY) == GroupWeek(MONDAY)
    assert reading.assign([], ["ann"], [], MONDAY) == GroupWeek(MONDAY)


def test_a_new_member_comes_next_and_need_not_catch_up_and_one_who_left_has_no_turn() -> None:
    history = group_weeks(["ann", "bo"], [2] * 9)
    following = reading.assign(["x", "y", "z"], ["ann", "di"], history, MONDAY)
    assert following.presenter == "di"
    assert [share.member for share in following.shares] == ["di", "ann", "di"]


@given(
    st.lists(st.text("abcdef", min_size=1, max_size=2), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(0, 7), max_size=12),
)
def test_turns_are_fair_and_every_paper_has_one_reader(members: list[str], counts: list[int]) -> None:
    weeks = group_weeks(members, counts)
    assert [len(found.shares) for found in weeks] == counts
    turns = Counter(dict.fromkeys(members, 0))
    turns.update(found.presenter for found in weeks if found.shares)
    assert max(turns.values()) - min(turns.values()) <= 1
    for found in weeks:
        within = Counter(dict.fromkeys(members, 0))
        within.update(share.member for share in found.shares)
        assert max(within.values()) - min(within.values()) <= 1
    assert weeks == group_weeks(members, counts)


def test_finished_shares_do_not_change_turns() -> None:
    finished = GroupWeek(MONDAY, (Share("1", "ann", finished=True), Share("2", "bo")), "ann")
    assert reading.assign(["3"], ["ann", "bo"], [finished], MONDAY + WEEK).presenter == "bo"
