"""The verbs of the reading plan: ``qiaojin plan show``, and what can be done with its items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.verbs import Chosen, Json, ReaderId, verb_of, words
from bot.console import as_day, chosen, kit, links, print_json, reader, show
from bot.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.kit import Kit
    from bot.models import Item, Week
    from bot.models.summaries import Summary
    from bot.store.engine import Session
    from bot.store.reading import Planner

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=999_999, help="option.plan_number")]
Next = Annotated[bool, typer.Option("--next", help="option.plan_next")]
MARKS = {"planned": "▫", "waiting": "…", "asked": "?", "done": "✓", "dropped": "✗", "moved": "→"}
Work = Callable[["Kit", "Session", "Planner"], "Week"]
Deed = Callable[["Kit", "Session", "Planner", date, int, datetime], "tuple[Week, Item]"]


def on_plan(name: str, work: Work, *, json_: bool) -> None:
    """Do ``work`` with the plan of reader ``name``, and show the week that it gives."""
    from bot import planning
    from bot.rules import export

    with kit(words, quiet=True) as tools:
        reader_id = reader(tools, name, words).id
        with tools.store.write() as session:
            week = work(tools, session, planning.planner_of(session, reader_id))
        if json_:
            print_json(export.week_json(week))
        else:
            show(table(week, links(tools.settings)))


def table(week: Week, addresses: Mapping[str, str]) -> RenderableType:
    """A week as lines: number, day, kind, title, minutes; the address of what is a paper below it."""
    from rich.console import Group
    from rich.text import Text

    head = Text(f"{week.monday:%G-W%V} · {words('plan.minutes', minutes=week.budget_minutes)}", style="bold")
    return Group(head, *(line(item, addresses) for item in week.items))


def line(item: Item, addresses: Mapping[str, str]) -> RenderableType:
    from rich.text import Text

    day = words.day(item.day) if item.day else "–"
    parts = (day, words(f"plan.kind.{item.kind}"), clean(item.title), words("plan.minutes", minutes=item.minutes))
    told = Text(f"{item.number:>3} {MARKS[item.state]} {' · '.join(parts)}", style="" if item.state.is_live else "dim")
    if item.kind in ("classic", "paper"):
        told.append(f"\n      {addresses['abstract'].format(id=item.id)}", style="blue")
    return told


def review(told: Summary, addresses: Mapping[str, str]) -> RenderableType:
    """A week in review: its items, what was learnt, and the week after it."""
    from rich.console import Group
    from rich.text import Text

    tricks = [Text(f"      {clean(item.title)}: {clean(item.takeaway)}") for item in told.week.items if item.takeaway]
    done = words("plan.stats_all", done=told.figures.done, planned=told.figures.planned,
                 span=words("plan.minutes", minutes=told.figures.minutes))  # fmt: skip
    following = [Text(), table(told.following, addresses)] if told.following else []
    return Group(table(told.week, addresses), *tricks, Text(), Text(done), *following)


def clean(text: str) -> str:
    from bot.terminal.parts import clean as printable

    return printable(text)


def on_item(name: str, number: int, act: Deed, *, json_: bool) -> None:
    """Change item ``number`` of the running week."""
    from bot import planning
    from bot.rules.reading import monday_of

    def work(tools: Kit, session: Session, planner: Planner) -> Week:
        now = tools.clock.now()
        return act(tools, session, planner, monday_of(planning.today_of(planner.reader, now)), number, now)[0]

    on_plan(name, work, json_=json_)


@verb_of("plan")
def show_(next_: Next = False, name: ReaderId = "local", json_: Json = False) -> None:
    from bot import planning

    def work(tools: Kit, session: Session, planner: Planner) -> Week:
        planning.turn_day(tools, session, planner, tools.clock.now())
        which = planning.next_week if next_ else planning.this_week
        return which(tools, session, planner, tools.clock.now())

    on_plan(name, work, json_=json_)


@verb_of("plan")
def make(
    budget: Annotated[str | None, typer.Option("--budget", metavar="TIME", help="option.plan_budget")] = None,
    level: Annotated[int | None, typer.Option("--level", min=1, max=3, help="option.plan_level")] = None,
    weekday: Annotated[str | None, typer.Option("--weekday", metavar="DAY", help="option.plan_weekday")] = None,
    direction: Chosen = None, next_: Next = False, name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    said = {"budget": budget, "level": level and str(level), "weekday": weekday}
    with kit(words, quiet=True) as tools:
        slugs = chosen(tools.directions, direction)
        keep_habits(tools, reader(tools, name, words).id, {key: value for key, value in said.items() if value}, slugs)
    show_(next_=next_, name=name, json_=json_)


def keep_habits(tools: Kit, reader_id: str, said: dict[str, str], slugs: list[str]) -> None:
    """Note what was said of the plan, on top of what is known; every plan begins with this."""
    from dataclasses import replace

    from bot import planning
    from bot.rules import habits as rules
    from bot.store import readers, reading

    with tools.store.write() as session:
        planner, known = reading.planner(session, reader_id), readers.get(session, reader_id)
        assert known
        habits = planner.habits if planner else planning.first_habits(known)
        for key, value in said.items():
            habits = rules.change(habits, key, value, tools.directions)
        if slugs:
            habits = replace(habits, directions=tuple(slugs))
        reading.save_habits(session, reader_id, habits, tools.clock.now())


@verb_of("plan")
def done(
    number: Number,
    minutes: Annotated[int | None, typer.Option("--minutes", min=1, max=1440, help="option.plan_minutes")] = None,
    stars: Annotated[int | None, typer.Option("--stars", min=1, max=5, help="option.plan_stars")] = None,
    takeaway: Annotated[str, typer.Option("--takeaway", metavar="TEXT", help="option.plan_takeaway")] = "",
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot import planning
    from bot.rules.reading import monday_of, rate

    def work(tools: Kit, session: Session, planner: Planner) -> Week:
        now = tools.clock.now()
        at = monday_of(planning.today_of(planner.reader, now)), number
        week, item = planning.complete(session, planner, *at, now, minutes)
        if stars:
            rated = partial(rate, stars=stars)
            week, item = planning.change(session, planner, week.monday, item.number, rated, now)
        if takeaway.strip():
            week, item = planning.note(session, planner, week.monday, item.number, takeaway, now)
        return week

    on_plan(name, work, json_=json_)


@verb_of("plan")
def move(
    number: Number, day: Annotated[str, typer.Argument(metavar="DAY", help="option.plan_day")],
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot import planning
    from bot.rules import reading as rules

    asked = as_day(day)
    assert asked

    def act(_: Kit, session: Session, planner: Planner, monday: date, at: int, now: datetime) -> tuple[Week, Item]:
        today = planning.today_of(planner.reader, now)
        return planning.change(session, planner, monday, at, lambda week, n: rules.move(week, n, asked, today), now)

    on_item(name, number, act, json_=json_)


@verb_of("plan")
def drop(number: Number, name: ReaderId = "local", json_: Json = False) -> None:
    from bot import planning

    on_item(name, number, planning.drop, json_=json_)


@verb_of("plan")
def swap(number: Number, name: ReaderId = "local", json_: Json = False) -> None:
    from bot import planning

    on_item(name, number, planning.swap, json_=json_)


@verb_of("plan")
def summary(
    picture: Annotated[Path | None, typer.Option("--picture", metavar="FILE", help="option.plan_picture")] = None,
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot import planning, weekly
    from bot.rules import export
    from bot.rules.reading import monday_of

    with kit(words, quiet=True) as tools:
        now, reader_id = tools.clock.now(), reader(tools, name, words).id
        with tools.store.write() as session:
            planner = planning.planner_of(session, reader_id)
            monday = monday_of(planning.today_of(planner.reader, now))
            told = weekly.summary_of(tools, session, planner, monday, now)
        if told is None:
            raise UsageError("no plan yet", key="plan_none")
        if picture:
            save_picture(picture, told)
        addresses = links(tools.settings)
    if json_:
        print_json(export.summary_json(told))
    else:
        show(review(told, addresses))


def save_picture(file: Path, told: Summary) -> None:
    """Draw the weeks into ``file``; raises UsageError where it cannot be written."""
    from bot import charts
    from bot.chat.render.weekly import chart

    try:
        file.write_bytes(charts.drawn(chart(told.history, told.figures, words)))
    except OSError as error:
        raise UsageError("cannot write {path}", key="unwritable_file", path=file, why=error.strerror or "") from error
