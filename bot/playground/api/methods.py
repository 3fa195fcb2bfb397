"""The methods that the bot calls, by name: https://core.telegram.org/bots/api#available-methods"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.playground.api import chats, messages, questions
from bot.playground.api.forms import Call
from bot.playground.town import Town

Method = Callable[[Town, Call], Any]
KNOWN: tuple[Method, ...] = (
    chats.get_me,
    chats.set_my_commands,
    chats.get_my_commands,
    chats.delete_my_commands,
    chats.delete_webhook,
    chats.set_webhook,
    chats.get_webhook_info,
    chats.get_chat,
    chats.get_chat_member,
    chats.get_chat_administrators,
    chats.get_chat_member_count,
    chats.leave_chat,
    chats.get_file,
    messages.send_message,
    messages.send_photo,
    messages.send_document,
    messages.edit_message_text,
    messages.edit_message_caption,
    messages.edit_message_reply_markup,
    messages.delete_message,
    messages.send_chat_action,
    messages.set_message_reaction,
    questions.answer_callback_query,
    questions.answer_inline_query,
)
METHODS = {method.__name__.replace("_", ""): method for method in KNOWN}
"""By their names in lower case: Telegram does not look at the case."""
