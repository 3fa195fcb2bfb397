"""Nearness: an idea in, and how near papers are to it, with the words that say so.

    Asked → concepts, place, what ordinary papers reach → Question
    papers → terms, places → parts for each question → nearness → grade → Near, with what is shared and what is missing

The lexical part and the coverage are sums over the idea's concepts, so that what a phrase added can be shown; the
latent part is one over all words of both. ``docs/ideas.md`` has the method and the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.classifier.text import document
from bot.models.ideas import Asked, Grade, Near
from bot.models.papers import Judgement, Paper
from bot.nearness import file, scoring, telling
from bot.nearness.concepts import concepts_of
from bot.nearness.directions import directions_of_nearest
from bot.nearness.file import Numbers
from bot.nearness.lexicon import Floats, Lexicon, Postings
from bot.nearness.question import Demand, Ordinary, Question, flat, vectors_of
from bot.nearness.reading import Reading, batches, readings
from bot.nearness.space import in_bytes, place, places, unit
from bot.nearness.standing import Chances, Standing, fits, neighbours
from bot.nearness.thesaurus import Thesaurus
from bot.rules.terms import Terms
from bot.rules.tokens import IS_CJK

Judgements = Mapping[str, Judgement]
"""By paper id."""
NONE: Judgements = {}
WANTED, UNWANTED = 0.4, 0.2
"""How far the papers that a reader wanted draw the idea's place, and the unwanted ones push it."""
RANK = {Grade.SCOOP: 0, Grade.CLOSE: 1, Grade.USEFUL: 2, None: 3}


