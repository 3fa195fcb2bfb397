"""How a reader wants the plan: the four questions of a first one, and its settings."""

from __future__ import annotations

from bot import planning
from bot.chat.commands.settings import old_button
from bot.chat.render import habits as render
from bot.chat.talk import Answer, Talk
from bot.models import Habits, Message
from bot.rules import habits as rules
from bot.store import readers, reading

WAITING = "habit:"
"""Before the name of a setting whose answer may come in writing."""
FOR_GROUPS = ("directions", "weekday", "at")
"""Settings that mean something to a common plan."""


def habits_of(talk: Talk) -> Habits:
    """As they are kept, or as they are before the reader has said anything."""
    with talk.kit.store.read() as session:
        planner = reading.planner(session, talk.reader.id)
    return planner.habits if planner else planning.first_habits(talk.reader)


def keep(talk: Talk, name: str, value: str) -> Habits:
    """The habits with one of them changed; raises UsageError for what does not fit."""
    habits = rules.change(habits_of(talk), name, value, talk.directions)
    with talk.kit.store.write() as session:
        reading.save_habits(session, talk.reader.id, habits, talk.now)
    return habits


def question(talk: Talk, name: str, *, first: bool) -> Message:
    """A setting as a screen, and the note that its answer may come as text."""
    talk = talk.ensure_known()
    if name in rules.TYPED:
        with talk.kit.store.write() as session:
            waiting = f"{WAITING}{'first' if first else 'later'}:{name}"
            readers.await_answer(session, talk.reader.id, talk.turn.user_id, waiting, talk.now)
    return render.question(name, habits_of(talk), talk.words, talk.directions, first=first)


# --- the first plan ---------------------------------------------------------------------------------------------------


def ask(talk: Talk, name: str) -> Answer:
    """A question of the first plan."""
    return Answer(screen=question(talk, name, first=True)) if name in rules.FIRST_STEPS else old_button(talk)


def following(name: str) -> str:
    """The question after this one; "" after the last."""
    at = rules.FIRST_STEPS.index(name) + 1
    return rules.FIRST_STEPS[at] if at < len(rules.FIRST_STEPS) else ""


# --- settings ---------------------------------------------------------------------------------------------------------


def show(talk: Talk, name: str) -> Answer:
    """A setting, or all of them."""
    if name == "main":
        names = rules.NAMES if talk.reader.kind in planning.ALONE else FOR_GROUPS
        return Answer(screen=render.main_screen(habits_of(talk), talk.words, talk.directions, names))
    if name == "off":
        return give_up(talk)
    return Answer(screen=question(talk, name, first=False)) if name in rules.NAMES else old_button(talk)


def put(talk: Talk, name: str, value: str) -> Answer:
    """A value pressed."""
    talk = talk.ensure_known()
    keep(talk, name, value)
    return Answer(screen=question(talk, name, first=False))


def give_up(talk: Talk) -> Answer:
    """No plan any more; what was done stays in the library, and the weeks go."""
    with talk.kit.store.write() as session:
        reading.forget_plan(session, talk.reader.id)
    return Answer(screen=Message(talk.words("plan.given_up")))
