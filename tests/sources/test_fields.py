from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sources.fields import count, instant, text, texts, web_link


def test_text_is_one_line_of_what_can_be_written() -> None:
    assert text(" a\n\tb\u00a0c\x00\x07\ud800 ") == "a b c"
    assert [text(other) for other in (None, 5, [], {}, b"a")] == [""] * 5
    assert texts(["a", "", None, " b "]) == ("a", "b")
    assert texts("ab") == ()


@pytest.mark.parametrize(
    ("value", "number"), [(0, 0), (5, 5), (True, None), (-1, None), ("5", None), (5.0, None), (2**31, None)]
)
def test_a_count_is_a_whole_number_that_fits(value: Any, number: int | None) -> None:
    assert count(value) == number


@pytest.mark.parametrize(
    "value", ["2026-06-17T12:00:00Z", "2026-06-17T08:00:00-04:00", "2026-06-17T12:00:00", " 2026-06-17 12:00 "]
)
def test_an_instant_is_in_utc(value: str) -> None:
    assert instant(value) == datetime(2026, 6, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 5, "", "soon", "0001-01-01T00:00:00+14:00", "2026-13-01"])
def test_anything_else_is_no_instant(value: Any) -> None:
    assert instant(value) is None


def test_a_link_leads_to_the_web() -> None:
    assert web_link(" https://example.org/a?b=c#d ") == "https://example.org/a?b=c#d"
    for other in ("javascript:alert(1)", "https://", "example.org", 'https://x.org/"onclick', "https://x.org/ y", None):
        assert web_link(other) == ""


def test_a_link_that_no_index_holds_is_none() -> None:
    assert web_link("https://x.org/" + "a" * 1_900)
    assert web_link("https://x.org/" + "a" * 2_000) == ""
    assert web_link("https://x.org/" + "路" * 700) == ""
