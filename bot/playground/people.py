"""What people do through the page, each as the update that Telegram would make of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.errors import UsageError
from bot.playground import shapes
from bot.playground.api.entities import marked, units
from bot.playground.models import Chat, File, Message, Person, Question, Record
from bot.playground.town import EMOJI, Town

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
PATIENCE = 20.0
"""Seconds for which a press or an inline query waits for the bot."""
ABSENT = {"private": "kicked", "supergroup": "left", "channel": "left"}
PRESENT = {"private": "member", "supergroup": "member", "channel": "administrator"}


def say(town: Town, person: Person, chat: Chat, text: str, answers: Message | None = None) -> Message:
    """Write ``text``; whoever writes to a bot that they have blocked unblocks it."""
    text = text.strip()
    if not text or units(text) > LONGEST_TEXT:
        raise UsageError("a message of 1 to 4,096 characters, please", key="message_length")
    return sent(town, person, chat, lambda: town.post(
        chat, writer(person, chat), text, entities=marked(text, []), answers=answers))  # fmt: skip


def attach(town: Town, person: Person, chat: Chat, file: File, caption: str = "") -> Message:
    """Send a file."""
    caption = caption.strip()
    if units(caption) > LONGEST_CAPTION:
        raise UsageError("a caption of at most 1,024 characters, please", key="caption_length")
    return sent(town, person, chat, lambda: town.post(
        chat, writer(person, chat), caption, entities=marked(caption, []), file=file))  # fmt: skip


def writer(person: Person, chat: Chat) -> Person | None:
    """Nobody is named in a channel, where only its owner may write."""
    if chat.type == "channel" and person is not chat.owner:
        raise UsageError("only its owner writes in a channel", key="not_your_channel")
    return None if chat.type == "channel" else person


def sent(town: Town, person: Person, chat: Chat, post: Callable[[], Message]) -> Message:
    if chat.type == "private" and not chat.has_bot:
        admit(town, person, chat, present=True)
    message = post()
    if is_for_bot(town, message):
        kind = "channel_post" if chat.type == "channel" else "message"
        town.updates.put(kind, shapes.message(message))
    return message


def is_for_bot(town: Town, message: Message) -> bool:
    """Whether the bot gets to see a message: in a group only what is meant for it.

    https://core.telegram.org/bots/features#privacy-mode
    """
    chat = message.chat
    if not chat.has_bot or chat.type != "supergroup" or chat.standing == "administrator":
        return chat.has_bot
    answered = message.answers is not None and message.answers.sender is town.bot
    return answered or message.text.startswith("/") or f"@{town.bot.username}" in message.text


def admit(town: Town, person: Person, chat: Chat, *, present: bool) -> None:
    """Add the bot to a chat or remove it; in private, start it or block it."""
    old = shapes.member(town.bot, chat)
    was_new = chat.type == "private" and chat.standing == "left"
    chat.standing = PRESENT[chat.type] if present else ABSENT[chat.type]
    town.tell("standing", chat=chat.id, standing=chat.standing)
    if not was_new:  # a first message to a bot changes nothing that it is told of
        changed = {"chat": shapes.chat(chat), "from": shapes.user(person), "date": int(town.now().timestamp())}
        town.updates.put("my_chat_member", {
            **changed, "old_chat_member": old, "new_chat_member": shapes.member(town.bot, chat)})  # fmt: skip


async def press(town: Town, person: Person, message: Message, data: str) -> Record:
    """Press a button under ``message`` and wait for the bot's word."""
    offered = {button.get("callback_data") for row in message.buttons for button in row}
    if data not in offered:
        raise UsageError("this button is gone", key="button_gone")
    number, question = town.ask(person)
    town.updates.put("callback_query", {
        "id": number, "from": shapes.user(person), "message": shapes.message(message),
        "chat_instance": str(message.chat.id), "data": data,
    })  # fmt: skip
    return await answered(town, number, question)


async def ask_inline(town: Town, person: Person, chat: Chat, words: str, offset: str) -> tuple[str, Record]:
    """Ask the bot from within any chat: the question's number, and what it offers."""
    number, question = town.ask(person)
    kind = "sender" if chat.id == person.id else chat.type
    town.updates.put("inline_query", {
        "id": number, "from": shapes.user(person), "query": words[:256], "offset": offset, "chat_type": kind,
    })  # fmt: skip
    return number, await answered(town, number, question)


async def answered(town: Town, number: str, question: Question) -> Record:
    """The bot's answer; nothing where it takes too long."""
    try:
        return await asyncio.wait_for(asyncio.shield(question.answer), PATIENCE)
    except TimeoutError:
        return {}
    finally:
        if not question.articles:
            del town.questions[number]


def choose(town: Town, person: Person, chat: Chat, number: str, result: str) -> Message:
    """Send one of the results of an inline query."""
    question = town.questions.get(number)
    article = question.articles.get(result) if question and question.asker is person else None
    if article is None:
        raise UsageError("this result is gone", key="result_gone")
    parts = {"entities": article.entities, "buttons": article.buttons, "via_bot": town.bot}
    return sent(town, person, chat, lambda: town.post(chat, writer(person, chat), article.text, **parts))


def react(town: Town, person: Person, message: Message, emoji: str) -> None:
    """Put a reaction under ``message``, or take it away with an empty one; the bot hears of it in private."""
    if emoji and emoji not in EMOJI:
        raise UsageError("no such reaction", key="no_reaction")
    old = message.reactions.pop(person.id, "")
    if emoji:
        message.reactions[person.id] = emoji
    town.show(message)
    if message.chat.type == "private" and message.chat.has_bot and old != emoji:
        town.updates.put("message_reaction", {
            "chat": shapes.chat(message.chat), "message_id": message.number, "user": shapes.user(person),
            "date": int(town.now().timestamp()), "old_reaction": reactions(old), "new_reaction": reactions(emoji),
        })  # fmt: skip


def reactions(emoji: str) -> list[Record]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def speak(town: Town, person: Person, language: str) -> None:
    """Change the language of somebody's client."""
    person.language = language
    town.tell("language", person=person.id, language=language)
