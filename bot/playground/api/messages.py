"""Methods that send messages, change them, and take them back."""

from __future__ import annotations

from bot.playground import shapes
from bot.playground.api.errors import Refused
from bot.playground.api.finding import own_message, writable
from bot.playground.api.forms import Call
from bot.playground.api.keyboards import read_keyboard
from bot.playground.api.reading import LONGEST_CAPTION, answered_by, file_of, text_of, words_of
from bot.playground.models import Chat, File, Message, Record
from bot.playground.town import EMOJI, Town

SAME = ("message is not modified: specified new message content and reply markup are exactly the same as a current "
        "content and reply markup of the message")  # fmt: skip


def send_message(town: Town, call: Call) -> Record:
    chat = writable(town, call)
    text, entities = text_of(call)
    return posted(town, call, chat, text, entities)


def send_photo(town: Town, call: Call) -> Record:
    return with_file(town, call, "photo")


def send_document(town: Town, call: Call) -> Record:
    return with_file(town, call, "document")


def with_file(town: Town, call: Call, name: str) -> Record:
    chat = writable(town, call)
    caption, entities = words_of(call, "caption", "caption_entities", LONGEST_CAPTION)
    return posted(town, call, chat, caption, entities, file_of(town, call, name))


def posted(town: Town, call: Call, chat: Chat, text: str, entities: list[Record], file: File | None = None) -> Record:
    buttons, answers = read_keyboard(call.json("reply_markup")), answered_by(call, chat)
    sender = None if chat.type == "channel" else town.bot
    parts = {"entities": entities, "buttons": buttons, "file": file, "answers": answers}
    return shapes.message(town.post(chat, sender, text, by_bot=True, **parts))


def edit_message_text(town: Town, call: Call) -> Record:
    message = own_message(town, call, "edit")
    if message.file:
        raise Refused("there is no text in the message to edit")
    return edited(town, message, *text_of(call), read_keyboard(call.json("reply_markup")))


def edit_message_caption(town: Town, call: Call) -> Record:
    message = own_message(town, call, "edit")
    if not message.file:
        raise Refused("there is no caption in the message to edit")
    caption = words_of(call, "caption", "caption_entities", LONGEST_CAPTION)
    return edited(town, message, *caption, read_keyboard(call.json("reply_markup")))


def edit_message_reply_markup(town: Town, call: Call) -> Record:
    message = own_message(town, call, "edit")
    return edited(town, message, message.text, message.entities, read_keyboard(call.json("reply_markup")))


def edited(town: Town, message: Message, text: str, entities: list[Record], buttons: list[list[Record]]) -> Record:
    if (text, entities, buttons) == (message.text, message.entities, message.buttons):
        raise Refused(SAME)
    message.text, message.entities, message.buttons, message.edited = text, entities, buttons, town.now()
    town.show(message)
    return shapes.message(message)


def delete_message(town: Town, call: Call) -> bool:
    town.remove(own_message(town, call, "delete"))
    return True


def send_chat_action(town: Town, call: Call) -> bool:
    town.tell("typing", chat=writable(town, call).id)
    return True


def set_message_reaction(town: Town, call: Call) -> bool:
    message = writable(town, call).messages.get(call.number("message_id"))
    if message is None:
        raise Refused("message to react not found")
    emoji = [one.get("emoji") for one in call.json("reaction") or []]
    if len(emoji) > 1 or not set(emoji) <= set(EMOJI):
        raise Refused("REACTION_INVALID")
    message.reactions.pop(town.bot.id, None)
    message.reactions |= {town.bot.id: emoji[0]} if emoji else {}
    town.show(message)
    return True
