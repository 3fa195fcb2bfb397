"""From what a question and papers say to how near they are, and to a grade.

    lexical + LATENT * latent + COVERAGE * coverage → how far above ordinary papers, in standard deviations → grade

*Lexical* is the cosine of tf-idf in which a concept counts by the way that the paper says it best. *Latent* is the
cosine in the latent space. *Coverage* is the share of the idea that the paper speaks of at all. What these reach by
chance differs from idea to idea, so the sum is held against that of ordinary papers (`Ordinary`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bot.models.ideas import Grade
from bot.nearness.lexicon import Floats
from bot.nearness.question import Ordinary, Vectors

LATENT = 0.7
COVERAGE = 0.5
DIRECTIONS = 0.1
"""What a paper that is surely in all directions of the idea gains beside one that is in none."""
ORDINARY_DIRECTION = 0.1
"""What a direction's probability is on the average."""
NEIGHBOURS = 3.5
"""Standard deviations that a paper gains which says the same as the nearest one."""
TRUSTED = (2.0, 6.0)
"""Nearness of the nearest paper at which its neighbours begin to gain, and gain all."""

SCOOP, CLOSE, USEFUL = 6.75, 5.75, 4.5
"""Least nearness of each grade, in standard deviations above ordinary papers (``docs/ideas.md``)."""
SCOOP_COVERAGE = 0.3
"""Least share of the idea that a scoop speaks of: the same question *and* the same approach."""
SCOOP_SHARED, CLOSE_SHARED = 3, 3
"""Least concepts in common: an idea of one word has no scoop."""
LEAST_DEVIATION = 0.01
"""Of a question of which nothing is known."""
LOOKED_AT = 1.0
"""Standard deviations that a paper's place must be nearer than usual for a day's match to look at its words."""
SOFTNESS = 1.0
"""Standard deviations in which a score goes from one half to three quarters, about."""


class Parts(NamedTuple):
    """What nearness is made of, for one question and P papers."""

    lexical: Floats
    """(P,)"""
    latent: Floats
    """(P,)"""
    coverage: Floats
    """(P,)"""

    @property
    def sum(self) -> Floats:
        whole: Floats = self.lexical + np.float32(LATENT) * self.latent + np.float32(COVERAGE) * self.coverage
        return whole


def said(vectors: Vectors, values: Floats) -> tuple[Floats, Floats]:
    """(C, R) for each concept and paper: its part of the cosine, and how much of it the paper speaks of.

    ``values`` (T, R) are those of the question's terms in the papers' unit vectors.
    """
    weighed = vectors.share @ values
    spoken = (vectors.share * vectors.share) @ (values > 0).astype(np.float32)
    return weighed[vectors.ways].max(axis=1), spoken[vectors.ways].max(axis=1)


def parts(vectors: Vectors, weighed: Floats, spoken: Floats, latent: Floats) -> Parts:
    """``weighed`` and ``spoken`` (C, P) as `said`, ``latent`` (P,) the cosines of the places."""
    share = vectors.weight / max(float(vectors.weight.sum()), 1e-9)
    return Parts(vectors.weight @ weighed, latent, share.astype(np.float32) @ spoken)


def ordinary(sums: Floats, latent: Floats) -> Ordinary:
    """Of what ordinary papers reach."""
    deviation = max(float(sums.std()), LEAST_DEVIATION)
    return Ordinary(float(sums.mean()), deviation, float(latent.mean() + LOOKED_AT * latent.std()))


def above(sums: Floats, usual: Ordinary) -> Floats:
    """Standard deviations above ordinary papers."""
    return ((sums - usual.mean) / usual.deviation).astype(np.float32)


def trust(nearness: float) -> float:
    """0 to 1: whether the nearest paper is near enough to say something of its neighbours."""
    low, high = TRUSTED
    return min(1.0, max(0.0, (nearness - low) / (high - low)))


def grade(nearness: float, coverage: float, shared: int, gain: float = 0.0) -> Grade | None:
    """When in doubt, the weaker grade; what a paper gains from its company makes it useful at most.

    ``shared`` is how many concepts that name a subject the paper speaks of: without one, no grade could be explained.
    """
    if nearness >= SCOOP and coverage >= SCOOP_COVERAGE and shared >= SCOOP_SHARED:
        return Grade.SCOOP
    if nearness >= CLOSE and shared >= CLOSE_SHARED:
        return Grade.CLOSE
    return Grade.USEFUL if nearness + gain >= USEFUL and shared else None


def score(nearness: float) -> float:
    """0 to 1: one half is the least of ``close``."""
    return 1 / (1 + math.exp(min(50.0, (CLOSE - nearness) / SOFTNESS)))
