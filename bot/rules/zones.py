"""Time zones as people name them: a city in Chinese or English, an offset, an IANA name."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import UsageError
from bot.rules.tokens import tokens

OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
EASTERN = re.compile(r"([东西])([一二三四五六七八九十]{1,2})区")
NUMERALS = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十一": 11,
    "十二": 12,
}
COMMON = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata",
    "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Los_Angeles", "UTC",
)  # fmt: skip
"""What the buttons offer."""
ALSO = {
    "Asia/Shanghai": "北京 上海 广州 深圳 杭州 南京 武汉 成都 西安 天津 苏州 合肥 中国 北京时间 "
    "beijing shenzhen guangzhou hangzhou nanjing wuhan chengdu xian tianjin china cst",
    "Asia/Hong_Kong": "香港",
    "Asia/Taipei": "台北 台湾 新竹 taiwan hsinchu",
    "Asia/Singapore": "新加坡",
    "Asia/Tokyo": "东京 日本 大阪 京都 japan osaka kyoto",
    "Asia/Seoul": "首尔 韩国 korea daejeon",
    "Asia/Kolkata": "印度 孟买 班加罗尔 india mumbai bangalore bengaluru delhi",
    "Europe/London": "伦敦 英国 剑桥 牛津 爱丁堡 uk england cambridge oxford edinburgh",
    "Europe/Berlin": "柏林 德国 慕尼黑 germany munich",
    "Europe/Zurich": "苏黎世 洛桑 瑞士 lausanne switzerland",
    "Europe/Paris": "巴黎 法国 france",
    "America/New_York": "纽约 波士顿 匹兹堡 华盛顿 普林斯顿 亚特兰大 "
    "boston pittsburgh washington princeton philadelphia est edt ithaca baltimore atlanta",
    "America/Chicago": "芝加哥 奥斯汀 休斯敦 austin houston dallas urbana",
    "America/Los_Angeles": "洛杉矶 旧金山 西雅图 伯克利 斯坦福 "
    "san_francisco seattle berkeley stanford bay_area pst pdt",
    "America/Toronto": "多伦多 蒙特利尔 montreal",
    "Australia/Sydney": "悉尼 墨尔本 melbourne",
    "UTC": "gmt z 世界时 协调世界时",
}
"""What people call a zone besides its city: countries, other cities, where universities are."""
OWN_LABELS = {
    "Asia/Shanghai": {"zh": "北京", "en": "Beijing"},
    "Asia/Kolkata": {"zh": "印度", "en": "India"},
}
"""Where people call a zone by another name than the database does."""


def zone(name: str) -> tzinfo:
    """The zone of an IANA name or of an offset such as ``+08:00``; UTC for what is neither."""
    if match := OFFSET.fullmatch(name):
        return timezone(offset_of(match))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def offset_of(match: re.Match[str]) -> timedelta:
    span = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -span if match[1] == "-" else span


@cache
def cities() -> dict[str, str]:
    """Zone by every name we know for it, folded."""
    names = available_timezones()  # reads a folder
    found = {folded(name.rpartition("/")[2]): name for name in sorted(names) if "/" in name}
    found |= chinese_cities(names)
    found |= {folded(name): name for name in names}
    for name, others in ALSO.items():
        found |= {folded(other.replace("_", " ")): name for other in others.split()}
    return found


def chinese_cities(names: Collection[str]) -> dict[str, str]:
    from babel import Locale

    zones: dict[str, dict[str, str]] = dict(Locale("zh").time_zones)
    named = ((entry.get("city"), name) for name, entry in zones.items() if name in names)
    return {folded(city): name for city, name in named if city}


def folded(name: str) -> str:
    return "".join(tokens(name.replace("_", " ")))


def find_zone(text: str) -> str:
    """The zone that a person means, as a name that ``zone`` reads; raises UsageError for what nobody knows."""
    asked = text.strip()[:60]
    compact = asked.replace(" ", "").replace("−", "-")
    if match := OFFSET.fullmatch(compact):
        return checked_offset(match, asked)
    if match := EASTERN.fullmatch(compact):
        hours = NUMERALS.get(match[2], 0)
        return f"{'+' if match[1] == '东' else '-'}{hours:02d}:00"
    known = cities()
    if name := known.get(folded(asked)):
        return name
    near = get_close_matches(folded(asked), known, 1, 0.84) if len(asked) > 3 else []
    if near:
        return known[near[0]]
    raise UsageError("no zone {asked}", key="unknown_zone", asked=asked)


def checked_offset(match: re.Match[str], asked: str) -> str:
    if not -timedelta(hours=12) <= offset_of(match) <= timedelta(hours=14):
        raise UsageError("no zone {asked}", key="unknown_zone", asked=asked)
    return f"{match[1]}{int(match[2]):02d}:{int(match[3] or 0):02d}"


def local(now: datetime, name: str) -> datetime:
    return now.astimezone(zone(name))


def label(name: str, language: str) -> str:
    """A zone in words: its city where Babel knows it, else the name itself, without underscores."""
    from babel.dates import get_timezone_location

    if OFFSET.fullmatch(name):
        return f"UTC{name}"
    if name == "UTC":
        return "UTC"
    own = OWN_LABELS.get(name, {}).get(language)
    return own or get_timezone_location(ZoneInfo(name), locale=language, return_city=True)
