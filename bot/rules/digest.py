"""Choosing: which papers of a day stand under which direction, best first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models import Assignment, Compute, DigestPaper, DigestSection, Judgement, Paper, Rank
from bot.rules.ranking import rank_of, varied
from bot.rules.sentences import key_sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may stand in a section."""

    paper: Paper
    assignment: Assignment
    compute: Compute
    rank: Rank


def choose(
    papers: Sequence[Paper], judgements: Mapping[str, Judgement], slugs: Sequence[str], limit: int, compute: str = ""
) -> tuple[DigestSection, ...]:
    """A section for each of ``slugs``, in their order, with the ``limit`` best papers that belong there.

    ``compute`` is the highest level that is shown; empty for all.
    """
    shown = [paper for paper in papers if not paper.withdrawn and judgements[paper.id].compute.is_within(compute)]
    return tuple(section(shown, judgements, slug, limit) for slug in slugs)


def section(papers: Sequence[Paper], judgements: Mapping[str, Judgement], slug: str, limit: int) -> DigestSection:
    newest = max((paper.day for paper in papers if paper.day), default=None)
    belonging = [
        Candidate(paper, assignment, judgement.compute, rank_of(paper, assignment, judgement.compute, newest))
        for paper in papers
        for judgement in [judgements[paper.id]]
        for assignment in judgement.directions
        if assignment.slug == slug and assignment.in_digest
    ]
    shown = tuple(
        DigestPaper(found.paper, found.assignment, telling_sentence(found.paper, found.assignment), found.compute, rank)
        for found, rank in varied(belonging, limit)
    )
    return DigestSection(slug, shown, total=len(belonging))


def telling_sentence(paper: Paper, assignment: Assignment) -> str:
    return key_sentence(paper.abstract, [evidence.term for evidence in assignment.evidence])
