"""Choosing: which papers of a day stand under which direction, best first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bot.models import Assignment, DigestPaper, DigestSection, Judgement, Paper
from bot.rules.sentences import key_sentence

UPVOTE_SHARE = 0.06
"""What e-fold more upvotes are worth, in probability: fifty lift a paper about as far as 0.24 of certainty."""


def choose(
    papers: Sequence[Paper], judgements: Mapping[str, Judgement], slugs: Sequence[str], limit: int
) -> tuple[DigestSection, ...]:
    """A section for each of ``slugs``, in their order, with the ``limit`` best papers that belong there."""
    return tuple(section(papers, judgements, slug, limit) for slug in slugs)


def section(papers: Sequence[Paper], judgements: Mapping[str, Judgement], slug: str, limit: int) -> DigestSection:
    belonging = [
        (paper, assignment, judgements[paper.id])
        for paper in papers
        if not paper.withdrawn
        for assignment in judgements[paper.id].directions
        if assignment.slug == slug and assignment.in_digest
    ]
    belonging.sort(key=lambda found: (-rank(found[0], found[1]), found[0].id))
    shown = tuple(
        DigestPaper(paper, assignment, telling_sentence(paper, assignment), judgement.compute)
        for paper, assignment, judgement in belonging[:limit]
    )
    return DigestSection(slug, shown, total=len(belonging))


def rank(paper: Paper, assignment: Assignment) -> float:
    """How high a paper stands under a direction: how surely it belongs, lifted by what readers elsewhere liked."""
    return standing(assignment.probability, paper.upvotes)


def standing(probability: float, upvotes: int | None) -> float:
    return probability + UPVOTE_SHARE * math.log1p(upvotes or 0)


def telling_sentence(paper: Paper, assignment: Assignment) -> str:
    return key_sentence(paper.abstract, [evidence.term for evidence in assignment.evidence])
