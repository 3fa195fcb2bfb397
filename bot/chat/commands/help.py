"""``/help``, ``/privacy``, ``/stop``, ``/forget_me``, and plain text that is no command."""

from __future__ import annotations

from bot.chat.commands import idea_changes, plan, remarks, settings
from bot.chat.commands.paper import cards
from bot.chat.context import pressed
from bot.chat.talk import Answer, Talk
from bot.models import Button, Message
from bot.rules.ids import find_ids, find_linked_ids
from bot.store import readers, together


def help_(talk: Talk) -> Answer:
    """``/help``."""
    key = "help.chat" if talk.turn.is_private else "help.group"
    row = (Button(talk.words("chat.settings"), pressed("set", "main")),)
    return Answer(messages=(Message(talk.words(key), (row,)),))


def privacy(talk: Talk) -> Answer:
    """``/privacy``: what is kept, and how to be rid of it."""
    return Answer(messages=(Message(talk.words("privacy.text")),))


def stop(talk: Talk) -> Answer:
    """``/stop``: nothing comes unasked any more; everything is kept for a return."""
    if talk.known:
        talk.keep(state="stopped")
    return Answer(messages=(Message(talk.words("stop.done")),))


def forget_me(talk: Talk) -> Answer:
    """``/forget_me``: asks first."""
    if not (talk.known or reads_along(talk)):
        return Answer(messages=(Message(talk.words("forget.nothing")),))
    rows = ((Button(talk.words("forget.yes"), pressed("forget", "yes")),),
            (Button(talk.words("forget.no"), pressed("forget", "no")),))  # fmt: skip
    return Answer(messages=(Message(talk.words("forget.sure"), rows),))


def reads_along(talk: Talk) -> bool:
    """Whether a person who may have no chat with us is known to a group's plan."""
    with talk.kit.store.read() as session:
        return talk.turn.is_private and together.reads_along(session, talk.turn.user_id)


def forget(talk: Talk, which: str) -> Answer:
    """The answer to the question of ``/forget_me``."""
    if which != "yes":
        return Answer(screen=Message(talk.words("forget.kept")))
    with talk.kit.store.write() as session:
        readers.forget(session, talk.reader.id)
        if talk.turn.is_private:
            together.forget_member(session, talk.turn.user_id)
    return Answer(screen=Message(talk.words("forget.done")))


def text(talk: Talk) -> Answer:
    """Plain text: papers that it names, the answer to a question of ours, or (in private) a word of help."""
    if remarks.is_asked(talk):
        return remarks.written(talk)
    if plan.is_asked(talk):
        return plan.written(talk)
    if idea_changes.is_asked(talk):
        return idea_changes.typed(talk)
    ids = find_ids(talk.argument) if talk.turn.is_private else find_linked_ids(talk.argument)
    if talk.awaited and not ids:
        return settings.typed(talk, talk.awaited)
    if ids and talk.turn.kind != "channel":
        return cards(talk, ids)
    return not_understood(talk)


def not_understood(talk: Talk) -> Answer:
    """A short answer that helps, in private chats only."""
    if not talk.turn.is_private:
        return Answer()
    return Answer(messages=(Message(talk.words("chat.not_understood")),))
