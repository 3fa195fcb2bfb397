"""Papers as they stand to one question: what of it each says, and how far each is above ordinary papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Ints
from bot.models.papers import Judgement, Paper
from bot.nearness import scoring
from bot.nearness.lexicon import Floats
from bot.nearness.question import Demand, Question
from bot.nearness.reading import Reading

WHOLLY = 0.99
"""Share of a concept that counts as all of it."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Some papers of a batch, R of them, held against a question of C concepts."""

    reading: Reading
    rows: Ints
    """(R,) which papers of the batch."""
    weighed: Floats
    """(C, R), see `scoring.said`."""
    spoken: Floats
    """(C, R)"""
    coverage: Floats
    """(R,) share of the idea that each paper speaks of."""
    nearness: Floats
    """(R,) standard deviations above ordinary papers."""

    @classmethod
    def of(cls, question: Question, reading: Reading, latent: Floats, rows: Ints | None = None) -> Standing:
        """``latent`` (P,) cosines of the batch's places with the question's; without ``rows`` all papers."""
        rows = np.arange(len(reading.papers)) if rows is None else rows
        weighed, spoken = scoring.said(question.vectors, reading.table[np.ix_(question.vectors.term, rows)])
        parts = scoring.parts(question.vectors, weighed, spoken, latent[rows])
        return cls(reading, rows, weighed, spoken, parts.coverage, scoring.above(parts.sum, question.ordinary))

    def raised(self, question: Question, by: Floats) -> Standing:
        """The same with something added to what nearness is the sum of, (P,) for every paper of the batch."""
        return replace(self, nearness=self.nearness + by[self.rows] / np.float32(question.ordinary.deviation))


@dataclass(frozen=True, eq=False)
class Chances:
    """How probable each direction is for a batch of papers."""

    columns: Mapping[str, int]
    beside: Floats
    """(P, directions) the probability less an ordinary paper's; 0 for a paper without judgement."""

    @classmethod
    def of(cls, papers: Sequence[Paper], judgements: Mapping[str, Judgement]) -> Chances:
        judged = [(row, judgements[paper.id].scores) for row, paper in enumerate(papers) if paper.id in judgements]
        columns = {
            slug: column for column, slug in enumerate(sorted({slug for _, scores in judged for slug in scores}))
        }
        beside = np.zeros((len(papers), len(columns)), np.float32)
        for row, scores in judged:
            beside[row] = [scores.get(slug, 0.0) - scoring.ORDINARY_DIRECTION for slug in columns]
        return cls(columns, beside)

    def gains(self, slugs: Sequence[str]) -> Floats:
        """(P,) what the directions of an idea add to what nearness is the sum of."""
        known = [self.columns[slug] for slug in slugs if slug in self.columns]
        if not known:
            return np.zeros(len(self.beside), np.float32)
        found: Floats = np.float32(scoring.DIRECTIONS) * self.beside[:, known].mean(axis=1)
        return found


def fits(question: Question, reading: Reading) -> NDArray[np.bool_]:
    """(P,) whether papers hold one of the phrases that they must, and none that they must not."""
    good = np.ones(len(reading.papers), np.bool_)
    if question.must:
        good &= np.any([holding(one, reading) for one in question.must], axis=0)
    for one in question.must_not:
        good &= ~holding(one, reading)
    return good


def holding(demand: Demand, reading: Reading) -> NDArray[np.bool_]:
    """(P,) whether papers hold a phrase: as it is written, or every concept of it in some form."""
    phrase = demand.phrase.casefold()
    literal = np.array([phrase in f"{one.title}\n{one.abstract}".casefold() for one in reading.papers], np.bool_)
    _, spoken = scoring.said(demand.vectors, reading.table[demand.vectors.term])
    return literal | (spoken > WHOLLY).all(axis=0) if len(spoken) else literal


def neighbours(standings: Sequence[Standing]) -> list[Floats]:
    """For each batch, all of whose papers are held, (P,) what papers gain by being like the nearest of all.

    The nearest itself gets as much as the likest other, so that none passes it for standing by it.
    """
    if not standings:
        return []
    tops = [float(one.nearness.max(initial=-np.inf)) for one in standings]
    batch = int(np.argmax(tops))
    row = int(np.argmax(standings[batch].nearness))
    top = standings[batch].reading
    terms = np.flatnonzero(top.table[:, row])
    alike = [
        one.reading.table[terms].T @ top.table[terms, row] + scoring.LATENT * (one.reading.places @ top.places[row])
        for one in standings
    ]
    alike[batch][row] = 0
    alike[batch][row] = max(float(one.max(initial=0)) for one in alike)
    trust = scoring.trust(tops[batch])
    return [(scoring.NEIGHBOURS * trust * one).astype(np.float32) for one in alike]
