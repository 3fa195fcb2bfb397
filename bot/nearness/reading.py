"""Papers read for being held against ideas: what they hold, where it stands in them, and their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.classifier.batch import Ints
from bot.classifier.text import Document, document
from bot.models.papers import Paper
from bot.nearness.lexicon import Floats, Lexicon, Spots, table
from bot.nearness.space import Vectors, places

AT_ONCE = 500
"""Papers read together: their table of terms takes 60 MB."""


@dataclass(frozen=True, eq=False)
class Reading:
    """A batch of papers, read."""

    papers: Sequence[Paper]
    documents: Sequence[Document]
    spots: Spots
    table: Floats
    """(terms, papers) unit tf-idf vectors, one column a paper."""
    places: Floats
    """(papers, width)"""

    @classmethod
    def of(cls, papers: Sequence[Paper], lexicon: Lexicon, vectors: Vectors) -> Reading:
        documents = [document(paper) for paper in papers]
        spots = lexicon.spots([one.text for one in documents])
        held = lexicon.hold(documents, spots)
        return cls(papers, documents, spots, table(held, len(lexicon.idf)), places(held, vectors))

    @cached_property
    def _sorted(self) -> tuple[Ints, Ints]:
        """Keys of paper and term, ascending, and the entries of ``spots`` that they belong to, the shortest first."""
        keys = self.spots.paper * len(self.table) + self.spots.term
        order = np.lexsort((self.spots.end - self.spots.start, keys))
        return keys[order], order

    def span(self, paper: int, term: int) -> tuple[int, int]:
        """Where a term stands in a paper that holds it, its words closest together."""
        keys, order = self._sorted
        entry = order[np.searchsorted(keys, paper * len(self.table) + term)]
        return int(self.spots.start[entry]), int(self.spots.end[entry])


def readings(papers: Sequence[Paper], lexicon: Lexicon, vectors: Vectors) -> Iterator[Reading]:
    """Papers a batch at a time."""
    return (Reading.of(batch, lexicon, vectors) for batch in batches(papers))


def batches(papers: Sequence[Paper]) -> Iterator[Sequence[Paper]]:
    return (papers[begin : begin + AT_ONCE] for begin in range(0, len(papers), AT_ONCE))
