"""``/privacy``, ``/my_data``, ``/forget_me``: what is kept about a reader, all of it, and how to be rid of it."""

from __future__ import annotations

import logging
import threading

import orjson

from bot import backups
from bot.chat.context import ANONYMOUS_ADMIN, pressed
from bot.chat.html import escape
from bot.chat.talk import Answer, Confidence, File, Talk
from bot.kit import Kit
from bot.models import Button, Message
from bot.store import personal

log = logging.getLogger(__name__)

NOBODY = (0, ANONYMOUS_ADMIN)
"""Who writes in a channel's name, or hides as an administrator: whose own chat is not known."""


def privacy(talk: Talk) -> Answer:
    """``/privacy``: what is kept, and how to be rid of it."""
    return Answer(messages=(Message(talk.words("privacy.text")),))


def my_data(talk: Talk) -> Answer:
    """``/my_data``: all that is kept about this reader, as a document.

    A group's goes to the administrator who asks, not to all who read there.
    """
    with talk.kit.store.read() as session:
        kept = personal.about(session, talk.reader.id, person(talk))
    if not kept:
        key = "mydata.nothing" if talk.turn.is_private else "mydata.nothing_group"
        return Answer(messages=(Message(talk.words(key)),))
    told = {"reader": talk.reader.id, "at": talk.now.isoformat(), **kept}
    name, content = f"qiaojin-{talk.today}.json", orjson.dumps(told, option=orjson.OPT_INDENT_2)
    if talk.turn.is_private:
        return Answer(document=File(name, content, talk.words("mydata.caption")))
    if talk.turn.user_id in NOBODY:
        return Answer(messages=(Message(talk.words("mydata.nameless", id=escape(talk.reader.id))),))
    document = File(name, content, talk.words("mydata.caption_group", title=escape(talk.reader.title)))
    arrived, closed = Message(talk.words("mydata.sent_in_private")), Message(talk.words("mydata.closed"))
    return Answer(confidence=Confidence(talk.turn.user_id, document, arrived, closed))


def person(talk: Talk) -> int | None:
    """Telegram's number of the reader, where that is a person."""
    return talk.turn.user_id if talk.turn.is_private else None


def forget_me(talk: Talk) -> Answer:
    """``/forget_me``: asks first."""
    with talk.kit.store.read() as session:
        known = personal.is_known(session, talk.reader.id, person(talk))
    if not known:
        key = "forget.nothing" if talk.turn.is_private else "mydata.nothing_group"
        return Answer(messages=(Message(talk.words(key)),))
    rows = ((Button(talk.words("forget.yes"), pressed("forget", "yes")),),
            (Button(talk.words("forget.no"), pressed("forget", "no")),))  # fmt: skip
    key = "forget.sure" if talk.turn.is_private else "forget.sure_group"
    return Answer(messages=(Message(talk.words(key), rows),))


def of_the_group(talk: Talk) -> Answer:
    """To a member who may not: here it is about the data of all, and their own are asked after in private."""
    return Answer(toast=talk.words("privacy.of_the_group"))


def forget(talk: Talk, which: str) -> Answer:
    """The answer to the question of ``/forget_me``."""
    if which != "yes":
        return Answer(screen=Message(talk.words("forget.kept")))
    with talk.kit.store.write() as session:
        personal.forget(session, talk.reader.id, person(talk))
        personal.note_forgotten(session, talk.reader.id, person(talk), talk.now)
    threading.Thread(target=scrub_backups, args=(talk.kit,), name="scrubbing backups", daemon=True).start()
    return Answer(screen=Message(talk.words("forget.done")))


def scrub_backups(kit: Kit) -> None:
    """At once where the backups are at hand; what fails here is done by the clock (``backups.keep_daily``)."""
    try:
        backups.scrub(kit)
    except Exception:  # the thread's boundary
        log.exception("the backups could not be scrubbed yet")
