"""👍 and 👎 under a message of papers.

A reaction to an open card is worth what its button is. One to a list of several papers is shared among them, and
leaves alone what the reader has said of a paper by its own button. Taking the reaction away takes that back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from telegram import MessageReactionUpdated, ReactionTypeEmoji

from bot.chat.talk import Answer, Talk
from bot.store import pages, papers, readers
from bot.store.engine import Session

VALUES = {"👍": 1, "❤": 1, "❤️": 1, "🔥": 1, "👎": -1}


def value_of(reaction: MessageReactionUpdated) -> int:
    """What the reactions of one person to one message come to: like, dislike, or no opinion."""
    emoji = [one.emoji for one in reaction.new_reaction if isinstance(one, ReactionTypeEmoji)]
    total = sum(VALUES.get(one, 0) for one in emoji)
    return (total > 0) - (total < 0)


def react(talk: Talk, value: int) -> Answer:
    """Note a reaction to the message ``turn.message_id``; nothing is said about it."""
    with talk.kit.store.write() as session:
        reader_id, shown = pages.shown(session, talk.turn.chat_id, talk.turn.message_id)
        note(session, reader_id, shown, value, talk.now)
    return Answer()


def note(session: Session, reader_id: str, shown: Sequence[str], value: int, now: datetime) -> None:
    said = readers.opinions(session, reader_id)
    share = value / len(shown) if shown else 0
    known = papers.by_id(session, shown)
    for paper_id in known:
        if len(shown) == 1 or abs(said.get(paper_id, 0)) < 1:
            readers.set_opinion(session, reader_id, paper_id, share, now)
