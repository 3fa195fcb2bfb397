"""What is done with each update: a command, a button, a file, plain text; ``register`` tells an application of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from telegram import Chat, ChatMember, Document, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.chat.answering import offer, respond
from bot.chat.commands import PRESSES, VERBS, direction, elsewhere, groups, help, importing, pressed, reactions, search
from bot.chat.context import language_of, sound, turn_of
from bot.chat.render.settings import command_of
from bot.chat.talk import Command, answer
from bot.kit import Kit
from bot.rules.ids import find_ids
from bot.wording import Words

Handle = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
log = logging.getLogger(__name__)
HERE = (filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST) & ~filters.VIA_BOT
"""Not edited messages, for a correction is no second question; nor what somebody shares through an inline query."""


def register(application: Application[Any, Any, Any, Any, Any, Any], kit: Kit) -> None:
    """Add everything that the chat understands."""
    application.add_handler(MessageHandler(HERE & filters.Document.ALL, partial(document, kit)))
    for verb in VERBS:
        done = handle(kit, verb.command, changes=verb.changes, otherwise=verb.otherwise)
        application.add_handler(CommandHandler(verb.name, done, HERE))
    for known in kit.directions:
        application.add_handler(CommandHandler(command_of(known.slug), handle(kit, direction.of(known.slug)), HERE))
    application.add_handler(MessageHandler(HERE & filters.COMMAND, handle(kit, help.not_understood)))
    application.add_handler(MessageHandler(HERE & (filters.TEXT | filters.CAPTION), handle_text(kit)))
    application.add_handler(CallbackQueryHandler(partial(press, kit)))
    application.add_handler(InlineQueryHandler(partial(inline, kit)))
    one_person = MessageReactionHandler.MESSAGE_REACTION_UPDATED
    application.add_handler(MessageReactionHandler(partial(react, kit), message_reaction_types=one_person))
    application.add_handler(ChatMemberHandler(partial(member, kit), ChatMemberHandler.MY_CHAT_MEMBER))


def handle(kit: Kit, command: Command, *, changes: bool = False, otherwise: Command | None = None) -> Handle:
    """A handler that answers a command with its arguments; ``otherwise`` is for those who may not change things."""

    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        _, *arguments = sound((message.text or message.caption or "") if message else "").split(None, 1) or [""]
        await respond(update, context.bot, kit, command, "".join(arguments), changes=changes, otherwise=otherwise)

    return handler


def handle_text(kit: Kit) -> Handle:
    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await respond(update, context.bot, kit, help.text)

    return handler


async def document(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A file of references; in a group only where its caption asks for it, for people send each other files there."""
    message = update.effective_message
    assert message
    assert message.document
    file, caption = message.document, message.caption or ""
    name, size = file.file_name or "", file.file_size or 0
    why_not = importing.refusal(name, size)
    is_private = message.chat.type == Chat.PRIVATE
    if caption.startswith("/import") or (is_private and not (why_not and find_ids(caption))):
        content = None if why_not else await content_of(file)
        if content:
            await respond(update, context.bot, kit, partial(importing.acknowledged, content=content))
        await respond(update, context.bot, kit, partial(importing.take, name=name, size=size, content=content))
    elif caption:
        await respond(update, context.bot, kit, help.text)


async def content_of(file: Document) -> bytes | None:
    """What stands in a file; None where Telegram does not hand it over."""
    try:
        return bytes(await (await file.get_file()).download_as_bytearray())
    except TelegramError as error:
        log.warning("a file could not be fetched: %s", error)
        return None


async def press(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button: in a channel only administrators' presses change what all see; a reader's card opens elsewhere."""
    turn = turn_of(update)
    verb = turn.data[0] if turn and turn.data else ""
    in_channel = turn is not None and turn.kind == "channel"
    known = PRESSES.get(verb)
    changes = in_channel or (known is not None and known.changes)
    otherwise = elsewhere if in_channel else known.otherwise if known else None
    await respond(update, context.bot, kit, pressed, changes=changes, otherwise=otherwise)


async def inline(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.inline_query
    assert query
    language = language_of(query.from_user.language_code)
    turn = search.inline_turn(query.from_user.id, language, sound(query.query), query.offset)
    found = await asyncio.to_thread(answer, kit, turn, search.inline, turn.text)
    if found.inline:
        await offer(update, found.inline, Words(language))


async def react(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    reaction = update.message_reaction
    assert reaction
    value = reactions.value_of(reaction)
    await respond(update, context.bot, kit, lambda talk: reactions.react(talk, value))


async def member(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """We were added or unblocked, or removed or blocked."""
    changed = update.my_chat_member
    assert changed
    away = (ChatMember.LEFT, ChatMember.BANNED)
    was, now = changed.old_chat_member.status in away, changed.new_chat_member.status in away
    if was != now:  # and not a mere change of our rights
        await respond(update, context.bot, kit, groups.left if now else groups.arrived)
