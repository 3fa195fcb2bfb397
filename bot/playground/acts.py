"""What the page sends: one small JSON object for each thing that somebody does."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import UsageError
from bot.playground import hands, people, shapes
from bot.playground.models import Chat, Message, Person, Record
from bot.playground.town import EMOJI, Town
from bot.wording import LANGUAGES

LARGEST_UPLOAD = 50_000_000
"""Bytes; a bot may not fetch more than 20 MB of them, as with Telegram."""


class Act:
    """What somebody does, and where; raises UsageError for people, chats and messages that are not there."""

    def __init__(self, town: Town, fields: Record):
        self.town, self.fields = town, fields

    def text(self, name: str) -> str:
        return str(self.fields.get(name) or "")

    def number(self, name: str) -> int:
        value = self.text(name)
        return int(value) if value.removeprefix("-").isdecimal() and len(value) < 18 else 0

    @property
    def person(self) -> Person:
        person = self.town.people.get(self.number("person"))
        if person is None or person.is_bot:
            raise gone()
        return person

    @property
    def chat(self) -> Chat:
        chat = self.town.chats.get(self.number("chat"))
        if chat is None or self.person not in chat.members:
            raise gone()
        return chat

    @property
    def message(self) -> Message:
        message = self.chat.messages.get(self.number("message"))
        if message is None:
            raise gone()
        return message


def gone() -> UsageError:
    return UsageError("this is not there any more", key="not_there")


async def say(act: Act) -> Record:
    answers = act.chat.messages.get(act.number("answers"))
    return shapes.shown(people.say(act.town, act.person, act.chat, act.text("text"), answers))


async def press(act: Act) -> Record:
    return await people.press(act.town, act.person, act.message, act.text("data"))


async def react(act: Act) -> Record:
    people.react(act.town, act.person, act.message, act.text("emoji"))
    return {}


async def inline(act: Act) -> Record:
    number, offer = await people.ask_inline(act.town, act.person, act.chat, act.text("words"), act.text("offset"))
    return {"question": number, "results": [], **offer}


async def choose(act: Act) -> Record:
    return shapes.shown(people.choose(act.town, act.person, act.chat, act.text("question"), act.text("result")))


async def admit(act: Act) -> Record:
    people.admit(act.town, act.person, act.chat, present=bool(act.fields.get("present")))
    return {}


async def speak(act: Act) -> Record:
    language = act.text("language")
    people.speak(act.town, act.person, language if language in LANGUAGES else "en")
    return {}


async def clock(act: Act) -> Record:
    hand = act.town.clock
    hand.move_to(hands.destination(hand.now(), act.text("zone"), act.text("to")))
    act.town.tell("clock", now=hand.now().isoformat())
    return {}


ACTS: dict[str, Callable[[Act], Awaitable[Record]]] = {
    "say": say, "press": press, "react": react, "inline": inline, "choose": choose, "admit": admit, "speak": speak,
    "clock": clock,
}  # fmt: skip


def attach(town: Town, fields: Record, content: bytes) -> Record:
    """Send a file that the page has uploaded."""
    act, name = Act(town, fields), str(fields.get("name") or "file")[:120]
    person, chat = act.person, act.chat
    if not content or len(content) > LARGEST_UPLOAD:
        raise UsageError("a file of 1 byte to 50 MB, please", key="upload_size")
    file = town.keep(name, content, mimetypes.guess_type(name)[0] or "application/octet-stream")
    return shapes.shown(people.attach(town, person, chat, file, act.text("caption")))


def state(town: Town) -> Record:
    """All that a page needs to begin with."""
    return {
        "now": town.now().isoformat(),
        "awake": town.updates.polling,
        "bot": shapes.me(town.bot),
        "emoji": EMOJI,
        "people": [person_shape(person) for person in town.people.values() if not person.is_bot],
        "chats": [chat_shape(chat) for chat in town.chats.values()],
    }


def person_shape(person: Person) -> Record:
    return {"id": person.id, "name": person.name, "language": person.language}


def chat_shape(chat: Chat) -> dict[str, Any]:
    members = [person.id for person in chat.members]
    about = {"id": chat.id, "type": chat.type, "title": chat.title, "owner": chat.owner.id, "members": members}
    return {**about, "standing": chat.standing, "messages": [shapes.shown(said) for said in chat.messages.values()]}
