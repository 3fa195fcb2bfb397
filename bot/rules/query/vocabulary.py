"""How common words are: counted once over many papers (``config/words.csv``), not over those of a database.

So the order of what is found is the same on every kind of database and at every moment, and nothing need be kept up
with what is collected. A word that is not listed is a rare one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.errors import SettingsError
from bot.rules.terms import Phrase

MANY = 0.03
"""Of all papers; what so many may begin with is not looked for as a beginning."""
A_PHRASE = 0.1
"""Of the papers with all words of a phrase, those in which they stand side by side."""


@dataclass(frozen=True)
class Vocabulary:
    """In how many of ``papers`` each word stands, and in how many of their titles."""

    papers: int = 100_000
    counts: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def fewest(self) -> int:
        """What a word that is not listed counts as."""
        return min(self.counts.values(), default=1)

    @cached_property
    def in_order(self) -> list[str]:
        return sorted(self.counts)

    def rarity_of(self, word: str) -> float:
        """The inverse document frequency of ``word``."""
        return math.log(1 + self.papers / max(self.counts.get(word, 0), self.fewest))

    def rarity(self, phrases: Iterable[Phrase]) -> float:
        """That of the commonest of phrases that say the same; a phrase is as rare as its rarest word."""
        known = [[self.counts.get(word, 0) for word in phrase.words] for phrase in phrases]
        return math.log(1 + self.papers / max([*map(min, known), self.fewest]))

    def share(self, phrase: Phrase, *, in_title: bool = False) -> float:
        """About what part of all papers says ``phrase``."""
        counts = self.titles if in_title else self.counts
        rarest = min(counts.get(word, self.fewest) for word in phrase.words) / self.papers
        return rarest * (A_PHRASE if len(phrase.words) > 1 else 1)

    def begun_with(self, start: str) -> list[str]:
        """The listed words that begin with ``start``, the commonest first."""
        first, last = (bisect_left(self.in_order, edge) for edge in (start, f"{start}\uffff"))
        return sorted(self.in_order[first:last], key=lambda word: (-self.counts[word], word))

    def is_common_beginning(self, start: str) -> bool:
        return sum(self.counts[word] for word in self.begun_with(start)) > MANY * self.papers


def read_vocabulary(rows: Iterable[Mapping[str, str | None]]) -> Vocabulary:
    """The rows ``word,papers,titles`` of the file, of which one without a word has the number of all papers."""
    try:
        known = [(row["word"] or "", int(row["papers"] or ""), int(row["titles"] or "")) for row in rows]
        counts = {word: papers for word, papers, _ in known}
        return Vocabulary(counts.pop(""), counts, {word: titles for word, _, titles in known if word})
    except (KeyError, ValueError) as error:
        raise SettingsError("words.csv: no list of words", key="bad_words") from error
