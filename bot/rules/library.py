"""The library's own rules: what a tag is, what was asked for, and which saved papers fit it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s

from bot.errors import UsageError
from bot.models import ReadingState, SavedPaper
from bot.rules.terms import Group
from bot.rules.tokens import CJK, plain, tokens

MOST_TAGS, LONGEST_TAG = 12, 32
"""Tags of one paper, and characters of a tag."""
LONGEST_NOTE = 1000
"""Characters of a note."""
BETWEEN_TAGS = re.compile(r"[\s,，、;；]+")
NO_TAG = re.compile(rf"[^\w{CJK}.+:/-]+")
"""What a tag does not hold."""


# --- tags -------------------------------------------------------------------------------------------------------------


def tag_of(word: str) -> str:
    """A word as a tag: case folded and without what would not stand in one; "" where nothing is left."""
    return NO_TAG.sub("", plain(word)).strip("-.:/")[:LONGEST_TAG]


def changed_tags(tags: Sequence[str], written: str) -> tuple[str, ...]:
    """``tags`` with what was written: ``lora #rank -old`` adds two and takes one away; at most ``MOST_TAGS``."""
    words = [word for word in BETWEEN_TAGS.split(written) if tag_of(word)]
    gone = {tag_of(word) for word in words if word.startswith(("-", "−"))}
    new = [tag_of(word) for word in words if not word.startswith(("-", "−"))]
    return tuple([tag for tag in dict.fromkeys((*tags, *new)) if tag not in gone][:MOST_TAGS])


def tag_mark(tag: str) -> str:
    """What stands for a tag in a button, which cannot carry Chinese."""
    return blake2s(tag.encode(), digest_size=4).hexdigest()


def tag_counts(kept: Iterable[SavedPaper]) -> list[tuple[str, int]]:
    """Every tag and how many papers have it, the most frequent first."""
    counts = Counter(tag for one in kept for tag in one.tags)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


# --- states -----------------------------------------------------------------------------------------------------------


def read_state(name: str) -> ReadingState:
    """``to-read``, ``To Read`` or ``toread``; raises UsageError that names the states."""
    asked = name.strip().lower().replace(" ", "-").replace("_", "-")
    for state in ReadingState:
        if asked in (state.value, state.value.replace("-", "")):
            return state
    raise UsageError("{name} is no state", key="unknown_state", name=name[:20], known=", ".join(ReadingState))


# --- which papers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a library is asked for; empty fields ask for nothing in particular."""

    words: str = ""
    tag: str = ""
    state: ReadingState | None = None

    def fits(self, one: SavedPaper) -> bool:
        """Whether its state and tags fit; the words are another matter."""
        return (self.state is None or one.state is self.state) and (not self.tag or self.tag in one.tags)


def read_wanted(written: str) -> Wanted:
    """``low rank #lora``: words to look for, and a tag."""
    parts = written.split()
    tags = [tag_of(part) for part in parts if part.startswith("#")]
    return Wanted(" ".join(part for part in parts if not part.startswith("#")), next(filter(None, tags), ""))


def searchable(paper_words: str, one: SavedPaper) -> str:
    """The searchable words of a saved paper and of what its reader says of it, each between blanks."""
    return f" {paper_words} {' '.join(tokens(' '.join((one.note, *one.tags))))} "


def says_all(text: str, groups: Iterable[Group]) -> bool:
    """Whether ``text``, in the form of ``searchable``, holds a phrase of every group."""
    return all(any(f" {' '.join(phrase.words)}{'' if phrase.open else ' '}" in text for phrase in group)
               for group in groups)  # fmt: skip
