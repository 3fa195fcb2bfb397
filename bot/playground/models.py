"""The nouns of the playground: people, chats, messages, files, and what is asked of the bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Record = dict[str, Any]
"""A JSON object as Telegram shapes it."""


@dataclass
class Person:
    """Somebody who talks through the page, or the bot itself."""

    id: int
    name: str
    language: str = ""
    """What their client's ``language_code`` says."""
    username: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A document or a picture, held in memory."""

    id: str
    name: str
    content: bytes
    kind: str
    """Its media type."""
    size: tuple[int, int] = (0, 0)
    """Width and height of a picture; (0, 0) for a document."""

    @property
    def is_picture(self) -> bool:
        return self.size != (0, 0)


@dataclass
class Message:
    """What was said once; the bot may change it afterwards."""

    number: int
    chat: Chat
    sender: Person | None
    """None for a channel's own post."""
    date: datetime
    text: str = ""
    """Of a message with a file, its caption."""
    entities: list[Record] = field(default_factory=list)
    buttons: list[list[Record]] = field(default_factory=list)
    file: File | None = None
    answers: Message | None = None
    """The message that this one replies to."""
    by_bot: bool = False
    """Whether the bot said it, also where nobody is named."""
    via_bot: Person | None = None
    edited: datetime | None = None
    reactions: dict[int, str] = field(default_factory=dict)
    """One emoji a person."""


@dataclass
class Chat:
    """A place to talk: a person with the bot, a group, or a channel."""

    id: int
    type: str
    """``private``, ``supergroup`` or ``channel``."""
    title: str
    owner: Person
    members: tuple[Person, ...] = ()
    standing: str = "left"
    """The bot's: ``member``, ``administrator``, ``left`` (not there, or never spoken to) or ``kicked`` (blocked)."""
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        return self.standing in {"member", "administrator"}


@dataclass(frozen=True, slots=True)
class Article:
    """A result of an inline query: what the list shows, and what is sent."""

    id: str
    title: str
    description: str
    text: str
    entities: list[Record]
    buttons: list[list[Record]]

    @property
    def shown(self) -> Record:
        return {"id": self.id, "title": self.title, "description": self.description}


@dataclass
class Question:
    """A press or an inline query that waits for the bot's answer."""

    asker: Person
    answer: asyncio.Future[Record]
    articles: dict[str, Article] = field(default_factory=dict)
