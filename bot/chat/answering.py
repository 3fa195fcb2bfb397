"""Answers on their way to Telegram: sent, or put in the place of the message whose button was pressed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputFile,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from bot.chat.context import Turn, may_change, papers_of, turn_of
from bot.chat.html import cut, escape, plain
from bot.chat.talk import Answer, Command, Confidence, File, Inline, Talk, answer, note_pages
from bot.kit import Kit
from bot.models import Button, Message
from bot.wording import Words

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "not modified"
MALFORMED = ("can't parse", "unsupported start tag")
LOST = ("message to edit not found", "can't be edited")
UNWRITABLE = ("not enough rights", "topic_closed", "have no rights", "need administrator rights")
NO_CHAT = "chat not found"
INLINE_SECONDS = 60
log = logging.getLogger(__name__)


def markup(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Our buttons as Telegram's."""
    keyboard = [
        [
            InlineKeyboardButton(b.text, url=b.url) if b.url else InlineKeyboardButton(b.text, callback_data=b.data)
            for b in row
        ]
        for row in rows
    ]
    return InlineKeyboardMarkup(keyboard) if keyboard else None


async def send(bot: ExtBot[None], chat_id: int, thread_id: int | None, message: Message) -> int:
    """Send a message now and return its number; once more as plain text where Telegram cannot read it."""
    where: dict[str, Any] = {"chat_id": chat_id, "message_thread_id": thread_id, "link_preview_options": NO_PREVIEW}
    try:
        sent = await bot.send_message(
            text=message.html, parse_mode=ParseMode.HTML, reply_markup=markup(message.buttons), **where
        )
    except BadRequest as error:
        if not any(sign in str(error).lower() for sign in MALFORMED):
            raise
        log.error("Telegram could not read a message of ours: %s", error)
        sent = await bot.send_message(
            text=cut(plain(message.html), 4096), reply_markup=markup(message.buttons), **where
        )
    return sent.message_id


async def edit(bot: ExtBot[None], turn: Turn, message: Message) -> None:
    """Put ``message`` in the place of the one that was pressed; one that is gone or too old is sent anew."""
    if turn.page and is_same(turn.page, message):
        return
    try:
        await bot.edit_message_text(
            message.html, turn.chat_id, turn.message_id, parse_mode=ParseMode.HTML,
            reply_markup=markup(message.buttons), link_preview_options=NO_PREVIEW,
        )  # fmt: skip
    except BadRequest as error:
        told = str(error).lower()
        if any(sign in told for sign in LOST):
            await send(bot, turn.chat_id, turn.thread_id, message)
        elif UNCHANGED not in told:
            raise


def is_same(page: Message, message: Message) -> bool:
    """Whether a reader would see no difference; Telegram refuses to change a message into itself."""
    return page.buttons == message.buttons and plain(page.html).strip() == plain(message.html).strip()


async def perform(update: Update, bot: ExtBot[None], kit: Kit, turn: Turn, answer: Answer) -> None:
    """Do what ``answer`` says, in the order in which a person would notice it."""
    if update.callback_query:
        await acknowledge(update, bot, answer)
    elif answer.toast:
        await send(bot, turn.chat_id, turn.thread_id, Message(escape(answer.toast)))
    lists: list[tuple[int, Message]] = []
    messages = answer.messages
    if answer.screen and update.callback_query and turn.page and turn.page.html:
        await edit(bot, turn, answer.screen)
        if papers_of(answer.screen):  # a card in the place of a list must not be taken for the list
            lists.append((turn.message_id, answer.screen))
    elif answer.screen:
        messages = (answer.screen, *messages)
    for message in messages:
        number = await send(bot, turn.chat_id, turn.thread_id, message)
        if message.papers:
            lists.append((number, message))
    await send_files(bot, turn, answer)
    if lists:
        await asyncio.to_thread(note_pages, kit, turn, lists)


async def acknowledge(update: Update, bot: ExtBot[None], answer: Answer) -> None:
    """Every press gets exactly one answer, or its button seems to hang; one that comes too late is no loss."""
    query = update.callback_query
    assert query
    link = f"https://t.me/{bot.username}?start={answer.deep_link}" if answer.deep_link else None
    try:
        await query.answer(text=cut(answer.toast, 200) or None, url=link)
    except BadRequest as error:
        log.info("a press was answered too late: %s", error)


async def send_files(bot: ExtBot[None], turn: Turn, answer: Answer) -> None:
    where: dict[str, Any] = {"chat_id": turn.chat_id, "message_thread_id": turn.thread_id, "parse_mode": ParseMode.HTML}
    if answer.picture:
        await bot.send_photo(photo=attached(answer.picture), caption=answer.picture.caption, **where)
    if answer.document:
        await bot.send_document(document=attached(answer.document), caption=answer.document.caption, **where)
    if answer.confidence:
        told = await confide(bot, answer.confidence)
        await send(bot, turn.chat_id, turn.thread_id, told)


async def confide(bot: ExtBot[None], told: Confidence) -> Message:
    """Send a document to a person alone; returns what the chat that asked is to hear."""
    document = told.document
    try:
        await bot.send_document(told.user_id, attached(document), caption=document.caption, parse_mode=ParseMode.HTML)
    except (Forbidden, BadRequest) as error:
        if isinstance(error, BadRequest) and NO_CHAT not in str(error).lower():
            raise
        return told.closed
    return told.arrived


def attached(file: File) -> InputFile:
    return InputFile(file.content, filename=file.name)


async def offer(update: Update, inline: Inline, words: Words) -> None:
    """The results of an inline query; nothing in them is personal, so Telegram may keep them a while."""
    assert update.inline_query
    articles = [
        InlineQueryResultArticle(
            id_,
            title,
            InputTextMessageContent(message.html, ParseMode.HTML, link_preview_options=NO_PREVIEW),
            description=description,
            reply_markup=markup(message.buttons),
        )
        for id_, title, description, message in inline.articles
    ]
    try:
        await update.inline_query.answer(articles, cache_time=INLINE_SECONDS, next_offset=inline.next_offset)
    except BadRequest as error:
        log.info("an inline query was answered too late: %s", error)


async def respond(
    update: Update, bot: ExtBot[None], kit: Kit, command: Command, argument: str | None = None, *,
    changes: bool = False, otherwise: Command | None = None,
) -> None:  # fmt: skip
    """Answer an update by ``command``; where it ``changes`` settings, those who may not get ``otherwise``."""
    turn = turn_of(update)
    if turn is None:
        if update.callback_query:
            await acknowledge(update, bot, Answer())
        return
    if changes and not await may_change(bot, turn):
        command = otherwise or only_administrators
    done = await decided(update, bot, kit, turn, command, turn.text if argument is None else argument)
    try:
        await perform(update, bot, kit, turn, done)
    except (Forbidden, BadRequest) as error:
        if isinstance(error, BadRequest) and not any(sign in str(error).lower() for sign in UNWRITABLE):
            raise
        log.info("%s does not let us write: %s", turn.reader_id, error)


async def decided(update: Update, bot: ExtBot[None], kit: Kit, turn: Turn, command: Command, argument: str) -> Answer:
    """What ``command`` says, from a thread; a button does not hang where it fails."""
    try:
        return await asyncio.to_thread(answer, kit, turn, command, argument)
    except BaseException:
        if update.callback_query:
            await acknowledge(update, bot, Answer())
        raise


def only_administrators(talk: Talk) -> Answer:
    return Answer(toast=talk.words("chat.only_admins"))
