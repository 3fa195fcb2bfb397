"""The items of a plan: their buttons, ``/done``, stars, and the trick in one line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot import planning
from bot.chat.commands.planned import change, item_shown, week_at, week_shown, whereabouts
from bot.chat.commands.settings import old_button
from bot.chat.context import is_day, read_press
from bot.chat.talk import Answer, Talk
from bot.models import Item, ItemState, Message, Week
from bot.rules import reading as rules
from bot.rules.habits import minutes_spent
from bot.store import readers
from bot.store.engine import Session
from bot.store.reading import Planner

WAITING = "takeaway:"
"""Before the Monday and the number of the item whose takeaway may come in writing."""
NUMBER_AND_TIME = re.compile(r"#?(\d{1,3})[\s,，.。、]*(.*)", re.DOTALL)


def open_item(talk: Talk, monday: str, number: str) -> Answer:
    """An item's screen; one that is done already may still be told its trick."""
    week, item = whereabouts(talk, date.fromisoformat(monday), int(number))
    untold = item.state is ItemState.DONE and not item.takeaway
    return Answer(screen=done_screen(talk, week, item) if untold else item_shown(talk, week, item))


def do(talk: Talk, what: str, monday: str, number: str) -> Answer:
    """What the button of an item says."""
    at, kit = (date.fromisoformat(monday), int(number)), talk.kit
    if what == "done":
        return Answer(screen=done_screen(talk, *complete(talk, *at)))
    if what in ("swap", "drop"):
        deed = planning.swap if what == "swap" else planning.drop
        week, item = change(talk, lambda session, planner: deed(kit, session, planner, *at, talk.now))
    elif what in DEEDS:
        week, item = change(
            talk, lambda session, planner: planning.change(session, planner, *at, DEEDS[what](talk, planner), talk.now)
        )
    else:
        return old_button(talk)
    stays_open = what in ("swap", "keep")
    screen = item_shown(talk, week, item) if stays_open else week_shown(talk, week)
    return Answer(screen=screen, toast=talk.words(f"plan.did.{what}"))


Deed = Callable[[Talk, Planner], planning.Act]
DEEDS: dict[str, Deed] = {
    "tomorrow": lambda talk, _: lambda week, n: rules.move(week, n, talk.today + timedelta(1), talk.today),
    "later": lambda talk, _: lambda week, n: rules.move(week, n, week.monday + timedelta(7), talk.today),
    "keep": lambda talk, planner: lambda week, n: rules.keep(week, n, planner.habits, talk.today),
}


def answer_all(talk: Talk, what: str, monday: str) -> Answer:
    """The same answer for everything in a week that is asked about."""
    if what not in ("keep", "drop"):
        return old_button(talk)

    def work(session: Session, planner: Planner) -> Week:
        week = week_at(talk, session, planner, date.fromisoformat(monday))
        return planning.answer_asked(talk.kit, session, planner, week, talk.now, keep=what == "keep")

    return Answer(screen=week_shown(talk, change(talk, work)))


# --- done, stars, the trick -------------------------------------------------------------------------------------------


def complete(talk: Talk, monday: date, number: int, minutes: int | None = None) -> tuple[Week, Item]:
    return change(talk, lambda session, planner: planning.complete(session, planner, monday, number, talk.now, minutes))


def done(talk: Talk) -> Answer:
    """``/done 2``, ``/done 2 45m``: an item of the running week."""
    match = NUMBER_AND_TIME.fullmatch(talk.argument.strip())
    if match is None:
        return Answer(messages=(Message(talk.words("plan.done_how")),))
    minutes = minutes_spent(match[2]) if match[2] else None
    monday = rules.monday_of(talk.today)
    return Answer(messages=(done_screen(talk, *complete(talk, monday, int(match[1]), minutes)),))


def done_screen(talk: Talk, week: Week, item: Item) -> Message:
    """The item with its stars, and the note that the trick may come as text."""
    with talk.kit.store.write() as session:
        waiting = f"{WAITING}{week.monday}:{item.number}"
        readers.await_answer(session, talk.reader.id, talk.turn.user_id, waiting, talk.now)
    return item_shown(talk, week, item)


def star(talk: Talk, monday: str, number: str, given: str) -> Answer:
    at = date.fromisoformat(monday), int(number)
    week, item = change(
        talk,
        lambda session, planner: planning.change(
            session, planner, *at, lambda week, number: rules.rate(week, number, int(given)), talk.now
        ),
    )
    return Answer(screen=done_screen(talk, week, item) if not item.takeaway else item_shown(talk, week, item))


# --- the trick --------------------------------------------------------------------------------------------------------


def asked(talk: Talk) -> tuple[date, int] | None:
    """The item of which a plain text is the trick: a reply to one that is done, or the next message after it that is
    a reply to nothing else."""
    presses = (read_press(button.data) for row in talk.turn.replied_buttons for button in row)
    replied = next((f"{press[1]}:{press[2]}" for press in presses if press[:1] == ("star",) and len(press) == 4), "")
    waited = talk.awaited.removeprefix(WAITING) if talk.awaited.startswith(WAITING) else ""
    monday, _, number = (replied or ("" if talk.turn.replied else waited)).partition(":")
    return (date.fromisoformat(monday), int(number)) if is_day(monday) and number.isdecimal() else None


def written(talk: Talk, monday: date, number: int) -> Answer:
    """The trick, kept; it is asked for no more."""
    week, item = change(
        talk, lambda session, planner: planning.note(session, planner, monday, number, talk.argument, talk.now)
    )
    with talk.kit.store.write() as session:
        readers.take_awaited(session, talk.reader.id, talk.turn.user_id)
    return Answer(messages=(item_shown(talk, week, item),))
