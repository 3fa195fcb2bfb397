"""What readers keep: saved papers with their states, tags and notes, and what a file of references brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.models.papers import Paper


class ReadingState(StrEnum):
    """How far a reader has come with a saved paper."""

    TO_READ = "to-read"
    READING = "reading"
    READ = "read"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class SavedPaper:
    """What a reader says of a paper in their library."""

    paper_id: str
    at: datetime
    """When it was saved."""
    state: ReadingState = ReadingState.TO_READ
    moved: datetime | None = None
    """When it came into its state; None: it has been in it since it was saved."""
    tags: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_annotated(self) -> bool:
        """Whether removing it would lose words of the reader's own."""
        return bool(self.tags or self.note)


@dataclass(frozen=True, slots=True)
class Reference:
    """An entry of a reference manager's file, as far as it tells which paper is meant."""

    title: str = ""
    """Readable Unicode, in one line."""
    arxiv_id: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    key: str = ""
    """What the file itself calls it."""

    @property
    def label(self) -> str:
        """What to call it where it is not found."""
        return self.title or self.arxiv_id or self.key


@dataclass(frozen=True, slots=True)
class Import:
    """What a file of references came to."""

    added: tuple[Paper, ...] = ()
    here: tuple[Paper, ...] = ()
    """Those that were saved already."""
    missing: tuple[Reference, ...] = ()
    """Those that nobody knows."""
    unasked: tuple[Reference, ...] = ()
    """Those that arXiv could not be asked for this time."""

    @property
    def total(self) -> int:
        return len(self.added) + len(self.here) + len(self.missing) + len(self.unasked)
