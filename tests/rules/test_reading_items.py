"""What a reader does with an item, and what becomes of one that is left undone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import UsageError
from bot.models import Habits, ItemKind, ItemState, Stock, Week
from bot.rules import reading
from tests.rules.plans import DAY, HABITS, MONDAY, STOCK, WEEK, Plan, ids, item, week

CLASSIC, PAPER, SOURCE, EXPERIMENT = ItemKind
PLANNED, WAITING, ASKED, DONE, DROPPED, MOVED = ItemState
NOON = datetime(2026, 6, 17, 12, tzinfo=UTC)
SUNDAY = MONDAY + 6 * DAY


def key_of(refused: pytest.ExceptionInfo[UsageError]) -> str:
    return refused.value.key


# --- done ---------------------------------------------------------------------------------------------------------


def test_done_keeps_when_and_how_long_and_a_second_press_changes_only_the_minutes() -> None:
    done = reading.complete(week(item(1)), 1, NOON)
    again = reading.complete(done, 1, NOON + DAY, 45)
    assert (again.items[0].state, again.items[0].done_at, again.items[0].spent) == (DONE, NOON, 45)
    assert reading.complete(again, 1, NOON) == again


def test_stars_and_takeaway_are_bounded_and_on_one_line() -> None:
    rated = reading.note(reading.rate(week(item(1)), 1, 9), 1, " Norms\n before  heads " + "x" * 999)
    assert rated.items[0].stars == 5
    assert rated.items[0].takeaway.startswith("Norms before heads x")
    assert len(rated.items[0].takeaway) == 500


@pytest.mark.parametrize("act", [
    lambda w: reading.complete(w, 2, NOON), lambda w: reading.rate(w, 2, 3), lambda w: reading.note(w, 2, "x"),
    lambda w: reading.drop(w, 2), lambda w: reading.move(w, 2, MONDAY, MONDAY),
    lambda w: reading.keep(w, 2, HABITS, MONDAY), lambda w: reading.whereabouts([w], MONDAY, 2),
    lambda w: reading.whereabouts([w], MONDAY - WEEK, 1), lambda w: reading.whereabouts([], MONDAY, 1),
])  # fmt: skip
def test_an_item_that_is_not_there_is_refused(act) -> None:
    with pytest.raises(UsageError) as refused:
        act(week(item(1)))
    assert key_of(refused) == "plan_no_item"


@pytest.mark.parametrize("act", [
    lambda w: reading.drop(w, 1), lambda w: reading.move(w, 1, SUNDAY, MONDAY),
    lambda w: reading.swap(w, 1, HABITS, reading.progress_of([w], MONDAY), STOCK, MONDAY),
])  # fmt: skip
def test_what_is_done_stays_done(act) -> None:
    with pytest.raises(UsageError) as refused:
        act(week(item(1, state=DONE)))
    assert key_of(refused) == "plan_item_done"


# --- moved --------------------------------------------------------------------------------------------------------


def test_an_item_moves_within_its_week() -> None:
    moved = reading.move(week(item(1)), 1, SUNDAY, MONDAY).items[0]
    assert (moved.state, moved.day) == (PLANNED, SUNDAY)


@pytest.mark.parametrize("day", [MONDAY, MONDAY - DAY])
def test_nothing_moves_into_the_past(day) -> None:
    with pytest.raises(UsageError) as refused:
        reading.move(week(item(1)), 1, day, MONDAY + DAY)
    assert key_of(refused) == "plan_day_past"


def test_what_moves_beyond_sunday_comes_into_the_next_week_on_the_day_wished() -> None:
    plan = Plan(weeks={MONDAY: week(item(1, day=SUNDAY), item(2, day=SUNDAY))})
    plan.act(MONDAY, 1, SUNDAY, lambda w, n: reading.move(w, n, SUNDAY + DAY, SUNDAY))
    made = plan.make(MONDAY + WEEK, SUNDAY)
    came = reading.find(made, 1)
    assert (came.id, came.day, came.slips) == ("paper-1", MONDAY + WEEK, 0)
    plan.act(MONDAY, 2, SUNDAY, lambda w, n: reading.move(w, n, SUNDAY + 3 * DAY, SUNDAY))
    found, same = reading.whereabouts(plan.in_order(), MONDAY, 2)
    assert (found.monday, same.id, same.day) == (MONDAY + WEEK, "paper-2", SUNDAY + 3 * DAY)
    assert [one.state for one in plan.weeks[MONDAY].items] == [MOVED, MOVED]


def test_receiving_twice_changes_nothing() -> None:
    plan = Plan(weeks={MONDAY: week(item(1), item(2, CLASSIC), item(3, SOURCE))})
    plan.make(MONDAY + WEEK, SUNDAY)
    plan.turn(MONDAY + WEEK)
    once = plan.weeks[MONDAY + WEEK]
    assert reading.receive(once, plan.weeks[MONDAY], HABITS, MONDAY + WEEK) == once


def test_what_came_over_and_was_swapped_away_does_not_come_back() -> None:
    plan = Plan(weeks={MONDAY: week(item(1, day=SUNDAY))})
    plan.make(MONDAY + WEEK, SUNDAY)
    plan.turn(MONDAY + WEEK)
    came = reading.whereabouts(plan.in_order(), MONDAY, 1)[1].number
    swapped = reading.swap(
        plan.weeks[MONDAY + WEEK], came, HABITS, plan.progress(MONDAY + WEEK), STOCK, MONDAY + WEEK
    )  # fmt: skip
    assert reading.receive(swapped, plan.weeks[MONDAY], HABITS, MONDAY + WEEK) == swapped


def test_a_day_wished_that_went_by_before_the_week_was_made_is_not_kept() -> None:
    plan = Plan(weeks={MONDAY: week(item(1, state=MOVED, day=MONDAY + WEEK))})
    made = plan.make(MONDAY + WEEK, MONDAY + WEEK + 2 * DAY)
    assert reading.find(made, 1).id == "paper-1"
    assert reading.find(made, 1).day >= MONDAY + WEEK + 2 * DAY


def test_last_weeks_item_can_be_done_until_the_next_week_is_made_and_then_by_its_old_number() -> None:
    plan = Plan(weeks={MONDAY: week(item(1), item(2))})
    plan.turn(MONDAY + WEEK)
    plan.act(MONDAY, 1, MONDAY + WEEK, lambda w, n: reading.complete(w, n, NOON))
    made = plan.make(MONDAY + WEEK, MONDAY + WEEK)
    assert "paper-1" not in ids(made)
    plan.act(MONDAY, 2, MONDAY + WEEK, lambda w, n: reading.complete(w, n, NOON))
    assert [one.state for one in plan.weeks[made.monday].items if one.id == "paper-2"] == [DONE]


# --- dropped, swapped ---------------------------------------------------------------------------------------------


def test_what_is_dropped_never_comes_again() -> None:
    plan = Plan(weeks={MONDAY: reading.drop(week(item(1, id_="saved0")), 1)})
    assert "saved0" not in ids(plan.make(MONDAY + WEEK, SUNDAY))


def test_with_a_dropped_step_its_later_ones_go_too() -> None:
    plan = Plan(replace(HABITS, budget_minutes=480))
    plan.weeks[MONDAY] = week(item(1, EXPERIMENT, "e-peft", part=1, parts=4, day=SUNDAY))
    made = plan.make(MONDAY + WEEK, SUNDAY)
    assert [(one.id, one.part) for one in made.items if one.kind is EXPERIMENT] == [("e-peft", 2)]
    plan.act(MONDAY, 1, SUNDAY, reading.drop)
    assert [one.state for one in plan.weeks[MONDAY + WEEK].items if one.kind is EXPERIMENT] == [DROPPED]


def swap_until_nothing_is_left(kind: ItemKind, habits: Habits = HABITS) -> list[str]:
    plan = Plan(habits)
    number = next(one.number for one in plan.make(MONDAY, MONDAY).items if one.kind is kind)

    def swap() -> str:
        plan.act(MONDAY, number, MONDAY,
                 lambda w, n: reading.swap(w, n, habits, plan.progress(MONDAY), STOCK, MONDAY))  # fmt: skip
        return reading.find(plan.weeks[MONDAY], number).id

    shown = [reading.find(plan.weeks[MONDAY], number).id]
    with suppress(UsageError):
        shown += iter(swap, None)
    return shown


@pytest.mark.parametrize("kind", [PAPER, SOURCE])
def test_swapping_shows_each_once_and_none_that_stands_there_already(kind: ItemKind) -> None:
    others = ids(reading.make_week(HABITS, reading.progress_of([], MONDAY), STOCK, MONDAY, MONDAY))
    shown = swap_until_nothing_is_left(kind)
    assert len(shown) == len(set(shown)) > 3
    assert set(others) & set(shown) == {shown[0]}


def test_swapping_a_classic_never_shows_one_before_its_prerequisites() -> None:
    assert swap_until_nothing_is_left(CLASSIC, replace(HABITS, budget_minutes=900)) == [
        "f1",
        "p1",
        "p2",
        "f2",
        "p3",
        "f3",
    ]


def test_a_swapped_item_keeps_place_and_day_and_starts_anew() -> None:
    before = week(item(4, slips=2, day=SUNDAY))
    after = reading.swap(before, 4, HABITS, reading.progress_of([before], MONDAY), STOCK, MONDAY).items[0]
    assert (after.number, after.day, after.slips, after.swaps) == (4, SUNDAY, 0, ("paper-4",))


def test_an_asked_item_that_is_swapped_away_leaves_a_planned_one() -> None:
    before = week(item(1, state=ASKED, slips=3, day=None))
    after = reading.swap(before, 1, HABITS, reading.progress_of([before], MONDAY), STOCK, MONDAY).items[0]
    assert (after.state, after.day) == (PLANNED, MONDAY)


def test_nothing_longer_than_there_is_room_for_is_swapped_in() -> None:
    full = week(item(1, CLASSIC), item(2, minutes=120), budget=240)
    only_long = Stock(tuple(replace(classic, difficulty=3) for classic in STOCK.classics))
    with pytest.raises(UsageError) as refused:
        reading.swap(full, 1, HABITS, reading.progress_of([full], MONDAY), only_long, MONDAY)
    assert key_of(refused) == "plan_nothing_else"


# --- left undone --------------------------------------------------------------------------------------------------


def test_what_is_left_undone_moves_twice_and_is_then_asked_about() -> None:
    found = week(item(1))
    seen = []
    for number in range(1, 5):
        found = reading.slip(found, MONDAY + number * DAY, HABITS)
        seen.append((found.items[0].state, found.items[0].day, found.items[0].slips))
    assert seen == [
        (PLANNED, MONDAY + DAY, 1),
        (PLANNED, MONDAY + 2 * DAY, 2),
        (ASKED, None, 3),
        (ASKED, None, 3),
    ]


def test_the_turn_of_a_day_told_twice_or_late_counts_once() -> None:
    once = reading.slip(week(item(1)), MONDAY + 3 * DAY, HABITS)
    assert once.items[0].slips == 1
    assert reading.slip(once, MONDAY + 3 * DAY, HABITS) == once


def test_what_slips_goes_to_the_day_with_most_room() -> None:
    slipped = reading.slip(week(item(1), item(2, day=MONDAY + DAY), item(3)), MONDAY + DAY, HABITS)
    assert [one.day for one in slipped.items] == [MONDAY + 2 * DAY, MONDAY + DAY, MONDAY + 3 * DAY]


def test_where_no_day_of_the_week_is_left_it_goes_to_the_next_and_comes_first() -> None:
    plan = Plan(replace(HABITS, days="1100000"), weeks={MONDAY: week(item(1, SOURCE), item(2, CLASSIC, state=DONE))})
    plan.turn(MONDAY + 3 * DAY)
    assert plan.weeks[MONDAY].items[0].state is MOVED
    made = plan.make(MONDAY + WEEK, SUNDAY)
    assert (made.items[0].id, made.items[0].slips) == ("source-1", 1)
    assert len(ids(made, SOURCE)) == 1


def test_a_summary_lets_go_on_what_slipped_to_the_last_day_and_nothing_that_may_still_be_done() -> None:
    found = week(item(1, slips=1, day=SUNDAY), item(2, day=SUNDAY), item(3, slips=2, day=SUNDAY), item(4, state=DONE))
    assert reading.give_over(found, SUNDAY - DAY, HABITS) == found
    over = reading.give_over(found, SUNDAY, HABITS)
    assert [one.state for one in over.items] == [MOVED, PLANNED, ASKED, DONE]
    assert reading.give_over(over, SUNDAY, HABITS) == over


def test_a_week_full_of_what_is_asked_about_still_holds_one_thing_to_do() -> None:
    asked = [item(n, state=MOVED, slips=3, day=None) for n in range(1, 13)]
    plan = Plan(weeks={MONDAY: week(*asked, item(13, CLASSIC, "f1", state=MOVED, slips=1))})
    made = plan.make(MONDAY + WEEK, MONDAY + WEEK)
    assert [one.id for one in made.items if one.state is PLANNED] == ["f1"]


def test_in_a_week_that_was_made_already_what_is_new_makes_room() -> None:
    plan = Plan(weeks={MONDAY: week(item(1, CLASSIC, "p1", day=SUNDAY))}, read=frozenset({"f1", "f2"}))
    assert ids(plan.make(MONDAY + WEEK, SUNDAY), CLASSIC) == ["p2"]
    plan.turn(MONDAY + WEEK)
    states = {one.id: one.state for one in plan.weeks[MONDAY + WEEK].items if one.kind is CLASSIC}
    assert states == {"p1": PLANNED, "p2": WAITING}


def test_a_classic_whose_prerequisite_keeps_slipping_waits_however_long() -> None:
    plan = Plan(weeks={MONDAY: week(item(1, CLASSIC, "p1", day=SUNDAY))}, read=frozenset({"f1", "f2"}))
    for number in range(1, 4):
        monday = MONDAY + number * WEEK
        plan.make(monday, monday - DAY)
        plan.act(MONDAY, 1, monday - DAY, lambda w, n: reading.move(w, n, w.monday + WEEK, w.monday))
    states = {one.id: one.state for one in plan.weeks[monday].items if one.kind is CLASSIC}
    assert states == {"p1": PLANNED, "p2": WAITING}


def test_a_classic_does_not_overtake_an_older_one_that_finds_no_room() -> None:
    long = item(1, CLASSIC, "p2", minutes=180, state=MOVED, since=MONDAY, day=None)
    short = item(2, CLASSIC, "p3", minutes=90, state=MOVED, since=MONDAY + WEEK, day=None)
    paper = item(3, minutes=120, state=MOVED, since=MONDAY - WEEK, day=None)
    plan = Plan(replace(HABITS, budget_minutes=240), weeks={MONDAY: week(long, short, paper)})
    states = {one.id: one.state for one in plan.make(MONDAY + WEEK, MONDAY + WEEK).items}
    assert states == {"paper-3": PLANNED, "p2": WAITING, "p3": WAITING} | dict.fromkeys(
        states.keys() - {"p2", "p3"}, PLANNED
    )


def test_what_is_asked_about_holds_its_place_so_that_nothing_piles_up() -> None:
    plan = Plan()
    for number in range(8):
        monday = MONDAY + number * WEEK
        plan.make(monday, monday)
        for day in range(8):
            plan.turn(monday + day * DAY)
    last = plan.in_order()[-1]
    assert {one.state for one in last.items} == {MOVED}
    assert sum(one.minutes for one in last.items) <= 1.5 * HABITS.budget_minutes


def refilled(found: Week, habits: Habits = HABITS) -> Week:
    return reading.refill(found, habits, reading.progress_of([found], MONDAY), STOCK, MONDAY + DAY)


def test_the_place_of_what_was_asked_about_and_dropped_is_filled_and_no_other() -> None:
    asked = [item(n, kind, state=ASKED, slips=3, day=None) for n, kind in enumerate((CLASSIC, PAPER, PAPER), start=1)]
    by_wish = [item(n, state=DROPPED) for n in (4, 5, 6)]
    answered = reading.drop(reading.drop(week(*asked, *by_wish, item(7, SOURCE, minutes=120)), 1), 2)
    after = refilled(answered)
    assert after.items[:7] == answered.items
    assert [(new.number, new.id, new.day) for new in after.items[7:]] == [
        (8, "f1", MONDAY + DAY),
        (9, "saved0", MONDAY + 2 * DAY),
    ]
    assert refilled(after) == after


def test_what_waits_comes_before_what_is_new() -> None:
    asked = item(1, CLASSIC, state=DROPPED, slips=3, day=None)
    after = refilled(week(asked, item(2, CLASSIC, "p3", state=WAITING, day=None), budget=150))
    assert [(one.id, one.state) for one in after.items if one.kind is CLASSIC] == [
        ("classic-1", DROPPED),
        ("p3", PLANNED),
    ]


def test_keep_plans_it_again_where_there_is_room_and_lets_it_wait_where_there_is_none() -> None:
    asked = item(1, CLASSIC, state=ASKED, slips=3, day=None)
    kept = reading.keep(week(asked, item(2)), 1, HABITS, MONDAY + DAY).items[0]
    assert (kept.state, kept.day, kept.slips) == (PLANNED, MONDAY + DAY, 0)
    full = reading.keep(week(asked, item(2, minutes=360)), 1, HABITS, MONDAY).items[0]
    assert (full.state, full.day, full.slips) == (WAITING, None, 0)


def test_kept_after_its_week_it_comes_into_the_next_as_if_new() -> None:
    over = week(item(1, state=MOVED, slips=3, day=None))
    plan = Plan(weeks={MONDAY: reading.keep(over, 1, HABITS, MONDAY + WEEK)})
    came = plan.make(MONDAY + WEEK, MONDAY + WEEK).items[0]
    assert (came.id, came.state, came.slips) == ("paper-1", PLANNED, 0)


# --- due ----------------------------------------------------------------------------------------------------------


def test_due_is_what_is_planned_until_today_and_last_what_is_asked_about() -> None:
    found = week(item(1, state=ASKED, day=None), item(2), item(3, day=MONDAY + DAY), item(4, day=MONDAY + 2 * DAY))
    assert [one.number for one in reading.due(found, MONDAY + DAY)] == [2, 3, 1]


def test_nothing_is_due_when_all_is_done_before_the_week_or_in_a_pause() -> None:
    done = week(item(1, state=DONE), item(2, state=DROPPED), item(3, state=MOVED), item(4, state=WAITING, day=None))
    assert reading.due(done, SUNDAY) == ()
    planned = week(item(1), item(2, state=ASKED, day=None))
    assert reading.due(planned, MONDAY - DAY) == ()
    assert reading.due(planned, MONDAY, paused_until=MONDAY + DAY) == ()
    assert len(reading.due(planned, MONDAY + DAY, paused_until=MONDAY + DAY)) == 2
