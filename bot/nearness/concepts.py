"""What an idea speaks of: Chinese terms, English words and phrases, each with the ways in which a paper may say it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.classifier.text import fold, words
from bot.nearness.lexicon import Lexicon
from bot.nearness.thesaurus import Stems, Thesaurus

Way = tuple[int, ...]
"""A phrase in the lexicon's terms: its stems, and its known pairs."""

IDLE = 0.3
"""How much a word that names no subject weighs, beside one that does."""
PAIR = 0.7
"""How much two neighbours weigh, beside their words."""


@dataclass(frozen=True)
class Concept:
    """One thing that an idea speaks of."""

    label: str
    """As the idea writes it."""
    english: str
    """The same in English: the idea's own words, or the list's first."""
    ways: tuple[Way, ...]
    """Phrases that say it, the same one first."""
    weight: float = 1.0
    is_idle: bool = False
    """A word that names no subject."""
    is_pair: bool = False
    """Two neighbours that are concepts of their own too."""


def concepts_of(text: str, lexicon: Lexicon, thesaurus: Thesaurus) -> tuple[Concept, ...]:
    """What a text speaks of, each concept once; what is said again weighs more."""
    found: dict[tuple[Way, ...], Concept] = {}
    counts: dict[tuple[Way, ...], int] = {}
    for one in (*chinese(text, lexicon, thesaurus), *english(text, lexicon, thesaurus)):
        found.setdefault(one.ways, one)
        counts[one.ways] = counts.get(one.ways, 0) + 1
    return tuple(replace(one, weight=one.weight * (1 + math.log(counts[ways]))) for ways, one in found.items())


def chinese(text: str, lexicon: Lexicon, thesaurus: Thesaurus) -> Iterator[Concept]:
    """The terms of the Chinese in a text."""
    for found in thesaurus.chinese(text):
        yield concept(found.label, found.english, found.ways, lexicon)


def english(text: str, lexicon: Lexicon, thesaurus: Thesaurus) -> Iterator[Concept]:
    """Known phrases, single words, and pairs of neighbours that are in no known phrase."""
    folded = fold(text)
    found = list(words(folded))
    stems = [lexicon.number(word.form) for word in found]
    at = 0
    while at < len(found):
        end, ways = thesaurus.phrase_at(stems, at)
        end = max(end, at + 1)
        if stems[at] >= 0:
            label = written(folded, found[at].start, found[end - 1].end)
            yield concept(label, label, ways or ((stems[at],),), lexicon)
        pair = lexicon.pair(stems[at - 1], stems[at]) if at and found[at].clause == found[at - 1].clause else -1
        if pair >= 0:
            label = written(folded, found[at - 1].start, found[at].end)
            yield Concept(label, label, ((pair,),), PAIR, is_pair=True)
        at = end


def written(text: str, start: int, end: int) -> str:
    """The words between two offsets, on one line."""
    return " ".join(text[start:end].split())


def concept(label: str, english: str, ways: Sequence[Stems], lexicon: Lexicon) -> Concept:
    """A concept of the phrases; a single word that names no subject weighs little."""
    idle = len(ways[0]) == 1 and ways[0][0] in lexicon.idle
    return Concept(label, english, tuple(lexicon.phrase(way) for way in ways), IDLE if idle else 1.0, is_idle=idle)
