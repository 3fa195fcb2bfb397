"""The settings as screens: what each stands at, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.card import told_taste
from bot.chat.render.parts import Row, in_rows, lines, safe
from bot.models import Button, Message, Reader
from bot.rules import zones
from bot.rules.directions import Direction
from bot.rules.preferences import CHOICES, ONBOARDING, SCREENS, WORD_LISTS, current, mark
from bot.rules.relevance import Taste
from bot.wording import Language, Words

WIDTHS = {"language": 2, "directions": 2, "hour": 4, "zone": 3, "weekdays": 4, "quiet": 2, "count": 6, "minimum": 3,
          "pause": 3, "nothing": 2}  # fmt: skip
"""Buttons in a row; 1 where nothing stands here."""
LANGUAGE_NAMES: dict[str, str] = {"zh": "中文", "en": "English"}
SHORT_NAME = 22
"""Characters that a phone shows of a button in half its width."""
TICK = "✅ "


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def main_screen(reader: Reader, words: Words, directions: Sequence[Direction]) -> Message:
    """Every setting with its present value, and a button for each."""
    told = "\n".join(
        f"{words(f'set.{name}')}{words('list.colon')}{value(reader, name, words, directions)}"
        for name in SCREENS
        if name != "likes"
    )
    buttons = [Button(words(f"set.{name}"), pressed("set", name)) for name in SCREENS]
    bound = f"\n\n{words('set.bound', name=label(directions, reader.bound_to, words))}" if reader.bound_to else ""
    last = (Button(words("plan.set.title"), pressed("habit", "main")), done(words))
    return Message(f"<b>{words('set.title')}</b>\n\n{told}{bound}", (*in_rows(buttons, 3), last))


def done(words: Words) -> Button:
    return Button(words("set.done"), pressed("set", "done"))


def label(directions: Sequence[Direction], slug: str, words: Words) -> str:
    return next((escape(one.label(words.language)) for one in directions if one.slug == slug), escape(slug))


def value(reader: Reader, name: str, words: Words, directions: Sequence[Direction]) -> str:
    """What a setting stands at, in words."""
    if name in WORD_LISTS:
        return words("list.comma").join(safe(word, 30) for word in getattr(reader, WORD_LISTS[name])[:8]) or words(
            "set.none"
        )
    if name == "directions":
        chosen = [label(directions, slug, words) for slug in reader.directions]
        if len(chosen) >= len(directions):
            return words("set.directions.all")
        return words("list.comma").join(chosen) or words("set.none")
    if name == "weekdays":
        return told_days(reader.weekdays, words)
    if name == "pause":
        return words.day(reader.paused_until) if reader.paused_until else words("set.pause.0")
    return choice(name, current(reader, name), words)


def told_days(weekdays: str, words: Words) -> str:
    """``Every day``, ``Monday to Friday``, or the days one by one."""
    named = {"1111111": "set.weekdays.all", "1111100": "set.weekdays.work"}
    if weekdays in named:
        return words(named[weekdays])
    return words("list.comma").join(words(f"weekday.{at}") for at, on in enumerate(weekdays) if on == "1")


def choice(name: str, value: str, words: Words) -> str:
    """A value of a setting as its button says it."""
    match name:
        case "language":
            return LANGUAGE_NAMES.get(value, value)
        case "hour":
            return clock(int(value))
        case "zone":
            return zones.label(value, words.language)
        case "weekdays":
            return words(f"weekday.{value}")
        case "quiet":
            first, _, last = value.partition("-")
            return words("set.quiet.none") if first == last else f"{clock(int(first))}–{clock(int(last))}"
        case "count":
            return value
        case "minimum":
            return words("set.minimum.any") if value == "0" else f"{value}%"
        case "pause":
            return words("set.pause.0") if value in ("", "0") else words.count("set.pause.days", int(value))
    return words(f"set.{name}.{value}")


def screen(
    name: str, reader: Reader, words: Words, directions: Sequence[Direction], now: datetime, *,
    tastes: Sequence[Taste] = (), opinions: int = 0, onboarding: bool = False,
) -> Message:  # fmt: skip
    """One setting: what it means, what it stands at, and what it may become."""
    step = f" {ONBOARDING.index(name) + 1}/{len(ONBOARDING)}" if onboarding and name in ONBOARDING else ""
    heading = f"<b>{words(f'set.{name}')}{step}</b>\n{words(f'set.{name}.help')}"
    rows = [*choices(name, reader, words, directions, opinions)]
    rows.append(
        (following(name, reader, words),) if onboarding else (Button(words("set.back"), pressed("set", "main")),)
    )
    if name == "directions":
        body = explained(reader, directions, words)
    elif name == "likes":
        body = told_likes(tastes, opinions, words)
    elif name == "language":
        body = ""
    elif name == "zone":
        body = words(
            "set.zone.now", value=value(reader, name, words, directions), clock=f"{zones.local(now, reader.zone):%H:%M}"
        )
    else:
        body = words("set.now", value=value(reader, name, words, directions))
    return Message("\n\n".join(part for part in (heading, body) if part), tuple(row for row in rows if row))


def following(name: str, reader: Reader, words: Words) -> Button:
    """The button that goes on with a first conversation."""
    at = ONBOARDING.index(name) + 1 if name in ONBOARDING else len(ONBOARDING)
    if at < len(ONBOARDING):
        return Button(words("start.next"), pressed("set", ONBOARDING[at]))
    return Button(words("start.finish"), pressed("begin"))


def choices(name: str, reader: Reader, words: Words, directions: Sequence[Direction], opinions: int) -> list[Row]:
    if name == "directions":
        return direction_choices(reader, directions, words)
    if name in WORD_LISTS:
        return [
            (Button(f"✕ {word[:30]}", pressed("put", name, f"-{mark(word)}")),)
            for word in getattr(reader, WORD_LISTS[name])
        ]
    if name == "likes":
        return (
            [
                (
                    Button(words("set.likes.undo"), pressed("unlike", "last")),
                    Button(words("set.likes.forget"), pressed("unlike", "all")),
                )
            ]
            if opinions
            else []
        )
    on = {current(reader, name)}
    if name == "weekdays":
        on = {at for at in "0123456" if reader.weekdays[int(at)] == "1"}
    buttons = [
        Button((TICK if one in on else "") + choice(name, one, words), pressed("put", name, one))
        for one in CHOICES[name]
    ]
    return in_rows(buttons, WIDTHS.get(name, 1))


def short(direction: Direction, language: Language) -> str:
    """A direction's name if a button can show it, else its slug."""
    name = direction.label(language)
    return name if len(name) <= SHORT_NAME else direction.slug


