"""What of a reader's plan is due on a day: a section of the digest, or a message of its own."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.context import pressed
from bot.chat.render.parts import in_rows, lines
from bot.chat.render.plan import MOST_SHOWN, line, minutes
from bot.models import Button, ItemState, Message
from bot.models.summaries import Reminder
from bot.wording import Words


def reminder_lines(reminder: Reminder, words: Words, links: Mapping[str, str]) -> str:
    """What is due today, as a section of a digest or a message of its own."""
    due = [item for item in reminder.items if item.state is not ItemState.ASKED]
    asked = [item for item in reminder.items if item.state is ItemState.ASKED]
    total = minutes(sum(item.minutes for item in due), words)
    return lines(
        f"▍<b>{words('plan.due')}</b> · {total}" if due else "",
        *(line(item, words, links) for item in due),
        f"❔ {words.count('plan.many_asked', len(asked))}" if asked else "",
    )


def open_button(reminder: Reminder, words: Words) -> Button:
    return Button(words("plan.open"), pressed("plan", reminder.monday))


def reminder_message(reminder: Reminder, words: Words, links: Mapping[str, str]) -> Message:
    """A message of its own, with a button that says that an item is done."""
    numbers = [Button(f"✅ {item.number}", pressed("do", "done", reminder.monday, item.number))
               for item in reminder.items[:MOST_SHOWN] if item.state is not ItemState.ASKED]  # fmt: skip
    rows = (*in_rows(numbers, 4), (open_button(reminder, words),))
    return Message(reminder_lines(reminder, words, links), rows)
