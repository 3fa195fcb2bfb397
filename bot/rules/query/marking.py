"""Where a text says what was asked for: the telling piece of it, with the hits marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.rules.query.demands import Demand
from bot.rules.query.tree import Field
from bot.rules.terms import Phrase
from bot.rules.tokens import IS_CJK, LONGEST, PIECE, plain

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, and whether each is a hit."""


class Token(NamedTuple):
    word: str
    start: int
    end: int


def marked(text: str, demands: Iterable[Demand], field: Field = Field.ANYWHERE) -> Marked:
    """``text`` of ``field`` with everything marked that a demand asks for there."""
    return cut_at(text, spans(text, [one for one in demands if one.field in (Field.ANYWHERE, field)]), 0, len(text))


def snippet(text: str, demands: Iterable[Demand], longest: int) -> Marked:
    """At most ``longest`` characters of ``text`` around most of the hits; nothing where there are none."""
    found = spans(text, [one for one in demands if one.field is Field.ANYWHERE])
    if not found:
        return ()
    start, end = around(text, best(found, longest), longest)
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    pieces = cut_at(text, found, start, end)
    return tuple(piece for piece in ((before, False), *pieces, (after, False)) if piece[0])


def spans(text: str, demands: Sequence[Demand]) -> list[tuple[int, int]]:
    """Beginnings and ends of all hits, in order, none within or beside another."""
    found = list(tokens_of(text))
    hits = sorted(hit for one in demands for phrase in one.phrases for hit in hits_of(phrase, found))
    merged: list[tuple[int, int]] = []
    for start, end in hits:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def tokens_of(text: str) -> Iterator[Token]:
    """The searchable words of ``text`` where they stand."""
    for piece in PIECE.finditer(text):
        said, start = piece[0], piece.start()
        if IS_CJK.match(said) and len(said) > 1:
            yield from (Token(said[at : at + 2], start + at, start + at + 2) for at in range(len(said) - 1))
        else:
            yield Token(plain(said)[:LONGEST], start, piece.end())


def hits_of(phrase: Phrase, found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    size = len(phrase.words)
    for at, token in enumerate(found):
        if (
            fits(phrase, 0, token)
            and at + size <= len(found)
            and all(fits(phrase, place, found[at + place]) for place in range(1, size))
        ):
            yield token.start, found[at + size - 1].end


def fits(phrase: Phrase, place: int, token: Token) -> bool:
    word = phrase.words[place]
    return token.word == word or (phrase.open and place == len(phrase.words) - 1 and token.word.startswith(word))


def best(found: Sequence[tuple[int, int]], longest: int) -> tuple[int, int]:
    """The first stretch of hits, no longer than ``longest``, with as many of them as any other has."""
    stretches = []
    for at, (start, _) in enumerate(found):
        within = [end for _, end in found[at:] if end - start <= longest]
        stretches.append((-len(within), start, within[-1] if within else start + longest))
    _, start, end = min(stretches)
    return start, end


def around(text: str, stretch: tuple[int, int], longest: int) -> tuple[int, int]:
    """``stretch`` with as much on both sides as there is room for, from word to word."""
    room = max(longest - (stretch[1] - stretch[0]), 0)
    start = max(stretch[0] - room // 3, 0)
    end = min(start + longest, len(text))
    if start and (blank := text.find(" ", start, stretch[0])) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", stretch[1], end)) >= 0:
        end = blank
    return start, end


def cut_at(text: str, found: Iterable[tuple[int, int]], start: int, end: int) -> Marked:
    """``text`` from ``start`` to ``end``, divided where hits begin and end."""
    pieces: list[tuple[str, bool]] = []
    at = start
    for first, last in found:
        if first < end and last > start:
            first, last = max(first, at), min(last, end)
            pieces += [(text[at:first], False), (text[first:last], True)]
            at = last
    pieces.append((text[at:end], False))
    return tuple(piece for piece in pieces if piece[0])
