"""What the verbs of the command share: the kit, the progress bar, days and names as people type them, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.wording import Words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.kit import Kit
    from bot.models import Reader
    from bot.rules.directions import Direction
    from bot.settings import Settings

LOCAL = "local"
"""The terminal's own reader."""


@contextmanager
def kit(words: Words, *, sample: bool = False, quiet: bool = False) -> Iterator[Kit]:
    """Everything a verb works with, and a progress bar on standard error for a person who waits."""
    from bot.app import open_kit
    from bot.settings import load_settings

    settings = load_settings()
    transport = None
    if sample:
        from bot.sources import sample as recorded

        settings, transport = on_sample_day(settings, recorded.DAY), recorded.transport()
    with progress_bar(words, hidden=quiet) as tell, open_kit(settings, progress=tell, transport=transport) as tools:
        yield tools


def on_sample_day(settings: Settings, day: date) -> Settings:
    """``settings`` for looking at the bundled day: its noon, and a database that is forgotten afterwards."""
    noon = settings.now or datetime(day.year, day.month, day.day, 16, tzinfo=UTC)
    return settings.model_copy(update={"now": noon, "database_url": "sqlite://", "feeds": []})


@contextmanager
def progress_bar(words: Words, *, hidden: bool) -> Iterator[Callable[[str, int, int], None]]:
    if hidden or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words("progress.start"), total=None)

        def tell(what: str, done: int, total: int) -> None:
            ours = what in {"classify", "train", "vectors", "site", "copy"}
            name = words(f"progress.{what}") if ours else words("progress.ask", name=what)
            bar.update(task, description=name, completed=done, total=total or None)

        yield tell


def as_day(value: str | None) -> date | None:
    """A day as people write it in the command; raises UsageError for anything but YYYY-MM-DD."""
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise UsageError("{value} is not a day", key="not_a_day", value=value[:40]) from error


def asked_days(day: str | None, since: str | None, until: str | None) -> tuple[date | None, date | None]:
    if day is not None and (since or until):
        raise UsageError("--day or --since, not both", key="day_or_since")
    if until and not since:
        raise UsageError("--until needs --since", key="until_without_since")
    return (as_day(day), as_day(day)) if day is not None else (as_day(since), as_day(until))


def chosen(directions: Sequence[Direction], names: Sequence[str] | None) -> list[str]:
    from bot.rules.directions import find_direction

    return list(dict.fromkeys(find_direction(directions, name).slug for name in names or ()))


def reader(tools: Kit, name: str, words: Words) -> Reader:
    """Who reads in the terminal: the reader that ``name`` was joined to, or the one of that id.

    ``local`` is made when it is first needed; raises UsageError where nobody is called ``name``.
    """
    from bot.models import Reader
    from bot.store import readers, terminals

    with tools.store.write() as session:
        known = terminals.reader_of(session, name)
        if known is None and name == LOCAL:
            known = Reader(name, kind=LOCAL, language=words.language)
            readers.save(session, known)
    if known is None:
        raise UsageError("no reader {name}", key="unknown_reader", name=name[:40])
    return known


def content_of(file: Path, most: int) -> bytes:
    """At most ``most`` bytes of ``file``, or of standard input for ``-``; raises UsageError where it cannot be read."""
    if str(file) == "-":
        return sys.stdin.buffer.read(most)
    try:
        with file.open("rb") as content:
            return content.read(most)
    except OSError as error:
        raise UsageError("cannot read {path}", key="unreadable", path=file, why=error.strerror) from error


@contextmanager
def opened(file: Path | None) -> Iterator[Iterator[bytes]]:
    """The lines of ``file``, or of standard input."""
    if file is None or str(file) == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        with file.open("rb") as lines:
            yield iter(lines)
    except BrokenPipeError:  # whoever read our output has left; the file is fine
        raise
    except OSError as error:
        raise UsageError("cannot read {path}", key="unreadable", path=file, why=error.strerror) from error


def links(settings: Settings) -> dict[str, str]:
    return {"abstract": settings.links_abstract, "pdf": settings.links_pdf, "huggingface": settings.links_huggingface}


def show(what: RenderableType) -> None:
    from rich.console import Console

    # Where nobody's terminal sets a width, lines are left as long as a page is wide.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 100)
    console.print(what)


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
