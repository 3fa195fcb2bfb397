"""An engine that counts words, so that a test sees at a glance what is near what.

A paper that shares three long words with an idea is a scoop, two close, one useful; ``shared`` are those words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from bot.kit import Kit
from bot.matching import Memory
from bot.matching import archive as memory
from bot.models import Judgement, Paper
from bot.models.ideas import Asked, Grade, Near

GRADES = (None, Grade.USEFUL, Grade.CLOSE, Grade.SCOOP)
WIDTH = 8


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{5,}", text.lower()))


@dataclass(frozen=True, eq=False)
class Question:
    asked: Asked
    language: str
    words: tuple[str, ...]


class CountingEngine:
    """Has the engine's methods; ``made`` counts the vectors."""

    width = WIDTH

    def __init__(self, name: str = "counting"):
        self.id, self.made, self.asked = name, 0, 0

    def vectors(self, papers: Sequence[Paper]) -> np.ndarray:
        self.made += len(papers)
        return np.zeros((len(papers), WIDTH), np.int8)

    def ask(self, asked: Asked) -> Question:
        self.asked += 1
        language = "zh" if re.search(r"[\u4e00-\u9fff]", asked.text) else "en"
        return Question(asked, language, tuple(sorted(words(asked.text))))

    def grade(
        self, question: Question, papers: Sequence[Paper], judgements: Mapping[str, Judgement] = {}
    ) -> list[Near]:
        near = [self.near(question.asked, paper) for paper in papers]
        return sorted(near, key=lambda one: (-one.score, one.paper.id))

    def near(self, asked: Asked, paper: Paper) -> Near:
        said = f"{paper.title} {paper.abstract}".lower()
        shared = sorted(words(asked.text) & words(said))
        if asked.must and not any(phrase.lower() in said for phrase in asked.must):
            shared = []
        if any(phrase.lower() in said for phrase in asked.must_not):
            shared = []
        missing = sorted(words(asked.text) - words(said))
        grade = GRADES[min(len(shared), 3)]
        return Near(paper, grade, min(len(shared) / 10, 1.0), tuple(shared[:6]), tuple(missing[:4]))

    def match(
        self, questions: Sequence[Question], papers: Sequence[Paper], judgements: Mapping[str, Judgement] = {}
    ) -> list[list[Near]]:
        return [[near for near in self.grade(question, papers) if near.grade] for question in questions]


class EveryPaper:
    """An archive that proposes all it has."""

    def __init__(self, width: int):
        self.papers: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.papers)

    def add(self, numbers: np.ndarray, days: np.ndarray, vectors: np.ndarray) -> None:
        assert vectors.shape == (len(numbers), WIDTH)
        self.papers += zip(numbers.tolist(), days.tolist(), strict=True)

    def nearest(
        self, question: Question, count: int = 300, since: date | None = None, until: date | None = None
    ) -> list[int]:
        first = since.toordinal() if since else 0
        last = until.toordinal() if until else 10**9
        return [number for number, day in self.papers if first <= day <= last][:count]


def with_counting_engine(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> tuple[Kit, CountingEngine]:
    engine = CountingEngine()
    monkeypatch.setattr(memory, "Archive", EveryPaper)
    return replace(kit, nearness=lambda: engine, memory=Memory()), engine  # type: ignore[arg-type, return-value]
