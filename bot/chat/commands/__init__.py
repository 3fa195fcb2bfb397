"""What the chat understands: every command, every button, plain text. ``register`` adds it all to an application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import ChatMember, Update
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

from bot.chat.answering import offer, only_administrators, respond
from bot.chat.commands import (
    digests,
    direction,
    groups,
    help,
    owner,
    paper,
    reactions,
    saved,
    search,
    settings,
    start,
)
from bot.chat.commands import trends as pictures
from bot.chat.context import language_of, turn_of
from bot.chat.render.settings import command_of
from bot.chat.talk import Answer, Command, Talk, answer
from bot.kit import Kit
from bot.rules.ids import is_id
from bot.wording import Language, Words

Handle = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]
HERE = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
"""Not edited messages: a correction is no second question."""


@dataclass(frozen=True)
class Verb:
    """A command: its name, what it does, and whether only administrators may, where there are any."""

    name: str
    command: Command
    changes: bool = False
    listed: bool = True
    """Whether the client's menu shows it."""


VERBS = (
    Verb("today", digests.today),
    Verb("direction", direction.direction),
    Verb("search", search.search),
    Verb("paper", paper.paper),
    Verb("similar", paper.similar),
    Verb("why", paper.why),
    Verb("saved", saved.saved),
    Verb("export", saved.export),
    Verb("trends", pictures.trends),
    Verb("directions", direction.directions),
    Verb("settings", settings.settings, changes=True),
    Verb("bind", groups.bind, changes=True),
    Verb("unbind", groups.unbind, changes=True, listed=False),
    Verb("help", help.help_),
    Verb("privacy", help.privacy),
    Verb("stop", help.stop, changes=True),
    Verb("forget_me", help.forget_me, changes=True),
    Verb("start", start.start, changes=True, listed=False),
    Verb("status", owner.status, listed=False),
    Verb("broadcast", owner.broadcast, listed=False),
)


@dataclass(frozen=True)
class Press:
    """What a button does: its command, with the kinds of its arguments in order."""

    command: Callable[..., Answer]
    kinds: Sequence[Callable[[str], bool]] = ()
    changes: bool = False


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def is_word(text: str) -> bool:
    return bool(text)


PRESSES: dict[str, Press] = {
    "card": Press(paper.open_card, (is_id,)),
    "again": Press(paper.same_card, (is_id,)),
    "back": Press(paper.back),
    "like": Press(paper.like, (is_id,)),
    "dislike": Press(paper.dislike, (is_id,)),
    "save": Press(paper.save, (is_id,)),
    "why": Press(paper.why_card, (is_id,)),
    "similar": Press(paper.similar_button, (is_id, is_number)),
    "saveall": Press(saved.save_all),
    "saved": Press(saved.turn, (is_number,)),
    "export": Press(saved.export_button, (is_word,)),
    "search": Press(search.turn, (is_number,)),
    "direction": Press(direction.turn, (is_word, is_number, is_number)),
    "still": Press(lambda _: Answer()),
    "set": Press(settings.show, (is_word,), changes=True),
    "put": Press(settings.put, (is_word, is_word), changes=True),
    "unlike": Press(settings.unlike, (is_word,), changes=True),
    "begin": Press(start.begin, changes=True),
    "forget": Press(help.forget, (is_word,), changes=True),
    "broadcast": Press(owner.send, (is_word,)),
}


def register(application: Application[Any, Any, Any, Any, Any, Any], kit: Kit) -> None:
    """Add everything that the chat understands."""
    for verb in VERBS:
        application.add_handler(CommandHandler(verb.name, handle(kit, verb.command, changes=verb.changes), HERE))
    for known in kit.directions:
        application.add_handler(CommandHandler(command_of(known.slug), handle(kit, direction.of(known.slug)), HERE))
    application.add_handler(MessageHandler(HERE & filters.COMMAND, handle(kit, help.not_understood)))
    application.add_handler(MessageHandler(HERE & (filters.TEXT | filters.CAPTION), handle_text(kit)))
    application.add_handler(CallbackQueryHandler(partial(press, kit)))
    application.add_handler(InlineQueryHandler(partial(inline, kit)))
    one_person = MessageReactionHandler.MESSAGE_REACTION_UPDATED
    application.add_handler(MessageReactionHandler(partial(react, kit), message_reaction_types=one_person))
    application.add_handler(ChatMemberHandler(partial(member, kit), ChatMemberHandler.MY_CHAT_MEMBER))


def menu(language: Language) -> list[tuple[str, str]]:
    """The client's menu: commands and what they do."""
    words = Words(language)
    return [(verb.name, words(f"menu.{verb.name}")) for verb in VERBS if verb.listed]


# --- handlers ---------------------------------------------------------------------------------------------------------


def handle(kit: Kit, command: Command, *, changes: bool = False) -> Handle:
    """A handler that answers a command with its arguments."""

    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        _, *arguments = ((message.text or message.caption or "") if message else "").split(None, 1) or [""]
        await respond(update, context.bot, kit, command, "".join(arguments), changes=changes)

    return handler


def handle_text(kit: Kit) -> Handle:
    async def handler(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await respond(update, context.bot, kit, help.text)

    return handler


async def press(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button: in a channel only administrators' presses change what all see; a reader's card opens elsewhere."""
    turn = turn_of(update)
    verb = turn.data[0] if turn and turn.data else ""
    in_channel = turn is not None and turn.kind == "channel"
    changes = in_channel or (verb in PRESSES and PRESSES[verb].changes)
    await respond(
        update, context.bot, kit, pressed, changes=changes, otherwise=elsewhere if in_channel else only_administrators
    )


def pressed(talk: Talk) -> Answer:
    """What the button of this turn does, if it is one of ours and well-formed."""
    verb, *arguments = talk.turn.data or ("",)
    press = PRESSES.get(verb)
    if press is None or len(press.kinds) != len(arguments):
        return settings.old_button(talk)
    if not all(fits(argument) for fits, argument in zip(press.kinds, arguments, strict=True)):
        return settings.old_button(talk)
    return press.command(talk, *arguments)


def elsewhere(talk: Talk) -> Answer:
    """A subscriber of a channel who asks for a card gets it in their own chat with us."""
    match talk.turn.data:
        case ("card", paper_id) if is_id(paper_id):
            return Answer(deep_link=start.link_to_paper(paper_id))
    return only_administrators(talk)


async def inline(kit: Kit, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.inline_query
    assert query
    language = language_of(query.from_user.language_code)
    turn = search.inline_turn(query.from_user.id, language, query.query, query.offset)
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
