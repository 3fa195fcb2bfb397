"""The pieces of a written query: quotes paired, full-width forms made narrow, fields known by all their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from bot.rules.query.tree import Field, FilterField
from bot.rules.tokens import plain

FIELDS: dict[str, Field | FilterField] = {
    **dict.fromkeys(("ti", "title", "标题", "题目", "题"), Field.TITLE),
    **dict.fromkeys(("au", "author", "authors", "作者"), Field.AUTHOR),
    **dict.fromkeys(("cat", "category", "分类", "类别"), FilterField.CATEGORY),
    **dict.fromkeys(("dir", "direction", "方向"), FilterField.DIRECTION),
    **dict.fromkeys(("id", "arxiv", "编号"), FilterField.ID),
    **dict.fromkeys(("since", "after", "from", "自", "自从", "起始"), FilterField.SINCE),
    **dict.fromkeys(("compute", "算力"), FilterField.COMPUTE),
    **dict.fromkeys(("has", "含", "有"), FilterField.HAS),
    **dict.fromkeys(("saved", "收藏", "文库"), FilterField.SAVED),
}
"""What may be written before a colon."""

QUOTES = re.compile("[“”„‟「」『』«»〝〞〟＂]")
BREAKS = r"\s,，、;；。！？!?"
"""What divides words and says nothing."""
PIECE = re.compile(
    rf"""(?P<space>[{BREAKS}]+)
    |"(?P<quoted>[^"]*)"
    |(?P<mark>["()|])
    |(?P<minus>[-−–—](?=[^{BREAKS}]))
    |(?P<field>[^\W\d_]{{1,10}}):""",
    re.VERBOSE,
)
WORD = re.compile(rf'[^"()|{BREAKS}]+')
OR_WORDS, AND_WORDS, NOT_WORDS = {"OR", "或", "或者"}, {"AND", "&", "&&", "且", "并且"}, {"NOT", "非"}
"""Words between words; the English ones in capitals, for titles hold the others."""
SIGNS = re.compile(r"[\W_]+")
"""What is left out of a word: ``'或`` is read as ``或``."""


class Kind(Enum):
    WORD = auto()
    QUOTED = auto()
    FIELD = auto()
    MINUS = auto()
    OR = auto()
    OPEN = auto()
    CLOSE = auto()
    QUOTE = auto()
    """One that nothing closes."""


MARKS = {"(": Kind.OPEN, ")": Kind.CLOSE, "|": Kind.OR, '"': Kind.QUOTE}


class Piece(NamedTuple):
    kind: Kind
    text: str


def narrow(text: str) -> str:
    """``text`` with half-width forms and one kind of quotation mark."""
    return QUOTES.sub('"', unicodedata.normalize("NFKC", QUOTES.sub('"', text)))


def pieces_of(text: str) -> Iterator[Piece]:
    """The pieces in order. A hyphen or a colon inside a word is a part of it."""
    text, at, fresh = narrow(text), 0, True
    while at < len(text):
        kind, found = next_match(text, at, fresh)
        at = found.end()
        yield from piece(kind, found)
        if kind == "field" and FIELDS[plain(found["field"])] is FilterField.SAVED and text[at : at + 1] in " )":
            yield Piece(Kind.WORD, "")  # all of the library: the word behind the blank is another matter
        fresh = kind in ("space", "minus", "field") or found[0] in ("(", "|")


def next_match(text: str, at: int, fresh: bool) -> tuple[str | None, re.Match[str]]:
    """What stands at ``at`` and its kind, None for a word; only where a word could begin, a hyphen or field is one."""
    found = PIECE.match(text, at)
    begins = fresh and (found is None or found["field"] is None or plain(found["field"]) in FIELDS)
    if found and (begins or found.lastgroup not in ("minus", "field")):
        return found.lastgroup, found
    word_ = WORD.match(text, at)
    assert word_, "whatever is no other piece is a word"
    return None, word_


def piece(kind: str | None, found: re.Match[str]) -> Iterator[Piece]:
    match kind:
        case "quoted":
            yield Piece(Kind.QUOTED, found["quoted"])
        case "mark":
            yield Piece(MARKS[found[0]], found[0])
        case "minus":
            yield Piece(Kind.MINUS, found[0])
        case "field":
            yield Piece(Kind.FIELD, plain(found["field"]))
        case None:
            yield from word(found[0])


def word(said: str) -> Iterator[Piece]:
    read_as = {said, SIGNS.sub("", plain(said))}
    if read_as & OR_WORDS:
        yield Piece(Kind.OR, said)
    elif read_as & NOT_WORDS:
        yield Piece(Kind.MINUS, said)
    elif not read_as & AND_WORDS:
        yield Piece(Kind.WORD, said)
