"""How a reader wants the plan, as screens: the four questions of a first plan, and the plan's settings."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.parts import Row, in_rows, lines
from bot.chat.render.plan import minutes
from bot.chat.render.settings import TICK, clock, short
from bot.models import Button, Habits, Message
from bot.rules.directions import Direction
from bot.rules.habits import CHOICES, FIRST_STEPS, NAMES, current
from bot.wording import Words

WIDTHS = {"level": 1, "budget": 3, "weekday": 4, "at": 3, "days": 4, "reminding": 1, "remind_at": 3}


def main_screen(habits: Habits, words: Words, directions: Sequence[Direction], names: Sequence[str] = NAMES) -> Message:
    """Every setting of the plan with its present value, and a button for each."""
    colon = words("list.colon")
    told = (f"{words(f'plan.set.{name}')}{colon}{value(habits, name, words, directions)}" for name in names)
    buttons = [Button(words(f"plan.set.{name}"), pressed("habit", name)) for name in names]
    last = (Button(words("plan.off"), pressed("habit", "off")), Button(words("set.back"), pressed("set", "main")))
    return Message(lines(f"<b>{words('plan.set.title')}</b>\n", *told), (*in_rows(buttons, 2), last))


def value(habits: Habits, name: str, words: Words, directions: Sequence[Direction]) -> str:
    """What a setting stands at, in words."""
    if name == "directions":
        chosen = [escape(one.label(words.language)) for one in directions if one.slug in habits.directions]
        return words("list.comma").join(chosen) or words("plan.foundations")
    if name == "days":
        if habits.days == "1111111":
            return words("set.weekdays.all")
        return words("list.comma").join(words(f"weekday.{at}") for at, on in enumerate(habits.days) if on == "1")
    return choice(name, current(habits, name), words)


def choice(name: str, value: str, words: Words) -> str:
    """A value of a setting as its button says it."""
    match name:
        case "budget":
            return minutes(int(value), words)
        case "weekday" | "days":
            return words(f"weekday.{value}")
        case "at" | "remind_at":
            return clock(int(value))
        case "level":
            return words(f"plan.level.{value}")
    return words(f"plan.reminding.{value}")


def question(name: str, habits: Habits, words: Words, directions: Sequence[Direction], *, first: bool) -> Message:
    """One setting: what it means and what it may become; as a step of the first plan, or from the settings."""
    verb = "answer" if first else "keep"
    step = f" {FIRST_STEPS.index(name) + 1}/{len(FIRST_STEPS)}" if first else ""
    now = words("set.now", value=value(habits, name, words, directions))
    html = f"<b>{words(f'plan.set.{name}')}{step}</b>\n{words(f'plan.set.{name}.help')}\n\n{now}"
    rows = toggles(habits, words, directions, verb) if name == "directions" else choices(name, habits, words, verb)
    return Message(html, (*rows, *last_row(name, words, first=first)))


def last_row(name: str, words: Words, *, first: bool) -> list[Row]:
    """The way on, or back; a press on a choice goes on by itself in the first plan, but for the directions."""
    if first:
        return [(Button(words("start.next"), pressed("ask", "level")),)] if name == "directions" else []
    return [(Button(words("set.back"), pressed("habit", "main")),)]


def toggles(habits: Habits, words: Words, directions: Sequence[Direction], verb: str) -> list[Row]:
    buttons = [
        Button(
            f"{'✅' if one.slug in habits.directions else '▫️'} {short(one, words.language)}",
            pressed(verb, "directions", one.slug),
        )
        for one in directions
    ]
    return in_rows(buttons, 2)


def choices(name: str, habits: Habits, words: Words, verb: str) -> list[Row]:
    on = {current(habits, name)} if name != "days" else {at for at in "0123456" if habits.days[int(at)] == "1"}
    buttons = [
        Button((TICK if one in on else "") + choice(name, one, words), pressed(verb, name, one))
        for one in CHOICES[name]
    ]
    return in_rows(buttons, WIDTHS[name])
