"""Directions that nobody has labelled papers for yet: found by likeness to a description, phrases and examples.

    description, examples → one mean vector; phrases → patterns
    paper → cosine with the mean vector, phrases found → log-odds → probability → assignment with its evidence

The three numbers that turn likeness into log-odds were fitted over the twenty known directions, each treated as if it
were new (``docs/classifier.md``); they are the same for every direction, so a new one works from its first minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.evidence import Parts, telling
from bot.classifier.features import Features, extract
from bot.classifier.model import Classifier, logistic
from bot.classifier.text import Document, PaperText, document, fold
from bot.models import Assignment, Evidence, Judgement

PER_COSINE = 50.0
PER_PHRASE = 1.0
"""For each different phrase found, up to ``MOST_PHRASES``; one in the title counts twice."""
BIAS = -5.2
MOST_PHRASES = 3
THRESHOLD = 0.4
DIGEST_THRESHOLD = 0.75


@dataclass(frozen=True, slots=True)
class NewDirection:
    """A direction as its author describes it."""

    slug: str
    name: str
    description: str = ""
    phrases: tuple[str, ...] = ()
    """Words that papers of this direction use; found as whole words, in any case, plural or not."""
    examples: tuple[PaperText, ...] = ()


class _Hit(NamedTuple):
    phrase: str
    """As the paper writes it."""
    weight: float


class Similar:
    """Judges papers for new directions, with the vocabulary of a trained classifier."""

    def __init__(self, classifier: Classifier, directions: Sequence[NewDirection]):
        self.slugs = tuple(one.slug for one in directions)
        self._classifier = classifier
        self._means = np.column_stack([self._mean(one) for one in directions] or [np.zeros((self._size, 0))])
        self._patterns = [[_pattern(phrase) for phrase in one.phrases if phrase.strip()] for one in directions]

    def judge(self, papers: Sequence[PaperText], *, evidence: int = 5) -> list[Judgement]:
        """For each paper the probability of every new direction, and those that it looks like; no compute level."""
        documents = [document(paper) for paper in papers]
        features = self._features(documents)
        hits = [[_hits(paper, patterns) for patterns in self._patterns] for paper in documents]
        return [
            Judgement(
                dict(zip(self.slugs, chances.tolist(), strict=True)),
                self._assign(features, row, hits[row], chances, evidence),
            )
            for row, chances in enumerate(self._chances(features, hits))
        ]

    def probabilities(self, papers: Sequence[PaperText]) -> NDArray[np.float64]:
        """(papers, new directions)"""
        documents = [document(paper) for paper in papers]
        hits = [[_hits(paper, patterns) for patterns in self._patterns] for paper in documents]
        return self._chances(self._features(documents), hits)

    def _chances(self, features: Features, hits: Sequence[Sequence[Sequence[_Hit]]]) -> NDArray[np.float64]:
        phrases = np.array([[sum(hit.weight for hit in found) for found in row] for row in hits])
        likeness = np.zeros((len(features.documents), len(self.slugs)))
        np.add.at(likeness, features.paper, features.value[:, None] * self._means[features.term])
        return logistic(PER_COSINE * likeness + phrases.reshape(likeness.shape) + BIAS)

    def _assign(
        self, features: Features, row: int, hits: Sequence[Sequence[_Hit]], chances: NDArray[np.float64], limit: int
    ) -> tuple[Assignment, ...]:
        columns = np.flatnonzero(chances >= THRESHOLD)
        columns = columns[np.argsort(-chances[columns], kind="stable")]
        parts = Parts(features, (PER_COSINE * self._means).astype(np.float32), self._classifier.weights.terms)
        words = telling(parts, np.full(len(columns), row), columns, limit)
        return tuple(
            Assignment(
                self.slugs[column], float(chances[column]), _told(hits[column], why, limit),
                bool(chances[column] >= DIGEST_THRESHOLD),
            )
            for column, why in zip(columns.tolist(), words, strict=True)
        )  # fmt: skip

    def _mean(self, direction: NewDirection) -> NDArray[np.float64]:
        """Unit vector half-way between the description and the mean example."""
        described = Document(fold(f"{direction.name}\n{direction.description}"), len(fold(direction.name)))
        vectors = self._vectors([described, *(document(example) for example in direction.examples)])
        mean = vectors[0] if len(vectors) == 1 else (vectors[0] + vectors[1:].mean(axis=0)) / 2
        length = float(np.linalg.norm(mean))
        unit: NDArray[np.float64] = mean / length if length else mean
        return unit

    def _vectors(self, documents: Sequence[Document]) -> NDArray[np.float64]:
        features = self._features(documents)
        vectors = np.zeros((len(documents), self._size))
        vectors[features.paper, features.term] = features.value
        return vectors

    def _features(self, documents: Sequence[Document]) -> Features:
        return extract(documents, self._classifier.vocabulary, self._classifier.weights.idf)

    @property
    def _size(self) -> int:
        return len(self._classifier.weights.terms)


def _pattern(phrase: str) -> re.Pattern[str]:
    words = (re.escape(word) for word in re.split(r"[\s-]+", fold(phrase).lower().strip()) if word)
    return re.compile(rf"(?<![a-z0-9]){'[ -]'.join(words)}s?(?![a-z0-9])")


def _hits(paper: Document, patterns: Sequence[re.Pattern[str]]) -> list[_Hit]:
    lower = paper.text.lower()
    found = [match for pattern in patterns if (match := pattern.search(lower))]
    found.sort(key=lambda match: match.start())
    return [
        _Hit(paper.text[match.start() : match.end()], PER_PHRASE * (2 if match.start() < paper.title else 1))
        for match in found[:MOST_PHRASES]
    ]


def _told(hits: Sequence[_Hit], words: Sequence[Evidence], limit: int) -> tuple[Evidence, ...]:
    said = {hit.phrase.lower() for hit in hits}
    pieces = [Evidence(hit.phrase, hit.weight) for hit in hits]
    pieces += [piece for piece in words if piece.term.lower() not in said]
    return tuple(sorted(pieces, key=lambda piece: -piece.weight)[:limit])
