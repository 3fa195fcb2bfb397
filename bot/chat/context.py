"""Who did something, where, and what: Telegram's updates in, plain values out.

A button carries ``1|verb|argument|…``: a version, then what to do. Whatever a button says is checked before anything
is done with it, for it may be old, or forged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from telegram import Chat, ChatMember, InlineKeyboardMarkup, Update, User
from telegram import Message as Incoming
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.chat.html import cut
from bot.models import Button, Message
from bot.rules.ids import is_id
from bot.wording import Language

VERSION = "1"
LONGEST_DATA = 64
"""Bytes that Telegram allows a button."""
MOST_TEXT = 4096
"""Characters of one incoming text that we read."""
FIELD = re.compile(r"[A-Za-z0-9_./:+-]{1,48}")
ANONYMOUS_ADMIN = 1087968824
"""Telegram's user behind a group administrator who hides: https://core.telegram.org/bots/api#chatmember"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that somebody did in one chat: wrote, pressed a button, reacted."""

    reader_id: str
    kind: str
    """``private``, ``group``, ``channel`` or ``topic``."""
    language: Language
    """What their client speaks."""
    user_id: int = 0
    """0 where nobody is named: a channel's own post."""
    title: str = ""
    text: str = ""
    """What was written; behind a command, its arguments."""
    data: tuple[str, ...] = ()
    """The verb of a button and its arguments."""
    message_id: int = 0
    """The message that the button hangs under, or that was reacted to."""
    page: Message | None = None
    """That message as it stands."""
    asked: str = ""
    """The words in ``<code>`` of that message: the search whose results it shows."""
    replied: int = 0
    """The message to which this one is a reply, 0 for none."""
    replied_text: str = ""
    """That message, as Telegram's HTML."""
    replied_buttons: tuple[tuple[Button, ...], ...] = ()
    """What hangs under that message."""
    name: str = ""
    """What the person is called, by themselves."""
    speaks_for_chat: bool = False
    """A channel's own post, or an administrator who hides behind the group's name."""

    @property
    def chat_id(self) -> int:
        return int(self.reader_id.partition(":")[0])

    @property
    def thread_id(self) -> int | None:
        thread = self.reader_id.partition(":")[2]
        return int(thread) if thread else None

    @property
    def is_private(self) -> bool:
        return self.kind == "private"


# --- buttons ----------------------------------------------------------------------------------------------------------


def pressed(*fields: str | int | date) -> str:
    """The data of a button that does ``fields``; raises ValueError for what a button cannot carry."""
    data = "|".join((VERSION, *map(str, fields)))
    if len(data.encode()) > LONGEST_DATA or not all(FIELD.fullmatch(str(field)) for field in fields):
        raise ValueError(f"not for a button: {data[:80]!r}")
    return data


def read_press(data: object) -> tuple[str, ...]:
    """The fields of a button that is ours and of this version; none for any other."""
    if not isinstance(data, str) or len(data.encode("utf-8", "replace")) > LONGEST_DATA:
        return ()
    version, *fields = data.split("|")
    return tuple(fields) if version == VERSION and all(FIELD.fullmatch(field) for field in fields) else ()


def is_day(text: str) -> bool:
    """Whether a field of a button is a date."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def papers_of(page: Message | None) -> tuple[str, ...]:
    """The papers that a message offers to open, in the order of their buttons."""
    presses = (read_press(button.data) for row in (page.buttons if page else ()) for button in row)
    return tuple(dict.fromkeys(press[1] for press in presses if len(press) == 2 and is_card(press)))


def is_card(press: tuple[str, ...]) -> bool:
    return press[0] == "card" and is_id(press[1])


# --- updates ----------------------------------------------------------------------------------------------------------


def language_of(code: str | None) -> Language:
    """``zh``, ``zh-hans``, ``zh-hant``, ``zh-CN`` … speak Chinese; every other client English."""
    return "zh" if (code or "").lower().replace("_", "-").split("-")[0] == "zh" else "en"


def kind_of(chat: Chat, thread: int | None) -> str:
    if chat.type == "private":
        return "private"
    return "channel" if chat.type == "channel" else "topic" if thread else "group"


def thread_of(message: Incoming | None) -> int | None:
    """The forum topic of a message; a thread of replies in a common group is none."""
    if message is None or not (message.is_topic_message or message.chat.is_forum):
        return None
    return message.message_thread_id


def turn_of(update: Update) -> Turn | None:
    """What an update says, in our words; None for one without a chat."""
    chat, query = update.effective_chat, update.callback_query
    if chat is None:
        return None
    message = update.effective_message
    present = message if isinstance(message, Incoming) else None
    thread = thread_of(present)
    user = update.effective_user
    return Turn(
        reader_id=f"{chat.id}:{thread}" if thread else str(chat.id),
        kind=kind_of(chat, thread),
        language=language_of(user.language_code if user else None),
        user_id=user.id if user else 0,
        title=chat.title or "",
        text="" if query or not present else sound(present.text or present.caption or "")[:MOST_TEXT],
        data=read_press(query.data) if query else (),
        message_id=message_number(update),
        page=page_of(present) if query and present and (present.text or present.photo) else None,
        asked=asked_of(present) if query and present else "",
        **answered(present if not query else None),
        name=user.full_name if user else "",
        speaks_for_chat=not query and speaks_for(chat, user, present),
    )


def sound(text: str) -> str:
    """What somebody wrote, without halves of surrogates: JSON can tell of them, no database takes them."""
    return text.encode("utf-8", "ignore").decode()


def answered(message: Incoming | None) -> dict[str, Any]:
    """The message that ``message`` answers; in a forum the first one of the topic is none."""
    reply = message.reply_to_message if message else None
    if reply is None or reply.forum_topic_created:
        return {}
    text = (reply.text_html or reply.caption_html or "")[:MOST_TEXT]
    return {"replied": reply.message_id, "replied_text": text, "replied_buttons": rows_of(reply.reply_markup)}


def message_number(update: Update) -> int:
    if update.message_reaction:
        return update.message_reaction.message_id
    return update.effective_message.message_id if update.effective_message else 0


def speaks_for(chat: Chat, user: User | None, message: Incoming | None) -> bool:
    hidden = message is not None and message.sender_chat is not None and message.sender_chat.id == chat.id
    return chat.type == "channel" or (hidden and (user is None or user.id == ANONYMOUS_ADMIN))


def page_of(message: Incoming) -> Message:
    """A message of ours as it stands in the chat; one with a picture has no text to put another in the place of."""
    page = Message(message.text_html or "", rows_of(message.reply_markup))
    return replace(page, papers=papers_of(page))


def rows_of(markup: InlineKeyboardMarkup | None) -> tuple[tuple[Button, ...], ...]:
    rows = markup.inline_keyboard if markup else ()
    return tuple(tuple(Button(b.text, str(b.callback_data or ""), b.url or "") for b in row) for row in rows)


def asked_of(message: Incoming) -> str:
    found = message.parse_entities(["code"]) if message.text else {}
    return cut(next(iter(found.values()), ""), 200)


async def may_change(bot: ExtBot[None], turn: Turn) -> bool:
    """Whether this person may change the settings of this chat: in a private one always, elsewhere administrators."""
    if turn.is_private or turn.speaks_for_chat:
        return True
    if not turn.user_id:
        return False
    try:
        member = await bot.get_chat_member(turn.chat_id, turn.user_id)
    except TelegramError:
        return False
    return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
