"""What a reader has done so far, and the plan as a calendar's file."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot import charts
from bot.chat.commands.planned import voice_of
from bot.chat.html import cut, plain
from bot.chat.render import plan as render
from bot.chat.render import weekly
from bot.chat.talk import Answer, File, Talk
from bot.models import Item, ItemState, Message, Week
from bot.rules import reading as rules
from bot.rules.calendar import Event, calendar
from bot.rules.preferences import minutes_of
from bot.rules.zones import zone
from bot.store import reading

WEEKS = 12
"""Of the picture."""


def stats(talk: Talk) -> Answer:
    """``/stats``: months, streaks, minutes, directions."""
    known = weeks_of(talk)
    figures = rules.figures(known, talk.today, zone(talk.reader.zone))
    begun = [week for week in known if week.monday <= talk.today][-WEEKS:]
    if not begun or not figures.done:
        return Answer(messages=(Message(talk.words("plan.nothing_done")),))
    told = weekly.statistics(figures, voice_of(talk))
    picture = charts.drawn(weekly.chart(begun, figures, talk.words))
    return Answer(picture=File("reading.png", picture, told))


def weeks_of(talk: Talk) -> list[Week]:
    with talk.kit.store.read() as session:
        return reading.weeks(session, talk.reader.id)


# --- the calendar -----------------------------------------------------------------------------------------------------


def calendar_file(talk: Talk, at: str = "") -> Answer:
    """``/plan ics [20:00]``: what is planned from this week on, on whole days or at that hour."""
    hour = minutes_of(at) if at else None
    events = events_of(talk, hour)
    if not events:
        return Answer(messages=(Message(talk.words("plan.nothing_left")),))
    text = calendar(talk.words("plan.calendar_name"), events, talk.now)
    caption = talk.words.count("plan.calendar_caption", len(events))
    return Answer(document=File("qiaojin-plan.ics", text.encode(), caption))


def events_of(talk: Talk, hour: int | None) -> list[Event]:
    """What is planned from this week on; of one day one after another where there is an hour."""
    first, events = rules.monday_of(talk.today), list[Event]()
    taken: dict[date, int] = {}
    for week in weeks_of(talk):
        for item in week.items if week.monday >= first else ():
            if item.state is ItemState.PLANNED and item.day:
                begins = None if hour is None else hour + taken.get(item.day, 0)
                taken[item.day] = taken.get(item.day, 0) + item.minutes
                events.append(event(talk, item, item.day, begins))
    return events


def event(talk: Talk, item: Item, day: date, begins: int | None) -> Event:
    about = plain(render.about(item, voice_of(talk)))
    url = talk.links["abstract"].format(id=item.id) if item.kind in render.PAPERS else ""
    title = f"{render.kind(item, talk.words)}: {cut(render.title_of(item), 120)}"
    uid = f"{item.kind}-{item.id}-{item.part}@qiaojin"
    return Event(uid, day, title, item.minutes, start_of(day, begins, talk.reader.zone), about, url)


def start_of(day: date, begins: int | None, zone_name: str) -> datetime | None:
    """The moment ``begins`` minutes after the reader's midnight, as late as a quarter to it at most."""
    if begins is None:
        return None
    begins = min(begins, 24 * 60 - 15)
    return datetime.combine(day, time(begins // 60, begins % 60), zone(zone_name)).astimezone(UTC)
