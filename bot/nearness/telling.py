"""What a paper and an idea share, in the paper's words, and what the paper does not speak of, in the idea's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.nearness.concepts import Concept, written
from bot.nearness.lexicon import Floats
from bot.nearness.question import Question, Vectors
from bot.nearness.reading import Reading

MOST_WORDS, MOST_SHARED, MOST_MISSING = 12, 6, 4
LEAST_SPOKEN = 0.5
"""Share of a concept from which on a paper speaks of it."""


def words(concepts: Sequence[Concept], vectors: Vectors) -> tuple[str, ...]:
    """English words and phrases to look an idea up by, most telling first."""
    order = np.argsort(-vectors.weight, kind="stable")
    told = (concepts[number] for number in order.tolist())
    return tuple(dict.fromkeys(one.english for one in told if not one.is_idle and not one.is_pair))[:MOST_WORDS]


def shared_concepts(question: Question, weighed: Floats, spoken: Floats) -> list[int]:
    """The concepts that a paper speaks of, most telling first; ``weighed`` and ``spoken`` (C,) as `scoring.said`."""
    told = question.vectors.weight * weighed * question.telling * (spoken >= LEAST_SPOKEN)
    order = np.argsort(-told, kind="stable")[:MOST_SHARED]
    return [number for number in order.tolist() if told[number] > 0]


def shared(question: Question, concepts: Sequence[int], reading: Reading, paper: int) -> tuple[str, ...]:
    """Words and phrases as the paper writes them; none that stands in another."""
    said = dict.fromkeys(_surface(question, number, reading, paper) for number in concepts)
    lower = [one.lower() for one in said]
    return tuple(one for one in said if not any(one.lower() != other and one.lower() in other for other in lower))


def _surface(question: Question, concept: int, reading: Reading, paper: int) -> str:
    """The paper's words for a concept: of the way that it says most of, the idea's own before others."""
    ways = question.concepts[concept].ways
    held = [[term for term in way if reading.table[term, paper] > 0] for way in ways]
    shares = [len(some) / len(way) for some, way in zip(held, ways, strict=True)]
    whole = held[shares.index(max(shares))]
    spans = [reading.span(paper, term) for term in whole]
    start, end = max(spans, key=lambda span: (span[1] - span[0], -span[0]))
    return written(reading.documents[paper].text, *_joined(start, end, spans))


def _joined(start: int, end: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The span with those that overlap it: ``chain of`` and ``of thought`` are one phrase."""
    for begin, finish in sorted(spans):
        if begin <= end and finish >= start:
            start, end = min(start, begin), max(end, finish)
    return start, end


def missing(question: Question, spoken: Floats) -> tuple[str, ...]:
    """What of the idea a paper does not speak of, most telling first."""
    absent = question.vectors.weight * question.telling * question.whole * (spoken < LEAST_SPOKEN)
    order = np.argsort(-absent, kind="stable")
    labels = [question.concepts[number].label for number in order.tolist() if absent[number] > 0]
    return tuple(dict.fromkeys(labels))[:MOST_MISSING]
