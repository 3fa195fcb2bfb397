"""References from other programs: a file sent to us, or pasted behind ``/import``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePath

from bot.chat.render import library as render
from bot.chat.talk import Answer, File, Talk
from bot.errors import UsageError
from bot.importing import import_references
from bot.models import Message
from bot.rules.references import MOST_BYTES, label, read

ENDINGS = (".bib", ".bibtex", ".ris", ".txt", ".md", ".csv")
MANY = 50
"""Entries from which on a person is told that we are at it."""


def import_(talk: Talk) -> Answer:
    """``/import``, with ids, links or entries behind it; without, how it goes."""
    if not talk.argument.strip():
        return Answer(messages=(Message(talk.words("import.how")),))
    return taken(talk, "", talk.argument.encode())


def refusal(name: str, size: int) -> UsageError | None:
    """Why a file is not even fetched, if so."""
    if PurePath(name.lower()).suffix not in ENDINGS:
        return UsageError("not a file of references", key="file_kind", name=name[:60] or "?")
    if size > MOST_BYTES:
        return UsageError("more than 1 MB", key="file_too_large")
    return None


def take(talk: Talk, name: str, size: int, content: bytes | None) -> Answer:
    """A file that was sent; raises UsageError where it is none of ours, or Telegram did not hand it over."""
    if why := refusal(name, size):
        raise why
    if content is None:
        raise UsageError("Telegram did not hand the file over", key="file_lost")
    return taken(talk, name, content)


def acknowledged(talk: Talk, content: bytes) -> Answer:
    """That it may take a while, where there is much to look up; what is wrong with a file is told later."""
    with suppress(UsageError):
        if (number := len(read(content))) >= MANY:
            return Answer(messages=(Message(talk.words.count("import.begun", number)),))
    return Answer()


def taken(talk: Talk, name: str, content: bytes) -> Answer:
    """What it came to; where much was not found, all of that is sent along as a file."""
    talk = talk.ensure_known()
    done = import_references(talk.kit, talk.reader.id, content)
    lost = "\n".join(label(reference) for reference in (*done.missing, *done.unasked))
    many = len(done.missing) > render.SHOWN_MISSING
    document = File("not-found.txt", lost.encode(), talk.words("import.all_missing")) if many else None
    return Answer(messages=(render.imported(done, name, talk.words),), document=document)
