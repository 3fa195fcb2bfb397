"""The directions that an idea belongs to, as the papers nearest to it tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.models.ideas import Near
from bot.models.papers import Judgement
from bot.nearness.standing import Standing

NEAREST = 5
LEAST, OF_THE_BEST = 0.25, 0.5
"""Least mean probability of a direction, and least share of the most probable one's."""


def suggested_directions(near: Iterable[Near], judgements: Mapping[str, Judgement]) -> tuple[str, ...]:
    """Directions for an idea from what `Nearness.grade` says of papers, most probable first."""
    return directions_of((one.score, judgements[one.paper.id]) for one in near if one.paper.id in judgements)


def directions_of_nearest(standings: Sequence[Standing], judgements: Mapping[str, Judgement]) -> tuple[str, ...]:
    """The same from papers as they stand to a question."""
    return directions_of(
        (max(0.0, nearness) ** 3, judgements[paper.id])
        for one in standings
        for paper, nearness in zip(one.reading.papers, one.nearness.tolist(), strict=True)
        if paper.id in judgements
    )


def directions_of(judged: Iterable[tuple[float, Judgement]]) -> tuple[str, ...]:
    """Directions that the few papers of the largest weight have in common, most probable first."""
    nearest = sorted(judged, key=lambda one: -one[0])[:NEAREST]
    total = sum(weight for weight, _ in nearest) or 1.0
    mean: Counter[str] = Counter()
    for weight, judgement in nearest:
        mean.update({slug: weight / total * chance for slug, chance in judgement.scores.items()})
    least = max(LEAST, OF_THE_BEST * max(mean.values(), default=0.0))
    return tuple(slug for slug, chance in mean.most_common() if chance >= least)
