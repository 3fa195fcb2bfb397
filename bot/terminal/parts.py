"""What several pictures in the terminal have in common. Foreign text is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from rich.table import Table
from rich.text import Text

from bot.models import Evidence, Paper, SourceState
from bot.wording import Words

COLOURS = {
    SourceState.OK: "green",
    SourceState.UNCHANGED: "green",
    SourceState.PARTIAL: "yellow",
    SourceState.FAILED: "red",
}
BADGES = {"low": "green", "medium": "yellow", "high": "red"}
SHOWN_AUTHORS = 3
COUNTS = ("fetched", "new", "updated", "skipped")
MEASURES = ("support", "average_precision", "precision_at_5", "precision", "recall", "f1")
FIGURES = {*COUNTS, *MEASURES, "seconds", "papers"}


def clean(text: str) -> str:
    """Foreign text without the control characters that would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def about(paper: Paper, level: str, words: Words) -> Text:
    line = Text(authors(paper, words), style="dim")
    if level in BADGES:
        line.append(" · ").append(words(f"compute.{level}"), style=BADGES[level])
    if paper.upvotes:
        line.append(f" · ♥ {paper.upvotes}", style="magenta")
    if paper.code_url:
        line.append(" · ").append(words("paper.code"), style=f"link {paper.code_url}").append(f" {paper.code_url}")
    return line


def authors(paper: Paper, words: Words) -> str:
    shown = words("list.comma").join(clean(name) for name in paper.authors[:SHOWN_AUTHORS])
    more = len(paper.authors) > SHOWN_AUTHORS
    return words("paper.and_others", names=shown) if more else shown or words("paper.no_authors")


def terms(evidence: Iterable[Evidence]) -> str:
    return " · ".join(clean(item.term) for item in evidence) or "–"


def moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "–"


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def headed(words: Words, *names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        justify: Literal["left", "right"] = "right" if name in FIGURES else "left"
        table.add_column(words(f"column.{name}"), justify=justify, no_wrap=name != "state", overflow="fold")
    return table
