"""What is kept of an idea besides itself: its journal, its papers, what came near it and what is told of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.models.ideas import Grade, Idea, Near
from bot.models.papers import Paper

SCOOP = "scoop"
"""The kind of an alert, as a delivery."""


class Relation(StrEnum):
    """What a reader says of a paper and an idea."""

    LINKED = "linked"
    """Belongs to it."""
    USEFUL = "useful"
    UNRELATED = "unrelated"


class Course(StrEnum):
    """What becomes of a paper that came near an idea."""

    ALERT = "alert"
    """Told at once, in a message of its own."""
    DIGEST = "digest"
    """Waits for the next digest."""
    TOLD = "told"
    SILENT = "silent"
    """Kept for the idea's card and the weekly summary, and never told by itself."""


class EntryKind(StrEnum):
    BORN = "born"
    NOTE = "note"
    STATUS = "status"
    TEXT = "text"
    """The idea was rewritten; the entry holds what stood there before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an idea's journal: a note, or a decision with a word of reason."""

    kind: EntryKind
    at: datetime
    text: str = ""
    status: str = ""
    """The new one, of a decision."""


@dataclass(frozen=True, slots=True)
class Link:
    """A paper of which the reader has said what it is to the idea."""

    paper: Paper
    relation: Relation
    at: datetime
    phrases: tuple[str, ...] = ()
    """What the two had in common when it was said."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """An idea with all that matching needs to know of it."""

    idea: Idea
    key: int
    """The row's."""
    born: date
    """The newest day that had been announced when it was written down: only papers of later days are news."""
    seen: int
    """Number of the newest paper that it has been held against."""
    links: tuple[Link, ...] = ()

    def papers(self, *relations: Relation) -> tuple[Paper, ...]:
        return tuple(link.paper for link in self.links if link.relation in relations)

    @property
    def rejected(self) -> tuple[frozenset[str], ...]:
        """The sets of shared phrases that alone never bring this idea another alert, folded."""
        return tuple(folded(link.phrases) for link in self.links if link.relation is Relation.UNRELATED)


def folded(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(phrase.casefold() for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search of the archive came to."""

    near: tuple[Near, ...]
    """Graded papers first, best grade first, then newest; after them the nearest of the others."""
    papers: int
    """How many were looked through."""
    first: date | None
    last: date | None

    @property
    def graded(self) -> tuple[Near, ...]:
        return tuple(near for near in self.near if near.grade)


@dataclass(frozen=True, slots=True)
class IdeaPapers:
    """Papers that came near one idea."""

    idea: Idea
    near: tuple[Near, ...]
    more: int = 0
    """Graded papers that are not told here."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A new version of a paper that the reader keeps."""

    paper: Paper
    changed: tuple[str, ...]
    """The sentences of the new abstract that the old one did not have."""
    ideas: tuple[int, ...] = ()
    """Numbers of the ideas that it is linked to."""


@dataclass(frozen=True, slots=True)
class IdeaNews:
    """The section of a digest that is about ideas and papers kept."""

    ideas: tuple[IdeaPapers, ...] = ()
    revisions: tuple[Revision, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ideas or self.revisions)


@dataclass(frozen=True, slots=True)
class IdeaWeek:
    """One idea over a week."""

    idea: Idea
    near: tuple[Near, ...]
    notes: tuple[Entry, ...]
    counts: tuple[Mapping[Grade, int], ...]
    """Papers of each grade, a week each, the week told of last."""


@dataclass(frozen=True, slots=True)
class IdeasWeek:
    """The section of a weekly summary that is about ideas."""

    mondays: tuple[date, ...]
    """The weeks of the counts."""
    ideas: tuple[IdeaWeek, ...] = ()
    """Those of which there is anything to tell."""
    untouched: tuple[Idea, ...] = ()
    """Left alone for four weeks, and not asked about yet."""

    def __bool__(self) -> bool:
        return bool(self.ideas or self.untouched)
