"""From held-out scores to probabilities that mean something, and to the thresholds of lists and digests."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.model import logistic

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHRINK = 0.5
"""How far a direction's threshold is drawn to the mean of all, in log-odds: its own optimum rests on few papers."""

DIGEST_PRECISION = 0.855
"""Share of what a digest shows that belongs where it stands; 0.85 is wanted, and choosing flatters a little."""

LIKELY = 0.1
"""A day's curve goes through what is at least so probable: all the clear "no" would draw it away from the threshold."""


class Calibration(NamedTuple):
    """Per column: probability = logistic(slope * score + offset)."""

    slope: Scores
    offset: Scores

    def probabilities(self, scores: Scores) -> Scores:
        return logistic(scores * self.slope + self.offset)


def calibrate(scores: Scores, wanted: Flags) -> Calibration:
    """Fit held-out scores (papers, columns) to the truth about the same papers, column by column."""
    slope, offset = np.array([platt(one, truth) for one, truth in zip(scores.T, wanted.T, strict=True)]).T
    return Calibration(slope, offset)


def platt(scores: Scores, wanted: Flags) -> tuple[float, float]:
    """Slope and offset of the logistic curve through (scores, wanted), by Newton's method."""
    positives = int(wanted.sum())
    # Platt's targets: a little short of 0 and 1, so that a perfect separation stays finite
    target = np.where(wanted, (positives + 1) / (positives + 2), 1 / (len(wanted) - positives + 2))
    inputs = np.column_stack([scores, np.ones_like(scores)])
    line = np.array([1.0, 0.0])
    for _ in range(50):
        chance = logistic(inputs @ line)
        curvature = np.maximum(chance * (1 - chance), 1e-9)
        hessian = inputs.T @ (inputs * curvature[:, None]) + 1e-6 * np.eye(2)
        step = np.linalg.solve(hessian, inputs.T @ (chance - target))
        line = line - step
        if np.abs(step).max() < 1e-10:
            break
    return float(line[0]), float(line[1])


def f1_thresholds(probabilities: Scores, wanted: Flags) -> Scores:
    """A threshold a direction: its best F1 on held-out papers, drawn half-way to the mean of all directions."""
    best = np.array([best_f1(chance, truth) for chance, truth in zip(probabilities.T, wanted.T, strict=True)])
    odds = np.log(best / (1 - best))
    return logistic((1 - SHRINK) * odds + SHRINK * odds.mean())


def best_f1(probabilities: Scores, wanted: Flags) -> float:
    """The threshold with the best F1: midway between the last paper taken and the first one left."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(wanted[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + wanted.sum())
    last = int(np.argmax(f1))
    ranked = probabilities[order]
    middle = (ranked[last] + ranked[min(last + 1, len(ranked) - 1)]) / 2
    return float(np.clip(middle, 0.05, 0.95))


def digest_thresholds(probabilities: Scores, wanted: Flags, listed: Scores) -> Scores:
    """Thresholds of a digest: one common probability, and never below a direction's own ``listed`` threshold.

    The common one is the lowest at which, on papers of whole days, ``DIGEST_PRECISION`` of what is shown should be
    right. One for all directions, because a day holds too few papers of each for twenty; and by a curve through them
    rather than by counting, which hangs on one or two of the hundred that are shown.
    """
    chances = on_a_day(probabilities, wanted)
    chosen = 0.95
    for limit in np.arange(0.95, 0.2, -0.01):
        shown = probabilities >= np.maximum(listed, limit)
        if shown.any() and chances[shown].mean() < DIGEST_PRECISION:
            break
        chosen = float(limit)
    return np.maximum(listed, chosen)


def on_a_day(probabilities: Scores, wanted: Flags) -> Scores:
    """The same probabilities as papers of whole days keep them: a logistic curve through the likely ones."""
    inner = np.clip(probabilities, 1e-6, 1 - 1e-6)
    odds = np.log(inner / (1 - inner))
    likely = probabilities >= LIKELY
    slope, offset = platt(odds[likely], wanted[likely])
    return logistic(slope * odds + offset)


def expected_calibration_error(probabilities: Scores, wanted: Flags, bins: int = 10) -> float:
    """Mean distance of promised and kept probability over bins of equal width, weighted by their papers."""
    flat, truth = probabilities.ravel(), wanted.ravel()
    numbers = np.minimum((flat * bins).astype(int), bins - 1)
    gaps = np.bincount(numbers, truth - flat, bins)
    return float(np.abs(gaps).sum() / len(flat))