class Nearness:
    """Holds papers against ideas. Immutable; safe to share between threads."""

    def __init__(self, numbers: Numbers, id: str, terms: Terms):
        self.id = id
        """Changes with any byte of the file: vectors made by another id are void."""
        self.width = numbers.vectors.width
        """Bytes of a paper's vector."""
        self._vectors = numbers.vectors
        self._lexicon = Lexicon(numbers.surfaces, numbers.stem_of, numbers.pairs.astype(np.int64), numbers.idf)
        self._thesaurus = Thesaurus(terms, self._lexicon)
        self._ordinary_places = places(numbers.background, numbers.vectors)
        self._ordinary_papers = Postings(numbers.background, len(numbers.idf))

    @classmethod
    def load(cls, path: Path, terms: Terms) -> Nearness:
        """Read the shipped file; ModelError where it is missing, damaged or of another format."""
        return cls(*file.load(path), terms)

    def vectors(self, papers: Sequence[Paper]) -> NDArray[np.int8]:
        """(papers, width): what the archive keeps of each paper."""
        return in_bytes(self._places(papers))

    def ask(self, asked: Asked) -> Question:
        """An idea's text analysed once: its concepts, its place, and what ordinary papers reach."""
        concepts = concepts_of(asked.text, self._lexicon, self._thesaurus)
        vectors = vectors_of(concepts, self._lexicon)
        question = Question(
            asked=asked,
            language="zh" if IS_CJK.search(asked.text) else "en",
            words=telling.words(concepts, vectors),
            concepts=concepts,
            vectors=vectors,
            place=self._drawn(place(vectors.term, flat(vectors), self._vectors), asked),
            must=self._demands(asked.must),
            must_not=self._demands(asked.must_not),
        )
        question = replace(question, ordinary=self._ordinary(question))
        return replace(question, unwanted=self._unwanted(question)) if asked.unwanted else question

    def grade(self, question: Question, papers: Sequence[Paper], judgements: Judgements = NONE) -> list[Near]:
        """Every paper held against one question, best first; grade None below `useful`."""
        held = [
            Standing.of(question, one, one.places @ question.place)
            for one in readings(papers, self._lexicon, self._vectors)
        ]
        slugs = question.asked.directions or directions_of_nearest(held, judgements)
        held = [one.raised(question, Chances.of(one.reading.papers, judgements).gains(slugs)) for one in held]
        near = [
            one
            for standing, gains in zip(held, neighbours(held), strict=True)
            for one in told(question, standing, range(len(standing.nearness)), gains)
        ]
        return sorted(near, key=best_first)

    def match(
        self,
        questions: Sequence[Question],
        papers: Sequence[Paper],
        judgements: Judgements = NONE,
    ) -> list[list[Near]]:
        """For each question its graded papers only, best first: many questions against one day's papers."""
        found: list[list[Near]] = [[] for _ in questions]
        where = np.array([one.place for one in questions], np.float32).reshape(-1, self.width)
        for reading in readings(papers, self._lexicon, self._vectors):
            chances = Chances.of(reading.papers, judgements)
            for near, question, latent in zip(found, questions, where @ reading.places.T, strict=True):
                looked_at = np.flatnonzero(latent >= question.ordinary.latent)
                standing = Standing.of(question, reading, latent, looked_at)
                standing = standing.raised(question, chances.gains(question.asked.directions))
                near += told(question, standing, np.flatnonzero(standing.nearness >= scoring.USEFUL).tolist())
        return [sorted((one for one in near if one.grade), key=best_first) for near in found]

    def _places(self, papers: Sequence[Paper]) -> Floats:
        held = [self._lexicon.hold([document(paper) for paper in batch]) for batch in batches(papers)]
        rows = [places(one, self._vectors) for one in held]
        return np.concatenate([np.zeros((0, self.width), np.float32), *rows])

    def _drawn(self, where: Floats, asked: Asked) -> Floats:
        """The place of an idea, drawn towards the papers that its reader wanted and away from the unwanted ones."""
        for papers, share in ((asked.wanted, WANTED), (asked.unwanted, -UNWANTED)):
            if papers:
                where = where + np.float32(share) * self._places(papers).mean(axis=0)
        return unit(where)

    def _ordinary(self, question: Question) -> Ordinary:
        latent = self._ordinary_places @ question.place
        weighed, spoken = scoring.said(question.vectors, self._ordinary_papers.rows(question.vectors.term))
        return scoring.ordinary(scoring.parts(question.vectors, weighed, spoken, latent).sum, latent)

    def _demands(self, phrases: Sequence[str]) -> tuple[Demand, ...]:
        return tuple(
            Demand(phrase, vectors_of(concepts_of(phrase, self._lexicon, self._thesaurus), self._lexicon))
            for phrase in phrases
            if phrase.strip()
        )

    def _unwanted(self, question: Question) -> tuple[frozenset[int], ...]:
        reading = Reading.of(question.asked.unwanted, self._lexicon, self._vectors)
        standing = Standing.of(question, reading, reading.places @ question.place)
        return tuple(
            frozenset(telling.shared_concepts(question, standing.weighed[:, row], standing.spoken[:, row]))
            for row in range(len(reading.papers))
        )


def told(question: Question, standing: Standing, entries: Sequence[int], gains: Floats | None = None) -> Iterator[Near]:
    """These papers of those that were held, with grade and words; ``gains`` (P,) is what their company adds."""
    fitting = fits(question, standing.reading) if len(entries) else np.zeros(0, np.bool_)
    for entry in entries:
        weighed, spoken = standing.weighed[:, entry], standing.spoken[:, entry]
        nearness, row = float(standing.nearness[entry]), int(standing.rows[entry])
        gain = float(gains[row]) if gains is not None else 0.0
        concepts = telling.shared_concepts(question, weighed, spoken)
        possible = fitting[row] and not any(set(concepts) <= others for others in question.unwanted)
        grade = scoring.grade(nearness, float(standing.coverage[entry]), len(concepts), gain) if possible else None
        yield Near(
            paper=standing.reading.papers[row],
            grade=grade,
            score=scoring.score(nearness + gain),
            shared=telling.shared(question, concepts, standing.reading, row),
            missing=telling.missing(question, spoken),
        )


def best_first(near: Near) -> tuple[int, float]:
    return RANK[near.grade], -near.score
