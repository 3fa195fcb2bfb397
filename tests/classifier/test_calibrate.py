"""Probabilities that mean something, and the thresholds on them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classifier.calibrate import (
    best_f1,
    calibrate,
    digest_thresholds,
    expected_calibration_error,
    f1_thresholds,
    on_a_day,
    platt,
)


def sample(papers: int = 4000, columns: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose true log-odds are ``2 * score - 1``, and truth drawn by them."""
    random = np.random.default_rng(3)
    scores = random.normal(0, 1.5, (papers, columns))
    return scores, random.random(scores.shape) < 1 / (1 + np.exp(1 - 2 * scores))


def test_platt_finds_the_line_that_made_the_data() -> None:
    scores, truth = sample(40_000, 1)
    assert platt(scores[:, 0], truth[:, 0]) == pytest.approx((2, -1), abs=0.06)


def test_calibrated_probabilities_are_kept() -> None:
    scores, truth = sample()
    assert expected_calibration_error(calibrate(scores, truth).probabilities(scores), truth) < 0.02


def test_overconfidence_shows_as_calibration_error() -> None:
    chances, truth = np.full((100, 1), 0.95), np.arange(100)[:, None] < 50
    assert expected_calibration_error(chances, truth) == pytest.approx(0.45)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.booleans()), min_size=1, max_size=40))
def test_any_scores_can_be_calibrated(pairs: list[tuple[float, bool]]) -> None:
    scores, truth = (np.array(values) for values in zip(*pairs, strict=True))
    assert np.isfinite(platt(scores, truth.astype(bool))).all()


def test_the_best_threshold_lies_between_the_last_taken_and_the_first_left() -> None:
    assert best_f1(np.array([0.9, 0.8, 0.4, 0.1]), np.array([True, True, False, False])) == pytest.approx(0.6)


def test_thresholds_are_drawn_towards_each_other() -> None:
    scores, truth = sample()
    chances = calibrate(scores, truth).probabilities(scores)
    own = [best_f1(column, answers) for column, answers in zip(chances.T, truth.T, strict=True)]
    assert np.ptp(f1_thresholds(chances, truth)) < np.ptp(own)


def test_probabilities_follow_the_frequencies_of_whole_days() -> None:
    drawn = np.random.default_rng(0)
    chances = drawn.uniform(0.01, 0.99, (500, 4))
    rare = on_a_day(chances, drawn.random(chances.shape) < chances * 0.7)
    assert (rare < chances)[chances > 0.2].all()
    assert rare.mean() == pytest.approx(0.7 * chances.mean(), abs=0.03)


def test_a_digest_shows_what_is_mostly_right() -> None:
    scores, truth = sample()
    chances = calibrate(scores, truth).probabilities(scores)
    limits = digest_thresholds(chances, truth, np.full(4, 0.3))
    shown = chances >= limits
    assert truth[shown].mean() >= 0.85
    assert (limits >= 0.3).all()
