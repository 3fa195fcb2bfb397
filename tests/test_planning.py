"""Plans at work: weeks made of what the store has, items through their lives, reminders, groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import planning
from bot.delivering import decide_digests
from bot.errors import UsageError
from bot.kit import Kit
from bot.models import Habits, ItemKind, ItemState, Message, Reader, ReadingState, Reminding, WeekState
from bot.models.ideas import Idea, IdeaStatus
from bot.models.summaries import Reminder
from bot.models.tracking import EntryKind, Relation
from bot.rules import reading as rules
from bot.store import ideas, library, papers, readers, reading, state
from tests.fakes import fetched
from tests.planners import (
    CLASSICS,
    DAY,
    HABITS,
    MONDAY,
    MORNING,
    PAPERS,
    READER,
    WEEK,
    at_plan,
    decide_reminders,
    enrol,
    hands,
    posted,
    turn_days,
    weeks,
)
from tests.planners import library as with_library


@pytest.fixture
def calm(kit: Kit) -> Kit:
    return with_library(kit)


def ids(kit: Kit, kind: ItemKind, at: int = -1) -> list[str]:
    return [item.id for item in weeks(kit)[at].items if item.kind is kind]


# --- making weeks -----------------------------------------------------------------------------------------------------


def test_a_week_holds_something_of_every_kind(calm: Kit) -> None:
    enrol(calm)
    (week,) = weeks(calm)
    assert {item.kind for item in week.items} == set(ItemKind)
    assert (week.monday, week.state) == (MONDAY, WeekState.PROPOSED)
    assert [item.number for item in week.items] == list(range(1, len(week.items) + 1))


def test_asking_again_gives_the_same_week(calm: Kit) -> None:
    enrol(calm)
    before = weeks(calm)
    with at_plan(calm) as (session, planner):
        planning.this_week(calm, session, planner, calm.clock.now())
    assert weeks(calm) == before


def test_saved_papers_come_first_and_what_is_read_or_disliked_never(calm: Kit) -> None:
    enrol(calm, week=False)
    with at_plan(calm) as (session, planner):
        library.save(session, "5", PAPERS[8], MORNING)
        library.set_state(session, "5", PAPERS[0], ReadingState.READ, MORNING)
        library.set_state(session, "5", PAPERS[1], ReadingState.DROPPED, MORNING)
        readers.set_opinion(session, "5", PAPERS[2], -1, MORNING)
        session.flush()
        planning.this_week(calm, session, planner, MORNING)
    chosen = ids(calm, ItemKind.PAPER)
    assert chosen[0] == PAPERS[8]
    assert not set(chosen) & set(PAPERS[:3])


def test_an_idea_that_is_in_its_experiment_supplies_the_step(calm: Kit) -> None:
    enrol(calm, week=False)
    with at_plan(calm) as (session, planner):
        ideas.create(session, Idea("5", 0, "A <b> rank for each layer", ("peft",)), MONDAY, MORNING)
        ideas.change(session, "5", 1, MORNING, status=IdeaStatus.EXPERIMENT)
        planning.this_week(calm, session, planner, MORNING)
    (item,) = (item for item in weeks(calm)[0].items if item.kind is ItemKind.EXPERIMENT)
    assert (item.idea, item.title) == (1, "A <b> rank for each layer")


def test_a_week_is_made_again_only_while_nothing_is_touched(calm: Kit) -> None:
    enrol(calm)
    with at_plan(calm) as (session, planner):
        reading.save_habits(session, "5", replace(HABITS, budget_minutes=120), MORNING)
        planner = planning.planner_of(session, "5")
        assert planning.make_again(calm, session, planner, MONDAY, MORNING)
    assert sum(item.minutes for item in weeks(calm)[0].items) <= 180
    with at_plan(calm) as (session, planner):
        planning.complete(session, planner, MONDAY, 1, MORNING)
        assert planning.make_again(calm, session, planner, MONDAY, MORNING) is None


def test_a_first_plan_late_on_the_last_day_is_for_the_next_week(calm: Kit) -> None:
    hands(calm).at = MORNING + 6 * DAY
    enrol(calm, habits=replace(HABITS, days="1111100"))
    assert [week.monday for week in weeks(calm)] == [MONDAY + WEEK]


def test_without_a_plan_nothing_can_be_done_with_it(calm: Kit) -> None:
    with pytest.raises(UsageError) as refused, calm.store.read() as session:
        planning.planner_of(session, "5")
    assert refused.value.key == "plan_none"


# --- items ------------------------------------------------------------------------------------------------------------


def number_of(kit: Kit, kind: ItemKind) -> int:
    return next(item.number for item in weeks(kit)[0].items if item.kind is kind)


def test_a_paper_that_is_done_is_read_in_the_library_too(calm: Kit) -> None:
    enrol(calm)
    number = number_of(calm, ItemKind.PAPER)
    with at_plan(calm) as (session, planner):
        _, item = planning.complete(session, planner, MONDAY, number, MORNING, 20)
        assert (item.state, item.spent) == (ItemState.DONE, 20)
        saved = library.get(session, "5", item.id)
        assert saved
        assert saved.state is ReadingState.READ


def test_a_classic_that_is_not_here_as_a_paper_is_done_all_the_same(calm: Kit) -> None:
    enrol(calm)
    with at_plan(calm) as (session, planner):
        _, item = planning.complete(session, planner, MONDAY, number_of(calm, ItemKind.CLASSIC), MORNING)
        assert library.get(session, "5", item.id) is None


def test_a_takeaway_becomes_a_note_of_the_ideas_that_the_paper_belongs_to(calm: Kit) -> None:
    enrol(calm)
    number = number_of(calm, ItemKind.PAPER)
    paper = rules.find(weeks(calm)[0], number).id
    with at_plan(calm) as (session, planner):
        for text in ("one", "another"):
            ideas.create(session, Idea("5", 0, text, ("peft",)), MONDAY, MORNING)
        ideas.link(session, "5", 2, paper, Relation.LINKED, MORNING)
        planning.note(session, planner, MONDAY, number, "  the  trick ", MORNING)
        notes = [entry.text for entry in ideas.journal(session, "5", 2) if entry.kind is EntryKind.NOTE]
        assert notes == [f"Paper {paper}: the trick"]
        assert [entry.kind for entry in ideas.journal(session, "5", 1)] == [EntryKind.BORN]


def test_what_is_put_off_beyond_its_week_comes_into_the_next_one_that_is_made_already(calm: Kit) -> None:
    enrol(calm)
    with at_plan(calm) as (session, planner):
        planning.next_week(calm, session, planner, MORNING)
        before = rules.find(reading.weeks(session, "5")[0], 1)
        planning.change(session, planner, MONDAY, 1, lambda w, n: rules.move(w, n, MONDAY + WEEK, MONDAY), MORNING)
    this, following = weeks(calm)
    assert rules.find(this, 1).state is ItemState.MOVED
    assert before.key in {item.key for item in following.items if item.state.is_live}


def test_an_old_button_finds_its_item_in_the_week_it_went_to(calm: Kit) -> None:
    enrol(calm)
    with at_plan(calm) as (session, planner):
        planning.change(session, planner, MONDAY, 1, lambda w, n: rules.move(w, n, MONDAY + WEEK, MONDAY), MORNING)
        planning.next_week(calm, session, planner, MORNING)
        week, item = planning.complete(session, planner, MONDAY, 1, MORNING)
    assert (week.monday, item.state) == (MONDAY + WEEK, ItemState.DONE)


def test_a_swapped_item_is_another_of_its_kind_on_the_same_day(calm: Kit) -> None:
    enrol(calm)
    old = rules.find(weeks(calm)[0], 1)
    with at_plan(calm) as (session, planner):
        _, new = planning.swap(calm, session, planner, MONDAY, 1, MORNING)
    assert (new.kind, new.day, new.number) == (old.kind, old.day, 1)
    assert new.id != old.id


# --- the turn of the day ----------------------------------------------------------------------------------------------


def test_what_was_left_undone_moves_on_once_a_day(calm: Kit) -> None:
    enrol(calm)
    hands(calm).at += DAY
    assert (turn_days(calm), turn_days(calm)) == (1, 0)
    moved = [item for item in weeks(calm)[0].items if item.slips]
    assert moved
    assert all(item.day and item.day > MONDAY for item in moved)


def test_a_week_that_nobody_planned_is_made_on_the_first_day_that_turns_in_it(calm: Kit) -> None:
    enrol(calm, replace(READER, paused_until=MONDAY + 16 * DAY))
    for day in range(18):
        hands(calm).at = MORNING + day * DAY
        turn_days(calm)
    assert [week.monday for week in weeks(calm)] == [MONDAY, MONDAY + 2 * WEEK]
    assert any(item.day and item.day >= MONDAY + 16 * DAY for item in weeks(calm)[-1].items)


def test_in_a_pause_nothing_moves(calm: Kit) -> None:
    enrol(calm, replace(READER, paused_until=MONDAY + 3 * DAY))
    hands(calm).at += DAY
    assert turn_days(calm) == 0


def test_one_readers_trouble_does_not_stop_the_others(calm: Kit, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    enrol(calm)
    enrol(calm, replace(READER, id="6"))
    turn = planning.days.turn_day

    def sometimes(kit, session, planner, now):
        if planner.reader.id == "5":
            raise ValueError("trouble")
        turn(kit, session, planner, now)

    monkeypatch.setattr(planning.days, "turn_day", sometimes)
    hands(calm).at += DAY
    turn_days(calm)
    assert "reader 5" in caplog.text
    assert any(item.slips for item in weeks(calm, "6")[0].items)


# --- reminders --------------------------------------------------------------------------------------------------------


def remind(reminder: Reminder, reader: Reader) -> Message:
    return Message(" ".join(str(item.number) for item in reminder.items))


def reminders(kit: Kit, days: int = 1) -> list[str]:
    """What comes hour by hour, as the reader's own days of the month."""
    found = []
    for _ in range(24 * days):
        decide_reminders(kit, remind)
        found += [f"{row.subject[-2:]}: {row.html}" for row in posted(kit, kind="reminder")]
        hands(kit).at += timedelta(hours=1)
    return found


