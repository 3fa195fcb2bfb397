"""Methods about the bot itself, about chats and who is in them, and about files."""

from __future__ import annotations

import json
import re

from bot.playground import shapes
from bot.playground.api.errors import Refused
from bot.playground.api.finding import chat_of, person_of, writable
from bot.playground.api.forms import Call
from bot.playground.models import Record
from bot.playground.town import Town

LARGEST_DOWNLOAD = 20_000_000


def get_me(town: Town, call: Call) -> Record:
    return shapes.me(town.bot)


def set_my_commands(town: Town, call: Call) -> bool:
    commands = call.json("commands") or []
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise Refused("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
    town.commands[menu_of(call)] = commands
    town.tell("commands")
    return True


def get_my_commands(town: Town, call: Call) -> list[Record]:
    return town.commands.get(menu_of(call), [])


def delete_my_commands(town: Town, call: Call) -> bool:
    town.commands.pop(menu_of(call), None)
    town.tell("commands")
    return True


def menu_of(call: Call) -> tuple[str, str]:
    """For whom a menu is: its scope, and the language."""
    scope = call.json("scope") or {"type": "default"}
    name = scope["type"] if len(scope) == 1 else json.dumps(scope, sort_keys=True)
    return name, call.text("language_code")


def delete_webhook(town: Town, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        town.updates.waiting.clear()
    return True


def set_webhook(town: Town, call: Call) -> bool:
    if call.text("url"):
        raise Refused("bad webhook: the playground hands out updates by getUpdates alone")
    return True


def get_webhook_info(town: Town, call: Call) -> Record:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(town.updates.waiting)}


def get_chat(town: Town, call: Call) -> Record:
    chat = chat_of(town, call)
    return {**shapes.chat(chat), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}


GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat_member(town: Town, call: Call) -> Record:
    return shapes.member(person_of(town, call), chat_of(town, call))


def get_chat_administrators(town: Town, call: Call) -> list[Record]:
    chat = chat_of(town, call)
    if chat.type == "private":
        raise Refused("there are no administrators in the private chat")
    everybody = [shapes.member(person, chat) for person in (*chat.members, town.bot)]
    return [member for member in everybody if member["status"] in {"creator", "administrator"}]


def get_chat_member_count(town: Town, call: Call) -> int:
    chat = chat_of(town, call)
    return len(chat.members) + chat.has_bot


def leave_chat(town: Town, call: Call) -> bool:
    chat = writable(town, call)
    if chat.type == "private":
        raise Refused("chat member status can't be changed in private chats")
    chat.standing = "left"
    town.tell("standing", chat=chat.id, standing=chat.standing)
    return True


def get_file(town: Town, call: Call) -> Record:
    file = town.files.get(call.text("file_id"))
    if file is None:
        raise Refused("invalid file_id")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise Refused("file is too big")
    about = {"file_id": file.id, "file_unique_id": file.id[:12], "file_size": len(file.content)}
    return {**about, "file_path": f"files/{file.id}"}
