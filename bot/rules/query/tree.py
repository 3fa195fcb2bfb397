"""What a query is made of, and how it is written: the one form that reads as the same query again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a word is looked for; the value is what is written before the colon."""

    ANYWHERE = ""
    TITLE = "ti"
    AUTHOR = "au"


class FilterField(StrEnum):
    """What else a paper is chosen by."""

    CATEGORY = "cat"
    DIRECTION = "dir"
    ID = "id"
    SINCE = "since"
    COMPUTE = "compute"
    HAS = "has"
    SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or a run of Chinese: letters and digits, folded, with hyphens for whatever stood between them."""

    text: str
    field: Field = Field.ANYWHERE


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that stand side by side in this order, with blanks between them."""

    text: str
    field: Field = Field.ANYWHERE


@dataclass(frozen=True, slots=True)
class Filter:
    """A property of papers: a category, a direction's slug, an id, a day, a compute level, ``code``, a tag or ""."""

    field: FilterField
    value: str


@dataclass(frozen=True, slots=True)
class Without:
    """Papers that the part does not fit."""

    part: Node


@dataclass(frozen=True, slots=True)
class Every:
    """Papers that all parts fit; at least two, none of them an Every."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Papers that any part fits; at least two, none of them an Either."""

    parts: tuple[Node, ...]


Leaf = Word | Quoted | Filter
Node = Leaf | Without | Every | Either


def every(parts: list[Node]) -> Node | None:
    """All of ``parts`` as one node, flat and each once; None for none."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Every) else (part,))]
    return joined(Every, flat)


def either(parts: list[Node]) -> Node | None:
    flat = [one for part in parts for one in (part.parts if isinstance(part, Either) else (part,))]
    return joined(Either, flat)


def joined(kind: type[Every] | type[Either], parts: list[Node]) -> Node | None:
    distinct = tuple(dict.fromkeys(parts))
    return kind(distinct) if len(distinct) > 1 else distinct[0] if distinct else None


def without(part: Node) -> Node:
    return part.part if isinstance(part, Without) else Without(part)


def leaves(node: Node) -> Iterator[tuple[Leaf, bool]]:
    """The leaves in order, and whether each is wanted."""
    match node:
        case Word() | Quoted() | Filter():
            yield node, True
        case Without(part):
            yield from ((leaf, not wanted) for leaf, wanted in leaves(part))
        case Every(parts) | Either(parts):
            for one in parts:
                yield from leaves(one)


def written(node: Node | None) -> str:
    """The query in the one form that reads as itself."""
    match node:
        case None:
            return ""
        case Every(parts):
            return " ".join(map(inner, parts))
        case Either(parts):
            return " OR ".join(map(inner, parts))
    return inner(node)


def inner(node: Node) -> str:
    """A part as it stands inside another one."""
    match node:
        case Word(text, field):
            return f"{field}:{text}" if field else text
        case Quoted(text, field):
            return f'{field}:"{text}"' if field else f'"{text}"'
        case Filter(field, value):
            return f"{field}:{value}" if value else f"{field}:"
        case Without(part):
            return f"-{inner(part)}"
    return f"({written(node)})"