OWN = replace(HABITS, reminding=Reminding.OWN, remind_at=9 * 60)


def test_reminders_come_at_the_readers_hour_on_days_with_something_due(calm: Kit) -> None:
    enrol(calm, replace(READER, zone="Asia/Shanghai"), OWN)
    due = {item.day for item in weeks(calm)[0].items}
    hands(calm).at = datetime(2026, 6, 15, 22, tzinfo=UTC)  # Tuesday, six in the morning
    turn_days(calm)
    assert due
    assert decide_reminders(calm, remind) == 0
    hands(calm).at += timedelta(hours=3)
    assert decide_reminders(calm, remind) == 1
    assert decide_reminders(calm, remind) == 0
    assert [row.subject for row in posted(calm)] == ["2026-06-16"]


def test_nobody_is_reminded_of_a_plan_that_is_done(calm: Kit) -> None:
    enrol(calm, habits=OWN)
    with at_plan(calm) as (session, planner):
        for item in weeks(calm)[0].items:
            planning.complete(session, planner, MONDAY, item.number, MORNING)
    assert reminders(calm, 7) == []


@pytest.mark.parametrize("changes", [
    {"paused_until": MONDAY + 9 * DAY}, {"state": "stopped"}, {"kind": "group"},
])  # fmt: skip
def test_nobody_is_reminded_in_a_pause_or_after_stopping_or_in_a_group(calm: Kit, changes: dict[str, object]) -> None:
    enrol(calm, habits=OWN)
    with calm.store.write() as session:
        readers.save(session, replace(READER, **changes))  # type: ignore[arg-type]
    assert reminders(calm, 7) == []


