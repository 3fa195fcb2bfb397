"""Time zones as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.rules.zones import COMMON, find_zone, label, local, zone


@pytest.mark.parametrize(
    ("written", "found"),
    [("上海", "Asia/Shanghai"), ("北京", "Asia/Shanghai"), ("Beijing", "Asia/Shanghai"), ("柏林", "Europe/Berlin"),
     ("new york", "America/New_York"), ("NEW_YORK", "America/New_York"), ("纽约", "America/New_York"),
     ("Asia/Tokyo", "Asia/Tokyo"), ("Sao Paulo", "America/Sao_Paulo"), ("São Paulo", "America/Sao_Paulo"),
     ("parris", "Europe/Paris"), ("utc", "UTC"), ("+8", "+08:00"), ("UTC+8", "+08:00"), ("gmt-3:30", "-03:30"),
     ("+0530", "+05:30"), ("东八区", "+08:00"), ("西五区", "-05:00"), ("−5", "-05:00")],
)  # fmt: skip
def test_cities_offsets_and_names_in_both_languages_are_understood(written: str, found: str) -> None:
    assert find_zone(written) == found


@pytest.mark.parametrize(
    "written", ["", "Zzyzx of Nowhere", "+99", "-13", "+14:30", "x" * 500, "😀", "../../etc/passwd", "\0"]
)
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        find_zone(written)


@given(st.text(max_size=80))
def test_whatever_is_written_gives_a_zone_that_can_be_read_or_an_error(text: str) -> None:
    try:
        found = find_zone(text)
    except UsageError:
        return
    assert label(found, "zh")
    assert abs(local(datetime(2026, 6, 17, tzinfo=UTC), found).utcoffset() or timedelta()) <= timedelta(hours=14)


def test_an_unknown_name_in_the_database_is_read_as_utc() -> None:
    assert zone("Mars/Olympus") is UTC
    assert zone("/etc/passwd") is UTC


@pytest.mark.parametrize("name", COMMON)
def test_buttons_are_named_by_city(name: str) -> None:
    assert label(name, "en")
    assert name == "UTC" or any(char >= "\u4e00" for char in label(name, "zh"))
