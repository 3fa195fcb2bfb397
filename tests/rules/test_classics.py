"""Reading the library of classics and the list of tasks: what is in them, and what a wrong one is told."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from bot.app import load_directions
from bot.errors import SettingsError
from bot.models import FOUNDATIONS, Classic, Experiment, SourceTask, Step
from bot.rules.classics import read_classics
from bot.rules.tasks import Tasks, read_tasks

CONFIG = Path(__file__).parents[2] / "config"
BOTH = {"zh": "甲", "en": "A"}
CLASSIC = {"id": "1706.03762", "title": "A", "year": 2017, "shelf": "rag", "difficulty": 1, "after": [], "why": BOTH}
SOURCE = {"id": "s", "framework": "F", "slug": "rag", "where": "f.py", "minutes": 60, "question": BOTH, "change": BOTH}
STEPS = [{"minutes": 30, **BOTH}] * 4
EXPERIMENT = {"id": "e", "slug": "rag", "compute": "low", "needs": BOTH, "title": BOTH, "step": STEPS}


def table(name: str) -> dict:
    return tomllib.loads((CONFIG / name).read_text(encoding="utf-8"))


def without(entry: dict, key: str) -> dict:
    return {name: value for name, value in entry.items() if name != key}


# --- classics -----------------------------------------------------------------------------------------------------


def test_the_librarys_entries_become_classics() -> None:
    after = {**CLASSIC, "id": "2", "after": ["1706.03762"]}
    assert read_classics({"classic": [CLASSIC, after]}) == (
        Classic("1706.03762", "A", 2017, "rag", 1, (), BOTH),
        Classic("2", "A", 2017, "rag", 1, ("1706.03762",), BOTH),
    )
    assert read_classics({}) == ()


def test_every_direction_has_at_least_eight_classics_and_all_of_its_own() -> None:
    library = read_classics(table("classics.toml"))
    sizes = Counter(classic.shelf for classic in library)
    assert all(sizes[direction.slug] >= 8 for direction in load_directions())
    assert set(sizes) == {FOUNDATIONS, *(direction.slug for direction in load_directions())}
    assert {id_ for direction in load_directions() for id_ in direction.classics} <= {c.id for c in library}


@pytest.mark.parametrize(
    "entry",
    [*(without(CLASSIC, key) for key in CLASSIC if key != "after"), {**CLASSIC, "difficulty": 4},
     {**CLASSIC, "year": "last"}, {**CLASSIC, "why": {"zh": "甲"}}, {**CLASSIC, "why": "A"}, {**CLASSIC, "after": 1},
     "A"],
)  # fmt: skip
def test_a_wrong_classic_is_named_by_its_number(entry: object) -> None:
    with pytest.raises(SettingsError) as refused:
        read_classics({"classic": [CLASSIC, entry]})
    assert (refused.value.key, refused.value.values) == ("bad_classic", {"number": 2})


@pytest.mark.parametrize(
    ("entries", "key"),
    [
        ([CLASSIC, CLASSIC], "classic_twice"),
        ([{**CLASSIC, "after": ["1"]}], "classic_lacks"),
        ([{**CLASSIC, "after": ["2"]}, {**CLASSIC, "id": "2", "after": ["1706.03762"]}], "classics_in_circle"),
    ],
)
def test_classics_that_could_never_have_their_turn_are_refused(entries: list[dict], key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_classics({"classic": entries})
    assert refused.value.key == key
    assert "1706.03762" in str(refused.value)


# --- tasks --------------------------------------------------------------------------------------------------------


def test_the_lists_entries_become_tasks() -> None:
    assert read_tasks({"source": [SOURCE], "experiment": [EXPERIMENT]}) == Tasks(
        (SourceTask("s", "F", "rag", "f.py", BOTH, BOTH, 60),),
        (Experiment("e", "rag", BOTH, "low", BOTH, (Step(30, BOTH),) * 4),),
    )
    assert read_tasks({}) == Tasks()


def test_the_shipped_tasks_can_be_read() -> None:
    tasks = read_tasks(table("tasks.toml"))
    assert len(tasks.sources) >= 24
    assert len(tasks.experiments) >= 40
    slugs = {FOUNDATIONS, *(direction.slug for direction in load_directions())}
    assert {task.slug for task in (*tasks.sources, *tasks.experiments)} <= slugs


@pytest.mark.parametrize(
    ("lists", "place"),
    [
        *(({"source": [SOURCE, without(SOURCE, key)]}, "[[source]]") for key in SOURCE),
        *(({"experiment": [EXPERIMENT, without(EXPERIMENT, key)]}, "[[experiment]]") for key in EXPERIMENT),
        ({"source": [SOURCE, {**SOURCE, "minutes": 0}]}, "[[source]]"),
        ({"source": [SOURCE, {**SOURCE, "minutes": "60"}]}, "[[source]]"),
        ({"source": [SOURCE, "s"]}, "[[source]]"),
        ({"experiment": [EXPERIMENT, {**EXPERIMENT, "step": STEPS[:3]}]}, "[[experiment]]"),
        ({"experiment": [EXPERIMENT, {**EXPERIMENT, "step": [*STEPS[:3], {"minutes": 30}]}]}, "[[experiment]]"),
        ({"experiment": [EXPERIMENT, {**EXPERIMENT, "compute": "a cluster"}]}, "[[experiment]]"),
    ],
)
def test_a_wrong_task_is_named_by_its_place(lists: dict, place: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_tasks(lists)
    assert (refused.value.key, refused.value.values) == ("bad_task", {"place": place, "number": 2})


@pytest.mark.parametrize(
    "lists", [{"source": [SOURCE, SOURCE]}, {"source": [SOURCE], "experiment": [{**EXPERIMENT, "id": "s"}]}]
)
def test_an_id_names_one_task_in_both_lists(lists: dict) -> None:
    with pytest.raises(SettingsError) as refused:
        read_tasks(lists)
    assert (refused.value.key, refused.value.values) == ("task_twice", {"id": "s"})
