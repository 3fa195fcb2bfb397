"""A query as an index is asked for it: each word in both numbers, and with what it is in the other language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import groupby

from bot.rules.query.lexis import Lexis
from bot.rules.query.tree import Either, Every, Field, Filter, Node, Quoted, Without, Word
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.terms import Group, Phrase, Terms, expand
from bot.rules.tokens import IS_CJK, tokens

PLURAL_FROM = 4
"""Letters from which on a word is also meant in its other number; shorter ones are names."""
OPEN_FROM = 3
"""Letters of an unfinished word from which on its endings are few enough to look for."""
MOST_PHRASES = 32
"""Of one demand."""
MOST_ENDINGS, MOST_UNFINISHED = 4, 16
"""Words that a beginning stands for in the list of terms, and at the end of a query: its commonest ones."""
SAYS_NOTHING = 2
"""Letters of the pieces of ``gpt-4`` that must stand beside the others."""


class Reach(IntEnum):
    """How far a query is stretched until something is found."""

    EXACT = 0
    OPEN = 1
    """The last word may be unfinished."""
    FINE = 2
    """Terms of several words are taken apart."""
    LOOSE = 3
    """A part of a translated query is enough: its division into words was ours."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One of ``phrases`` must stand in ``field``; they say the same."""

    field: Field
    phrases: Group

    @property
    def is_translated(self) -> bool:
        return len(self.phrases) > 1 and self.phrases[0].is_chinese


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Sought, ...]


Sought = Demand | AllOf | AnyOf


def sought(node: Node, lexis: Lexis, reach: Reach = Reach.EXACT, last: Node | None = None) -> Sought | None:
    """What an index is asked for ``node``, in which nothing is unwanted; None where its words say nothing.

    ``last`` is the last word of the query, which may be unfinished.
    """
    found = built(node, lexis, reach, last)
    if reach is Reach.LOOSE and found:
        return together(AnyOf, list(demands_in(found)))
    return found


def built(node: Node, lexis: Lexis, reach: Reach, last: Node | None) -> Sought | None:
    match node:
        case Word() | Quoted():
            return together(AllOf, run([node], lexis, reach, last))
        case Either(parts):
            return together(AnyOf, [one for part in parts if (one := built(part, lexis, reach, last))])
        case Every(parts):
            return together(AllOf, list(built_in_runs(parts, lexis, reach, last)))
        case Filter() | Without():
            return None


def built_in_runs(parts: Sequence[Node], lexis: Lexis, reach: Reach, last: Node | None) -> Iterator[Sought]:
    """Words that stand beside each other are read as one text, for a term may be made of several."""
    for field, group in groupby(parts, key=field_of_plain):
        if field is not None:
            yield from run([part for part in group if isinstance(part, Word)], lexis, reach, last)
        else:
            yield from (one for part in group if (one := built(part, lexis, reach, last)))


def field_of_plain(node: Node) -> Field | None:
    """The field of a word that may be a part of a term; None of everything else."""
    plain = isinstance(node, Word) and node.field is not Field.AUTHOR and not is_name(node.text)
    return node.field if plain and isinstance(node, Word) else None


def is_name(text: str) -> bool:
    """``gpt-4``, ``llama-3-1``, ``vit-l``: written in pieces that say nothing alone."""
    parts = text.split("-")
    return len(parts) > 1 and not IS_CJK.search(text) and any(len(part) <= SAYS_NOTHING for part in parts)


def run(words: Sequence[Word | Quoted], lexis: Lexis, reach: Reach, last: Node | None) -> list[Sought]:
    """The demands of words beside each other, of a quotation, of an author's name."""
    first, field = words[0], words[0].field
    is_open = reach >= Reach.OPEN and words[-1] == last and isinstance(words[-1], Word)
    if isinstance(first, Quoted) or (is_name(first.text) and reach < Reach.FINE):
        return [Demand(field, (Phrase(tuple(tokens(first.text)), is_open),))]
    text = " ".join(word.text for word in words)
    groups = expand(text, Terms() if field is Field.AUTHOR else lexis.terms, fine=reach >= Reach.FINE)
    return [Demand(field, phrases_of(group, is_open and group is groups[-1], field, lexis.vocabulary))
            for group in groups]  # fmt: skip


def phrases_of(group: Group, is_open: bool, field: Field, vocabulary: Vocabulary) -> Group:
    """The phrases of a group in both numbers. Its first one says what the query says, and may be unfinished."""
    said, *others = group
    said = replace(said, open=is_open and long_enough(said))
    if said.open and field is not Field.AUTHOR and vocabulary.is_common_beginning(said.words[-1]):
        forms = (replace(said, open=False), *endings(said, vocabulary, MOST_UNFINISHED))
    else:
        forms = (said,) if said.open or field is Field.AUTHOR else numbers(said)
    more = [form for phrase in others for form in (endings(phrase, vocabulary) if phrase.open else (phrase,))]
    return tuple(dict.fromkeys((*forms, *more)))[:MOST_PHRASES]


def endings(phrase: Phrase, vocabulary: Vocabulary, most: int = MOST_ENDINGS) -> Sequence[Phrase]:
    """What an open phrase stands for: to look for a few whole words is much quicker than for a beginning."""
    *before, start = phrase.words
    return [Phrase((*before, word)) for word in vocabulary.begun_with(start)[:most]] or [phrase]


def long_enough(phrase: Phrase) -> bool:
    return phrase.is_chinese or len(phrase.words[-1]) >= OPEN_FROM


def numbers(phrase: Phrase) -> tuple[Phrase, ...]:
    """``agent`` and ``agents``, of the last word of a phrase in either number."""
    *before, word = phrase.words
    if len(word) < PLURAL_FROM or not (word.isascii() and word.isalpha()):
        return (phrase,)
    return (phrase, *(Phrase((*before, form)) for form in (other_number(word),) if form != word))


def other_number(word: str) -> str:
    """The plural of a singular, the singular of a plural, by the rules that hold nearly always."""
    if re.search(r"(ss|us|is)$", word):
        return f"{word}es" if word.endswith("ss") else word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|ch|sh)es$", word):
        return word[:-2]
    if word.endswith("s"):
        return word[:-1]
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(x|ch|sh)$", word) else f"{word}s"


def together(kind: type[AllOf] | type[AnyOf], parts: Sequence[Sought]) -> Sought | None:
    distinct = tuple(dict.fromkeys(parts))
    return kind(distinct) if len(distinct) > 1 else distinct[0] if distinct else None


def demands_in(found: Sought) -> Iterator[Demand]:
    if isinstance(found, Demand):
        yield found
    else:
        for part in found.parts:
            yield from demands_in(part)


def share(found: Sought, vocabulary: Vocabulary) -> float:
    """About what part of all papers fits: good enough to choose a way of looking for them."""
    match found:
        case Demand(field, phrases):
            return sum(vocabulary.share(phrase, in_title=field is Field.TITLE) for phrase in phrases)
        case AllOf(parts):
            return min(share(part, vocabulary) for part in parts)
        case AnyOf(parts):
            return sum(share(part, vocabulary) for part in parts)


def in_title(found: Sought) -> Sought:
    """The same, of the title alone; an author's name stays where it is."""
    match found:
        case Demand(Field.ANYWHERE, phrases):
            return Demand(Field.TITLE, phrases)
        case AllOf(parts) | AnyOf(parts):
            return replace(found, parts=tuple(map(in_title, parts)))
    return found
