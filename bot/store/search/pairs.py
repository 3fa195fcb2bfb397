"""Neighbouring words as one word of PostgreSQL's index, so that a phrase is found without opening a paper.

A pair is folded into one of 65,536: that two stand for the same is so rare that the few papers found by mistake are
sorted out by their texts. The function ``search_words`` of the database makes the same of what papers say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import pairwise

LINKS = (
    "a an and are as at be by can for from has have in into is it its of on or our that the their these they this to"
    " using via was we were which while with"
)
"""Words that are passed over: in ``chain of thought``, ``thought`` is the neighbour of ``chain``."""
LINKING = frozenset(LINKS.split())


def pairs(words: Iterable[str]) -> list[str]:
    """The pairs of ``words``; the tilde occurs in no word."""
    return [folded(one, other) for one, other in pairwise(word for word in words if word not in LINKING)]


def folded(one: str, other: str) -> str:
    digest = hashlib.md5(f"{one} {other}".encode(), usedforsecurity=False)  # PostgreSQL has no other one as quick
    return f"~{digest.hexdigest()[:4]}"
