"""The classifier: papers in, judgements out, with the words that decided.

    papers → batches by size → terms and counts → unit tf-idf vectors → log-odds of directions and compute levels
           → probabilities → directions above their threshold, each with its evidence → compute level

Everything is one weight a term and direction, so that what a word did to a score is one multiplication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier import weights as model_file
from bot.classifier.batch import Vocabulary
from bot.classifier.compute import decide, phrases_in, verdict
from bot.classifier.evidence import Parts, telling
from bot.classifier.features import Features, extract
from bot.classifier.text import PaperText, document
from bot.classifier.weights import Weights
from bot.models import Assignment, Compute, Evidence, Judgement

BATCH_CHARACTERS = 1 << 18
"""Of text judged at once: small enough that the arrays stay in the processor's cache."""

Scores = NDArray[np.float64]


class Judged(NamedTuple):
    """What is said of a batch of papers; one entry a paper."""

    scores: Scores
    """(papers, directions) probabilities."""
    directions: Sequence[tuple[Assignment, ...]]
    compute: Sequence[Compute]


class Classifier:
    """Judges papers. Immutable; safe to share between threads."""

    def __init__(self, weights: Weights, id: str = ""):
        self.weights = weights
        self.id = id or model_file.identity(model_file.to_bytes(weights))
        self.slugs = weights.slugs

    @classmethod
    def load(cls, path: Path) -> Classifier:
        """Read a model file; ModelError where it is missing, damaged or of another format."""
        return cls(*model_file.load(path))

    @cached_property
    def _rule_weights(self) -> list[list[float]]:
        return [[float(weight) for weight in row] for row in self.weights.rule_weights]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.weights.terms)

    def judge(self, papers: Sequence[PaperText], *, evidence: int = 5) -> list[Judgement]:
        """One judgement a paper, in order; with up to ``evidence`` words or phrases a direction."""
        return [
            Judgement(dict(zip(self.slugs, chances, strict=True)), directions, compute)
            for judged in self.judged(papers, evidence=evidence)
            for chances, directions, compute in zip(
                judged.scores.tolist(), judged.directions, judged.compute, strict=True
            )
        ]

    def judged(self, papers: Sequence[PaperText], *, evidence: int = 5) -> Iterator[Judged]:
        """The same in arrays, a batch at a time, for whoever has many papers."""
        for batch in _batches(papers):
            features = self._features(batch)
            logits = self._logits(features)
            scores = logistic(logits[:, : len(self.slugs)])
            directions = self._assign(features, scores, evidence)
            levels = [Compute()] * len(batch)
            rows = [row for row, assigned in enumerate(directions) if assigned]
            for row, level in zip(rows, self._compute(features, rows, logits), strict=True):
                levels[row] = level
            yield Judged(scores, directions, levels)

    def probabilities(self, papers: Sequence[PaperText]) -> Scores:
        """(papers, directions): the calibrated probabilities alone."""
        parts = [logistic(self._logits(self._features(batch))[:, : len(self.slugs)]) for batch in _batches(papers)]
        return np.concatenate([np.zeros((0, len(self.slugs))), *parts])

    def compute_levels(self, papers: Sequence[PaperText]) -> list[Compute]:
        """The compute level of each paper, whether it has a direction or not."""
        levels: list[Compute] = []
        for batch in _batches(papers):
            features = self._features(batch)
            levels.extend(self._compute(features, range(len(batch)), self._logits(features)))
        return levels

    def why_not(self, paper: PaperText, slug: str, *, evidence: int = 5) -> tuple[Evidence, ...]:
        """The paper's words that speak most against a direction, most telling first; their weights are negative."""
        features = self._features([paper])
        direction = np.array([self.slugs.index(slug)])
        return telling(self._parts(features), np.array([0]), direction, evidence, against=True)[0]

    def _assign(self, features: Features, scores: Scores, evidence: int) -> list[tuple[Assignment, ...]]:
        paper, direction = np.nonzero(scores >= self.weights.thresholds)
        in_digest = (scores >= self.weights.digest_thresholds)[paper, direction]
        why = telling(self._parts(features), paper, direction, evidence)
        assigned: list[list[Assignment]] = [[] for _ in scores]
        rows = zip(
            paper.tolist(), direction.tolist(), scores[paper, direction].tolist(), why, in_digest.tolist(), strict=True
        )
        for row, column, chance, words, shown in rows:
            assigned[row].append(Assignment(self.slugs[column], chance, words, shown))
        return [tuple(sorted(ones, key=lambda one: -one.probability)) if ones else () for ones in assigned]

    def _compute(self, features: Features, rows: Sequence[int], logits: Scores) -> list[Compute]:
        """The compute level of the papers in these rows."""
        found = phrases_in([features.documents[row].text for row in rows])
        said = np.zeros((len(rows), len(self.weights.rule_weights)))
        counts = [len(phrases) for phrases in found]
        said[np.repeat(np.arange(len(rows)), counts), [phrase.rule for phrases in found for phrase in phrases]] = 1
        levels = logistic(logits[list(rows), len(self.slugs) :] + said @ self.weights.rule_weights)
        limits = self.weights.compute_thresholds.tolist()
        return [
            verdict(decide(chances, limits), phrases, self._rule_weights)
            for chances, phrases in zip(levels.tolist(), found, strict=True)
        ]

    def _features(self, papers: Sequence[PaperText]) -> Features:
        return extract([document(paper) for paper in papers], self.vocabulary, self.weights.idf)

    def _logits(self, features: Features) -> Scores:
        papers = len(features.documents)
        rows = self.weights.term_weights.take(features.term, axis=0)
        values = features.value.astype(np.float32)
        sums = np.zeros((papers, rows.shape[1]), np.float32)
        bounds = np.searchsorted(features.paper, np.arange(papers + 1)).tolist()
        for total, (begin, end) in zip(sums, pairwise(bounds), strict=True):
            np.dot(values[begin:end], rows[begin:end], out=total)
        return self.weights.bias.astype(np.float64) + sums

    def _parts(self, features: Features) -> Parts:
        return Parts(features, self.weights.term_weights, self.weights.terms)


def _batches(papers: Sequence[PaperText]) -> Iterator[Sequence[PaperText]]:
    begin, size = 0, 0
    for number, paper in enumerate(papers):
        size += len(paper.title) + len(paper.abstract)
        if size >= BATCH_CHARACTERS:
            yield papers[begin : number + 1]
            begin, size = number + 1, 0
    if begin < len(papers):
        yield papers[begin:]


def logistic(logits: Scores) -> Scores:
    """1 / (1 + exp(-x)), without overflow."""
    return 1 / (1 + np.exp(-np.clip(logits, -500, 500)))