def test_whoever_wants_none_gets_none(calm: Kit) -> None:
    enrol(calm, habits=replace(OWN, reminding=Reminding.OFF))
    assert reminders(calm, 7) == []


def test_quiet_hours_hold_a_reminder_back(calm: Kit) -> None:
    enrol(calm, replace(READER, quiet_from=8 * 60, quiet_to=11 * 60), OWN)
    hands(calm).at = MORNING + timedelta(hours=4)
    assert decide_reminders(calm, remind) == 0
    hands(calm).at += timedelta(hours=1)
    assert decide_reminders(calm, remind) == 1


def test_a_day_that_went_by_is_reminded_of_no_more(calm: Kit) -> None:
    enrol(calm, habits=OWN)
    hands(calm).at = MORNING + 2 * DAY - timedelta(hours=1)
    assert decide_reminders(calm, remind) == 0


def test_in_the_digest_on_its_days_and_apart_on_the_others(calm: Kit) -> None:
    enrol(calm, replace(READER, weekdays="1111100"), replace(HABITS, remind_at=9 * 60))
    for day in range(6):
        hands(calm).at = MORNING + day * DAY
        turn_days(calm)
    hands(calm).at = MORNING + 5 * DAY
    assert {one[:2] for one in reminders(calm, 2)} <= {"20", "21"}


def whole(kit: Kit, *days: object) -> None:
    """The sources have brought what these days hold."""
    with kit.store.write() as session:
        scope = kit.settings.categories
        state.note_coverage(session, days, "arxiv", whole=True, scope=scope)  # type: ignore[arg-type]
        state.note_coverage(session, days, "huggingface", whole=True)  # type: ignore[arg-type]


