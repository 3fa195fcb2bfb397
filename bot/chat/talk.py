"""What every command works with, and what it gives back.

    update → Turn → (in a thread) Talk → command → Answer → Telegram

A command is a plain function from ``Talk`` to ``Answer``: it knows neither Telegram's library nor its network, and the
whole of it runs in one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.chat.context import Turn, read_press
from bot.chat.html import cut, escape, plain
from bot.errors import QiaojinError
from bot.kit import Kit
from bot.models import Message, Reader
from bot.rules.directions import Direction
from bot.rules.edition import FOLLOWED
from bot.rules.foreign import clean
from bot.rules.zones import local
from bot.store import pages, readers
from bot.store.engine import Session
from bot.wording import Words

PATIENCE = timedelta(hours=1)
"""How long a question waits for its answer in writing."""
MOVING_ON = (("set",), ("begin",))
"""Buttons that end the wait; a screen that may be answered in writing begins it anew."""
DEFAULT_ZONE = {"zh": "Asia/Shanghai", "en": "UTC"}
"""Where a reader is thought to be until they say so."""


@dataclass(frozen=True, slots=True)
class File:
    """Something to send along: a picture or a document."""

    name: str
    content: bytes
    caption: str = ""
    """Telegram's HTML, at most 1,024 units."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """A document for one person's eyes: it goes to their own chat with us, whichever chat it was asked for in."""

    user_id: int
    document: File
    arrived: Message
    """What the asking chat is told then."""
    closed: Message
    """What it is told where the person has no chat with us yet, or has blocked us."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be done about a turn."""

    messages: tuple[Message, ...] = ()
    """New messages."""
    screen: Message | None = None
    """Takes the place of the message whose button was pressed; a new message where there is none."""
    toast: str = ""
    """A word that appears for a moment over the chat; where no button was pressed, a message."""
    picture: File | None = None
    document: File | None = None
    confidence: Confidence | None = None
    deep_link: str = ""
    """Opens our private chat with this parameter."""
    inline: Inline | None = None


@dataclass(frozen=True, slots=True)
class Inline:
    """Results of an inline query."""

    articles: tuple[tuple[str, str, str, Message], ...]
    """Id, title, description, and the message that is sent."""
    next_offset: str = ""


@dataclass(frozen=True)
class Talk:
    """A turn together with its reader and everything that is needed to answer it."""

    kit: Kit
    turn: Turn
    reader: Reader
    words: Words
    argument: str = ""
    """What was written behind a command, or as an answer."""
    known: bool = True
    """Whether the reader is kept in the database."""
    awaited: str = ""
    """The setting for which an answer in writing is awaited from this person."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The directions' labels by slug, in the reader's language."""

    @property
    def directions(self) -> tuple[Direction, ...]:
        return self.kit.directions

    @property
    def now(self) -> datetime:
        return self.kit.clock.now()

    @property
    def today(self) -> date:
        """The reader's own date."""
        return local(self.now, self.reader.zone).date()

    @property
    def links(self) -> dict[str, str]:
        return links_of(self.kit)

    @property
    def onboarding(self) -> bool:
        return self.reader.state == "onboarding"

    @property
    def is_admitted(self) -> bool:
        """Whether whoever acts here, or the chat itself, may become a reader."""
        settings = self.kit.settings
        return settings.admits(self.turn.user_id) or settings.admits(self.turn.chat_id)

    @property
    def can_go_back(self) -> bool:
        """Whether the message whose button was pressed shows a card in the place of a list."""
        rows = self.turn.page.buttons if self.turn.page else ()
        return any(read_press(button.data) == ("back",) for row in rows for button in row)

    def with_reader(self, reader: Reader) -> Talk:
        words = words_of(reader)
        return replace(self, reader=reader, words=words, names=labels(self.kit, words), known=True)

    def keep(self, **changes: Any) -> Talk:
        """Note changed settings (all of them, for a new reader) and go on with them.

        Only these are written: the clock may have noted a digest since the reader was read.
        """
        with self.kit.store.write() as session:
            reader = replace(readers.get(session, self.reader.id) or self.reader, **changes)
            readers.save(session, reader)
        return self.with_reader(reader)

    def keep_reader(self, reader: Reader) -> Talk:
        """Note what differs in ``reader`` from what it was."""
        changes = {f.name: getattr(reader, f.name) for f in fields(reader)}
        changed = {name: new for name, new in changes.items() if new != getattr(self.reader, name)}
        return self.keep(**changed) if changed or not self.known else self

    def ensure_known(self) -> Talk:
        """Rows about a reader need the reader's own."""
        return self if self.known else self.keep()


