"""The Bot API by itself: what it takes, what it refuses and in which words, as the library hears it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message, ReactionTypeEmoji
from telegram.error import BadRequest, Conflict, Forbidden
from telegram.request import HTTPXRequest

from bot.chat.html import escape
from bot.playground.api.entities import marked, read_html, units
from bot.playground.api.errors import Refused
from bot.playground.town import CHANNEL, GROUP, OTHER, YOU, Town
from bot.rules.foreign import clean

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (40).to_bytes(4, "big") + (30).to_bytes(4, "big") + b"\x08\x02"
Place = tuple[Town, str]


@pytest.fixture
async def bot(town: Place) -> AsyncIterator[Bot]:
    known, address = town
    known.chats[YOU].standing = "member"
    polls = HTTPXRequest(connection_pool_size=2)
    async with Bot(known.token, f"{address}/bot", f"{address}/file/bot", get_updates_request=polls) as one:
        yield one


def markup(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("press", **action)]])


# --- messages ---------------------------------------------------------------------------------------------------------


async def test_formatting_comes_back_as_it_was_sent(bot: Bot) -> None:
    html = (
        '<b>bold <i>both</i></b> <u>u</u> <s>s</s> <code>x &lt; y</code> <a href="https://arxiv.org/abs/1">𝕏 link</a> '
        "<tg-spoiler>hidden</tg-spoiler>\n<blockquote expandable>long</blockquote><blockquote>short</blockquote>"
        '<pre><code class="language-python">1 &lt; 2</code></pre>'
    )
    sent = await bot.send_message(YOU, html, parse_mode="HTML")
    kinds = [entity.type for entity in sent.entities]
    assert kinds == ["bold", "italic", "underline", "strikethrough", "code", "text_link", "spoiler",
                     "expandable_blockquote", "blockquote", "pre"]  # fmt: skip
    assert sent.parse_entities(["text_link"]) == {sent.entities[5]: "𝕏 link"}
    assert sent.entities[-1].language == "python"
    again = await bot.send_message(YOU, sent.text_html, parse_mode="HTML")
    assert again.entities[:-1] == sent.entities[:-1]


async def test_telegram_marks_commands_addresses_and_mentions_by_itself(bot: Bot) -> None:
    html = "Try /today or https://a.org/b?c=1, @lin_x #rag <code>/not</code>"
    sent = await bot.send_message(YOU, html, parse_mode="HTML")
    assert list(sent.parse_entities().values()) == ["/today", "https://a.org/b?c=1", "@lin_x", "#rag", "/not"]
    assert [entity.type for entity in sent.entities][-1] == "code"


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("<b>open", 'end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ('<span class="x">x</span>', "tg-spoiler"),
        ("<blockquote><blockquote>x</blockquote></blockquote>", "Nested"),
        ("  ", "text is empty"),
        ("<b> </b>", "text is empty"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_what_telegram_cannot_read_is_refused_in_its_words(bot: Bot, html: str, complaint: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(YOU, html, parse_mode="HTML")


async def test_tags_do_not_count_towards_the_length(bot: Bot) -> None:
    sent = await bot.send_message(YOU, f"<b>{'&amp;' * 4096}</b>", parse_mode="HTML")
    assert units(sent.text or "") == 4096


@pytest.mark.parametrize(
    ("buttons", "complaint"),
    [
        (markup(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (markup(callback_data="好" * 22), "BUTTON_DATA_INVALID"),
        (markup(url="nowhere"), "BUTTON_URL_INVALID"),
        (markup(), "Text buttons are unallowed"),
        (InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]]), "non-empty"),
    ],
)
async def test_wrong_buttons_are_refused(bot: Bot, buttons: InlineKeyboardMarkup, complaint: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(YOU, "x", reply_markup=buttons)


async def test_an_edit_changes_the_message_in_its_place(bot: Bot, town: Place) -> None:
    sent = await bot.send_message(YOU, "one", reply_markup=markup(callback_data="a"))
    edited = await bot.edit_message_text("two", YOU, sent.message_id, reply_markup=markup(callback_data="b"))
    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert town[0].chats[YOU].messages[sent.message_id].text == "two"
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await bot.edit_message_text("<b></b>two", YOU, sent.message_id, parse_mode="HTML", reply_markup=markup(callback_data="b"))  # noqa: E501  # fmt: skip
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", YOU, 999)
    await bot.edit_message_reply_markup(YOU, sent.message_id)
    assert town[0].chats[YOU].messages[sent.message_id].buttons == []
    await bot.delete_message(YOU, sent.message_id)
    assert town[0].chats[YOU].messages == {}


async def test_somebody_elses_message_cannot_be_edited(bot: Bot, town: Place) -> None:
    said = await spoken(town, text="mine")
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", YOU, said["message_id"])


async def test_pictures_and_files_arrive_and_can_be_fetched(bot: Bot, town: Place) -> None:
    photo = await bot.send_photo(YOU, InputFile(PNG, "chart.png"), caption="<b>c</b>", parse_mode="HTML")
    assert (photo.photo[0].width, photo.photo[0].height, photo.caption_html) == (40, 30, "<b>c</b>")
    content = bytes(range(256)) + b"\r\n--x\r\n"
    sent = await bot.send_document(YOU, InputFile(content, "文献.bib"))
    assert sent.document
    assert sent.document.file_name == "文献.bib"
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == content
    again = await bot.send_document(YOU, sent.document.file_id)
    assert again.document == sent.document
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(YOU, PNG, caption="x" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(YOU, b"no picture")
    with pytest.raises(BadRequest, match=r"(?i)file_id"):
        await bot.get_file("nothing")


@pytest.mark.parametrize(
    ("chat", "standing", "refusal", "complaint"),
    [
        (404, "", BadRequest, "chat not found"),
        (OTHER, "left", Forbidden, "initiate conversation"),
        (OTHER, "kicked", Forbidden, "blocked by the user"),
        (GROUP, "left", Forbidden, "not a member of the supergroup"),
        (CHANNEL, "left", Forbidden, "not a member of the channel"),
    ],
)
async def test_the_bot_writes_only_where_it_is_let(
    bot: Bot, town: Place, chat: int, standing: str, refusal: type[Exception], complaint: str
) -> None:
    if standing:
        town[0].chats[chat].standing = standing
    with pytest.raises(refusal, match=f"(?i){complaint}"):
        await bot.send_message(chat, "x")


async def test_it_knows_who_is_who(bot: Bot, town: Place) -> None:
    town[0].chats[GROUP].standing = "administrator"
    me = await bot.get_me()
    statuses = {member.user.id: member.status for member in await bot.get_chat_administrators(GROUP)}
    assert statuses == {YOU: "creator", me.id: "administrator"}
    assert (await bot.get_chat_member(GROUP, OTHER)).status == "member"
    assert (await bot.get_chat(GROUP)).title == "Reading group"
    assert await bot.get_chat_member_count(GROUP) == 3
    assert await bot.leave_chat(GROUP)
    assert town[0].chats[GROUP].standing == "left"


async def test_menus_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_commands([("today", "Today")])
    await bot.set_my_commands([("today", "今天")], language_code="zh")
    assert (await bot.get_my_commands(language_code="zh"))[0].description == "今天"
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Wrong", "x")])


async def test_a_reaction_of_the_bot(bot: Bot) -> None:
    sent = await bot.send_message(YOU, "x")
    assert await bot.set_message_reaction(YOU, sent.message_id, "👍")
    with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
        await bot.set_message_reaction(YOU, sent.message_id, [ReactionTypeEmoji("🦄")])


async def test_unknown_methods_and_tokens_are_refused(town: Place) -> None:
    known, address = town
    async with httpx.AsyncClient(base_url=address) as http:
        answer = await http.post(f"/bot{known.token}/sendDice")
        assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")
        assert (await http.get(f"/bot{known.token}/GETME")).json()["result"]["username"] == "qiaojin_bot"
        assert (await http.get("/bot1:x/getMe")).status_code == 401
        assert (await http.get("/file/bot1:x/files/x")).status_code == 404


# --- updates ----------------------------------------------------------------------------------------------------------


async def spoken(town: Place, **said: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=town[1]) as http:
        return (await http.post("/act/say", json={"person": YOU, "chat": YOU, **said})).json()


async def test_a_poll_waits_for_the_first_update_and_an_offset_confirms(bot: Bot, town: Place) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    await spoken(town, text="hello")
    first = await poll
    assert first[0].message
    assert first[0].message.text == "hello"
    assert [one.update_id for one in await bot.get_updates(timeout=0)] == [first[0].update_id]
    assert await bot.get_updates(offset=first[0].update_id + 1, timeout=0) == ()


async def test_the_older_of_two_polls_is_ended(bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    newer = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(Conflict, match=r"(?i)other getUpdates"):
        await older
    assert await newer == ()


async def test_only_the_kinds_that_the_bot_wants_come(bot: Bot, town: Place) -> None:
    town[0].updates.put("message_reaction", {})
    town[0].updates.put("chat_join_request", {})
    await spoken(town, text="hello")
    assert [one.message is not None for one in await bot.get_updates(timeout=0, allowed_updates=["message"])] == [True]


async def test_an_answer_to_a_press_that_nobody_waits_for_is_too_late(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query("77")


# --- whom it lets in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_other_pages_cannot_act(town: Place, headers: dict[str, str], status: int) -> None:
    async with httpx.AsyncClient(base_url=town[1], headers=headers) as http:
        assert (await http.post("/act/say", json={"person": YOU, "chat": YOU, "text": "x"})).status_code == status


async def test_acts_of_nobody_nowhere_are_told_and_change_nothing(town: Place) -> None:
    acts: Sequence[tuple[str, dict[str, Any]]] = (
        ("say", {"person": 5, "chat": YOU, "text": "x"}), ("say", {"person": OTHER, "chat": YOU, "text": "x"}),
        ("say", {"person": YOU, "chat": YOU, "text": " "}), ("say", {"person": OTHER, "chat": CHANNEL, "text": "x"}),
        ("press", {"person": YOU, "chat": YOU, "message": 1, "data": "x"}), ("clock", {"to": "1999-01-01T00:00"}),
        ("clock", {"to": "9999-01-01T00:00"}), ("clock", {"to": "soon"}), ("choose", {"person": YOU, "chat": YOU}),
        ("say", {"person": YOU, "chat": "٣" * 30, "text": "x"}),
    )  # fmt: skip
    async with httpx.AsyncClient(base_url=town[1]) as http:
        for name, fields in acts:
            answer = await http.post(f"/act/{name}", json=fields)
            assert answer.status_code == 400, (name, fields)
            assert answer.json()["error"]
        assert (await http.post("/act/nothing", json={})).status_code == 404
        assert (await http.post("/act/say", content=b"[1")).status_code == 400
    assert not any(chat.messages for chat in town[0].chats.values())


# --- the HTML of Telegram ---------------------------------------------------------------------------------------------


@given(st.text(max_size=60))
@example("&lt; <b> &amp;amp; \U0001d54f")
def test_escaped_text_is_read_as_it_stands(text: str) -> None:
    assert read_html(escape(text)) == (clean(text).strip(), [])


PIECES = ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "x", " 𝕏", "/go", "<", "&lt;"]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_html_is_read_within_its_text_or_refused(pieces: list[str]) -> None:
    try:
        text, entities = read_html("".join(pieces))
    except Refused:
        return
    for entity in marked(text, entities):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(text)
