"""Who an update is from, and what a button says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.chat.context import LONGEST_DATA, language_of, pressed, read_press, turn_of

PERSON = {"id": 5, "is_bot": False, "first_name": "Ada", "language_code": "zh-hans"}
PRIVATE = {"id": 5, "type": "private", "first_name": "Ada"}
GROUP = {"id": -100, "type": "supergroup", "title": "Readers"}
FORUM = {**GROUP, "is_forum": True}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}


def update(**content: Any) -> Update:
    found = Update.de_json({"update_id": 1, **content}, None)
    assert found
    return found


def written(chat: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": chat, "from": PERSON, "text": "/start now", **more}


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh", "zh"), ("zh-hans", "zh"), ("zh-hant", "zh"), ("zh-CN", "zh"), ("ZH_TW", "zh"), ("en", "en"), ("de", "en"),
     ("zha", "en"), (None, "en"), ("", "en")],
)  # fmt: skip
def test_chinese_clients_get_chinese_and_all_others_english(code: str | None, language: str) -> None:
    assert language_of(code) == language


def test_halves_of_surrogates_are_left_out_of_what_somebody_wrote() -> None:
    turn = turn_of(update(message=written(PRIVATE, text="/idea \ud83d\ude00 \ud800low \udfffrank")))
    assert turn
    assert turn.text.encode().decode().endswith(" low rank")


def test_a_person_a_group_a_topic_and_a_channel_are_four_readers() -> None:
    kinds = {}
    for chat, more in ((PRIVATE, {}), (GROUP, {}), (FORUM, {"message_thread_id": 7, "is_topic_message": True})):
        turn = turn_of(update(message=written(chat, **more)))
        assert turn
        kinds[turn.kind] = turn.reader_id
    post = turn_of(update(channel_post={"message_id": 1, "date": 1, "chat": CHANNEL, "text": "/start"}))
    assert post
    kinds[post.kind] = post.reader_id
    assert kinds == {"private": "5", "group": "-100", "topic": "-100:7", "channel": "-200"}
    assert post.speaks_for_chat


def test_a_thread_of_replies_in_a_common_group_is_no_topic() -> None:
    turn = turn_of(update(message=written(GROUP, message_thread_id=7)))
    assert turn
    assert turn.reader_id == "-100"


def test_an_administrator_who_hides_speaks_for_the_group_and_another_channel_does_not() -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    turn = turn_of(update(message=written(GROUP, **{"from": hidden, "sender_chat": GROUP})))
    assert turn
    assert turn.speaks_for_chat
    other = turn_of(update(message=written(GROUP, sender_chat=CHANNEL)))
    assert other
    assert not other.speaks_for_chat


def press(data: str, **message: Any) -> Update:
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": data, "message": written(PRIVATE, **message)}
    return update(callback_query=query)


def test_a_press_knows_the_message_it_hangs_under_the_papers_and_the_search_it_shows() -> None:
    row = [{"text": "1", "callback_data": "1|card|2606.00001"}, {"text": "x", "url": "http://a.b"}]
    code = [{"type": "code", "offset": 3, "length": 8}]
    turn = turn_of(press("1|search|2", text="🔍 low-rank · 70", entities=code, reply_markup={"inline_keyboard": [row]}))
    assert turn
    assert turn.data == ("search", "2")
    assert turn.asked == "low-rank"
    assert turn.page
    assert turn.page.papers == ("2606.00001",)
    assert turn.text == ""


def test_a_press_under_a_message_that_is_too_old_to_be_seen_is_no_error() -> None:
    old = {"message_id": 9, "date": 0, "chat": PRIVATE}
    query = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "1|back", "message": old}
    turn = turn_of(update(callback_query=query))
    assert turn
    assert turn.page is None


@pytest.mark.parametrize(
    "data", ["", "1", "2|card|2606.00001", "card|2606.00001", "1|card|a b", "1|card|\n", "1|" + "x" * 70, "1||", "0",
             "😀", "1|card|<b>", "1|card|\x00", None, 5],
)  # fmt: skip
def test_what_no_button_of_ours_says_is_nothing(data: object) -> None:
    assert read_press(data) in ((), ("card",))
    assert read_press(data) == ()


@given(st.text())
def test_any_data_can_be_read(data: str) -> None:
    assert all(field for field in read_press(data))


@given(st.lists(st.from_regex(r"[A-Za-z0-9_./:+-]{1,20}", fullmatch=True), min_size=1, max_size=3))
def test_what_was_written_on_a_button_is_read_from_it(fields: list[str]) -> None:
    data = "|".join(("1", *fields))
    if len(data) > LONGEST_DATA:
        with pytest.raises(ValueError, match="not for a button"):
            pressed(*fields)
    else:
        assert read_press(pressed(*fields)) == tuple(fields)
