"""``/link``: a code by which the terminal joins this chat."""

from __future__ import annotations

import secrets

from bot.chat.talk import Answer, Talk
from bot.models import Message
from bot.store import terminals

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that nobody takes for another."""
LENGTH = 8


def link(talk: Talk) -> Answer:
    """A short-lived code; whoever types it into the terminal of this installation reads and writes as this chat."""
    talk = talk.ensure_known()
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with talk.kit.store.write() as session:
        terminals.keep_code(session, code, talk.reader.id, talk.now)
    minutes = int(terminals.VALID_FOR.total_seconds() // 60)
    return Answer(messages=(Message(talk.words("link.code", code=code, minutes=minutes)),))
