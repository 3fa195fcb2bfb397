"""One message of the outbox as a call to Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram import InputFile
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from bot import charts
from bot.chat.gates import ADMITTED
from bot.models import Button, Message

NO_PREVIEW = {"is_disabled": True}


async def content_of(message: Message) -> tuple[str, dict[str, Any]]:
    """Telegram's method for a message, and what that takes of it; a picture is drawn here."""
    if not message.picture:
        return "sendMessage", {"text": message.html, "link_preview_options": NO_PREVIEW}
    picture = await asyncio.to_thread(charts.drawn, message.picture)
    return "sendPhoto", {"photo": InputFile(picture, "chart.png"), "caption": message.html or None}


async def send(
    bot: ExtBot[Any], reader_id: str, message: Message, method: str, content: dict[str, Any],
    mode: str | None = ParseMode.HTML,
) -> int:  # fmt: skip
    """Telegram's number of the message, whose turn has come.

    ``send_message`` would also build a dozen objects from the answer, which takes as long as the call itself.
    """
    chat, _, thread = reader_id.partition(":")
    buttons = [[shown(button) for button in row] for row in message.buttons]
    data = {
        "chat_id": int(chat), **content, "parse_mode": mode, "message_thread_id": int(thread) if thread else None,
        "reply_markup": {"inline_keyboard": buttons} if buttons else None,
    }  # fmt: skip
    sent = await bot._post(method, data, api_kwargs=bot._merge_api_rl_kwargs(None, ADMITTED))
    return int(sent["message_id"])


def shown(button: Button) -> dict[str, str]:
    """A button as Telegram has it."""
    data = {"url": button.url} if button.url else {"callback_data": button.data}
    return {"text": button.text, **data}
