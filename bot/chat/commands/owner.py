"""For whoever runs the installation: ``/status`` and a broadcast with a preview."""

from __future__ import annotations

import re

from bot.chat.context import pressed
from bot.chat.html import cut, escape
from bot.chat.render.parts import safe
from bot.chat.talk import Answer, Talk
from bot.models import Button, Delivery, Message, SourceStanding
from bot.store import deliveries, figures, readers

LONGEST_BROADCAST = 3000
BROADCAST = "broadcast"
QUOTED = re.compile(r"<blockquote>(.+?)</blockquote>", re.DOTALL)


def is_owner(talk: Talk) -> bool:
    return talk.turn.user_id in talk.kit.settings.owners


def only_owner(talk: Talk) -> Answer:
    return Answer(messages=(Message(talk.words("owner.only")),)) if talk.turn.is_private else Answer()


def status(talk: Talk) -> Answer:
    """``/status``: papers, readers, sources, the last run."""
    if not is_owner(talk):
        return only_owner(talk)
    words = talk.words
    with talk.kit.store.read() as session:
        now = figures.status(session, talk.now)
    first, last = (day.isoformat() if day else "–" for day in (now.first_day, now.last_day))
    run = now.runs[0] if now.runs else None
    told = [
        f"<b>{words('owner.status')}</b>",
        words.count("status.papers", now.papers, first=first, last=last),
        words("owner.readers", active=now.readers.get("active", 0), all=sum(now.readers.values())),
        words("owner.outbox", waiting=now.outbox.waiting, sent=now.outbox.sent, failed=now.outbox.failed),
        "",
        *(standing(talk, source) for source in now.sources),
        words("owner.last_run", at=f"{run.started:%Y-%m-%d %H:%M} UTC", seconds=f"{run.seconds:.1f}") if run else "",
    ]
    return Answer(messages=(Message("\n".join(told).strip()),))


def standing(talk: Talk, source: SourceStanding) -> str:
    if not source.failures:
        return f"✓ {safe(source.name, 60)} · {source.watermark or '–'}"
    failing = talk.words.count("status.failing", source.failures)
    return f"✗ {safe(source.name, 60)} · {failing} · {safe(source.last_error, 200)}"


def broadcast(talk: Talk) -> Answer:
    """``/broadcast TEXT``: shows it first, as it would arrive."""
    if not is_owner(talk):
        return only_owner(talk)
    text = cut(talk.argument.strip(), LONGEST_BROADCAST)
    if not text:
        return Answer(messages=(Message(talk.words("owner.broadcast_how")),))
    with talk.kit.store.read() as session:
        readers_now = len(readers.in_state(session))
    ask = talk.words.count("owner.broadcast_sure", readers_now)
    return Answer(messages=(Message(f"{ask}\n\n<blockquote>{escape(text)}</blockquote>", rows(talk)),))


def rows(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    return ((Button(talk.words("owner.send"), pressed("broadcast", "yes")),
             Button(talk.words("forget.no"), pressed("broadcast", "no"))),)  # fmt: skip


def send(talk: Talk, which: str) -> Answer:
    """The answer to the question of ``/broadcast``: the text that stands in it goes to every reader, once."""
    if not is_owner(talk):
        return Answer(toast=talk.words("owner.only"))
    text = QUOTED.search(talk.turn.page.html) if talk.turn.page else None
    if which != "yes" or text is None:
        return Answer(screen=Message(talk.words("owner.broadcast_dropped")))
    with talk.kit.store.write() as session:
        everyone = readers.in_state(session)
        subject = f"{talk.turn.chat_id}/{talk.turn.message_id}"
        letters = [Delivery(reader.id, BROADCAST, subject, Message(text[1])) for reader in everyone]
        deliveries.enqueue(session, letters, talk.now)
    return Answer(screen=Message(talk.words.count("owner.broadcast_done", len(everyone))))
