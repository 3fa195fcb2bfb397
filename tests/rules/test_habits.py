"""How a reader wants the plan: spans of time as people write them, and settings that cannot be broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import load_directions
from bot.errors import UsageError
from bot.models import Habits, Reminding
from bot.rules.habits import CHOICES, LEAST_MINUTES, MOST_MINUTES, NAMES, change, current, minutes_in, minutes_spent

DIRECTIONS = load_directions()
HABITS = Habits(("peft",))


@pytest.mark.parametrize(("text", "minutes"), [
    ("5h", 300), ("300m", 300), ("5小时", 300), ("1.5 小时", 90), ("1小时30分", 90), ("90 分钟", 90), ("5", 300),
    ("90", 90), ("2 hours", 120), ("1h30m", 90), ("1个半小时", 90), ("2小时半", 150), ("半小时", 30), ("45 min", 45),
    ("五小时", 300), ("十五个小时", 900), ("一个半小时", 90), ("半个小时", 30), ("每周大约五小时左右", 300),
    ("5 hours a week", 300), ("about 6h per week", 360), ("1:30", 90), ("1h30", 90), ("2.25h", 135),
    ("half an hour", 30), ("５ｈ", 300),
])  # fmt: skip
def test_a_span_of_time_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert minutes_in(text) == minutes


@pytest.mark.parametrize("text", ["", "much", "h", "5hh", "-3h", "5x", "一天"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        minutes_in(text)


@pytest.mark.parametrize(("text", "minutes"), [("45", 45), ("90", 90), ("45m", 45), ("1h30", 90), ("一小时", 60)])
def test_of_what_one_item_took_a_bare_number_are_minutes(text: str, minutes: int) -> None:
    assert minutes_spent(text) == minutes


@pytest.mark.parametrize("text", ["0", "0m", "99h", "1441"])
def test_one_item_takes_from_a_minute_to_a_day(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        minutes_spent(text)
    assert refused.value.key == "plan_spent"


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CHOICES.items() for value in values])
def test_every_button_can_be_pressed(name: str, value: str) -> None:
    changed = change(HABITS, name, value, DIRECTIONS)
    if name != "days":
        assert current(changed, name) == value


@given(st.sampled_from(NAMES), st.text(max_size=20))
def test_no_text_breaks_a_setting(name: str, text: str) -> None:
    try:
        changed = change(HABITS, name, text, DIRECTIONS)
    except UsageError:
        return
    assert LEAST_MINUTES <= changed.budget_minutes <= MOST_MINUTES
    assert 0 <= changed.weekday <= 6
    assert 0 <= changed.at < 1440
    assert 0 <= changed.remind_at < 1440
    assert "1" in changed.days
    assert changed.level in (1, 2, 3)
    assert isinstance(changed.reminding, Reminding)


def test_directions_are_toggled_and_the_last_day_stays() -> None:
    assert change(HABITS, "directions", "rag", DIRECTIONS).directions == ("peft", "rag")
    assert change(HABITS, "directions", "高效微调", DIRECTIONS).directions == ()
    one_day = Habits(days="0000001")
    with pytest.raises(UsageError):
        change(one_day, "days", "6", DIRECTIONS)


@pytest.mark.parametrize(("text", "weekday"), [("周日", 6), ("Sunday", 6), ("星期一", 0), ("fri", 4)])
def test_weekdays_have_names(text: str, weekday: int) -> None:
    assert change(HABITS, "weekday", text, DIRECTIONS).weekday == weekday


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(UsageError):
        change(HABITS, "nonsense", "1", DIRECTIONS)
