"""``/plan`` and ``/done``: a reader's week, and what becomes of its items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot import planning
from bot.chat.commands import calendars, habits, items, statistics, together
from bot.chat.commands.planned import change, week_at, week_shown
from bot.chat.context import read_press
from bot.chat.render import plan as render
from bot.chat.talk import Answer, Talk
from bot.models import Message, Week, WeekState
from bot.rules import reading as rules
from bot.rules.habits import FIRST_STEPS
from bot.store import reading
from bot.store.engine import Session
from bot.store.reading import Planner

COMMANDS = {
    "": "this", "this": "this", "本周": "this", "这周": "this", "next": "next", "下周": "next",
    "budget": "budget", "hours": "budget", "time": "budget", "预算": "budget", "时间": "budget",
    "ics": "ics", "calendar": "ics", "日历": "ics", "stats": "stats", "统计": "stats",
    "settings": "settings", "设置": "settings", "off": "off", "stop": "off", "关闭": "off",
}  # fmt: skip


# --- /plan ------------------------------------------------------------------------------------------------------------


def plan(talk: Talk) -> Answer:
    """``/plan [next | budget 5h | ics | stats | settings | off]``."""
    if talk.turn.kind == "channel":
        return Answer(messages=(Message(talk.words("plan.not_here")),))
    if talk.reader.kind not in planning.ALONE:
        return together.plan(talk)
    verb, _, rest = talk.argument.strip().partition(" ")
    what = COMMANDS.get(verb.lower())
    if what is None:
        return Answer(messages=(Message(talk.words("plan.usage")),))
    if not has_plan(talk):
        return Answer(messages=(first_question(talk),))
    return DO[what](talk, rest.strip())


def has_plan(talk: Talk) -> bool:
    """Whether a week has been made for this reader."""
    with talk.kit.store.read() as session:
        return reading.planner(session, talk.reader.id) is not None and bool(reading.weeks(session, talk.reader.id))


def first_question(talk: Talk) -> Message:
    step = habits.question(talk, FIRST_STEPS[0], first=True)
    return replace(step, html=f"{talk.words('plan.hello')}\n\n{step.html}")


def answer(talk: Talk, name: str, value: str) -> Answer:
    """An answer to a question of the first plan, pressed; after the last the week is made at once."""
    talk = talk.ensure_known()
    habits.keep(talk, name, value)
    if name == "directions":
        return Answer(screen=habits.question(talk, name, first=True))
    return Answer(screen=after(talk, name))


def after(talk: Talk, name: str) -> Message:
    following = habits.following(name)
    return habits.question(talk, following, first=True) if following else this_week(talk)


def this_week(talk: Talk) -> Message:
    week = change(talk, lambda session, planner: planning.this_week(talk.kit, session, planner, talk.now))
    message = week_shown(talk, week)
    return replace(message, html=f"{message.html}\n\n{talk.words('plan.start_first')}") if talk.onboarding else message


def next_week(talk: Talk, _: str = "") -> Answer:
    week = change(talk, lambda session, planner: planning.next_week(talk.kit, session, planner, talk.now))
    return Answer(messages=(week_shown(talk, week),))


def budget(talk: Talk, value: str) -> Answer:
    """``/plan budget 5h``: from the next week on, and at once for weeks in which nothing has been touched."""
    if not value:
        return Answer(messages=(habits.question(talk, "budget", first=False),))
    kept = habits.keep(talk, "budget", value)
    told = talk.words("plan.budget_kept", span=render.minutes(kept.budget_minutes, talk.words))
    again = change(talk, lambda session, planner: made_again(talk, session, planner))
    return Answer(messages=(Message(told if again else talk.words("plan.budget_later", told=told)),
                            *(week_shown(talk, week) for week in again[:1])))  # fmt: skip


def made_again(talk: Talk, session: Session, planner: Planner) -> list[Week]:
    """The running week and the next as the habits are now, as far as they are there and untouched."""
    mondays = [rules.monday_of(talk.today) + timedelta(7 * at) for at in (0, 1)]
    made = (planning.make_again(talk.kit, session, planner, monday, talk.now) for monday in mondays)
    return [week for week in made if week]


DO: dict[str, Callable[[Talk, str], Answer]] = {
    "this": lambda talk, _: Answer(messages=(this_week(talk),)),
    "next": next_week,
    "budget": budget,
    "ics": lambda talk, rest: calendars.calendar_file(talk, rest),
    "stats": lambda talk, _: statistics.stats(talk),
    "settings": lambda talk, _: habits.show(talk, "main"),
    "off": lambda talk, _: habits.give_up(talk),
}


# --- buttons ----------------------------------------------------------------------------------------------------------


def open_week(talk: Talk, monday: str) -> Answer:
    """A week in the place of the message; a digest or a summary stays where it is."""
    if talk.reader.kind not in planning.ALONE:
        return together.open_week(talk, date.fromisoformat(monday))
    if not has_plan(talk):
        return Answer(messages=(first_question(talk),))
    week = change(talk, lambda session, planner: week_at(talk, session, planner, date.fromisoformat(monday)))
    keeps = talk.turn.page is not None and (talk.turn.page.papers or is_summary(talk.turn.page))
    return Answer(messages=(week_shown(talk, week),)) if keeps else Answer(screen=week_shown(talk, week))


def is_summary(page: Message) -> bool:
    return any(read_press(button.data)[:1] == ("change",) for row in page.buttons for button in row)


def open_apart(talk: Talk, monday: str) -> Answer:
    """The week that a summary proposes, as a message of its own."""
    return apart(open_week(talk, monday))


def settings_apart(talk: Talk) -> Answer:
    """The plan's settings from a summary, as a message of its own."""
    return apart(habits.show(talk, "main"))


def apart(opened: Answer) -> Answer:
    return Answer(messages=(*opened.messages, *([opened.screen] if opened.screen else [])))


def accept(talk: Talk, monday: str) -> Answer:
    """The week is as it should be."""

    def work(session: Session, planner: Planner) -> Week:
        week = replace(week_at(talk, session, planner, date.fromisoformat(monday)), state=WeekState.ACCEPTED)
        reading.save_weeks(session, planner.reader.id, [week])
        return week

    week, toast = change(talk, work), talk.words("plan.accepted")
    stays = talk.turn.page is not None and is_summary(talk.turn.page)
    return Answer(toast=toast) if stays else Answer(screen=week_shown(talk, week), toast=toast)


# --- in writing -------------------------------------------------------------------------------------------------------


def is_asked(talk: Talk) -> bool:
    """Whether a plain text is the answer to a question of the plan."""
    return items.asked(talk) is not None or (talk.awaited.startswith(habits.WAITING) and not talk.turn.replied)


def written(talk: Talk) -> Answer:
    """The answer in writing."""
    if item := items.asked(talk):
        return items.written(talk, *item)
    when, _, name = talk.awaited.removeprefix(habits.WAITING).partition(":")
    habits.keep(talk, name, talk.argument)
    if when == "first" and name != "directions":
        return Answer(messages=(after(talk, name),))
    return Answer(messages=(habits.question(talk, name, first=when == "first"),))
