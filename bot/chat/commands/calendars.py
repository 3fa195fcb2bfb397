"""The plan in a calendar: as a file, and at a secret address that a telephone subscribes to."""

from __future__ import annotations

import secrets

from bot.chat.commands.planned import voice_of
from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render import plan as render
from bot.chat.render.calendar import events
from bot.chat.talk import Answer, File, Talk, labels, links_of, words_of
from bot.kit import Kit
from bot.models import Button, Message
from bot.rules import reading as rules
from bot.rules.calendar import Event, Feed, calendar, feed
from bot.rules.preferences import minutes_of
from bot.rules.zones import local
from bot.store import calendars, reading
from bot.store.calendars import Address

SECRET_BYTES = 24
WHOLE_DAYS = "day"
"""In a button, where an hour would stand."""


# --- the file ---------------------------------------------------------------------------------------------------------


def calendar_file(talk: Talk, at: str = "") -> Answer:
    """``/plan calendar [20:00]``: what is planned from this week on, on whole days or at that hour."""
    hour = minutes_of(at) if at else None
    found = events_of(talk, hour)
    subscription = (subscribing(talk, hour),) if can_subscribe(talk) else ()
    if not found:
        return Answer(messages=(Message(talk.words("plan.nothing_left")), *subscription))
    text = calendar(talk.words("plan.calendar_name"), found, talk.now)
    caption = talk.words.count("plan.calendar_caption", len(found))
    return Answer(messages=subscription, document=File("qiaojin-plan.ics", text.encode(), caption))


def events_of(talk: Talk, hour: int | None) -> list[Event]:
    with talk.kit.store.read() as session:
        weeks = reading.weeks(session, talk.reader.id)
    return events(weeks, rules.monday_of(talk.today), hour, talk.reader.zone, voice_of(talk))


# --- the secret address -----------------------------------------------------------------------------------------------


def can_subscribe(talk: Talk) -> bool:
    """Where the web part has an address, and in private: what a group reads is no secret."""
    return bool(talk.kit.settings.web_url) and talk.turn.is_private


def subscribing(talk: Talk, hour: int | None) -> Message:
    """The address as it is, its hour changed where another was asked for; or an offer to make one."""
    with talk.kit.store.read() as session:
        known = calendars.address(session, talk.reader.id)
    if known and hour not in (None, known.at):
        known = keep(talk, Address(known.token, hour))
    return shown(talk, known) if known else offer(talk, hour)


def offer(talk: Talk, hour: int | None) -> Message:
    what = WHOLE_DAYS if hour is None else str(hour)
    return Message(talk.words("calendar.offer"), ((Button(talk.words("calendar.make"), pressed("feed", what)),),))


def shown(talk: Talk, address: Address) -> Message:
    url = f"{talk.kit.settings.web_url}/calendar/{address.token}.ics"
    again = WHOLE_DAYS if address.at is None else str(address.at)
    row = (Button(talk.words("calendar.renew"), pressed("feed", again)),
           Button(talk.words("calendar.withdraw"), pressed("feed", "off")))  # fmt: skip
    return Message(talk.words("calendar.address", url=escape(url)), (row,))


def keep(talk: Talk, address: Address) -> Address:
    with talk.kit.store.write() as session:
        calendars.keep(session, talk.reader.id, address, talk.now)
    return address


def is_choice(what: str) -> bool:
    return what in ("off", WHOLE_DAYS) or (what.isascii() and what.isdigit() and int(what) < 24 * 60)


def subscribe(talk: Talk, what: str) -> Answer:
    """A button under an address or an offer: a new address from now on, or none."""
    if not can_subscribe(talk):
        return Answer(toast=talk.words("calendar.nowhere"))
    with talk.kit.store.read() as session:
        before = calendars.address(session, talk.reader.id)
    if what == "off":
        with talk.kit.store.write() as session:
            calendars.withdraw(session, talk.reader.id)
        return Answer(screen=Message(talk.words("calendar.withdrawn")))
    hour = None if what == WHOLE_DAYS else int(what)
    address = keep(talk.ensure_known(), Address(secrets.token_urlsafe(SECRET_BYTES), hour))
    return Answer(screen=shown(talk, address), toast=talk.words("calendar.renewed") if before else "")


def subscribed(kit: Kit, token: str) -> Feed | None:
    """The calendar behind a secret address, as the web part serves it."""
    with kit.store.read() as session:
        found = calendars.at_token(session, token)
        weeks = reading.weeks(session, found[0].id) if found else []
    if found is None:
        return None
    (reader, address), now = found, kit.clock.now()
    words = words_of(reader)
    voice = render.voice(kit, words, links_of(kit), labels(kit, words))
    monday = rules.monday_of(local(now, reader.zone).date())
    return feed(words("plan.calendar_name"), events(weeks, monday, address.at, reader.zone, voice), now)
