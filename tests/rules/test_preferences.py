"""Settings as they are pressed and written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import load_directions
from bot.errors import UsageError
from bot.models import Reader
from bot.rules.preferences import CHOICES, SCREENS, WORD_LISTS, change, current, mark, minutes_of

DIRECTIONS, TODAY = load_directions(), date(2026, 6, 17)
READER = Reader("1", directions=("peft",))


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("7:30", 450), ("7：30", 450), ("07", 420), ("23", 1380), ("0", 0), ("8点", 480), ("8点半", 510), ("早上8点", 480),
     ("晚上9点", 1260), ("下午3点15", 915), ("8 pm", 1200), ("12am", 0), ("12 pm", 720), ("7.45", 465), ("9h", 540)],
)  # fmt: skip
def test_hours_are_understood_as_people_write_them(written: str, minutes: int) -> None:
    assert minutes_of(written) == minutes


@pytest.mark.parametrize("written", ["", "24", "7:60", "noonish", "-1", "1:2:3", "７７", "x" * 100])
def test_what_is_no_hour_is_refused(written: str) -> None:
    with pytest.raises(UsageError):
        minutes_of(written)


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_every_choice_of_every_setting_is_taken_and_is_then_the_current_one(name: str) -> None:
    for value in CHOICES[name]:
        changed = change(READER, name, value, DIRECTIONS, TODAY)
        if name not in ("weekdays", "pause"):
            assert current(changed, name) == value


def test_directions_are_toggled_all_taken_and_all_dropped_in_their_own_order() -> None:
    both = change(READER, "directions", "data", DIRECTIONS, TODAY)
    assert both.directions == ("data", "peft")
    assert change(both, "directions", "peft", DIRECTIONS, TODAY).directions == ("data",)
    assert len(change(READER, "directions", "all", DIRECTIONS, TODAY).directions) == 20
    assert change(READER, "directions", "none", DIRECTIONS, TODAY).directions == ()
    assert change(READER, "directions", "RAG、长上下文", DIRECTIONS, TODAY).directions == (
        "peft",
        "long-context",
        "rag",
    )


def test_a_pause_ends_on_a_day_to_come() -> None:
    assert change(READER, "pause", "7", DIRECTIONS, TODAY).paused_until == date(2026, 6, 24)
    assert change(READER, "pause", "2026/07/01", DIRECTIONS, TODAY).paused_until == date(2026, 7, 1)
    for wrong in ("2026-06-17", "2020-01-01", "3026-01-01", "soon", "9999"):
        with pytest.raises(UsageError):
            change(READER, "pause", wrong, DIRECTIONS, TODAY)


@pytest.mark.parametrize("name", sorted(WORD_LISTS))
def test_words_are_added_bounded_and_dropped(name: str) -> None:
    some = change(READER, name, "KV  cache，Mamba\nMamba,,", DIRECTIONS, TODAY)
    assert getattr(some, WORD_LISTS[name]) == ("KV cache", "Mamba")
    one = change(some, name, f"-{mark('KV cache')}", DIRECTIONS, TODAY)
    assert getattr(one, WORD_LISTS[name]) == ("Mamba",)
    assert change(one, name, f"-{mark('KV cache')}", DIRECTIONS, TODAY) == one
    with pytest.raises(UsageError):
        change(one, name, ",".join(f"w{n}" for n in range(40)), DIRECTIONS, TODAY)
    with pytest.raises(UsageError):
        change(one, name, " , ", DIRECTIONS, TODAY)


@given(st.sampled_from((*SCREENS, "nonsense")), st.text(max_size=200))
def test_any_value_is_taken_or_refused_with_a_reason(name: str, value: str) -> None:
    try:
        changed = change(READER, name, value, DIRECTIONS, TODAY)
    except UsageError:
        return
    assert 0 <= changed.digest_at < 1440
    assert all(len(word) <= 60 for field in WORD_LISTS.values() for word in getattr(changed, field))
