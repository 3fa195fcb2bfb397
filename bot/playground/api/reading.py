"""What a call brings to be said: a text with its entities, a file, a result of an inline query."""

from __future__ import annotations

import mimetypes
import struct

from bot.playground.api.entities import marked, read_html, units
from bot.playground.api.errors import Refused
from bot.playground.api.forms import Call
from bot.playground.api.keyboards import read_keyboard
from bot.playground.models import Article, Chat, File, Message, Record
from bot.playground.town import Town

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
PNG = b"\x89PNG\r\n\x1a\n"


def words_of(call: Call, name: str, entities: str, longest: int) -> tuple[str, list[Record]]:
    """A text with its entities, by its parse mode; raises Refused for what is malformed or too long."""
    text, mode = call.text(name), call.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise Refused("unsupported parse_mode")
    text, found = read_html(text) if mode else (text.strip(), call.json(entities) or [])
    if units(text) > longest:
        raise Refused("message is too long" if name == "text" else "message caption is too long")
    return text, marked(text, found)


def text_of(call: Call) -> tuple[str, list[Record]]:
    text, entities = words_of(call, "text", "entities", LONGEST_TEXT)
    if not text:
        raise Refused("message text is empty")
    return text, entities


def answered_by(call: Call, chat: Chat) -> Message | None:
    """The message that the new one replies to."""
    reply = call.json("reply_parameters") or {}
    number = int(reply.get("message_id") or call.number("reply_to_message_id"))
    if number and number not in chat.messages and not reply.get("allow_sending_without_reply"):
        raise Refused("message to be replied not found")
    return chat.messages.get(number)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG; raises Refused for anything else."""
    if not content.startswith(PNG) or len(content) < 24:
        raise Refused("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def file_of(town: Town, call: Call, name: str) -> File:
    """A file that comes with the call, or that is known by its id."""
    upload = call.upload(name)
    if upload is None and call.text(name) in town.files:
        return town.files[call.text(name)]
    if upload is None:
        raise Refused(f"there is no {name} in the request")
    if not upload.content:
        raise Refused("file must be non-empty")
    if name == "photo":
        return town.keep(upload.name, upload.content, "image/png", size_of(upload.content))
    return town.keep(upload.name, upload.content, mimetypes.guess_type(upload.name)[0] or "application/octet-stream")


def article_of(result: Record) -> Article:
    """A result of an inline query that is a text; the playground knows no other."""
    if result.get("type") != "article" or not result.get("title"):
        raise Refused("can't parse inline query result: only articles with a title are known here")
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise Refused("RESULT_ID_INVALID")
    content = result.get("input_message_content") or {}
    said = Call({"text": content.get("message_text"), **content})
    buttons = read_keyboard(result.get("reply_markup"))
    return Article(str(result["id"]), result["title"], result.get("description", ""), *text_of(said), buttons)
