"""A written query as a tree. Whatever is wrong with it is put right or left out, and told; nothing raises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.rules.directions import Direction
from bot.rules.ids import find_ids
from bot.rules.query.lexer import FIELDS, Kind, Piece, pieces_of
from bot.rules.query.tree import Field, Filter, FilterField, Node, Quoted, Word, either, every, leaves, without, written
from bot.rules.query.values import read_value
from bot.rules.tokens import plain

LONGEST, MOST_LEAVES, MOST_DEPTH = 400, 40, 6
"""Characters of a query that are read, words and filters of it, brackets within brackets."""
BETWEEN = re.compile(r"[\W_]+")


class Fault(StrEnum):
    """What a query was read without."""

    QUOTE = "quote"
    BRACKET = "bracket"
    OR = "or"
    FIELD = "field"
    """A field with nothing behind it."""
    VALUE = "value"
    """A field with something behind it that it does not know."""
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that was put right or left out, as it was written."""

    fault: Fault
    said: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; ``node`` is None where nothing is."""

    node: Node | None = None
    remarks: tuple[Remark, ...] = ()

    def __str__(self) -> str:
        return written(self.node)


def read_query(text: str, today: date, directions: Sequence[Direction] = ()) -> Query:
    """Read ``text``; days like ``7d`` count back from ``today``, and ``dir:`` knows the names of ``directions``."""
    reading = Reading(list(pieces_of(text[:LONGEST])), today, directions)
    if len(text) > LONGEST:
        reading.remark(Fault.LENGTH, f"{text[LONGEST : LONGEST + 20]}…")
    node = reading.every(Field.ANYWHERE, 0)
    return Query(node, tuple(dict.fromkeys(reading.remarks)))


@dataclass
class Reading:
    """The pieces, how far they are read, and what was wrong with them."""

    pieces: Sequence[Piece]
    today: date
    directions: Sequence[Direction]
    at: int = 0
    read: int = 0
    """Words and filters so far."""
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, fault: Fault, said: str) -> None:
        self.remarks.append(Remark(fault, said[:40]))

    def next_is(self, *kinds: Kind) -> bool:
        """Whether one of ``kinds`` comes next, the end being none."""
        return self.at < len(self.pieces) and self.pieces[self.at].kind in kinds

    def take(self) -> Piece:
        self.at += 1
        return self.pieces[self.at - 1]

    def every(self, within: Field | FilterField, depth: int) -> Node | None:
        """Parts up to a closing bracket or the end; an OR binds its neighbours more tightly than a blank does."""
        parts: list[Node] = []
        joining = ""
        while self.at < len(self.pieces) and not (depth and self.next_is(Kind.CLOSE)):
            if self.next_is(Kind.OR):
                said = self.take().text
                if joining or not parts:
                    self.remark(Fault.OR, said)
                joining = said if parts else ""
            elif part := self.part(within, depth):
                parts.append(either([parts.pop(), part]) or part if joining else part)
                joining = ""
        if joining:
            self.remark(Fault.OR, joining)
        return every(parts)

    def part(self, within: Field | FilterField, depth: int) -> Node | None:
        """One word, quotation, filter or bracket with what stands before it."""
        wanted = True
        while self.next_is(Kind.MINUS, Kind.FIELD):
            piece = self.take()
            wanted ^= piece.kind is Kind.MINUS
            within = FIELDS[piece.text] if piece.kind is Kind.FIELD else within
            if piece.kind is Kind.FIELD and (self.at == len(self.pieces) or self.next_is(Kind.CLOSE, Kind.OR)):
                self.remark(Fault.FIELD, f"{piece.text}:")
        if self.at == len(self.pieces) or self.next_is(Kind.CLOSE, Kind.OR):
            if self.next_is(Kind.CLOSE) and not depth:
                self.remark(Fault.BRACKET, self.take().text)
            return None
        part = self.group(within, depth) if self.next_is(Kind.OPEN) else self.leaf(within, self.take())
        return part if part is None or wanted else without(part)

    def group(self, within: Field | FilterField, depth: int) -> Node | None:
        opening = self.take().text
        if depth == MOST_DEPTH:
            self.remark(Fault.BRACKET, opening)
            return None
        part = self.every(within, depth + 1)
        if self.next_is(Kind.CLOSE):
            self.take()
        else:
            self.remark(Fault.BRACKET, opening)
        return part

    def leaf(self, within: Field | FilterField, piece: Piece) -> Node | None:
        if piece.kind is Kind.QUOTE:
            self.remark(Fault.QUOTE, piece.text)
            return None
        if self.read == MOST_LEAVES:
            self.remark(Fault.LENGTH, piece.text)
            return None
        if isinstance(within, FilterField):
            found = self.filter(within, piece.text)
        elif within is Field.ANYWHERE and piece.kind is Kind.WORD and (ids := find_ids(piece.text)):
            found = either([Filter(FilterField.ID, id_) for id_ in ids])
        else:
            found = words(piece, within)
        self.read += len(list(leaves(found))) if found else 0
        return found

    def filter(self, within: FilterField, said: str) -> Node | None:
        values = read_value(within, said, self.today, self.directions)
        if not values:
            self.remark(Fault.VALUE if said else Fault.FIELD, f"{within}:{said}")
        return either([Filter(within, value) for value in values])


def words(piece: Piece, within: Field) -> Node | None:
    """A word or a quotation; None where it holds no letter or digit."""
    gap = " " if piece.kind is Kind.QUOTED else "-"
    text = BETWEEN.sub(gap, folded(piece.text)).strip(gap)
    if not text:
        return None
    return Quoted(text, within) if piece.kind is Kind.QUOTED else Word(text, within)


def folded(text: str) -> str:
    """``plain`` until it changes nothing more: some letters fold into others that fold again."""
    while (next_ := plain(text)) != text:
        text = next_
    return text
