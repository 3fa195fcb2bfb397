"""What the playground knows in Telegram's shapes: https://core.telegram.org/bots/api#available-types"""

from __future__ import annotations

from typing import Any

from bot.playground.models import Chat, File, Message, Person, Record


def user(person: Person) -> Record:
    shape: Record = {"id": person.id, "is_bot": person.is_bot, "first_name": person.name}
    if person.username:
        shape["username"] = person.username
    if person.language:
        shape["language_code"] = person.language
    return shape


def me(bot: Person) -> Record:
    """What ``getMe`` tells."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True}
    return {**user(bot), **abilities}


def chat(place: Chat) -> Record:
    if place.type == "private":
        return {"id": place.id, "type": "private", "first_name": place.owner.name, "username": place.owner.username}
    return {"id": place.id, "type": place.type, "title": place.title}


def message(said: Message) -> Record:
    shape: Record = {"message_id": said.number, "date": int(said.date.timestamp()), "chat": chat(said.chat)}
    shape |= {"from": user(said.sender)} if said.sender else {"sender_chat": chat(said.chat)}
    if said.file:
        shape |= media(said.file)
    if said.text:
        shape |= {"caption" if said.file else "text": said.text}
        shape |= {"caption_entities" if said.file else "entities": said.entities} if said.entities else {}
    if said.buttons:
        shape["reply_markup"] = {"inline_keyboard": said.buttons}
    if said.edited:
        shape["edit_date"] = int(said.edited.timestamp())
    if said.via_bot:
        shape["via_bot"] = user(said.via_bot)
    if said.answers:
        shape["reply_to_message"] = {key: value for key, value in message(said.answers).items() if key != "reply_to_message"}  # noqa: E501  # fmt: skip
    return shape


def media(file: File) -> Record:
    about = {"file_id": file.id, "file_unique_id": file.id[:12], "file_size": len(file.content)}
    if file.is_picture:
        width, height = file.size
        return {"photo": [{**about, "width": width, "height": height}]}
    return {"document": {**about, "file_name": file.name, "mime_type": file.kind}}


def shown(said: Message) -> Record:
    """A message as the page gets it: Telegram's shape, and who reacted how."""
    return {**message(said), "reactions": {str(person): emoji for person, emoji in said.reactions.items()}}


def member(person: Person, place: Chat) -> Record:
    """A person's standing in a chat: https://core.telegram.org/bots/api#chatmember"""
    status = standing(person, place)
    rights: dict[str, Any] = RIGHTS.get(status, {})
    return {"user": user(person), "status": status, **rights}


def standing(person: Person, place: Chat) -> str:
    if person.is_bot:
        return place.standing
    if person is place.owner:
        return "member" if place.type == "private" else "creator"
    return "member" if person in place.members else "left"


RIGHTS: dict[str, dict[str, Any]] = {
    "creator": {"is_anonymous": False},
    "kicked": {"until_date": 0},
    "administrator": {"can_be_edited": False} | dict.fromkeys((
        "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
        "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
        "can_delete_stories", "can_post_messages", "can_edit_messages"
    ), True),
}  # fmt: skip