def test_a_digest_brings_what_is_due_even_where_there_are_no_papers(calm: Kit) -> None:
    enrol(calm, replace(READER, decided_on=MONDAY - DAY))
    whole(calm, MONDAY)
    hands(calm).at = MORNING + timedelta(hours=3)
    told = []
    decide_digests(calm, lambda digest, reader: told.append(digest) or [Message("x")])  # type: ignore[func-returns-value]
    (digest,) = told
    assert not digest.sections
    assert digest.reading
    assert [item.day for item in digest.reading.items] == [MONDAY]
    assert [row.kind for row in posted(calm)] == ["digest"]


def test_a_silent_digest_stays_silent_where_nothing_is_due(calm: Kit) -> None:
    enrol(calm, replace(READER, decided_on=MONDAY - DAY), OWN)
    whole(calm, MONDAY)
    hands(calm).at = MORNING + timedelta(hours=3)
    decide_digests(calm, lambda digest, reader: [Message("x")])
    assert posted(calm) == []


# --- groups -----------------------------------------------------------------------------------------------------------

GROUP = Reader("-100", "group", state="active", directions=("peft",), joined=MORNING - WEEK)


def test_a_groups_papers_are_dealt_out_and_each_member_has_one(calm: Kit) -> None:
    enrol(calm, GROUP, Habits(("peft",)), week=False)
    with at_plan(calm, "-100") as (session, planner):
        for user in (7, 8, 9, 10):
            assert planning.join(calm, session, planner, user, f"N{user}", MORNING)
        assert not planning.join(calm, session, planner, 7, "N7", MORNING)
        week = planning.together_now(calm, session, planner, MORNING)
    assert {share.member for share in week.shares} == {"7", "8", "9", "10"}
    assert len({share.paper for share in week.shares}) == len(week.shares)
    assert week.presenter == "7"


def test_the_next_week_has_other_papers_and_another_presenter(calm: Kit) -> None:
    enrol(calm, GROUP, Habits(("peft",)), week=False)
    with at_plan(calm, "-100") as (session, planner):
        for user in (7, 8):
            planning.join(calm, session, planner, user, f"N{user}", MORNING)
        first = planning.together_now(calm, session, planner, MORNING)
        second = planning.make_together(calm, session, planner, MONDAY + WEEK, MORNING)
    assert not {share.paper for share in first.shares} & {share.paper for share in second.shares}
    assert (first.presenter, second.presenter) == ("7", "8")


def test_papers_are_taken_finished_and_left_free_by_those_who_leave(calm: Kit) -> None:
    enrol(calm, GROUP, Habits(("peft",)), week=False)
    with at_plan(calm, "-100") as (session, planner):
        for user in (7, 8):
            planning.join(calm, session, planner, user, f"N{user}", MORNING)
        mine = next(at for at, share in enumerate(planning.together_now(calm, session, planner, MORNING).shares)
                    if share.member == "7")  # fmt: skip
        planning.take(session, planner, MONDAY, mine, 7)
        planning.take(session, planner, MONDAY, mine, 8)  # finished: stays 7's
        week = planning.together_now(calm, session, planner, MORNING)
        assert (week.shares[mine].member, week.shares[mine].finished) == ("7", True)
        assert planning.take(session, planner, MONDAY, 99, 7) is None
        planning.present(session, planner, MONDAY, 8)
        planning.leave(calm, session, planner, 8, MORNING)
        week = planning.together_now(calm, session, planner, MORNING)
    assert {share.member for share in week.shares} == {"7", ""}
    assert week.presenter == ""


def test_without_papers_a_groups_week_is_empty_and_asked_for_again(calm: Kit) -> None:
    enrol(calm, replace(GROUP, directions=("video",)), Habits(("video",)), week=False)
    with at_plan(calm, "-100") as (session, planner):
        planning.join(calm, session, planner, 7, "N7", MORNING)
        assert planning.together_now(calm, session, planner, MORNING).shares == ()
        papers.keep(session, [fetched("2606.09999", day=MONDAY)])
        library.save(session, "-100", "2606.09999", MORNING)
        session.flush()
        week = planning.together_now(calm, session, planner, MORNING)
    assert [share.paper for share in week.shares] == ["2606.09999"]


def test_the_library_of_the_tests_is_what_weeks_are_made_of(calm: Kit) -> None:
    enrol(calm)
    assert set(ids(calm, ItemKind.CLASSIC)) <= {classic.id for classic in CLASSICS}
