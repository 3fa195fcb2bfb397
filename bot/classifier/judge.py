"""What the program asks for its judgements: the trained directions, and by likeness those without training data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bot.classifier.model import Classifier
from bot.classifier.similar import NewDirection, Similar
from bot.classifier.text import PaperText
from bot.models import Doubt, Judgement


class Judge:
    """Judges papers by a classifier and by likeness. Immutable; safe to share between threads.

    ``id`` changes with the model file and with whatever describes a new direction, so that papers are judged again.
    """

    def __init__(self, classifier: Classifier, new: Sequence[NewDirection] = ()):
        self.classifier = classifier
        self.new = tuple(new)
        self.id = f"{classifier.id}+{fingerprint(new)}" if new else classifier.id
        self._similar = Similar(classifier, new)

    def judge(self, papers: Sequence[PaperText]) -> list[Judgement]:
        """One judgement a paper, in order."""
        judged = self.classifier.judge(papers)
        if not self.new:
            return judged
        found = self._similar.judge(papers)
        both = [together(one, more) for one, more in zip(judged, found, strict=True)]
        return self._with_levels(papers, both)

    def doubt(self, paper: PaperText, slug: str) -> Doubt:
        """How probable a direction is, and the paper's words that speak most against it; none against a new one."""
        [judged] = self.judge([paper])
        belongs = any(one.slug == slug for one in judged.directions)
        against = self.classifier.why_not(paper, slug) if slug in self.classifier.slugs else ()
        return Doubt(slug, judged.scores[slug], belongs, against)

    def _with_levels(self, papers: Sequence[PaperText], judged: Sequence[Judgement]) -> list[Judgement]:
        """The classifier gives a compute level only to papers of its own directions; here are more."""
        slugs = set(self.classifier.slugs)
        rows = [
            row for row, one in enumerate(judged)
            if one.directions and not any(assigned.slug in slugs for assigned in one.directions)
        ]  # fmt: skip
        levels = dict(zip(rows, self.classifier.compute_levels([papers[row] for row in rows]), strict=True))
        return [replace(one, compute=levels.get(row, one.compute)) for row, one in enumerate(judged)]


def together(one: Judgement, more: Judgement) -> Judgement:
    """Two judgements of one paper, on different directions."""
    directions = sorted((*one.directions, *more.directions), key=lambda assigned: -assigned.probability)
    return replace(one, scores=one.scores | more.scores, directions=tuple(directions))


def fingerprint(new: Sequence[NewDirection]) -> str:
    """Of all that a judgement of new directions depends on."""
    told = [
        (one.slug, one.name, one.description, one.phrases, [(text.title, text.abstract) for text in one.examples])
        for one in new
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
