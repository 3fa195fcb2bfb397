"""The classifier: papers in, judgements out, with the words that decided.

    papers → batches by size → terms and counts → unit tf-idf vectors → log-odds of directions and compute levels
           → probabilities → directions above their threshold, each with its evidence → compute level

Everything is one weight a term and direction, so that what a word did to a score is one multiplication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.classifier import weights as model_file
from bot.classifier.batch import Vocabulary
from bot.classifier.compute import decide, phrases, verdict
from bot.classifier.evidence import Parts, telling
from bot.classifier.features import Features, extract
from bot.classifier.text import PaperText, document
from bot.classifier.weights import Weights
from bot.models import Assignment, Compute, Evidence, Judgement

BATCH_CHARACTERS = 1 << 17
"""Of text judged at once: small enough that the arrays stay in the processor's cache."""

Scores = NDArray[np.float64]


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
        judgements: list[Judgement] = []
        for batch in _batches(papers):
            judgements.extend(self._judge_batch(batch, evidence))
        return judgements

    def probabilities(self, papers: Sequence[PaperText]) -> Scores:
        """(papers, directions): the calibrated probabilities alone."""
        parts = [logistic(self._logits(self._features(batch))[:, : len(self.slugs)]) for batch in _batches(papers)]
        return np.concatenate([np.zeros((0, len(self.slugs))), *parts])

    def compute_levels(self, papers: Sequence[PaperText]) -> list[Compute]:
        """The compute level of each paper, whether it has a direction or not."""
        levels: list[Compute] = []
        for batch in _batches(papers):
            features = self._features(batch)
            logits = self._logits(features)
            levels.extend(self._compute(features, row, logits[row]) for row in range(len(batch)))
        return levels

    def why_not(self, paper: PaperText, slug: str, *, evidence: int = 5) -> tuple[Evidence, ...]:
        """The paper's words that speak most against a direction, most telling first; their weights are negative."""
        features = self._features([paper])
        direction = np.array([self.slugs.index(slug)])
        return telling(self._parts(features), np.array([0]), direction, evidence, against=True)[0]

    def _judge_batch(self, papers: Sequence[PaperText], evidence: int) -> list[Judgement]:
        features = self._features(papers)
        logits = self._logits(features)
        scores = logistic(logits[:, : len(self.slugs)])
        assigned = self._assign(features, scores, evidence)
        return [
            Judgement(
                dict(zip(self.slugs, chances, strict=True)),
                directions,
                self._compute(features, row, logits[row]) if directions else Compute(),
            )
            for row, (chances, directions) in enumerate(zip(scores.tolist(), assigned, strict=True))
        ]

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
        return [tuple(sorted(ones, key=lambda one: -one.probability)) for ones in assigned]

    def _compute(self, features: Features, row: int, logits: Scores) -> Compute:
        found = list(phrases(features.documents[row].text))
        rules = self.weights.rule_weights
        levels = logistic(logits[len(self.slugs) :] + rules[[phrase.rule for phrase in found]].sum(axis=0))
        level = decide(levels.tolist(), self.weights.compute_thresholds.tolist())
        return verdict(level, found, self._rule_weights)

    def _features(self, papers: Sequence[PaperText]) -> Features:
        return extract([document(paper) for paper in papers], self.vocabulary, self.weights.idf)

    def _logits(self, features: Features) -> Scores:
        logits = np.tile(self.weights.bias.astype(np.float64), (len(features.documents), 1))
        if len(features.term):
            products = self.weights.term_weights[features.term]
            products *= features.value.astype(np.float32)[:, None]
            first = np.flatnonzero(np.diff(features.paper, prepend=-1))
            logits[features.paper[first]] += np.add.reduceat(products, first, axis=0)
        return logits

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
