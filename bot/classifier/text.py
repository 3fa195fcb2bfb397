"""From a text to its terms, the slow and readable way; ``batch.py`` does the same for many texts at once.

    title . abstract → fold (ASCII) → words → stop words out, plurals cut → words and pairs of neighbouring words

A *term* is one word (``quantization``) or two neighbours (``chain thought``) in folded form; a pair never reaches over
punctuation, and it does reach over a stop word (``chain of thought``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple, Protocol

MAX_CHARS = 20_000
"""Of a longer text only this much is read: ten times the longest abstract that arXiv allows."""

TITLE_WEIGHT = 3
"""A word of the title counts as often as three in the abstract."""

BREAKS = ".,;:!?()[]\n"
"""Characters that no pair of words reaches over."""

_STOP_WORDS = """
a about across after again against al all almost along already also although always am among amongst an and another
any anyone anything are around as at be became because become becomes been before being below between beyond both but
by can cannot could did do does doing done down due during each eg either else enough et etc even ever every few for
from further had has have having he hence her here hers herself him himself his how however ie if in indeed into is it
its itself just latter least less many may me meanwhile might mine more moreover most mostly much must my myself
namely neither never nevertheless no nobody none nor not nothing now of off often on once one only onto or other
others otherwise our ours ourselves out over own per perhaps quite rather really said same seem seemed seems several
shall she should since so some something sometimes still such than that the their theirs them themselves then there
thereby therefore these they this those though through throughout thus to together too toward towards under until up
upon us very via was we well were what whatever when whenever where whereas whereby wherein whether which while who
whoever whole whom whose why will with within without would yet you your yours yourself
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_COMBINING = re.compile("[\u0300-\u036f]")
_PIECE = re.compile(f"[a-z0-9]+|[{re.escape(BREAKS)}]")


class PaperText(Protocol):
    """What the classifier reads of a paper."""

    @property
    def title(self) -> str: ...
    @property
    def abstract(self) -> str: ...


class Word(NamedTuple):
    """A word that counts: its folded form, and where it stands in the folded text."""

    form: str
    start: int
    end: int
    clause: int
    """How many breaks come before it: words of one clause share the number."""


class Document(NamedTuple):
    """A paper's text as the classifier reads it: title, line end, abstract; ASCII, in the paper's own case."""

    text: str
    title: int
    """Length of the title."""


def document(paper: PaperText) -> Document:
    """Fold a paper's title and abstract; offsets of evidence refer to the result."""
    title = fold(paper.title[:MAX_CHARS])
    return Document(f"{title}\n{fold(paper.abstract[:MAX_CHARS])}", len(title))


def fold(text: str) -> str:
    """The same text in ASCII: accents dropped, compatibility forms resolved, anything else a question mark."""
    if text.isascii():
        return text
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", text))
    return plain.encode("ascii", "replace").decode("ascii")


def singular(word: str) -> str:
    """The word without a plural s: ``models`` is ``model``; ``bias``, ``corpus`` and ``loss`` stay."""
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "aisu" else word


STOP_FORMS = frozenset(map(singular, STOP_WORDS))


def words(folded: str) -> Iterator[Word]:
    """The words of a folded text that count: no stop words, nothing of one character."""
    clause = 0
    for piece in _PIECE.finditer(folded.lower()):
        word = piece.group()
        if word in BREAKS:
            clause += 1
        elif len(word) > 1 and (form := singular(word)) not in STOP_FORMS:
            yield Word(form, piece.start(), piece.end(), clause)


def terms(folded: str) -> Iterator[tuple[str, int]]:
    """Words, and pairs of words that follow each other in one clause: each with the offset where it begins."""
    before: Word | None = None
    for word in words(folded):
        yield word.form, word.start
        if before is not None and before.clause == word.clause:
            yield f"{before.form} {word.form}", before.start
        before = word


def term_counts(paper: Document) -> dict[str, int]:
    """How often each term occurs, an occurrence in the title counting ``TITLE_WEIGHT`` times."""
    counts: dict[str, int] = {}
    for term, start in terms(paper.text):
        counts[term] = counts.get(term, 0) + (TITLE_WEIGHT if start < paper.title else 1)
    return counts
