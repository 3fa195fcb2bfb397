"""The calendar file: as RFC 5545 has it, whatever the titles hold."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calendar import Event, calendar, escaped, folded

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
DAY = date(2026, 6, 20)


def unfolded(text: str) -> list[str]:
    """The lines as a calendar reads them."""
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def values(text: str) -> dict[str, str]:
    """Properties of the last event by name."""
    inside = unfolded(text.rpartition("BEGIN:VEVENT\r\n")[2])
    return dict(line.partition(":")[::2] for line in inside)


def test_a_whole_day_ends_where_the_next_begins_and_takes_no_time() -> None:
    read = values(calendar("Plan", [Event("a@qiaojin", DAY, "Read")], NOW))
    assert (read["DTSTART;VALUE=DATE"], read["DTEND;VALUE=DATE"]) == ("20260620", "20260621")
    assert read["TRANSP"] == "TRANSPARENT"
    assert read["DTSTAMP"] == "20260617T160000Z"


def test_an_hour_is_written_in_utc() -> None:
    eight = datetime(2026, 6, 20, 8, tzinfo=timezone(timedelta(hours=8)))
    read = values(calendar("Plan", [Event("a", DAY, "Read", 90, eight)], NOW))
    assert (read["DTSTART"], read["DTEND"]) == ("20260620T000000Z", "20260620T013000Z")


def test_a_file_is_one_calendar_of_whole_events() -> None:
    text = calendar("计划", [Event(str(at), DAY, f"T{at}", about="why", url="https://x.org/1") for at in range(3)], NOW)
    lines = unfolded(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3
    assert [line for line in lines if line.startswith("UID")] == ["UID:0", "UID:1", "UID:2"]
    assert calendar("计划", [], NOW).count("VEVENT") == 0


def test_what_has_a_meaning_in_the_format_is_escaped() -> None:
    assert escaped("a, b; c\\d\r\ne\tf\x00") == "a\\, b\\; c\\\\d\\ne f"


def read_back(value: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_any_title_comes_through(title: str) -> None:
    text = calendar("Plan", [Event("a", DAY, title)], NOW)
    assert read_back(values(text)["SUMMARY"]) == title


@given(st.text(max_size=400))
def test_no_line_is_longer_than_75_octets_and_none_breaks_a_character(text: str) -> None:
    made = calendar(text, [Event(text, DAY, text, about=text, url=text)], NOW)
    lines = made.encode().split(b"\r\n")
    assert all(len(line) <= 75 and line.decode() is not None for line in lines)
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", made), "a line's end inside a value would end the value"


@given(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=400))
def test_folding_is_undone_by_joining(line: str) -> None:
    assert folded(line).replace("\r\n ", "") == line
