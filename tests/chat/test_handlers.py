"""What is taken for something that somebody says to the bot."""

from __future__ import annotations

from typing import Any

from telegram import Update

from bot.chat.handlers import HERE

PERSON = {"id": 7, "is_bot": False, "first_name": "A"}
ITSELF = {"id": 1, "is_bot": True, "first_name": "Qiaojin"}


def is_heard(kind: str = "message", **more: Any) -> bool:
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": PERSON, "text": "steering"}
    return bool(HERE.check_update(Update.de_json({"update_id": 1, kind: {**message, **more}}, None)))


def test_messages_and_posts_are_heard() -> None:
    assert is_heard()
    assert is_heard("channel_post")


def test_a_correction_is_no_second_question() -> None:
    assert not is_heard("edited_message")


def test_a_paper_that_somebody_shares_through_an_inline_query_is_no_question() -> None:
    assert not is_heard(via_bot=ITSELF)
