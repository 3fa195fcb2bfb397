"""All that the playground knows: who is there, what was said, and who listens. Used from one event loop alone."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import MovableClock
from bot.playground import shapes
from bot.playground.models import Chat, File, Message, Person, Question, Record
from bot.playground.updates import Updates
from bot.wording import Words

YOU, OTHER = 1001, 1002
GROUP, CHANNEL = -1001000000001, -1001000000002
BOT = 7001
EMOJI = ("👍", "👎", "❤", "🔥", "🎉", "🤔")
"""Reactions that the page offers."""


def made_up_token() -> str:
    """A token in Telegram's form that nobody can guess: other programs on this machine are not the bot."""
    return f"{BOT}:{secrets.token_urlsafe(24)}"


@dataclass
class Town:
    """``token`` opens the Bot API; ``clock`` is the bot's."""

    clock: MovableClock
    token: str
    people: dict[int, Person] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Record]] = field(default_factory=dict)
    """The bot's menus by scope and language."""
    questions: dict[str, Question] = field(default_factory=dict)
    updates: Updates = field(default_factory=Updates)
    listeners: set[asyncio.Queue[Record]] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    """How far each row of numbers has come."""

    @property
    def bot(self) -> Person:
        return self.people[BOT]

    def now(self) -> datetime:
        return self.clock.now()

    # --- listening ------------------------------------------------------------------------------------------------

    def tell(self, kind: str, **what: Any) -> None:
        """Let every open page know."""
        for listener in self.listeners:
            listener.put_nowait({"kind": kind, **what})

    # --- messages -------------------------------------------------------------------------------------------------

    def next_number(self, row: str) -> int:
        self.numbers[row] = self.numbers.get(row, 0) + 1
        return self.numbers[row]

    def post(self, chat: Chat, sender: Person | None, text: str = "", **parts: Any) -> Message:
        """A new message; supergroups and channels count for themselves, private chats together."""
        number = self.next_number("private" if chat.type == "private" else str(chat.id))
        message = Message(number, chat, sender, self.now(), text, **parts)
        chat.messages[number] = message
        self.show(message)
        return message

    def show(self, message: Message) -> None:
        self.tell("message", chat=message.chat.id, message=shapes.shown(message))

    def remove(self, message: Message) -> None:
        del message.chat.messages[message.number]
        self.tell("gone", chat=message.chat.id, message=message.number)

    def keep(self, name: str, content: bytes, kind: str, size: tuple[int, int] = (0, 0)) -> File:
        file = File(secrets.token_urlsafe(16), name, content, kind, size)
        self.files[file.id] = file
        return file

    # --- questions ------------------------------------------------------------------------------------------------

    def ask(self, asker: Person) -> tuple[str, Question]:
        """A question that only the bot can answer, once."""
        number = str(self.next_number("question") + 10**15)
        self.questions[number] = Question(asker, asyncio.get_running_loop().create_future())
        return number, self.questions[number]

    def commands_for(self, language: str) -> Sequence[Record]:
        """The menu that a client of ``language`` shows."""
        return self.commands.get(("default", language)) or self.commands.get(("default", "")) or []


def founded(clock: MovableClock, token: str, words: Words) -> Town:
    """A town with two people, their chats with the bot, a group and a channel; the first person speaks as ``words``."""
    town = Town(clock, token)
    bot = Person(BOT, words("playground.bot"), username="qiaojin_bot", is_bot=True)
    you = Person(YOU, words("playground.you"), words.language, "lin")
    other = Person(OTHER, words("playground.other"), "en" if words.language == "zh" else "zh", "ada")
    town.people = {person.id: person for person in (you, other, bot)}
    places = [Chat(person.id, "private", bot.name, person, (person,)) for person in (you, other)]
    places.append(Chat(GROUP, "supergroup", words("playground.group"), you, (you, other)))
    places.append(Chat(CHANNEL, "channel", words("playground.channel"), you, (you, other)))
    town.chats = {chat.id: chat for chat in places}
    return town
