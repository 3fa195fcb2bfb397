"""The search over all papers' vectors."""

from __future__ import annotations

from datetime import date

import numpy as np

from bot.models.ideas import Asked
from bot.nearness import Archive
from tests.nearness.papers import SHELF, engine

DAYS = np.array([date(2026, 6, day).toordinal() if day else 0 for day in (1, 2, 3, 4, 5, 0)], np.int32)
NUMBERS = np.arange(11, 17)


def archive() -> Archive:
    built = Archive(engine().width)
    vectors = engine().vectors(SHELF)
    for row in range(len(SHELF)):  # one by one: growth keeps what is there
        built.add(NUMBERS[row : row + 1], DAYS[row : row + 1], vectors[row : row + 1])
    return built


def nearest(text: str, **window: object) -> list[int]:
    return archive().nearest(engine().ask(Asked(text)), **window)  # type: ignore[arg-type]


def test_the_nearest_paper_comes_first_in_both_languages() -> None:
    assert nearest("choose the LoRA rank from the gradient's spectrum")[0] == 11
    assert nearest("狼人杀里的欺骗")[0] == 14
    assert len(archive()) == len(SHELF)


def test_no_more_than_asked_for_are_found() -> None:
    assert len(nearest("agents", count=2)) == 2
    assert len(nearest("agents", count=300)) == len(SHELF)


def test_days_are_inclusive_and_papers_of_unknown_day_are_outside_of_any() -> None:
    assert set(nearest("agents", since=date(2026, 6, 2), until=date(2026, 6, 4))) == {12, 13, 14}
    assert set(nearest("agents", since=date(2026, 6, 5))) == {15}
    assert set(nearest("agents", until=date(2026, 6, 1))) == {11}


def test_an_empty_archive_finds_nothing() -> None:
    assert Archive(engine().width).nearest(engine().ask(Asked("agents"))) == []


def test_a_vector_does_not_depend_on_its_company() -> None:
    alone = np.concatenate([engine().vectors([one]) for one in SHELF])
    assert (alone == engine().vectors(SHELF)).all()
    assert engine().vectors([]).shape == (0, engine().width)
