"""The values of filters: categories, directions by any of their names, days near and far, levels, tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from bot.errors import UsageError
from bot.models.papers import LEVELS
from bot.rules.directions import SLUG, Direction, find_direction
from bot.rules.ids import find_ids
from bot.rules.library import tag_of
from bot.rules.query.tree import FilterField
from bot.rules.tokens import plain

CATEGORY = re.compile(r"[a-z]{1,8}(-[a-z]{2,4})?(\.[a-z]{2,3}(-[a-z]{2,4})?)?")
LEVEL_NAMES = {"低": "low", "中": "medium", "高": "high", "未知": "unknown", "mid": "medium"}
CODE_NAMES = ("code", "代码", "源码", "开源")
DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?")
AGO = re.compile(r"(?:最近|近)?(\d{1,4})(d|天|日|w|周|个星期|星期|m|个?月|y|年)(?:内|前|以来)?")
DAYS_OF = {"d": 1, "天": 1, "日": 1, "w": 7, "周": 7, "星": 7, "m": 30, "月": 30, "y": 365, "年": 365}


def read_value(field: FilterField, said: str, today: date, directions: Sequence[Direction]) -> list[str]:
    """What ``said`` means for ``field``, in the form that means the same again; nothing where it means nothing."""
    text = plain(said).strip()
    match field:
        case FilterField.ID:
            return find_ids(said)
        case FilterField.CATEGORY:
            return [text] if CATEGORY.fullmatch(text) else []
        case FilterField.DIRECTION:
            return slugs(said, directions)
        case FilterField.SINCE:
            since = read_since(text, today)
            return [since.isoformat()] if since else []
        case FilterField.COMPUTE:
            level = LEVEL_NAMES.get(text, text)
            return [level] if level in (*LEVELS, "unknown") else []
        case FilterField.HAS:
            return ["code"] if text in CODE_NAMES else []
        case FilterField.SAVED:
            tag = tag_of(said)
            return [tag] if tag or not text else []


def slugs(said: str, directions: Sequence[Direction]) -> list[str]:
    """The direction that ``said`` names; without any to choose from, what looks like a slug is one."""
    if not directions:
        return [said.lower()] if SLUG.fullmatch(said.lower()) else []
    with suppress(UsageError):
        return [find_direction(directions, said).slug]
    return []


def read_since(text: str, today: date) -> date | None:
    """The first day of ``2026``, ``2026-06``, ``2026-06-01``, ``7d``, ``2w``, ``3m``, ``上周`` …; None for none."""
    if text in NAMED:
        return NAMED[text](today)
    if ago := AGO.fullmatch(text):
        days = int(ago[1]) * DAYS_OF[ago[2].removeprefix("个")[0]]
        return today - timedelta(days=min(days, today.toordinal() - 1))
    if day := DAY.fullmatch(text):
        with suppress(ValueError):
            return date(int(day[1]), int(day[2] or 1), int(day[3] or 1))
    return None


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


NAMED: dict[str, Callable[[date], date]] = {
    **dict.fromkeys(("today", "今天", "今日"), lambda today: today),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), lambda today: today - timedelta(days=1)),
    **dict.fromkeys(("week", "本周", "这周"), monday),
    **dict.fromkeys(("last-week", "lastweek", "上周"), lambda today: monday(today) - timedelta(days=7)),
    **dict.fromkeys(("month", "本月", "这个月"), lambda today: today.replace(day=1)),
    **dict.fromkeys(("last-month", "lastmonth", "上月", "上个月"), last_month),
    **dict.fromkeys(("year", "今年"), lambda today: today.replace(month=1, day=1)),
    **dict.fromkeys(("last-year", "lastyear", "去年"), lambda today: date(today.year - 1, 1, 1)),
}
