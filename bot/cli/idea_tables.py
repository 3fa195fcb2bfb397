"""Ideas as a person sees them in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.cli.verbs import words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.models.ideas import Idea, Near
    from bot.models.tracking import Entry, Found, Tracked

LONGEST_SHOWN = 100
"""Characters of an idea in a table."""


def table(found: Sequence[Idea]) -> RenderableType:
    from rich.text import Text

    from bot.terminal.parts import clean, headed

    if not found:
        return Text(words("idea.none_yet"))
    shown = headed(words, "number", "status", "idea")
    for idea in found:
        text = " ".join(clean(idea.text).split())
        short = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
        shown.add_row(str(idea.number), words(f"idea.status.{idea.status.value}"), short)
    return shown


def card(tracked: Tracked, entries: Sequence[Entry]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from bot.terminal.parts import clean

    idea = tracked.idea
    head = f"{words('idea.name', number=idea.number)} · {words(f'idea.status.{idea.status.value}')}"
    parts = [Text(head, style="bold"), Text(clean(idea.text))]
    parts += [Text(" · ".join(idea.directions), style="dim")] if idea.directions else []
    parts += [Text(f"{link.relation.value}: {link.paper.id} {clean(link.paper.title)}") for link in tracked.links]
    for one in entries:
        told = " ".join(part for part in (str(one.at.date()), one.status, clean(one.text)) if part)
        parts.append(Text(told, style="dim"))
    return Group(*parts)


def born(idea: Idea, found: Found, addresses: dict[str, str]) -> RenderableType:
    """A new or changed idea and what is near it."""
    from rich.console import Group
    from rich.text import Text

    from bot.rules.ideas import ranked

    covered = words("idea.covered_nothing")
    if found.first:
        covered = words.count("idea.covered", found.papers, first=words.day_and_year(found.first))
    near = ranked(found.graded)[:6]
    told = words("idea.found_here" if near else "idea.nothing_near", covered=covered)
    head = words("idea.name", number=idea.number)
    return Group(Text(head, style="bold"), Text(told), nearest(near, addresses))


def nearest(near: Sequence[Near], addresses: dict[str, str]) -> RenderableType:
    from rich.console import Group

    return Group(*(line for one in near for line in near_lines(one, addresses)))


def near_lines(one: Near, addresses: dict[str, str]) -> Iterator[RenderableType]:
    from rich.text import Text

    from bot.terminal.parts import clean

    grade = words(f"idea.grade.{one.grade.value if one.grade else 'none'}")
    day = words.day_and_year(one.paper.day) if one.paper.day else "–"
    yield Text()
    yield Text(clean(one.paper.title), style="bold" if one.grade else "")
    yield Text(f"{grade} · {one.score:.2f} · {day}", style="dim")
    if one.shared:
        yield Text(words("idea.shared", phrases=" · ".join(clean(phrase) for phrase in one.shared)))
    yield Text(addresses["abstract"].format(id=one.paper.id), style="blue")
