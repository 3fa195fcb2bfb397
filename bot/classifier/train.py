"""Training: labels and texts in, a model out.

    labels.csv + texts → terms → tf-idf → latent space → twenty linear models → one weight a term and direction
                       → scores of held-out papers → calibration, thresholds → compute level likewise → Weights

The same labels and texts give the same model, byte for byte on one machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.classifier import labels as label_file
from bot.classifier.batch import Vocabulary
from bot.classifier.calibrate import (
    DIGEST_PRECISION,
    calibrate,
    digest_thresholds,
    expected_calibration_error,
    f1_thresholds,
)
from bot.classifier.compute import LEVELS
from bot.classifier.labels import SLUGS, Label
from bot.classifier.learn import (
    RULE_SCALE,
    Array,
    Flags,
    Linear,
    choose_terms,
    fit_directions,
    fit_levels,
    held_out,
    latent_space,
    tfidf,
    with_rules,
)
from bot.classifier.model import logistic
from bot.classifier.text import Document, PaperText, document
from bot.classifier.weights import Weights, rounded
from bot.errors import ModelError

LEAST_PAPERS = 100
"""Below this many labelled papers with a text nothing useful can be learned."""

ENOUGH = 30
"""Gold papers from which on a direction of the user's own is learned; with fewer it is found by likeness."""

REASONS = {
    "thresholds": "best F1 of each direction on held-out gold, drawn half-way to the mean of all in log-odds",
    "digest_thresholds": f"lowest common probability where {DIGEST_PRECISION:.1%} of a day's digests should be right",
    "compute_thresholds": "low: precision 0.90 on held-out gold; medium and high: best F1 there",
}


def train(labels: Path, texts: Mapping[str, PaperText], slugs: Sequence[str] = SLUGS) -> Weights:
    """A model from a label file and the texts of its papers, by id; ModelError where too few of them have one.

    Papers with a weak label only help to learn which words go together; texts without a label are left aside. Of
    ``slugs`` beyond the shipped ones, those are learned that have ``ENOUGH`` gold papers.
    """
    known = [label for label in label_file.read(labels, slugs) if label.id in texts]
    return train_on(known, texts, {"labels_sha256": label_file.fingerprint(labels)})


def train_on(
    known: Sequence[Label], texts: Mapping[str, PaperText], notes: Mapping[str, object] | None = None
) -> Weights:
    """A model from labels at hand; each of them needs a text."""
    gold = sorted((label for label in known if label.kind == "gold"), key=lambda label: label.id)
    if len(gold) < LEAST_PAPERS:
        raise ModelError(f"only {len(gold)} labelled papers have a text; training needs {LEAST_PAPERS}")
    papers = [document(texts[label.id]) for label in gold]
    others = [document(texts[id_]) for id_ in sorted(label.id for label in known if label.kind == "weak")]
    terms, idf = choose_terms(papers)
    vocabulary = Vocabulary(terms)
    matrix = tfidf(papers, vocabulary, idf)
    slugs = learnable(gold)
    directions = _Directions.learn(matrix, tfidf([*papers, *others], vocabulary, idf), gold, slugs)
    levels = _Levels.learn(matrix, papers, gold)
    size = len(terms)
    return Weights(
        slugs=slugs,
        terms=terms,
        idf=idf,
        term_weights=rounded(np.hstack([directions.model.weights, levels.model.weights[:size]])),
        bias=np.hstack([directions.model.bias, levels.model.bias]).astype(np.float32),
        thresholds=directions.thresholds.astype(np.float32),
        digest_thresholds=directions.digest_thresholds.astype(np.float32),
        rule_weights=(levels.model.weights[size:] * RULE_SCALE).astype(np.float32),
        compute_thresholds=levels.thresholds.astype(np.float32),
        notes={**(notes or {}), **REASONS, "gold": len(gold), "others": len(others), "ece": round(directions.error, 4)},
    )


def learnable(gold: Sequence[Label]) -> tuple[str, ...]:
    """The shipped directions, and those of the user's own for which there are papers enough."""
    counts = Counter(slug for label in gold for slug in label.directions)
    return (*SLUGS, *sorted(slug for slug, count in counts.items() if slug not in SLUGS and count >= ENOUGH))


class _Directions:
    """One model a direction, calibrated, with their thresholds."""

    def __init__(self, model: Linear, probabilities: Array, wanted: Flags, on_a_day: Flags):
        self.model = model
        self.thresholds = f1_thresholds(probabilities, wanted)
        days = on_a_day if on_a_day.any() else np.ones_like(on_a_day)
        self.digest_thresholds = digest_thresholds(probabilities[days], wanted[days], self.thresholds)
        self.error = expected_calibration_error(probabilities, wanted)

    @classmethod
    def learn(cls, matrix: object, everything: object, gold: Sequence[Label], slugs: Sequence[str]) -> _Directions:
        wanted = np.array([[slug in label.directions for slug in slugs] for label in gold])
        space = latent_space(everything)
        scores = held_out(matrix, wanted, lambda rows, truth: fit_directions(rows, space, truth))
        calibration = calibrate(scores, wanted)
        raw = fit_directions(matrix, space, wanted)
        model = Linear(raw.weights * calibration.slope, raw.bias * calibration.slope + calibration.offset)
        on_a_day = np.array([bool(label.day) for label in gold])
        return cls(model, calibration.probabilities(scores), wanted, on_a_day)


class _Levels:
    """The three models of the compute level, with their thresholds."""

    def __init__(self, model: Linear, probabilities: Array, truth: Flags):
        self.model = model
        self.thresholds = level_thresholds(probabilities, truth)

    @classmethod
    def learn(cls, matrix: object, papers: Sequence[Document], gold: Sequence[Label]) -> _Levels:
        rows = [row for row, label in enumerate(gold) if label.compute]
        inputs = with_rules(matrix, papers)[rows]
        truth = np.array([[gold[row].compute == level for level in LEVELS] for row in rows])
        scores = held_out(inputs, truth, fit_levels)
        return cls(fit_levels(inputs, truth), logistic(scores), truth)


def level_thresholds(probabilities: Array, truth: Flags) -> Array:
    """Of low: the lowest probability with precision 0.90; of medium and high: best F1 of those that are left."""
    good = (
        limit for limit in np.arange(0.4, 1.0, 0.01) if _precision(probabilities[:, 0] >= limit, truth[:, 0]) >= 0.9
    )
    low = next(good, 1.0)
    high = _best(probabilities[:, 2], truth[:, 2], np.zeros(len(truth), bool))
    taken = (probabilities[:, 0] >= low) | (probabilities[:, 2] >= high)
    return np.array([low, _best(probabilities[:, 1], truth[:, 1], taken), high])


def _best(chance: Array, truth: Flags, taken: Flags) -> float:
    limits = np.arange(0.1, 0.7, 0.02)
    return float(max(limits, key=lambda limit: _f1((chance >= limit) & ~taken, truth)))


def _precision(shown: Flags, truth: Flags) -> float:
    return float(truth[shown].mean()) if shown.any() else 1.0


def _f1(shown: Flags, truth: Flags) -> float:
    return float(2 * (shown & truth).sum() / max(1, shown.sum() + truth.sum()))
