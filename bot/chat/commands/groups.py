"""Groups, channels and topics: binding a direction to a topic, and coming and going."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands.start import settings_row
from bot.chat.html import escape
from bot.chat.talk import Answer, Talk, new_reader, not_admitted
from bot.models import Message
from bot.rules.directions import find_direction
from bot.store import readers


def bind(talk: Talk) -> Answer:
    """``/bind DIRECTION`` in a topic (or a group, or a channel): this one direction arrives here."""
    if talk.turn.is_private:
        return Answer(messages=(Message(talk.words("bind.where")),))
    if not talk.known and not talk.is_admitted:
        return not_admitted(talk)
    if not talk.argument.strip():
        return Answer(messages=(Message(talk.words("bind.how")),))
    slug = find_direction(talk.directions, talk.argument).slug
    talk = own_reader(talk).keep(bound_to=slug, directions=(slug,), state="active")
    text = talk.words("bind.done" if talk.turn.thread_id else "bind.done_here", name=escape(talk.names[slug]))
    return Answer(messages=(Message(text, (settings_row(talk),)),))


def own_reader(talk: Talk) -> Talk:
    """The talk with this topic's own reader, made after the group's where there is none."""
    if talk.reader.id == talk.turn.reader_id:
        return talk
    group = talk.reader if talk.known else new_reader(talk.turn)
    own = replace(group, id=talk.turn.reader_id, kind="topic", joined=talk.now, last_digest=None, decided_on=None)
    return replace(talk, reader=own, known=False)


def unbind(talk: Talk) -> Answer:
    """``/unbind``: a topic is the group's again; a group gets all its directions."""
    if not talk.reader.bound_to:
        return Answer(messages=(Message(talk.words("bind.not_bound")),))
    if talk.reader.kind == "topic":
        with talk.kit.store.write() as session:
            readers.forget(session, talk.reader.id)
    else:
        talk.keep(bound_to="")
    return Answer(messages=(Message(talk.words("bind.undone")),))


def arrived(talk: Talk) -> Answer:
    """We were added to a group or a channel, or unblocked."""
    if talk.known:
        if talk.reader.state == "gone":
            talk.keep(state="active" if talk.reader.directions else "onboarding")
        return Answer()
    if talk.turn.kind != "group":  # a channel's subscribers did not ask who we are
        return Answer()
    if not talk.is_admitted:
        return not_admitted(talk)
    return Answer(messages=(Message(talk.words("groups.hello")),))


def left(talk: Talk) -> Answer:
    """We were removed or blocked."""
    if talk.known:
        talk.keep(state="gone")
    return Answer()