def direction_choices(reader: Reader, directions: Sequence[Direction], words: Words) -> list[Row]:
    buttons = [
        Button(f"{box(one, reader)} " + short(one, words.language), pressed("put", "directions", one.slug))
        for one in directions
    ]
    both = (Button(words("set.directions.take_all"), pressed("put", "directions", "all")),
            Button(words("set.directions.take_none"), pressed("put", "directions", "none")))  # fmt: skip
    return [*in_rows(buttons, WIDTHS["directions"]), both]


def command_of(slug: str) -> str:
    """A direction's own command: ``long-context`` is ``/long_context``."""
    return slug.replace("-", "_")


def explained(reader: Reader, directions: Sequence[Direction], words: Words) -> str:
    """Every direction with a word of explanation, the chosen ones ticked."""
    return "\n".join(
        f"{box(one, reader)} <b>{escape(one.label(words.language))}</b>\n{escape(one.about[words.language])}"
        for one in directions
    )


def grid(reader: Reader, directions: Sequence[Direction], words: Words, counts: Mapping[str, int]) -> str:
    """Every direction with its papers and its own command."""
    return "\n".join(
        f"{box(one, reader)} {escape(one.label(words.language))} · {counts.get(one.slug, 0)} · /{command_of(one.slug)}"
        for one in directions
    )


def box(direction: Direction, reader: Reader) -> str:
    return "✅" if direction.slug in reader.directions else "▫️"


def told_likes(tastes: Sequence[Taste], opinions: int, words: Words) -> str:
    if not opinions:
        return words("set.likes.none")
    return lines(words.count("set.likes.count", opinions), *(f"• {told_taste(taste, words)}" for taste in tastes))
