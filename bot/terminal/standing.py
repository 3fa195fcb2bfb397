"""How the installation stands: its sources, runs and directions, and the room they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.models import PastRun, Room, SourceReport, SourceStanding, Status
from bot.rules.directions import Direction
from bot.terminal.parts import COLOURS, COUNTS, clean, headed, megabytes, moment
from bot.wording import Words


def status(now: Status, words: Words) -> RenderableType:
    """How the installation stands: papers, sources, last runs."""
    first, last = (day.isoformat() if day else "–" for day in (now.first_day, now.last_day))
    parts: list[RenderableType] = [Text(words.count("status.papers", now.papers, first=first, last=last), style="bold")]
    if now.sources:
        parts += [Text(), source_table(now.sources, words)]
    if now.runs:
        parts += [Text(), run_table(now.runs, words)]
    return Group(*parts)


def room(taken: Room, total: int, words: Words) -> RenderableType:
    """What takes how much room, and how fast it grows."""
    parts = [f"{words(f'room.{group}')} {megabytes(size)}" for group, size in taken.groups.items() if size]
    year = megabytes(taken.growth.papers * 365)
    return Group(
        Text(),
        Text(words("room.total", size=megabytes(total), free=megabytes(taken.free))),
        *([Text(" · ".join(parts), style="dim")] if parts else []),
        *([Text(words("room.growth", year=year), style="dim")] if taken.growth.papers else []),
    )


def reports(reports: Sequence[SourceReport], words: Words) -> Table:
    table = headed(words, "source", *COUNTS, "seconds", "state")
    for report in reports:
        state = Text(words(f"state.{report.state.value}"), style=COLOURS[report.state])
        if report.error:
            state.append(f"  {clean(report.error)}", style="dim")
        figures = (str(getattr(report, name)) for name in COUNTS)
        table.add_row(clean(report.name), *figures, f"{report.seconds:.1f}", state)
    return table


def source_table(sources: Sequence[SourceStanding], words: Words) -> Table:
    table = headed(words, "source", "newest", "last_success", "state")
    for source in sources:
        state = Text(words("status.well"), style="green")
        if source.failures:
            state = Text(words.count("status.failing", source.failures), style="red")
            state.append(f"  {clean(source.last_error)}", style="dim")
        newest = source.watermark.isoformat() if source.watermark else "–"
        table.add_row(clean(source.name), newest, moment(source.last_success), state)
    return table


def run_table(runs: Sequence[PastRun], words: Words) -> Table:
    table = headed(words, "run", "days", "new", "seconds", "state")
    for run in runs:
        days = " – ".join(dict.fromkeys((run.first_day.isoformat(), run.last_day.isoformat())))
        new = str(sum(report.new for report in run.reports))
        state = ("status.whole", "green") if run.complete else ("state.partial", "yellow")
        table.add_row(moment(run.started), days, new, f"{run.seconds:.1f}", Text(words(state[0]), style=state[1]))
    return table


def direction_table(directions: Sequence[Direction], counts: Mapping[str, int], words: Words) -> Table:
    table = headed(words, "slug", "direction", "papers")
    table.add_column(words("column.about"), overflow="fold")
    for direction in directions:
        papers = str(counts.get(direction.slug, 0))
        table.add_row(direction.slug, direction.label(words.language), papers, direction.about[words.language])
    return table
