"""What a query that finds nothing may have meant: known words that are one or two slips away from unknown ones."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.rules.query.tree import Either, Every, Field, Filter, Node, Quoted, Without, Word
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.terms import Terms
from bot.rules.tokens import IS_CJK

SHORTEST, SHORTEST_TWICE = 4, 7
"""Letters from which on one slip, or two, leave a word recognisable."""
SHORTEST_CHINESE = 3


def corrected(node: Node, vocabulary: Vocabulary, terms: Terms) -> Node | None:
    """``node`` with likelier words in the place of unknown ones; None where there are none."""
    better = changed(node, vocabulary, terms)
    return better if better != node else None


def changed(node: Node, vocabulary: Vocabulary, terms: Terms) -> Node:
    match node:
        case Word(text, field) | Quoted(text, field) if field is not Field.AUTHOR:
            gap = "-" if isinstance(node, Word) else " "
            return replace(node, text=gap.join(likelier(part, vocabulary, terms) for part in text.split(gap)))
        case Without(part):
            return Without(changed(part, vocabulary, terms))
        case Every(parts) | Either(parts):
            return replace(node, parts=tuple(changed(part, vocabulary, terms) for part in parts))
        case Word() | Quoted() | Filter():
            return node


def likelier(word: str, vocabulary: Vocabulary, terms: Terms) -> str:
    """The known word that ``word`` is a slip of; itself where it is known, or nothing is near."""
    if IS_CJK.match(word):
        return likelier_chinese(word, terms)
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()) or word in vocabulary.counts:
        return word
    near = [known for known in one_slip(word) if known in vocabulary.counts]
    if not near and len(word) >= SHORTEST_TWICE:
        near = list(two_slips(word, vocabulary.counts))
    return max(near, key=lambda known: (vocabulary.counts[known], known), default=word)


def one_slip(word: str) -> Iterator[str]:
    """Every word that lacks a letter, has one more, another one, or two in the other order."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def two_slips(word: str, known: Iterable[str]) -> Iterator[str]:
    """Of ``known``, what begins alike, for nobody misspells the first letter, and is two slips away."""
    return (other for other in known if other[0] == word[0] and abs(len(other) - len(word)) <= 2
            and distance(word, other, 2) <= 2)  # fmt: skip


def distance(one: str, other: str, most: int) -> int:
    """The slips (letters more, fewer or other) from ``one`` to ``other``, or ``most`` + 1 where there are more."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != against)))
        if min(line) > most:
            return most + 1
        above = line
    return min(above[-1], most + 1)


def likelier_chinese(run: str, terms: Terms) -> str:
    """The term of the list of which one character of ``run`` is wrong; itself where it is a term, or none is near."""
    if len(run) < SHORTEST_CHINESE or tuple(run) in terms.english:
        return run
    near = (units for units in terms.english if len(units) == len(run) and differing(units, run) == 1)
    return "".join(min(near, default=tuple(run)))


def differing(units: Iterable[str], run: str) -> int:
    return sum(one != other for one, other in zip(units, run, strict=True))
