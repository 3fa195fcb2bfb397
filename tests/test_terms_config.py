"""The bilingual list that the project ships: its form, and that it knows the directions' Chinese names."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from bot.app import load_directions, load_terms
from bot.rules.terms import expand
from bot.rules.tokens import IS_CJK, tokens

CONFIG = Path(__file__).parents[1] / "config" / "terms.csv"
with CONFIG.open(encoding="utf-8", newline="") as lines:
    HEADER, *ROWS = list(csv.reader(lines))
CHINESE, ENGLISH = ([form for row in ROWS for form in row[column].split("|")] for column in (0, 1))
DIRECTIONS = load_directions()


def searchable(form: str) -> tuple[str, ...]:
    return tuple(tokens(form))


def test_there_are_two_columns_and_enough_rows():
    assert HEADER == ["zh", "en"]
    assert len(ROWS) >= 750
    assert all(len(row) == 2 for row in ROWS)


def test_no_form_is_empty_or_untidy():
    for form in (*CHINESE, *ENGLISH):
        assert searchable(form), form
        assert form == " ".join(form.split())


def test_each_column_is_in_its_language():
    assert [form for form in CHINESE if not IS_CJK.search(form)] == []
    assert [form for form in ENGLISH if not form.isascii()] == []


@pytest.mark.parametrize("forms", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_form_stands_in_the_file_once(forms: list[str]):
    counted = Counter(map(searchable, forms))
    assert [form for form in forms if counted[searchable(form)] > 1] == []


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction.slug)
def test_every_chinese_name_of_a_direction_has_english_words(direction):
    names = [direction.name["zh"], *(alias for alias in direction.aliases if IS_CJK.search(alias))]
    for name in names:
        groups = expand(name, load_terms())
        unknown = [group[0].words for group in groups if group[0].is_chinese and len(group) == 1]
        assert not unknown, name
        assert any(not phrase.is_chinese for group in groups for phrase in group), name
