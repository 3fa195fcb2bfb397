"""Weekly summaries: once a week for each reader, with what the week came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot import planning
from bot.chat.voices import summarizer
from bot.kit import Kit
from bot.models import Habits, ItemState, Message, Reader, Reminding
from bot.models.ideas import Idea
from bot.models.summaries import GroupSummary, Summary
from bot.store import ideas, readers, reading
from tests.chat.parsing import check
from tests.planners import (
    DAY,
    HABITS,
    MONDAY,
    MORNING,
    PAPERS,
    READER,
    WEEK,
    at_plan,
    decide_summaries,
    enrol,
    hands,
    posted,
    turn_days,
    weeks,
)
from tests.planners import library as with_library

SUNDAY_NIGHT = MORNING + 6 * DAY + timedelta(hours=14)


@pytest.fixture
def calm(kit: Kit) -> Kit:
    return with_library(kit)


class Scribe:
    """Renders a summary as a word, and remembers what it was given."""

    def __init__(self) -> None:
        self.told: list[Summary | GroupSummary] = []

    def __call__(self, summary: Summary | GroupSummary, reader: Reader) -> list[Message]:
        self.told.append(summary)
        return [Message("", picture="{}"), Message("week")]

    @property
    def last(self) -> Summary:
        summary = self.told[-1]
        assert isinstance(summary, Summary)
        return summary


@pytest.fixture
def scribe() -> Scribe:
    return Scribe()


def complete(kit: Kit, *numbers: int, monday=MONDAY) -> None:
    with at_plan(kit) as (session, planner):
        for number in numbers:
            planning.complete(session, planner, monday, number, kit.clock.now())


def decide_at(kit: Kit, moment: datetime, scribe: Scribe) -> int:
    hands(kit).at = moment
    return decide_summaries(kit, scribe)


def test_it_comes_once_on_the_readers_day_and_hour(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    assert decide_at(calm, SUNDAY_NIGHT - timedelta(minutes=1), scribe) == 0
    assert decide_at(calm, SUNDAY_NIGHT, scribe) == 1
    assert decide_at(calm, SUNDAY_NIGHT + timedelta(minutes=1), scribe) == 0
    assert [(row.kind, row.subject, row.part) for row in posted(calm)] == [
        ("summary", "2026-W25", 0),
        ("summary", "2026-W25", 1),
    ]
    assert decide_at(calm, SUNDAY_NIGHT + WEEK, scribe) == 1
    assert posted(calm)[0].subject == "2026-W26"


def test_it_tells_what_was_done_and_makes_the_next_week(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    complete(calm, 1, 2)
    decide_at(calm, SUNDAY_NIGHT, scribe)
    summary = scribe.last
    assert [item.number for item in summary.week.items if item.state is ItemState.DONE] == [1, 2]
    assert summary.following == weeks(calm)[-1]
    assert summary.following
    assert summary.following.monday == MONDAY + WEEK
    assert (summary.figures.done, summary.missed, summary.ideas, summary.liked) == (2, 0, None, ())


def test_a_week_that_was_planned_before_is_shown_as_it_is(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    with at_plan(calm) as (session, planner):
        made = planning.next_week(calm, session, planner, MORNING)
        planning.change(session, planner, made.monday, 1, lambda w, _: replace(w, budget_minutes=77), MORNING)
    decide_at(calm, SUNDAY_NIGHT, scribe)
    assert scribe.last.following
    assert scribe.last.following.budget_minutes == 77


def test_after_a_missed_week_the_next_one_begins_with_what_was_left(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    for day in range(1, 6):
        hands(calm).at = MORNING + day * DAY
        turn_days(calm)
    decide_at(calm, SUNDAY_NIGHT, scribe)
    assert scribe.last.following
    left = {item.key for item in scribe.last.week.items if item.state is ItemState.MOVED}
    assert left
    assert left <= {item.key for item in scribe.last.following.items}
    proposed = scribe.last.following
    hands(calm).at = SUNDAY_NIGHT + DAY / 4
    turn_days(calm)
    assert {i.key for i in weeks(calm)[-1].items} >= {i.key for i in proposed.items}


def test_two_weeks_without_anything_done_make_the_third_smaller(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    budgets = []
    for week in range(3):
        decide_at(calm, SUNDAY_NIGHT + week * WEEK, scribe)
        assert scribe.last.following
        budgets.append(scribe.last.following.budget_minutes)
        assert scribe.last.missed == week + 1
    assert budgets[0] == 500 > budgets[1] > budgets[2]


def test_downtime_costs_one_summary_that_comes_late(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    assert decide_at(calm, SUNDAY_NIGHT + timedelta(hours=12), scribe) == 1
    assert [week.monday for week in weeks(calm)] == [MONDAY, MONDAY + WEEK]


def test_nothing_comes_in_a_pause_or_quiet_hours_or_before_there_is_a_plan(calm: Kit, scribe: Scribe) -> None:
    enrol(calm, replace(READER, id="1", paused_until=MONDAY + 9 * DAY))
    enrol(calm, replace(READER, id="2", quiet_from=19 * 60, quiet_to=21 * 60))
    enrol(calm, replace(READER, id="3"), week=False)
    enrol(calm, replace(READER, id="4", state="stopped"))
    assert decide_at(calm, SUNDAY_NIGHT, scribe) == 0
    assert decide_at(calm, SUNDAY_NIGHT + timedelta(hours=1), scribe) == 1
    assert len(posted(calm, "2")) == 2


def test_who_began_on_the_same_day_is_spared_a_summary_and_has_a_week_all_the_same(calm: Kit, scribe: Scribe) -> None:
    hands(calm).at = SUNDAY_NIGHT - timedelta(hours=3)
    enrol(calm)
    assert decide_at(calm, SUNDAY_NIGHT, scribe) == 0
    hands(calm).at = SUNDAY_NIGHT + timedelta(hours=10)
    turn_days(calm)
    assert [week.monday for week in weeks(calm)] == [MONDAY, MONDAY + WEEK]


@pytest.mark.parametrize(("weekday", "word"), [(2, "Nothing yet"), (6, "Nothing got done")])
def test_a_week_that_is_not_over_is_not_called_missed(calm: Kit, weekday: int, word: str) -> None:
    enrol(calm, habits=replace(HABITS, weekday=weekday, reminding=Reminding.OFF))
    hands(calm).at = SUNDAY_NIGHT - (6 - weekday) * DAY
    assert decide_summaries(calm, summarizer(calm)) == 1
    (row,) = posted(calm)
    assert word in row.html


def test_the_weekday_and_the_hour_are_the_readers_own(calm: Kit, scribe: Scribe) -> None:
    enrol(calm, replace(READER, zone="Asia/Shanghai"), replace(HABITS, weekday=4, at=12 * 60))
    friday_noon = MORNING + 4 * DAY - timedelta(hours=2)
    assert decide_at(calm, friday_noon - timedelta(minutes=1), scribe) == 0
    assert decide_at(calm, friday_noon, scribe) == 1
    assert scribe.last.week.monday == MONDAY


def test_what_three_readers_liked_is_told_to_those_of_the_direction(calm: Kit, scribe: Scribe) -> None:
    enrol(calm)
    with calm.store.write() as session:
        for other in ("6", "7", "8"):
            readers.save(session, Reader(other))
            session.flush()
            readers.set_opinion(session, other, PAPERS[0], 1, MORNING + DAY)
        readers.set_opinion(session, "6", PAPERS[1], 1, MORNING + DAY)
    decide_at(calm, SUNDAY_NIGHT, scribe)
    assert [(paper.id, likes) for paper, likes in scribe.last.liked] == [(PAPERS[0], 3)]


def test_whoever_keeps_ideas_but_no_plan_hears_of_the_ideas(calm: Kit, scribe: Scribe) -> None:
    with calm.store.write() as session:
        readers.save(session, READER)
        session.flush()
        ideas.create(session, Idea("5", 0, "Ranks by layer"), MONDAY, MORNING - 5 * WEEK)
    assert decide_at(calm, MORNING, scribe) == 0
    assert decide_at(calm, SUNDAY_NIGHT, scribe) == 1
    assert scribe.last.ideas
    assert [idea.number for idea in scribe.last.ideas.untouched] == [1]
    assert scribe.last.following is None
    assert decide_at(calm, SUNDAY_NIGHT + WEEK, scribe) == 0, "it is asked about once"


def test_one_readers_trouble_does_not_stop_the_others_and_is_tried_again(calm: Kit, scribe: Scribe, caplog) -> None:
    enrol(calm, replace(READER, id="4"))
    enrol(calm)
    broken = True

    def render(summary: Summary | GroupSummary, reader: Reader) -> list[Message]:
        if broken and reader.id == "4":
            raise ValueError("trouble")
        return scribe(summary, reader)

    hands(calm).at = SUNDAY_NIGHT
    assert decide_summaries(calm, render) == 1
    assert "reader 4" in caplog.text
    broken = False
    assert decide_summaries(calm, render) == 1
    assert posted(calm, "4")


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_groups_summary_names_people(calm: Kit) -> None:
    enrol(calm, replace(READER, id="-100", kind="group"), Habits(("peft",)), week=False)
    with at_plan(calm, "-100") as (session, planner):
        for user, name in ((7, "Ada <b>"), (8, "Bob & Co")):
            planning.join(calm, session, planner, user, name, MORNING)
        week = planning.together_now(calm, session, planner, MORNING)
        at = next(at for at, share in enumerate(week.shares) if share.member == "7")
        planning.take(session, planner, MONDAY, at, 7)
    hands(calm).at = SUNDAY_NIGHT
    assert decide_summaries(calm, summarizer(calm)) == 1
    (row,) = posted(calm, "-100")
    text = check(Message(row.html))
    assert "Ada <b>" in text
    assert "Bob & Co" in text
    assert text.count("✅") == 1


def test_a_group_in_which_nobody_reads_along_hears_nothing(calm: Kit, scribe: Scribe) -> None:
    enrol(calm, replace(READER, id="-100", kind="group"), Habits(("peft",)), week=False)
    assert decide_at(calm, SUNDAY_NIGHT, scribe) == 0


# --- as it is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_short_week_goes_under_its_picture_and_a_long_one_after_it(calm: Kit, language: str) -> None:
    enrol(calm, replace(READER, language=language), replace(HABITS, reminding=Reminding.OFF))
    complete(calm, 1)
    hands(calm).at = SUNDAY_NIGHT
    decide_summaries(calm, summarizer(calm))
    (short,) = posted(calm)
    assert short.picture
    assert len(check(Message(short.html))) <= 1024
    with at_plan(calm) as (session, planner):
        for item in reading.weeks(session, "5")[-1].items:
            planning.complete(session, planner, MONDAY + WEEK, item.number, SUNDAY_NIGHT + DAY)
            planning.note(session, planner, MONDAY + WEEK, item.number, "trick <&> " * 60, SUNDAY_NIGHT)
    hands(calm).at = SUNDAY_NIGHT + WEEK
    decide_summaries(calm, summarizer(calm))
    picture, *texts = posted(calm)
    assert (picture.html, bool(picture.picture)) == ("", True)
    assert [text.picture for text in texts] == [""] * len(texts)
    assert "trick <&> trick" in "".join(check(Message(text.html)) for text in texts)
    assert texts[-1].buttons
