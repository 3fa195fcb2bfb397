"""Inline keyboards, checked as Telegram checks them: https://core.telegram.org/bots/api#inlinekeyboardbutton"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.playground.api.errors import Refused
from bot.playground.models import Record

LONGEST_DATA = 64
"""Bytes of ``callback_data``."""
MOST_BUTTONS = 100
ACTIONS = ("url", "callback_data", "switch_inline_query", "switch_inline_query_current_chat", "copy_text")


def read_keyboard(markup: Any) -> list[list[Record]]:
    """The rows of an inline keyboard, empty rows left out; raises Refused for what Telegram would not take."""
    if not markup:
        return []
    if not isinstance(markup, dict):
        raise Refused("can't parse reply keyboard markup JSON object")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused('can\'t parse inline keyboard: Field "inline_keyboard" must be an Array of Arrays')
    checked = [[checked_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MOST_BUTTONS:
        raise Refused("reply markup is too long")
    return checked


def checked_button(button: Any) -> Record:
    if not isinstance(button, dict):
        raise Refused("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not str(button.get("text", "")).strip():
        raise Refused('can\'t parse inline keyboard button: Field "text" must be non-empty')
    actions = [name for name in ACTIONS if name in button]
    if len(actions) != 1:
        raise Refused("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if actions == ["callback_data"] and not 1 <= len(str(button["callback_data"]).encode()) <= LONGEST_DATA:
        raise Refused("BUTTON_DATA_INVALID")
    if actions == ["url"] and not is_address(str(button["url"])):
        raise Refused("BUTTON_URL_INVALID")
    return dict(button)


def is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))
