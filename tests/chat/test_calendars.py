"""A plan at a secret address: offered, shown again, renewed, withdrawn, and gone with its reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.commands.calendars import subscribed
from bot.rules.calendar import Feed
from bot.store import moves
from tests.chat.people import Person
from tests.planners import READER, WEEK, enrol, hands, library, weeks


@pytest.fixture
def person(open_stub: Callable[..., Any]) -> Iterator[Person]:
    """Somebody with a plan, where the web part has an address."""
    with open_stub(web_url="https://papers.example") as kit:
        reading = library(kit)
        enrol(reading, replace(READER, language="en", zone="Asia/Shanghai"))
        yield Person(reading)


def token_in(text: str) -> str:
    found = re.search(r"https://papers\.example/calendar/([\w-]{32})\.ics", text)
    assert found, text
    return found[1]


def served(person: Person, token: str) -> Feed:
    found = subscribed(person.kit, token)
    assert found
    return found


def subscribes(person: Person) -> str:
    """The token of a new address."""
    person.says("/plan calendar")
    return token_in(person.presses("Make an address"))


def test_beside_the_file_there_is_an_address_for_whoever_wants_one(person: Person) -> None:
    told = person.says("/plan calendar")
    assert person.last.document
    assert "subscribe" in told
    assert "https://papers.example" not in told, "nothing is served before it is asked for"
    token = token_in(person.presses("Make an address"))
    assert served(person, token).text.count("BEGIN:VEVENT") == len(weeks(person.kit)[0].items)


def test_the_address_is_shown_again_to_whoever_adds_a_second_device(person: Person) -> None:
    token = subscribes(person)
    assert token_in(person.says("/plan calendar")) == token


def test_what_is_served_is_the_file_with_a_word_on_when_to_look_again(person: Person) -> None:
    token = subscribes(person)
    person.says("/plan calendar")
    assert person.last.document
    feed = served(person, token)
    more = "REFRESH-INTERVAL;VALUE=DURATION:PT4H\r\nX-PUBLISHED-TTL:PT4H\r\n"
    assert more in feed.text
    assert feed.text.replace(more, "") == person.last.document.content.decode()


def test_its_version_changes_with_the_plan_and_not_with_the_hour(person: Person) -> None:
    token = subscribes(person)
    before = served(person, token)
    hands(person.kit).at += timedelta(hours=3)
    later = served(person, token)
    assert (later.version, later.text == before.text) == (before.version, False)
    person.says("/done 1")
    assert served(person, token).version != before.version
    hands(person.kit).at += 2 * WEEK
    assert "VEVENT" not in served(person, token).text


def test_an_hour_that_is_asked_for_holds_for_the_address_too(person: Person) -> None:
    person.says("/plan calendar 20:00")
    token = token_in(person.presses("Make an address"))
    assert re.search(r"DTSTART:202606\d\dT120000Z", served(person, token).text), "20:00 in Shanghai"
    person.says("/plan calendar 21:00")
    assert re.search(r"DTSTART:202606\d\dT130000Z", served(person, token).text)
    renewed = token_in(person.presses("New address"))
    assert re.search(r"DTSTART:202606\d\dT130000Z", served(person, renewed).text)


def test_a_new_address_makes_the_old_one_void(person: Person) -> None:
    old = subscribes(person)
    told = person.presses("New address")
    assert "no longer works" in told
    assert subscribed(person.kit, old) is None
    assert served(person, token_in(told))


def test_an_address_can_be_withdrawn_and_made_anew(person: Person) -> None:
    token = subscribes(person)
    assert "withdrawn" in person.presses("Withdraw")
    assert subscribed(person.kit, token) is None
    assert subscribes(person) != token


def test_it_goes_with_its_reader(person: Person) -> None:
    token = subscribes(person)
    person.says("/forget_me")
    person.presses("Delete everything")
    assert subscribed(person.kit, token) is None


def test_it_stays_with_a_reader_who_gets_another_number(person: Person) -> None:
    token = subscribes(person)
    with person.kit.store.write() as session:
        moves.move_reader(session, "5", "77")
    assert "BEGIN:VEVENT" in served(person, token).text


def test_a_plan_that_was_given_up_leaves_an_empty_calendar(person: Person) -> None:
    token = subscribes(person)
    person.says("/plan off")
    assert "VEVENT" not in served(person, token).text


@pytest.mark.parametrize("guess", ["", "x", "%", "'", "0" * 5000])
def test_a_guess_opens_nothing(person: Person, guess: str) -> None:
    subscribes(person)
    assert subscribed(person.kit, guess) is None


@pytest.mark.parametrize("forged", ["1|feed|9999", "1|feed|-5", "1|feed|x", "1|feed"])
def test_a_forged_button_does_nothing(person: Person, forged: str) -> None:
    token = subscribes(person)
    person.presses(data=forged)
    assert served(person, token)


def test_groups_and_installations_without_an_address_get_the_file_alone(person: Person) -> None:
    nowhere = Person(replace(person.kit, settings=person.kit.settings.model_copy(update={"web_url": ""})))
    assert "subscribe" not in nowhere.says("/plan calendar")
    assert nowhere.last.document
    assert "cannot" in nowhere.presses(data="1|feed|day")
    group = Person(person.kit, chat="-100", kind="group")
    assert "cannot" in group.presses(data="1|feed|day")
