"""The reading plan in the chat: four questions, a week, its items, the settings, a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.commands import pressed
from bot.chat.commands.help import text
from bot.chat.context import read_press
from bot.chat.render.digest import digest_messages
from bot.kit import Kit
from bot.models import Digest, Item, ItemKind, ItemState, Message, Post, Reader, Reminding, Week
from bot.models.summaries import Reminder
from bot.store import readers, reading, together
from bot.wording import LANGUAGES, Language, Words
from tests.chat.parsing import check
from tests.chat.people import Person
from tests.planners import DAY, MONDAY, MORNING, PAPERS, WEEK, hands, weeks
from tests.planners import library as with_library

DAY_OF = "2026-06-15"
LINKS = {"abstract": "https://arxiv.org/abs/{id}"}


@pytest.fixture
def calm(kit: Kit) -> Kit:
    return with_library(kit)


@pytest.fixture
def person(calm: Kit) -> Person:
    return Person(calm).is_set_up(zone="UTC", joined=MORNING - WEEK)


def with_plan(person: Person, budget: str = "480") -> Person:
    person.says("/plan")
    for name, value in (("level", "1"), ("budget", budget), ("weekday", "6")):
        person.presses(data=f"1|answer|{name}|{value}")
    return person


def week_of(person: Person, at: int = 0) -> Week:
    return weeks(person.kit, person.chat)[at]


# --- the first plan ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_plan_asks_four_things_and_is_made_at_once(calm: Kit, language: Language) -> None:
    person = Person(calm, language=language).is_set_up(zone="UTC")
    assert "1/4" in person.says("/plan")
    assert "2/4" in person.presses(person.labels[-1])
    assert "3/4" in person.presses(person.labels[1])
    assert "4/4" in person.presses(person.labels[-2])
    shown = person.presses(person.labels[-1])
    assert "📅" in shown
    assert len(person.messages) == 1, "one message, edited in place"
    (week,) = weeks(calm)
    with calm.store.read() as session:
        planner = reading.planner(session, "5")
    assert planner
    assert (planner.habits.level, planner.habits.budget_minutes, planner.habits.weekday) == (2, 600, 6)
    assert week.items


def test_directions_begin_as_the_readers_and_may_be_changed(person: Person) -> None:
    person.says("/plan")
    assert "✅ peft" in "".join(person.labels).replace("Parameter-efficient fine-tuning", "peft")
    person.presses(data="1|answer|directions|rag")
    person.presses(data="1|answer|directions|peft")
    for data in ("1|answer|level|1", "1|answer|budget|480", "1|answer|weekday|6"):
        person.presses(data=data)
    with person.kit.store.read() as session:
        planner = reading.planner(session, "5")
    assert planner
    assert planner.habits.directions == ("rag",)
    assert person.settings.directions == ("peft",), "the digest's own stay"


def test_the_budget_may_be_written(person: Person) -> None:
    person.says("/plan")
    person.presses(data="1|ask|level")
    person.presses(data="1|answer|level|1")
    assert "no span of time" in person.says("quite a lot")
    assert "4/4" in person.says("6小时")
    person.presses(data="1|answer|weekday|0")
    with person.kit.store.read() as session:
        planner = reading.planner(session, "5")
    assert planner
    assert planner.habits.budget_minutes == 360


def test_somebody_who_never_began_is_told_how_reminders_begin(calm: Kit) -> None:
    shown = with_plan(Person(calm, id=9, chat="9")).says("/plan")
    assert "/start" in shown


def test_channels_have_no_plan(calm: Kit) -> None:
    assert "private" in Person(calm, chat="-1", kind="channel").says("/plan")


# --- a week and its items ---------------------------------------------------------------------------------------------


def test_the_week_shows_days_minutes_and_a_button_for_each_item(person: Person) -> None:
    shown = with_plan(person).says("/plan")
    week = week_of(person)
    assert all(f"{item.number}. " in shown for item in week.items)
    assert [label for label in person.labels if label.isdigit()] == [str(item.number) for item in week.items]
    assert "On the 0th" in shown
    assert "&lt;thing&gt;" in person.messages[person.newest].html
    assert "Monday 15 June · today" in shown


def test_an_item_is_opened_by_its_number_and_tells_why(person: Person) -> None:
    with_plan(person)
    for item in week_of(person).items:
        person.presses(str(item.number))
        html = person.messages[person.newest].html
        assert "One &amp; &lt;b&gt; line" in html or item.kind is ItemKind.PAPER
        person.presses("Back")


def test_done_asks_for_stars_and_the_trick_and_both_are_kept(person: Person) -> None:
    with_plan(person)
    person.presses("1")
    assert "How many stars" in person.presses("Done")
    assert "★★★★☆" in person.presses("4★")
    assert len(person.messages) == 1
    person.says("Train only <b>low</b> rank")
    assert "Train only &lt;b&gt;low&lt;/b&gt; rank" in person.messages[person.newest].html
    item = week_of(person).items[0]
    assert (item.state, item.stars, item.takeaway) == (ItemState.DONE, 4, "Train only <b>low</b> rank")
    assert "not" in person.says("And something else")[:40].lower(), "only the next message was the answer"


def test_a_reply_to_a_done_item_is_its_trick_however_late(person: Person) -> None:
    with_plan(person)
    person.says("/done 2")
    rows = person.messages[person.newest].buttons
    person.says("/today")
    hands(person.kit).at += timedelta(days=1)
    person.does(text, "The late trick", text="The late trick", replied_buttons=rows)
    assert week_of(person).items[1].takeaway == "The late trick"


def test_done_takes_a_number_and_minutes(person: Person) -> None:
    with_plan(person)
    assert "45 min" in person.says("/done 2 45m")
    assert week_of(person).items[1].spent == 45
    assert "add the number" in person.says("/done").lower()
    assert "no item 77" in person.says("/done 77")
    assert "no span of time" in person.says("/done 1 soon")
    assert "does not fit" in person.says("/done 1 99h")
    assert "50 min" in person.says("/done 2 50")
    assert week_of(person).items[0].state is ItemState.PLANNED


def test_tomorrow_next_week_drop_and_swap(person: Person) -> None:
    with_plan(person)
    first, second, third, *_ = week_of(person).items
    person.presses(data=f"1|do|tomorrow|{DAY_OF}|1")
    assert week_of(person).items[0].day == MONDAY + DAY
    assert "Moved to next week" in person.presses(data=f"1|do|later|{DAY_OF}|2")
    assert week_of(person).items[1].state is ItemState.MOVED
    person.presses(data=f"1|do|drop|{DAY_OF}|3")
    assert week_of(person).items[2].state is ItemState.DROPPED
    person.presses(data=f"1|do|swap|{DAY_OF}|1")
    assert week_of(person).items[0].id != first.id
    assert second.title[:20] in person.says("/plan next")
    assert third.id not in {item.id for item in week_of(person, 1).items}
    assert len(person.messages) == 2


def test_a_done_item_cannot_be_moved(person: Person) -> None:
    with_plan(person)
    person.says("/done 1")
    assert "done already" in person.presses(data=f"1|do|later|{DAY_OF}|1")


def test_what_slipped_too_often_is_asked_about_and_answered_all_at_once(person: Person) -> None:
    with_plan(person)
    with person.kit.store.write() as session:
        week = reading.weeks(session, "5")[0]
        asked = tuple(replace(item, state=ItemState.ASKED, day=None, slips=3) if item.number < 4 else item
                      for item in week.items)  # fmt: skip
        reading.save_weeks(session, "5", [replace(week, items=asked)])
    assert "Put off twice" in person.says("/plan")
    person.presses("1")
    assert "Keep it or drop it" in person.messages[person.newest].html
    person.presses("Keep")
    assert week_of(person).items[0].state is not ItemState.ASKED
    person.says("/plan")
    person.presses("Drop all")
    assert [item.state for item in week_of(person).items[1:3]] == [ItemState.DROPPED] * 2
    assert len(week_of(person).items) > len(week.items), "something else takes their place"


def test_accepting_a_week_takes_its_button_away(person: Person) -> None:
    with_plan(person)
    assert "That is the plan" in person.presses("Looks good")
    assert "👌 Looks good" not in person.labels


def test_from_week_to_week_and_back(person: Person) -> None:
    with_plan(person)
    assert "Next week" in person.presses("Next week")
    assert "This week" in person.presses("This week")
    assert len(person.messages) == 1


def test_a_digest_and_a_summary_stay_where_they_are(person: Person) -> None:
    with_plan(person)
    person.says("/today")
    digest = person.newest
    person.presses(data=f"1|plan|{DAY_OF}", message=digest)
    assert person.newest == digest + 1
    person.presses(data=f"1|change|{DAY_OF}", message=digest)
    person.presses(data="1|tune", message=digest)
    assert person.newest == digest + 3


@pytest.mark.parametrize("data", [
    "1|do|done|2026-06-15|99", "1|do|explode|2026-06-15|1", "1|item|2020-01-01|1", "1|star|2026-06-15|1|99",
    "1|accept|1999-01-04", "1|plan|2999-01-07", "1|answer|budget|x", "1|keep|nonsense|1", "1|habit|nonsense",
    "1|ask|at", "1|all|eat|2026-06-15", "1|crew|take|2026-06-15|1", "1|item|2026-6-15|1", "1|do|done|2026-06-15|-1",
    "1|change|nonsense",
])  # fmt: skip
def test_forged_and_old_buttons_do_no_harm(person: Person, data: str) -> None:
    with_plan(person)
    before = week_of(person).items
    person.presses(data=data)
    assert [item.state for item in week_of(person).items] == [item.state for item in before]


def test_buttons_without_a_plan_say_how_to_begin(person: Person) -> None:
    person.says("/help")
    for data in (f"1|do|done|{DAY_OF}|1", f"1|accept|{DAY_OF}", f"1|item|{DAY_OF}|1"):
        assert "/plan" in person.presses(data=data)
    assert "1/4" in person.presses(data=f"1|plan|{DAY_OF}")


# --- budget, settings, files ------------------------------------------------------------------------------------------


def test_a_new_budget_counts_at_once_while_nothing_is_touched(person: Person) -> None:
    with_plan(person)
    assert "2 h a week" in person.says("/plan budget 2h")
    assert sum(item.minutes for item in week_of(person).items) <= 150
    person.says("/done 1")
    assert "counts from the next" in person.says("/plan budget 300m")
    assert "no span of time" in person.says("/plan budget much")
    assert "sixty hours" in person.says("/plan budget 100h")
    assert "Weekly time" in person.says("/plan budget")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_of_the_plan_can_be_seen_and_changed(calm: Kit, language: Language) -> None:
    person = with_plan(Person(calm, language=language).is_set_up(zone="UTC"))
    person.says("/settings")
    person.presses("📅")
    changes = {"level": "3", "budget": "900", "weekday": "2", "at": "540", "days": "5", "reminding": "own",
               "remind_at": "420", "directions": "rag"}  # fmt: skip
    for name, value in changes.items():
        person.presses(data=f"1|habit|{name}")
        person.presses(data=f"1|keep|{name}|{value}")
        person.presses("‹")
    with calm.store.read() as session:
        planner = reading.planner(session, "5")
    assert planner
    habits = planner.habits
    assert (habits.level, habits.budget_minutes, habits.weekday, habits.at) == (3, 900, 2, 540)
    assert (habits.days, habits.reminding, habits.remind_at) == ("1111101", Reminding.OWN, 420)
    assert habits.directions == ("peft", "rag")


def test_hours_of_the_plan_may_be_written(person: Person) -> None:
    with_plan(person)
    person.presses(data="1|habit|at")
    assert "21:30" in person.says("21:30")
    person.presses(data="1|habit|at")
    assert "does not fit" in person.says("late")


def test_ending_the_plan_forgets_its_weeks(person: Person) -> None:
    with_plan(person).says("/plan off")
    assert weeks(person.kit) == []
    assert "1/4" in person.says("/plan")


def test_the_plan_goes_out_as_a_calendar(person: Person) -> None:
    with_plan(person).says("/plan ics")
    assert person.last.document
    text = person.last.document.content.decode()
    assert text.count("BEGIN:VEVENT") == len(week_of(person).items)
    assert "DTSTART;VALUE=DATE:20260615" in text
    person.says("/plan ics 20:00")
    assert person.last.document
    assert "DTSTART:20260615T200000Z" in person.last.document.content.decode()
    assert "does not fit" in person.says("/plan ics rubbish")
    for item in week_of(person).items:
        person.says(f"/done {item.number}")
    assert "Nothing to do" in person.says("/plan ics")


@pytest.mark.parametrize("language", LANGUAGES)
def test_statistics_come_with_a_picture(calm: Kit, language: Language) -> None:
    person = with_plan(Person(calm, language=language).is_set_up(zone="UTC"))
    person.says("/stats")
    assert person.last.picture is None
    person.says("/done 1 50m")
    person.says("/stats")
    assert person.last.picture
    assert person.last.picture.content.startswith(b"\x89PNG")
    assert "50" in person.last.picture.caption


def test_what_is_no_command_of_the_plan_is_explained(person: Person) -> None:
    assert "/plan next" in person.says("/plan nonsense")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_tells_what_is_due_before_its_papers_and_alone_where_there_are_none(language: Language) -> None:
    items = (Item(2, ItemKind.CLASSIC, "1706.03762", "On <things>", 90, 90, day=MONDAY),
             Item(3, ItemKind.SOURCE, "s1", "Frame · a/b/c.py: D", 60, 60, state=ItemState.ASKED, slips=3))  # fmt: skip
    posts = (Post("Blog", "https://x.org", "Post"),)
    digest = Digest(MONDAY, True, (), 3, (), posts, reading=Reminder(MONDAY, MONDAY, items))
    (message,) = digest_messages(digest, Reader("5"), Words(language), LINKS, {})
    text = check(message)
    assert text.index("On <things>") < text.index("Post")
    assert ("plan", DAY_OF) in [read_press(button.data) for row in message.buttons for button in row]
    (alone,) = digest_messages(replace(digest, posts=()), Reader("5"), Words(language), LINKS, {})
    assert check(alone).startswith("▍")
    assert ("do", "done", DAY_OF, "2") in [read_press(button.data) for row in alone.buttons for button in row]


# --- a group ----------------------------------------------------------------------------------------------------------


def presses(group: Person, user: int, name: str, data: str) -> str:
    """A member's press under the group's one message."""
    group.id = user
    page = group.messages[group.newest]
    return group.does(pressed, data=read_press(data), message_id=group.newest, page=page, name=name)


def test_a_group_reads_together(calm: Kit) -> None:
    group = Person(calm, chat="-100", kind="group", admin=False).is_set_up(zone="UTC")
    assert "Join" in "".join(group.says("/plan") and group.labels)
    assert "Ada <&>" in presses(group, 7, "Ada <&>", f"1|crew|join|{DAY_OF}|0")
    assert "Bob" in presses(group, 8, "Bob", f"1|crew|join|{DAY_OF}|0")
    assert "in already" in presses(group, 8, "Bob", f"1|crew|join|{DAY_OF}|0")
    assert "Join first" in presses(group, 9, "Eve", f"1|crew|take|{DAY_OF}|1")
    assert "Join first" in presses(group, 9, "Eve", f"1|crew|present|{DAY_OF}|0")
    assert "Presenting: Bob" in presses(group, 8, "Bob", f"1|crew|present|{DAY_OF}|0")
    with calm.store.read() as session:
        (week,) = together.group_weeks(session, "-100")
    mine = next(at for at, share in enumerate(week.shares, 1) if share.member == "7")
    assert "Read. Noted." in presses(group, 7, "Ada", f"1|crew|take|{DAY_OF}|{mine}")
    assert "Somebody has read" in presses(group, 8, "Bob", f"1|crew|take|{DAY_OF}|{mine}")
    other = next(at for at, share in enumerate(week.shares, 1) if share.member == "8")
    assert "yours" in presses(group, 7, "Ada", f"1|crew|take|{DAY_OF}|{other}")
    assert "You have left" in presses(group, 7, "Ada", f"1|crew|leave|{DAY_OF}|0")
    assert len(group.messages) == 1


def test_members_keep_their_own_plans_in_private(calm: Kit) -> None:
    group = Person(calm, chat="-100", kind="group").is_set_up(zone="UTC")
    group.says("/plan")
    presses(group, 5, "Ada", f"1|crew|join|{DAY_OF}|0")
    person = with_plan(Person(calm).is_set_up(zone="UTC"))
    assert "Ada" not in person.says("/plan")
    assert weeks(calm, "-100") == []
    assert weeks(calm, "5")


def test_whoever_is_forgotten_reads_along_no_more(calm: Kit) -> None:
    group = Person(calm, chat="-100", kind="group").is_set_up(zone="UTC")
    group.says("/plan")
    presses(group, 5, "Ada", f"1|crew|join|{DAY_OF}|0")
    person = Person(calm).is_set_up(zone="UTC")
    person.says("/forget_me")
    person.presses("Delete everything")
    with calm.store.read() as session:
        assert together.members(session, "-100") == {}
        assert readers.get(session, "5") is None


def test_a_member_without_a_chat_of_their_own_is_forgotten_too(calm: Kit) -> None:
    group = Person(calm, chat="-100", kind="group").is_set_up(zone="UTC")
    group.says("/plan")
    presses(group, 5, "Ada", f"1|crew|join|{DAY_OF}|0")
    person = Person(calm)
    person.says("/forget_me")
    person.presses("Delete everything")
    with calm.store.read() as session:
        assert together.members(session, "-100") == {}
        assert {share.member for week in together.group_weeks(session, "-100") for share in week.shares} == {""}


def test_papers_of_the_tests_stand_in_the_plan(person: Person) -> None:
    shown = with_plan(person).says("/plan")
    assert f"Paper {PAPERS[0]}" in shown
    assert isinstance(person.messages[person.newest], Message)
