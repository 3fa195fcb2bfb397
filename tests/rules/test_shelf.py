"""The papers of some days, made ready for choosing."""

from __future__ import annotations

import pytest

from bot.models import Compute, Judgement, Paper
from bot.rules.shelf import MOST_REMEMBERED, Remembered, Shelf

TITLES = {"1": "Low-rank adapters", "2": "Rank adapters that are low", "3": "低秩适配器", "4": "Lower"}


def shelf(**compute: str) -> Shelf:
    known = [Paper(id_, 1, title, "", ("Ada Lovelace", "Alan Turing"), (), None) for id_, title in TITLES.items()]
    return Shelf(known, {one.id: Judgement({}, (), Compute(compute.get(f"p{one.id}", "unknown"))) for one in known})


@pytest.mark.parametrize(
    ("asked", "found"),
    [("low", "12"), ("low rank", "1"), ("Rank Adapters", "12"), ("低秩", "3"), ("秩低", ""), ("ow", ""), ("  ", "")],
)
def test_a_phrase_is_found_as_whole_words_in_their_order(asked: str, found: str) -> None:
    assert shelf().with_word[asked] == set(found)


@pytest.mark.parametrize(("asked", "found"), [("lovelace ada", "1234"), ("Ada Turing", ""), ("", "")])
def test_all_parts_of_a_name_stand_in_that_of_one_author(asked: str, found: str) -> None:
    assert shelf().by_author[asked] == set(found)


def test_what_takes_too_much_is_left_out_and_what_nobody_knows_is_not() -> None:
    stock = shelf(p1="low", p2="high")
    assert stock.within["low", frozenset("1239")] == {"1", "3"}
    assert stock.within["", frozenset("12")] == {"1", "2"}


def test_what_is_remembered_never_grows_without_bounds() -> None:
    asked = []
    doubled = Remembered[int, int](lambda number: asked.append(number) or 2 * number)  # type: ignore[func-returns-value]
    assert [doubled[2], doubled[2]] == [4, 4]
    assert asked == [2]
    for number in range(2 * MOST_REMEMBERED + 7):
        assert doubled[number] == 2 * number
        assert len(doubled) <= MOST_REMEMBERED
