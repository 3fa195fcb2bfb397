"""Phrases that say the same, from the bilingual list: English for what an idea says in Chinese, and synonyms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.nearness.lexicon import Lexicon
from bot.rules.terms import Group, Terms, Units, end_of_term, units_of
from bot.rules.tokens import IS_CJK

Stems = tuple[int, ...]


class Found(NamedTuple):
    """Some words of a text, and the ways in which a paper may say them."""

    label: str
    english: str
    """The list's first English phrase."""
    ways: tuple[Stems, ...]
    """Each the stem numbers of a phrase, in order."""


class Thesaurus:
    """The list's phrases in the lexicon's numbers."""

    def __init__(self, terms: Terms, lexicon: Lexicon):
        self._terms = terms
        self._lexicon = lexicon
        self._ways: dict[Group, tuple[Stems, ...]] = {}
        self._by_stems: dict[Stems, tuple[Stems, ...]] = {}
        for group in terms.english.values():
            ways = self._ways[group] = tuple(dict.fromkeys(self._stems(group)))
            self._by_stems |= {way: (way, *(other for other in ways if other != way)) for way in ways}
        self._longest = max(map(len, self._by_stems), default=0)

    def _stems(self, group: Group) -> Iterator[Stems]:
        for phrase in group:
            stems = self._lexicon.stems_of(" ".join(phrase.words))
            if stems and min(stems) >= 0:
                yield stems

    def chinese(self, text: str) -> Iterator[Found]:
        """The known terms of the Chinese in a text, the longest first; what is not known is passed over."""
        units, at = units_of(text) if IS_CJK.search(text) else (), 0
        while at < len(units):
            end = end_of_term(units, at, self._terms, self._terms.longest)
            group = self._terms.english.get(units[at:end], ())
            ways = self._ways.get(group, ())
            if ways and any(map(IS_CJK.match, units[at:end])):
                yield Found(shown(units[at:end]), " ".join(group[0].words), ways)
            at = max(end, at + 1)

    def phrase_at(self, stems: Sequence[int], at: int) -> tuple[int, tuple[Stems, ...]]:
        """Where the longest known English phrase that begins at ``at`` ends, and its ways; none: ``at``."""
        for end in range(min(at + self._longest, len(stems)), at, -1):
            ways = self._by_stems.get(tuple(stems[at:end]))
            if ways:
                return end, ways
        return at, ()


def shown(units: Units) -> str:
    """Units as one writes them: a space only where Latin words stand."""
    spaced = "".join(unit if IS_CJK.match(unit) else f" {unit} " for unit in units)
    return " ".join(spaced.split())
