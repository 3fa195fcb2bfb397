"""Reading plans in the store: what goes in comes out, and each reader has their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.models import (
    Assignment,
    Compute,
    GroupWeek,
    Habits,
    Item,
    ItemKind,
    ItemState,
    Judgement,
    Reader,
    Reminding,
    Share,
    Week,
    WeekState,
)
from bot.store import judgements, moves, papers, readers, reading, together
from bot.store.engine import Session
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
MONDAY = date(2026, 6, 15)
HABITS = Habits(("peft",), 2, 400, 5, 1000, "1111100", Reminding.OWN, 500, "en")
ITEM = Item(
    1, ItemKind.CLASSIC, "1706.03762", "Attention", 90, 100, "foundations", MONDAY, ItemState.DONE, 1, 2, 1, MONDAY,
    ("a", "b"), None, NOW, 80, 5, "Scale the dot product",
)  # fmt: skip
WEEK = Week(MONDAY, 300, (ITEM, Item(2, ItemKind.PAPER, "x", "Paper", 30, 30)), WeekState.ACCEPTED)


@pytest.fixture(autouse=True)
def people(session: Session) -> None:
    for id_ in ("1", "2", "-100"):
        readers.save(session, Reader(id_, state="active", directions=("agents",)))
    session.flush()


def test_habits_come_out_as_they_went_in(session: Session) -> None:
    assert reading.planner(session, "1") is None
    reading.save_habits(session, "1", HABITS, NOW)
    found = reading.planner(session, "1")
    assert found
    assert (found.habits, found.reader.id, found.since, found.turned_on) == (HABITS, "1", NOW, None)


def test_changed_habits_keep_how_far_the_clock_has_come(session: Session) -> None:
    reading.save_habits(session, "1", HABITS, NOW)
    reading.note_clock(session, ["1"], summed_on=MONDAY, turned_on=MONDAY)
    reading.save_habits(session, "1", replace(HABITS, level=3), NOW + timedelta(9))
    found = reading.planner(session, "1")
    assert found
    assert (found.habits.level, found.since, found.summed_on, found.reminded_on) == (3, NOW, MONDAY, None)


def test_a_plan_follows_the_directions_of_the_digest_until_it_gets_its_own(session: Session) -> None:
    reading.save_habits(session, "1", replace(HABITS, directions=("agents",)), NOW)
    readers.save(session, Reader("1", state="active", directions=("rag", "icl")))
    session.flush()
    (found,) = reading.planners(session)
    assert found.habits.directions == ("rag", "icl")


def test_only_active_readers_are_planned_for(session: Session) -> None:
    reading.save_habits(session, "1", HABITS, NOW)
    reading.save_habits(session, "2", HABITS, NOW)
    readers.save(session, Reader("2", state="stopped"))
    session.flush()
    assert [planner.reader.id for planner in reading.planners(session)] == ["1"]


def test_weeks_come_out_as_they_went_in_oldest_first(session: Session) -> None:
    later = Week(MONDAY + timedelta(7), 120)
    reading.save_weeks(session, "1", [later, WEEK])
    assert reading.weeks(session, "1") == [WEEK, later]
    assert reading.weeks(session, "2") == []


def test_a_week_takes_the_place_of_what_it_was(session: Session) -> None:
    reading.save_weeks(session, "1", [WEEK])
    changed = replace(WEEK, items=(replace(ITEM, stars=3),), budget_minutes=60)
    reading.save_weeks(session, "1", [changed])
    assert reading.weeks(session, "1") == [changed]
    reading.drop_week(session, "1", MONDAY)
    assert reading.weeks(session, "1") == []


def test_forgetting_a_reader_forgets_the_plan(session: Session) -> None:
    reading.save_habits(session, "1", HABITS, NOW)
    reading.save_weeks(session, "1", [WEEK])
    reading.save_weeks(session, "2", [WEEK])
    readers.forget(session, "1")
    session.expire_all()
    assert (reading.weeks(session, "1"), reading.planner(session, "1")) == ([], None)
    assert reading.weeks(session, "2") == [WEEK]


def test_giving_a_plan_up_keeps_the_reader(session: Session) -> None:
    reading.save_habits(session, "1", HABITS, NOW)
    reading.save_weeks(session, "1", [WEEK])
    reading.forget_plan(session, "1")
    session.expire_all()
    assert (reading.weeks(session, "1"), reading.planner(session, "1")) == ([], None)
    assert readers.get(session, "1")


def test_a_group_that_gives_its_plan_up_forgets_who_read_what(session: Session) -> None:
    reading.save_habits(session, "-100", HABITS, NOW)
    together.join_plan(session, "-100", 7, "Ada", NOW)
    together.save_group_week(session, "-100", GroupWeek(MONDAY))
    reading.forget_plan(session, "-100")
    assert (together.members(session, "-100"), together.group_weeks(session, "-100")) == ({}, [])


def test_a_plan_goes_over_to_a_reader_who_has_none(session: Session) -> None:
    reading.save_habits(session, "1", HABITS, NOW)
    reading.save_weeks(session, "1", [WEEK])
    reading.adopt(session, "1", "2")
    assert (reading.weeks(session, "1"), reading.weeks(session, "2")) == ([], [WEEK])
    reading.save_habits(session, "1", replace(HABITS, level=3), NOW)
    reading.adopt(session, "1", "2")
    kept = reading.planner(session, "2")
    assert kept
    assert kept.habits.level == HABITS.level


def test_a_group_that_becomes_a_supergroup_keeps_its_plan(session: Session) -> None:
    reading.save_habits(session, "-100", HABITS, NOW)
    reading.save_weeks(session, "-100", [WEEK])
    together.join_plan(session, "-100", 7, "Ada", NOW)
    moves.move_reader(session, "-100", "-200")
    session.expire_all()
    assert reading.weeks(session, "-200") == [WEEK]
    assert together.members(session, "-200") == {"7": "Ada"}
    assert reading.planner(session, "-200")


def test_members_are_known_by_their_latest_name_in_the_order_they_joined(session: Session) -> None:
    assert together.join_plan(session, "-100", 9, "Bob", NOW)
    assert together.join_plan(session, "-100", 7, "Ada", NOW + timedelta(1))
    assert not together.join_plan(session, "-100", 9, "Robert", NOW + timedelta(2))
    assert list(together.members(session, "-100").items()) == [("9", "Robert"), ("7", "Ada")]
    together.leave_plan(session, 9)
    assert together.members(session, "-100") == {"7": "Ada"}


def test_whoever_is_forgotten_is_named_in_no_week_of_any_group(session: Session) -> None:
    together.join_plan(session, "-100", 7, "Ada", NOW)
    shares = (Share("x", "7", True), Share("y", "8"), Share("z", "77"))
    together.save_group_week(session, "-100", GroupWeek(MONDAY, shares, "7"))
    assert together.reads_along(session, 7)
    together.forget_member(session, 7)
    assert not together.reads_along(session, 7)
    left = (Share("x", "", True), Share("y", "8"), Share("z", "77"))
    assert together.group_weeks(session, "-100") == [GroupWeek(MONDAY, left, "")]


def test_a_groups_weeks_come_out_as_they_went_in(session: Session) -> None:
    week = GroupWeek(MONDAY, (Share("x", "7", True), Share("y", "")), "7")
    together.save_group_week(session, "-100", GroupWeek(MONDAY + timedelta(7)))
    together.save_group_week(session, "-100", GroupWeek(MONDAY))
    together.save_group_week(session, "-100", week)
    assert together.group_weeks(session, "-100") == [week, GroupWeek(MONDAY + timedelta(7))]


# --- what a week can be made of ---------------------------------------------------------------------------------------


def known(session: Session, *found: tuple[str, str, float, date]) -> None:
    """Papers with a direction, its probability and a day."""
    papers.keep(session, [fetched(id_, title=id_, day=day) for id_, _, _, day in found])
    judged = [(id_, Judgement({}, (Assignment(slug, p),), Compute("low"))) for id_, slug, p, _ in found]
    judgements.note(session, "model", judged)


def test_directions_take_turns_with_their_best_papers(session: Session) -> None:
    ids = [f"2606.0000{at}" for at in range(5)]
    days = [MONDAY] * 4 + [MONDAY - timedelta(30)]
    slugs, chances = ["peft", "peft", "peft", "rag", "rag"], [0.9, 0.8, 0.7, 0.6, 0.99]
    known(session, *zip(ids, slugs, chances, days, strict=True))
    best = reading.best_of(session, ["peft", "rag"], MONDAY - timedelta(7), MONDAY, 3)
    assert [(paper.id, slug) for paper, slug in best] == [(ids[0], "peft"), (ids[3], "rag"), (ids[1], "peft")]
    assert reading.best_of(session, [], MONDAY, MONDAY, 3) == []


def test_what_many_like_is_counted_without_names(session: Session) -> None:
    known(session, ("2606.00001", "peft", 0.9, MONDAY), ("2606.00002", "peft", 0.9, MONDAY))
    known(session, ("2606.00003", "rag", 0.9, MONDAY))
    for reader in ("1", "2", "-100"):
        for paper in ("2606.00001", "2606.00003"):
            readers.set_opinion(session, reader, paper, 1, NOW)
    readers.set_opinion(session, "1", "2606.00002", 1, NOW)
    readers.set_opinion(session, "2", "2606.00002", 0.5, NOW)
    readers.set_opinion(session, "-100", "2606.00002", 1, NOW - timedelta(9))
    session.flush()
    found = reading.liked_by_many(session, ["peft"], NOW - timedelta(7), 3, 5)
    assert [(paper.id, number) for paper, number in found] == [("2606.00001", 3)]
