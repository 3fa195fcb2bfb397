"""What a person means by the name of a direction."""

from __future__ import annotations

import pytest

from bot.app import load_directions
from bot.errors import SettingsError, UsageError
from bot.rules.directions import find_direction, read_directions

DIRECTIONS = load_directions()
ENTRY = {"slug": "a", "name": {"zh": "甲", "en": "A"}, "about": {"zh": "甲。", "en": "A."}}


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction.slug)
def test_each_is_found_by_all_its_names_whatever_their_case(direction) -> None:
    for name in (direction.slug, *direction.name.values(), *direction.aliases):
        for spelt in (name, name.upper(), f" {name} ", name.replace("-", " ")):
            assert find_direction(DIRECTIONS, spelt) is direction, spelt


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("LORA", "peft"), ("test time", "test-time"), ("ＲＡＧ", "rag"), ("reasonning", "reasoning"), ("高效微调", "peft"),
     ("evalution", "evaluation"), ("interpretabilty", "interpretability"), ("Long Context", "long-context")],
)  # fmt: skip
def test_typing_errors_are_forgiven(typed: str, slug: str) -> None:
    assert find_direction(DIRECTIONS, typed).slug == slug


def test_an_unknown_name_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UsageError) as refused:
        find_direction(DIRECTIONS, "multi-agnt modal")
    assert refused.value.key == "unknown_direction"
    near = str(refused.value.values["near"]).split(", ")
    assert set(near) <= {direction.slug for direction in DIRECTIONS}
    assert len(near) <= 3


@pytest.mark.parametrize("typed", ["quantum chromodynamics zzz", "量子色动力学", "x" * 5000])
def test_a_name_far_from_all_is_refused_too(typed: str) -> None:
    with pytest.raises(UsageError):
        find_direction(DIRECTIONS, typed)


@pytest.mark.parametrize("typed", ["", "   ", "!!", "zzzzzzzzzzzzzzzzzzzz"])
def test_where_nothing_is_near_all_are_named(typed: str) -> None:
    with pytest.raises(UsageError) as refused:
        find_direction(DIRECTIONS, typed)
    assert all(direction.slug in str(refused.value) for direction in DIRECTIONS)


def test_a_name_wins_over_another_ones_alias() -> None:
    table = {"direction": [{**ENTRY, "aliases": ["b"]}, {**ENTRY, "slug": "b", "name": {"zh": "乙", "en": "B"}}]}
    assert find_direction(read_directions(table), "b").slug == "b"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"direction": []},
        {"direction": [ENTRY, ENTRY]},
        {"direction": [{**ENTRY, "name": {"zh": "甲"}}]},
        {"direction": [{**ENTRY, "name": 3}]},
        {"direction": [{**ENTRY, "slug": "Two Words"}]},
        {"direction": [{**ENTRY, "examples": ["no id"]}]},
        {"direction": ["A"]},
        {"direction": [{key: value for key, value in ENTRY.items() if key != "slug"}]},
    ],
)
def test_a_wrong_file_is_refused_in_words(table: dict) -> None:
    with pytest.raises(SettingsError) as refused:
        read_directions(table)
    assert refused.value.key in {"bad_direction", "no_directions"}
