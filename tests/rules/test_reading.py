"""Making a week: what goes into it, how much, and on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.errors import UsageError
from bot.models import FOUNDATIONS, Habits, ItemKind, ItemState, Progress, Stock, StockIdea, Week, WeekState
from bot.rules import reading
from tests.rules.plans import DAY, HABITS, LIBRARY, MONDAY, STOCK, WEEK, Plan, experiment, ids, item, week

CLASSIC, PAPER, SOURCE, EXPERIMENT = ItemKind
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)


def make(
    habits: Habits = HABITS, progress: Progress | None = None, stock: Stock = STOCK, today: date = MONDAY, **more: Week
) -> Week:
    return reading.make_week(habits, progress or Progress(), stock, MONDAY, today, **more)


def finish(found: Week) -> Week:
    for one in found.items:
        found = reading.complete(found, one.number, NOON)
    return found


# --- the days -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "monday"),
    [("2026-06-15", "2026-06-15"), ("2026-06-16", "2026-06-22"), ("2026-06-21", "2026-06-22")],
)
def test_the_plans_day_plans_todays_week_on_a_monday_and_else_the_next(today: str, monday: str) -> None:
    assert reading.monday_to_plan(date.fromisoformat(today)).isoformat() == monday


def test_a_first_plan_is_for_this_week_unless_no_day_to_read_on_is_left() -> None:
    weekdays = replace(HABITS, days="1111100")
    assert reading.first_monday(weekdays, MONDAY + 4 * DAY) == MONDAY
    assert reading.first_monday(weekdays, MONDAY + 5 * DAY) == MONDAY + WEEK
    with pytest.raises(UsageError) as refused:
        make(weekdays, today=MONDAY + 5 * DAY)
    assert refused.value.key == "plan_week_over"


def test_every_item_has_a_day_that_the_reader_chose_and_that_is_not_past() -> None:
    days = {one.day for one in make(replace(HABITS, days="1010101"), today=MONDAY + DAY).items}
    assert days == {MONDAY + 2 * DAY, MONDAY + 4 * DAY, MONDAY + 6 * DAY}


def test_a_week_is_spread_over_its_days_and_numbered_by_them() -> None:
    made = make(replace(HABITS, budget_minutes=480))
    per_day = [sum(one.minutes for one in made.items if one.day == MONDAY + n * DAY) for n in range(7)]
    assert max(per_day) <= 150
    assert [one.number for one in made.items] == [*range(1, len(made.items) + 1)]
    assert [one.day for one in made.items] == sorted(one.day for one in made.items)


def test_a_week_that_has_begun_holds_what_the_days_left_can_hold() -> None:
    assert make(today=MONDAY).budget_minutes == 360
    assert make(today=MONDAY + 4 * DAY).budget_minutes == 360 * 3 // 7
    assert make(replace(HABITS, days="1000001"), today=MONDAY + 4 * DAY).budget_minutes == 180


def test_a_reader_with_no_day_at_all_has_all_of_them() -> None:
    assert len({one.day for one in make(replace(HABITS, days="0000000")).items}) > 3


# --- what goes in -------------------------------------------------------------------------------------------------


def test_a_week_is_proposed_with_a_classic_practice_and_a_handful_of_papers_saved_ones_first() -> None:
    made = make(replace(HABITS, budget_minutes=480))
    assert made.state is WeekState.PROPOSED
    assert ids(made, CLASSIC) == ["f1"]
    assert ids(made, SOURCE) == ["s-peft"]
    assert ids(made, EXPERIMENT) == ["e-peft"]
    assert ids(made, PAPER) == ["saved0", "saved1", "new0", "new1", "new2"]


@pytest.mark.parametrize("budget", [30, 60, 120, 200, 240, 300, 420, 480, 600, 1200])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_budget_is_exceeded_by_more_than_one_item(budget: int, level: int) -> None:
    minutes = [one.minutes for one in make(replace(HABITS, budget_minutes=budget, level=level)).items]
    assert sum(minutes) - max(minutes) <= budget
    assert CLASSIC in {one.kind for one in make(replace(HABITS, budget_minutes=budget)).items}


def test_below_eight_hours_source_code_and_experiment_take_turns() -> None:
    plan = Plan(replace(HABITS, budget_minutes=400))
    kinds = []
    for number in range(4):
        made = plan.make(MONDAY + number * WEEK, MONDAY + number * WEEK)
        kinds += [one.kind for one in made.items if one.kind in (SOURCE, EXPERIMENT)]
        plan.keep(finish(made), made.monday)
    assert kinds == [SOURCE, EXPERIMENT, SOURCE, EXPERIMENT]


def test_where_the_one_has_nothing_left_the_other_comes() -> None:
    assert ids(make(stock=replace(STOCK, sources=())), EXPERIMENT) == ["e-peft"]
    resting = Progress(last_practice=SOURCE)
    assert ids(make(progress=resting, stock=replace(STOCK, experiments=())), SOURCE) == ["s-peft"]


def test_below_four_hours_a_classic_takes_two_weeks_and_one_paper_goes_with_it() -> None:
    plan = Plan(replace(HABITS, budget_minutes=180))
    first = plan.make(MONDAY, MONDAY)
    assert [(one.id, one.part, one.parts) for one in first.items] == [("f1", 1, 2), ("saved0", 1, 1)]
    assert first.items[0].minutes == 45
    plan.keep(finish(first), MONDAY)
    second = plan.make(MONDAY + WEEK, MONDAY + WEEK)
    assert [(one.id, one.part, one.parts) for one in second.items] == [("f1", 2, 2), ("saved1", 1, 1)]


def test_an_idea_in_its_experiment_supplies_the_step_and_the_library_goes_on_afterwards() -> None:
    plan = Plan(replace(HABITS, budget_minutes=480))
    steps = []
    for number in range(6):
        plan.stock = replace(STOCK, ideas=(StockIdea(7, "Rank by sample", "peft"),) if number > 0 else ())
        made = plan.make(MONDAY + number * WEEK, MONDAY + number * WEEK)
        steps += [(one.id, one.part, one.idea) for one in made.items if one.kind is EXPERIMENT]
        plan.keep(finish(made), made.monday)
    ideas = [("idea-7", part, 7) for part in (1, 2, 3, 4)]
    assert steps == [("e-peft", 1, None), *ideas, ("e-peft", 2, None)]


def test_an_experiment_is_finished_before_another_one_begins() -> None:
    plan = Plan(replace(HABITS, budget_minutes=480))
    steps = []
    for number in range(5):
        made = plan.make(MONDAY + number * WEEK, MONDAY + number * WEEK)
        steps += [(one.id, one.part) for one in made.items if one.kind is EXPERIMENT]
        plan.keep(finish(made), made.monday)
    assert steps == [("e-peft", 1), ("e-peft", 2), ("e-peft", 3), ("e-peft", 4), ("e-peft-2", 1)]


def test_no_other_experiment_begins_because_the_next_step_is_too_long_for_the_week() -> None:
    long, short = experiment("e-long", minutes=400), experiment("e-short", minutes=30)
    begun = Progress(begun=(item(1, EXPERIMENT, "e-long", part=1, parts=4),), last_practice=SOURCE)
    made = make(progress=begun, stock=replace(STOCK, experiments=(short, long)))
    assert (ids(made, EXPERIMENT), ids(made, SOURCE)) == ([], ["s-peft"])


def test_a_step_done_before_its_turn_is_not_proposed_again() -> None:
    steps = [item(n, EXPERIMENT, "e-peft", part=part, parts=4, state=ItemState.DONE) for n, part in ((1, 2), (2, 1))]
    progress = reading.progress_of([week(*steps)], MONDAY)
    made = make(replace(HABITS, budget_minutes=480), progress)
    assert [(one.id, one.part) for one in made.items if one.kind is EXPERIMENT] == [("e-peft", 3)]


def test_titles_of_experiments_are_in_the_readers_language() -> None:
    made = make(replace(HABITS, budget_minutes=480, language="zh"))
    assert [one.title for one in made.items if one.kind is EXPERIMENT] == ["试 e-peft"]


def test_what_was_read_refused_or_stands_in_a_week_is_not_proposed() -> None:
    progress = Progress(done=frozenset({"f1", "saved0"}), refused=frozenset({"s-peft"}), live=frozenset({"new0"}))
    made = make(replace(HABITS, budget_minutes=480), progress)
    assert {"f1", "saved0", "s-peft", "new0"}.isdisjoint(ids(made))


def test_one_that_is_both_saved_and_new_comes_once() -> None:
    twice = replace(STOCK, fresh=STOCK.saved)
    assert ids(make(stock=twice), PAPER) == ["saved0", "saved1"]


def test_an_empty_library_leaves_a_week_without_items() -> None:
    assert make(stock=Stock()).items == ()


# --- which classic ------------------------------------------------------------------------------------------------


def reading_list(habits: Habits) -> list[str]:
    plan, read = Plan(habits), []
    while True:
        made = plan.make(MONDAY + len(plan.weeks) * WEEK, MONDAY + len(plan.weeks) * WEEK)
        if not ids(made, CLASSIC):
            return read
        read += ids(made, CLASSIC)
        plan.keep(finish(made), made.monday)


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("directions", [(), ("peft",), ("rag", "peft")])
def test_all_of_the_readers_shelves_are_read_in_an_order_that_respects_prerequisites(
    level: int, directions: tuple[str, ...]
) -> None:
    read = reading_list(replace(HABITS, directions=directions, level=level))
    mine = {classic.id: classic for classic in LIBRARY if classic.shelf in (FOUNDATIONS, *directions)}
    assert sorted(read) == sorted(mine)
    assert all(read.index(before) < read.index(id_) for id_ in mine for before in mine[id_].after)


def test_a_newcomer_alternates_foundations_and_directions_and_an_expert_reads_only_what_is_needed_of_them() -> None:
    assert reading_list(replace(HABITS, level=1)) == ["f1", "p1", "f2", "p2", "f3", "p3"]
    assert reading_list(replace(HABITS, level=3)) == ["f1", "p1", "p2", "f2", "p3", "f3"]


def test_a_dropped_classic_does_not_bar_what_builds_on_it() -> None:
    assert ids(make(progress=Progress(refused=frozenset({"f1"}))), CLASSIC) == ["p1"]


# --- the reader's pace --------------------------------------------------------------------------------------------


def test_minutes_follow_the_readers_pace() -> None:
    slow = make(replace(HABITS, budget_minutes=480), Progress(pace={PAPER: 1.5, CLASSIC: 0.5}))
    assert {one.minutes for one in slow.items if one.kind is PAPER} == {45}
    assert [(one.estimate, one.minutes) for one in slow.items if one.kind is CLASSIC] == [(90, 45)]


@pytest.mark.parametrize(
    ("told", "pace"),
    [((60, 60), {}), ((60, 60, 30), {PAPER: 2.0}), ((30, 45, 600), {PAPER: 1.5}), ((1, 1, 1), {PAPER: 0.5}),
     ((600, 600, 600), {PAPER: 2.0})],
)  # fmt: skip
def test_pace_is_a_bounded_median_and_needs_three_told(told: tuple[int, ...], pace: dict[ItemKind, float]) -> None:
    done = week(*(item(n, state=ItemState.DONE, spent=minutes) for n, minutes in enumerate(told, start=1)))
    assert reading.progress_of([done], MONDAY).pace == pace


def test_minutes_that_nobody_told_do_not_count() -> None:
    done = week(*(item(n, state=ItemState.DONE, spent=None) for n in range(1, 9)))
    assert reading.progress_of([done], MONDAY).pace == {}
