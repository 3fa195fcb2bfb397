"""``/help``, ``/stop``, and plain text that is no command."""

from __future__ import annotations

from bot.chat.commands import idea_changes, plan, remarks, search, settings
from bot.chat.commands.paper import cards
from bot.chat.context import pressed
from bot.chat.talk import Answer, Talk
from bot.models import Button, Message
from bot.rules.ids import find_ids, find_linked_ids

TOPICS = ("search", "搜索", "查找")
"""Of which there is more to say than fits into the whole."""


def help_(talk: Talk) -> Answer:
    """``/help``, and ``/help search``."""
    if talk.argument.strip().lstrip("/").lower() in TOPICS:
        return search.explain(talk)
    key = "help.chat" if talk.turn.is_private else "help.group"
    row = (Button(talk.words("chat.settings"), pressed("set", "main")),)
    return Answer(messages=(Message(talk.words(key), (row,)),))


def stop(talk: Talk) -> Answer:
    """``/stop``: nothing comes unasked any more; everything is kept for a return."""
    if talk.known:
        talk.keep(state="stopped")
    return Answer(messages=(Message(talk.words("stop.done")),))


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
