"""How a reader wants the plan: what each setting may be, and what a button or a typed answer makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.errors import UsageError
from bot.models import Habits, Reminding
from bot.rules.directions import Direction
from bot.rules.preferences import minutes_of, toggled_directions, wrong
from bot.rules.tokens import plain

FIRST_STEPS = ("directions", "level", "budget", "weekday")
"""What the first plan asks, in order."""
NAMES = (*FIRST_STEPS, "at", "days", "reminding", "remind_at")
TYPED = {"directions", "budget", "at", "remind_at"}
"""Settings that may be written as well as pressed."""
CHOICES: dict[str, tuple[str, ...]] = {
    "level": ("1", "2", "3"),
    "budget": ("120", "180", "300", "480", "600", "900"),
    "weekday": tuple("0123456"),
    "at": tuple(str(60 * hour) for hour in (9, 12, 18, 19, 20, 21)),
    "days": tuple("0123456"),
    "reminding": tuple(Reminding),
    "remind_at": tuple(str(60 * hour) for hour in (7, 8, 9, 12, 18, 20)),
}
LEAST_MINUTES, MOST_MINUTES = 30, 60 * 60
MOST_SPENT = 24 * 60
"""Minutes that one item of a week may have taken."""
SPAN = re.compile(
    r"(?:(\d{1,3}(?:\.\d{1,2})?) ?(?:h|hours?|hrs?|个?小时|个?钟头) ?)?(?:(\d{1,4}) ?(?:m|mins?|minutes?|分钟?))?"
)
CLOCK = re.compile(r"(\d{1,2})(?::|h ?)([0-5]\d)")
"""``1:30`` and ``1h30``."""
HALF = re.compile(r"(\d+) ?(?:个半(?:小时|钟头)|个?(?:小时|钟头)半)")
HALF_HOUR = re.compile(r"半个?(?:小时|钟头)|half an hour")
AROUND = re.compile(
    r"^(?:(?:每|一)个?(?:周|星期)|大约|大概|约|about) ?|(?: ?(?:左右|吧|(?:a|per) week|/ ?week|every week|weekly))$"
)
"""What people say around a span of time."""
NUMERALS, TENS = str.maketrans("一二两三四五六七八九", "1223456789"), re.compile(r"([1-9]?)十([1-9]?)")
WEEKDAYS = {
    name: at
    for at, names in enumerate((
        "monday mon 周一 星期一 礼拜一", "tuesday tue 周二 星期二 礼拜二", "wednesday wed 周三 星期三 礼拜三",
        "thursday thu 周四 星期四 礼拜四", "friday fri 周五 星期五 礼拜五", "saturday sat 周六 星期六 礼拜六",
        "sunday sun 周日 周天 星期日 星期天 礼拜天",
    ))
    for name in names.split()
}  # fmt: skip


def change(habits: Habits, name: str, value: str, directions: Sequence[Direction]) -> Habits:
    """``habits`` with one setting pressed or typed; raises UsageError for a value that it cannot take."""
    if name == "directions":
        return replace(habits, directions=toggled_directions(habits.directions, value, directions))
    if name not in CHANGERS:
        raise wrong(value)
    return CHANGERS[name](habits, value.strip())


def minutes_in(text: str) -> int:
    """``5h``, ``300m``, ``1h 30m``, ``1:30``, ``每周五小时``, or a bare number, which are hours up to 60 and
    minutes above; raises UsageError for anything else."""
    asked = plain_span(text)
    if is_number(asked):
        return int(asked) if int(asked) > MOST_MINUTES // 60 else 60 * int(asked)
    if clock := CLOCK.fullmatch(asked):
        return 60 * int(clock[1]) + int(clock[2])
    match = SPAN.fullmatch(asked)
    if not asked or match is None:
        raise UsageError("{value} is no span of time", key="plan_time", value=text[:40])
    return round(60 * float(match[1] or 0)) + int(match[2] or 0)


def minutes_spent(text: str) -> int:
    """How long one item took: as ``minutes_in``, but a bare number are minutes; raises UsageError for over a day."""
    asked = plain_span(text)
    minutes = int(asked) if is_number(asked) else minutes_in(asked)
    if not 1 <= minutes <= MOST_SPENT:
        raise UsageError("from a minute to a day", key="plan_spent", value=text[:40])
    return minutes


def plain_span(text: str) -> str:
    """A span of time with digits for Chinese numerals, and without what people say around it."""
    asked = plain(" ".join(text[:40].split()))
    while (bare := AROUND.sub("", asked)) != asked:
        asked = bare
    asked = TENS.sub(tens, asked.translate(NUMERALS))
    return HALF_HOUR.sub("30分", HALF.sub(r"\1.5小时", asked))


def tens(found: re.Match[str]) -> str:
    return str(10 * int(found[1] or 1) + int(found[2] or 0))


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def change_budget(habits: Habits, value: str) -> Habits:
    minutes = int(value) if value in CHOICES["budget"] else minutes_in(value)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise UsageError("from half an hour to sixty hours", key="plan_budget", value=value[:40])
    return replace(habits, budget_minutes=minutes)


def change_days(habits: Habits, value: str) -> Habits:
    """Toggle one day; the last one stays."""
    at = int(one_of(value, "days"))
    days = [*habits.days]
    days[at] = "0" if days[at] == "1" else "1"
    if "1" not in days:
        raise UsageError("no day left", key="plan_no_day")
    return replace(habits, days="".join(days))


def one_of(value: str, name: str) -> str:
    if value not in CHOICES[name]:
        raise wrong(value)
    return value


def hour_of(value: str, name: str) -> int:
    """A press gives minutes, a person an hour."""
    return int(value) if value in CHOICES[name] else minutes_of(value)


def weekday_of(value: str) -> int:
    """A press gives a number, a person a name."""
    return WEEKDAYS[value.lower()] if value.lower() in WEEKDAYS else int(one_of(value, "weekday"))


CHANGERS: dict[str, Callable[[Habits, str], Habits]] = {
    "level": lambda habits, value: replace(habits, level=int(one_of(value, "level"))),
    "budget": change_budget,
    "weekday": lambda habits, value: replace(habits, weekday=weekday_of(value)),
    "at": lambda habits, value: replace(habits, at=hour_of(value, "at")),
    "days": change_days,
    "reminding": lambda habits, value: replace(habits, reminding=Reminding(one_of(value, "reminding"))),
    "remind_at": lambda habits, value: replace(habits, remind_at=hour_of(value, "remind_at")),
}


def current(habits: Habits, name: str) -> str:
    """The choice that a setting stands at, as its button would say it."""
    values = {
        "level": habits.level, "budget": habits.budget_minutes, "weekday": habits.weekday, "at": habits.at,
        "reminding": habits.reminding, "remind_at": habits.remind_at,
    }  # fmt: skip
    return str(values.get(name, ""))
