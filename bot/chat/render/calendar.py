"""A reading plan as the events of a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.chat.html import cut, plain
from bot.chat.render import plan as render
from bot.chat.render.plan import Voice
from bot.models import Item, ItemState, Week
from bot.rules.calendar import Event
from bot.rules.zones import zone


def events(weeks: Sequence[Week], first: date, hour: int | None, zone_name: str, voice: Voice) -> list[Event]:
    """What is planned from the week of ``first`` on; where there is an hour, the items of a day one after another.

    ``hour`` is minutes after the reader's midnight.
    """
    found, taken = list[Event](), dict[date, int]()
    for week in weeks:
        for item in week.items if week.monday >= first else ():
            if item.state is ItemState.PLANNED and item.day:
                begins = None if hour is None else hour + taken.get(item.day, 0)
                taken[item.day] = taken.get(item.day, 0) + item.minutes
                found.append(event(item, item.day, start_of(item.day, begins, zone_name), voice))
    return found


def event(item: Item, day: date, start: datetime | None, voice: Voice) -> Event:
    about = plain(render.about(item, voice))
    url = voice.links["abstract"].format(id=item.id) if item.kind in render.PAPERS else ""
    title = f"{render.kind(item, voice.words)}: {cut(render.title_of(item), 120)}"
    uid = f"{item.kind}-{item.id}-{item.part}@qiaojin"
    return Event(uid, day, title, item.minutes, start, about, url)


def start_of(day: date, begins: int | None, zone_name: str) -> datetime | None:
    """The moment ``begins`` minutes after the reader's midnight, as late as a quarter to it at most."""
    if begins is None:
        return None
    begins = min(begins, 24 * 60 - 15)
    return datetime.combine(day, time(begins // 60, begins % 60), zone(zone_name)).astimezone(UTC)
