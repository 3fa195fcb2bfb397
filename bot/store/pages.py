"""Lists of papers as they stand in chats, so that a card can give its place back and a reaction finds its papers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.models import Button, Message
from bot.store.tables import PageRow

KEPT_FOR = timedelta(days=30)


def keep(session: Session, reader_id: str, message_id: int, message: Message, at: datetime) -> None:
    """Note that ``message`` stands under this number."""
    buttons = [[asdict(button) for button in row] for row in message.buttons]
    session.merge(
        PageRow(
            reader_id=reader_id,
            message_id=message_id,
            html=message.html,
            buttons=buttons,
            papers=list(message.papers),
            card="",
            at=at,
        )
    )


def expire(session: Session, now: datetime) -> None:
    """Forget lists that are old; their buttons then lead to no way back."""
    session.execute(delete(PageRow).where(col(PageRow.at) < now - KEPT_FOR))


def find(session: Session, chat_id: int, message_id: int) -> PageRow | None:
    """The page under a number of a chat, whichever of its topics it stands in (a reaction does not say)."""
    topics = col(PageRow.reader_id).like(f"{chat_id}:%")
    query = select(PageRow).where(
        col(PageRow.message_id) == message_id, topics | (col(PageRow.reader_id) == str(chat_id))
    )
    return session.scalars(query).first()


def cover(session: Session, chat_id: int, message_id: int, paper_id: str) -> None:
    """Note that the card of ``paper_id`` stands in the list's place; "" for the list itself."""
    row = find(session, chat_id, message_id)
    if row is not None:
        row.card = paper_id


def get(session: Session, chat_id: int, message_id: int) -> Message | None:
    """The list, whatever stands in its place now."""
    row = find(session, chat_id, message_id)
    if row is None:
        return None
    return Message(row.html, tuple(tuple(Button(**b) for b in line) for line in row.buttons), tuple(row.papers))


def shown(session: Session, chat_id: int, message_id: int) -> tuple[str, tuple[str, ...]]:
    """Whose message this is, and the papers that it shows: those of the list, or the one whose card is open."""
    row = find(session, chat_id, message_id)
    if row is None:
        return "", ()
    return row.reader_id, (row.card,) if row.card else tuple(row.papers)