Command = Callable[[Talk], Answer]


def words_of(reader: Reader) -> Words:
    return Words("zh" if reader.language == "zh" else "en")


def links_of(kit: Kit) -> dict[str, str]:
    """The addresses of a paper, with a place for its id."""
    return {"abstract": kit.settings.links_abstract, "pdf": kit.settings.links_pdf}


def labels(kit: Kit, words: Words) -> dict[str, str]:
    """What directions, and the section of followed words and authors, are called."""
    return {FOLLOWED: words("digest.followed")} | {one.slug: one.label(words.language) for one in kit.directions}


def new_reader(turn: Turn) -> Reader:
    """A reader of whom nothing is known but the chat."""
    return Reader(
        id=turn.reader_id, kind=turn.kind, title=clean(turn.title)[:120], language=turn.language,
        zone=DEFAULT_ZONE[turn.language],
    )  # fmt: skip


def reader_of(session: Session, turn: Turn) -> tuple[Reader, bool]:
    """The reader that a turn concerns, and whether it is kept: a topic that has none of its own is the group's."""
    if known := readers.get(session, turn.reader_id):
        return known, True
    group = str(turn.chat_id)
    if turn.thread_id and (known := readers.get(session, group)):
        return known, True
    turn = replace(turn, reader_id=group, kind="group" if turn.kind == "topic" else turn.kind)
    return new_reader(turn), False


def open_talk(kit: Kit, turn: Turn, argument: str = "") -> Talk:
    with kit.store.read() as session:
        reader, known = reader_of(session, turn)
        awaited = readers.awaited(session, reader.id, turn.user_id, kit.clock.now() - PATIENCE) if known else ""
    words = words_of(reader)
    return Talk(kit, turn, reader, words, clean(argument), known, awaited, labels(kit, words))


def answer(kit: Kit, turn: Turn, command: Command, argument: str = "") -> Answer:
    """Run ``command``; what a person did wrong is told in one sentence."""
    talk = open_talk(kit, turn, argument)
    if turn.is_private and not talk.known and not talk.is_admitted:
        return not_admitted(talk)
    if talk.awaited and (turn.text.startswith("/") or turn.data[:1] in MOVING_ON):
        forget_question(talk)
    try:
        return command(talk)
    except QiaojinError as error:
        return refusal(talk, error)


def forget_question(talk: Talk) -> None:
    """Whoever goes on to something else does not mean to answer any more."""
    with talk.kit.store.write() as session:
        readers.take_awaited(session, talk.reader.id, talk.turn.user_id)


def not_admitted(talk: Talk) -> Answer:
    """By invitation: how to get one."""
    told = talk.words("start.closed", id=talk.turn.user_id or talk.turn.chat_id)
    return Answer(toast=plain(told)) if talk.turn.data else Answer(messages=(Message(told),))


def refusal(talk: Talk, error: QiaojinError) -> Answer:
    told = cut(talk.words.error(error), 190 if talk.turn.data else 1000)
    return Answer(toast=told) if talk.turn.data else Answer(messages=(Message(escape(told)),))


def note_pages(kit: Kit, turn: Turn, sent: Sequence[tuple[int, Message]]) -> None:
    """Remember lists that have been sent, by Telegram's number; not for a reader of whom nothing is kept."""
    with kit.store.write() as session:
        reader, known = reader_of(session, turn)
        for message_id, message in sent if known else ():
            pages.keep(session, reader.id, message_id, message, kit.clock.now())
