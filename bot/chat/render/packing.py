"""A digest's blocks in messages, nothing ever cut inside a tag.

blocks → as few messages as they fit in, of about the same length → abstracts where there is room for all
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from bot.chat.html import cut, escape, units
from bot.chat.render.parts import MOST_ENTITIES, MOST_UNITS, REMEMBERED, Row, abstract, entities, one_line, size
from bot.models import Paper

SHORTEST_ABSTRACT = 280
"""Units; where less than this is left for each paper of a message, its abstracts stay in the cards."""
MOST_PAPERS = 24
"""Of one message, for its buttons' sake."""
GAP = "\n\n"
MOST_BLOCKS = MOST_UNITS - 96
"""Units for the blocks of a message; the rest is for a heading said again."""
STEP = 64
"""Units by which messages are made shorter as long as there are no more of them."""


class Markup(NamedTuple):
    """A piece of a message, measured once for all whose messages hold it."""

    html: str
    size: int
    """UTF-16 units of what a person reads of it."""
    entities: int


NOTHING = Markup("", 0, 0)


@lru_cache(REMEMBERED)
def measured(html: str) -> Markup:
    return Markup(html, size(html), entities(html))


class Block(NamedTuple):
    """A piece that is never split: the header, a paper (under its direction's heading, if it is the first), posts."""

    html: str
    size: int
    entities: int
    paper: Paper | None = None
    section: str = ""
    """The label of the paper's direction, for a message that begins in the middle of one."""
    opens: bool = False
    """Whether a reader who wants a message for each direction gets a new one here."""
    buttons: Row = ()
    """What stands under the message for the sake of this piece."""


Part = Sequence[Block]


# --- messages ---------------------------------------------------------------------------------------------------------


class Lengths(NamedTuple):
    """What the first blocks of a digest come to, by how many they are."""

    sizes: Sequence[int]
    """Units, with a gap after each."""
    entities: Sequence[int]
    """One more for each: the fold of its abstract."""
    opens: Sequence[int]
    """Before which blocks a message must end."""


def packed(blocks: Sequence[Block], *, one_each: bool) -> list[Part]:
    """The blocks in messages, in their order: as few messages as will do, and those of about the same length."""
    lengths = lengths_of(blocks, one_each=one_each)
    best = ends(lengths, MOST_BLOCKS)
    fewest = len(best)
    low, high = (lengths.sizes[-1] - len(GAP)) // fewest, MOST_BLOCKS
    while fewest > 1 and high - low > STEP:
        middle = (low + high) // 2
        if len(shorter := ends(lengths, middle)) == fewest:
            best, high = shorter, middle
        else:
            low = middle
    return [blocks[start:end] for start, end in pairwise([0, *best])]


def lengths_of(blocks: Sequence[Block], *, one_each: bool) -> Lengths:
    sizes = accumulate((block.size + len(GAP) for block in blocks), initial=0)
    marks = accumulate((block.entities + 1 for block in blocks), initial=0)
    opens = [at for at, block in enumerate(blocks) if one_each and block.opens]
    return Lengths(list(sizes), list(marks), opens)


def ends(lengths: Lengths, limit: int) -> list[int]:
    """Where messages of at most ``limit`` units end, each as full as it gets; the header never stands alone."""
    found, start, last = list[int](), 0, len(lengths.sizes) - 1
    while start < last:
        start = end_of(lengths, limit, start)
        found.append(start)
    return found


def end_of(lengths: Lengths, limit: int, start: int) -> int:
    """Behind which block the message ends that begins with block ``start``."""
    sizes, marks, opens = lengths
    fewest = max(start + 1, 2)
    room = limit + sizes[start] + (len(GAP) if start else 0)
    full = bisect_right(sizes, room) - 1, bisect_right(marks, marks[start] + MOST_ENTITIES) - 1
    most = min(*full, start + MOST_PAPERS + 1)
    opening = bisect_right(opens, fewest - 1)
    end = min(most, opens[opening]) if opening < len(opens) else most
    return min(max(end, fewest), len(sizes) - 1)


# --- abstracts --------------------------------------------------------------------------------------------------------


def shares_of(parts: Sequence[Part]) -> list[int]:
    """Units that each abstract may take with the line's end before it, by message; nothing in any of them where one
    has too little room."""
    shares = []
    for part in parts:
        wanted = [units_of_abstract(block.paper.abstract) + 1 for block in part if block.paper]
        taken = sum(block.size for block in part) + len(GAP) * (len(part) - 1)
        shares.append(fair_share(wanted, MOST_BLOCKS - taken))
        if shares[-1] < min(SHORTEST_ABSTRACT, max(wanted, default=0)):
            return [0] * len(parts)
    return shares


def fair_share(wanted: Sequence[int], room: int) -> int:
    """The most that each may take of ``room`` so that all get the same, and what the short ones leave is used."""
    left, share = room, 0
    for position, want in enumerate(sorted(wanted)):
        share = left // (len(wanted) - position)
        if want > share:
            return share
        left -= want
    return max(share, max(wanted, default=0))


def with_abstract(block: Block, share: int) -> str:
    """The block with as much of its paper's abstract, unfolding, as ``share`` has room for."""
    if not share or block.paper is None or not block.paper.abstract:
        return block.html
    return f"{block.html}\n<blockquote expandable>{beginning(block.paper.abstract, share - 1)}</blockquote>"


def beginning(text: str, longest: int) -> str:
    """As ``safe``, of an abstract; what does not depend on the room for it is remembered."""
    return escape(cut(abstract_line(text), longest))


@lru_cache(REMEMBERED)
def abstract_line(text: str) -> str:
    return one_line(abstract(text))


@lru_cache(REMEMBERED)
def units_of_abstract(text: str) -> int:
    return units(abstract(text))
