"""What a call names: a chat, a person, a message, a question; refused in Telegram's words where it is not there."""

from __future__ import annotations

import re

from bot.playground.api.errors import Refused
from bot.playground.api.forms import Call
from bot.playground.models import Chat, Message, Person, Question
from bot.playground.town import Town

TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


def chat_of(town: Town, call: Call) -> Chat:
    """The chat that a call names."""
    asked = call.text("chat_id")
    if not asked:
        raise Refused("chat_id is empty")
    chat = town.chats.get(int(asked)) if re.fullmatch(r"-?\d{1,18}", asked) else None
    if chat is None:
        raise Refused("chat not found")
    return chat


def writable(town: Town, call: Call) -> Chat:
    """The chat that a call names, where the bot may write."""
    chat = chat_of(town, call)
    if chat.type == "private" and chat.standing == "left":
        raise Refused("bot can't initiate conversation with a user", 403)
    if chat.type == "private" and chat.standing == "kicked":
        raise Refused("bot was blocked by the user", 403)
    if not chat.has_bot:
        raise Refused(f"bot is not a member of the {chat.type} chat", 403)
    return chat


def own_message(town: Town, call: Call, doing: str) -> Message:
    """The message that a call names, which must be the bot's own."""
    message = writable(town, call).messages.get(call.number("message_id"))
    if message is None:
        raise Refused(f"message to {doing} not found")
    if not message.by_bot:
        raise Refused(f"message can't be {doing.removesuffix('e')}ed")
    return message


def question_of(town: Town, number: str) -> Question:
    question = town.questions.get(number)
    if question is None or question.answer.done():
        raise Refused(TOO_LATE)
    return question


def person_of(town: Town, call: Call) -> Person:
    person = town.people.get(call.number("user_id"))
    if person is None:
        raise Refused("invalid user_id specified")
    return person
