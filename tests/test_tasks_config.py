"""The code-reading tasks and the experiments are complete, bilingual, and enough for every direction."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[1] / "config"
TEXT = (CONFIG / "tasks.toml").read_text(encoding="utf-8")
TASKS = tomllib.loads(TEXT)
SOURCES, EXPERIMENTS = TASKS["source"], TASKS["experiment"]
DIRECTIONS = tomllib.loads((CONFIG / "directions.toml").read_text(encoding="utf-8"))["direction"]
SLUGS = [direction["slug"] for direction in DIRECTIONS]
SOURCE_KEYS = ["id", "framework", "slug", "where", "minutes", "question", "change"]
EXPERIMENT_KEYS = ["id", "slug", "compute", "needs", "title", "step"]
CHINESE = r"[\u3400-\u9fff]"
LATIN = r"[A-Za-z0-9]"

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source["id"])
each_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment["id"])


def texts(task):
    """The bilingual texts of a source task or an experiment, its steps' included."""
    if "step" in task:
        return [task["needs"], task["title"], *({"zh": step["zh"], "en": step["en"]} for step in task["step"])]
    return [task["question"], task["change"]]


def spaced(chinese):
    """Whether Latin words and numbers stand apart from Chinese characters by a space."""
    return not re.search(f"{CHINESE}{LATIN}|({LATIN}|%){CHINESE}", chinese)


def repeated(values):
    return [value for value, count in Counter(values).items() if count > 1]


def test_keys_are_documented():
    header = TEXT.split("[[source]]\n")[0]
    assert all(re.search(rf"^#   {key}\b", header, re.MULTILINE) for key in {*SOURCE_KEYS, *EXPERIMENT_KEYS})


def test_there_are_enough_of_both():
    assert len(SOURCES) >= 28
    assert len(EXPERIMENTS) >= 44


def test_an_id_means_one_task():
    assert repeated(task["id"] for task in [*SOURCES, *EXPERIMENTS]) == []


@each_source
def test_form_of_a_source_task(source):
    assert list(source) == SOURCE_KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source["id"])
    assert source["slug"] in {"foundations", *SLUGS}
    assert source["framework"].strip()
    assert source["where"].isascii()
    assert 60 <= source["minutes"] <= 240


@each_source
def test_a_source_task_asks_a_question_and_proposes_a_change(source):
    assert source["question"]["zh"][-1] in "？。"
    assert source["question"]["en"][-1] in "?."
    assert "？" in source["question"]["zh"]
    assert "?" in source["question"]["en"]
    assert source["change"]["zh"].endswith("。")
    assert source["change"]["en"][-1] in ".?"


@each_experiment
def test_form_of_an_experiment(experiment):
    assert list(experiment) == EXPERIMENT_KEYS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", experiment["id"])
    assert experiment["slug"] in SLUGS
    assert experiment["compute"] in {"low", "medium"}


@each_experiment
def test_an_experiment_takes_four_steps(experiment):
    assert len(experiment["step"]) == 4
    assert all(list(step) == ["minutes", "zh", "en"] for step in experiment["step"])
    assert all(60 <= step["minutes"] <= 240 for step in experiment["step"])


@pytest.mark.parametrize("task", [*SOURCES, *EXPERIMENTS], ids=lambda task: task["id"])
def test_every_text_is_written_in_both_languages(task):
    for text in texts(task):
        assert set(text) == {"zh", "en"}
        assert re.search(CHINESE, text["zh"])
        assert not re.search(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]", text["en"])
        assert all(line == " ".join(line.split()) and line for line in text.values())


@pytest.mark.parametrize("task", [*SOURCES, *EXPERIMENTS], ids=lambda task: task["id"])
def test_chinese_is_set_as_the_project_sets_it(task):
    """A space between Chinese and Latin, and full-width marks after Chinese."""
    for text in texts(task):
        assert spaced(text["zh"])
        assert not re.search(rf"{CHINESE}[,.;:?!()]", text["zh"])


@pytest.mark.parametrize("task", [*SOURCES, *EXPERIMENTS], ids=lambda task: task["id"])
def test_a_text_fits_beside_others_in_one_message(task):
    assert all(len(text["zh"]) <= 140 and len(text["en"]) <= 260 for text in texts(task))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_stands_twice(language):
    assert repeated(text[language] for task in [*SOURCES, *EXPERIMENTS] for text in texts(task)) == []


def test_every_direction_has_source_tasks_and_two_experiments():
    sources, experiments = (Counter(task["slug"] for task in tasks) for tasks in (SOURCES, EXPERIMENTS))
    assert [slug for slug in ["foundations", *SLUGS] if not sources[slug]] == []
    assert [slug for slug in SLUGS if experiments[slug] < 2] == []


@pytest.mark.parametrize("tasks", [SOURCES, EXPERIMENTS], ids=["sources", "experiments"])
def test_tasks_stand_in_the_order_of_the_directions(tasks):
    positions = [["foundations", *SLUGS].index(task["slug"]) for task in tasks]
    assert positions == sorted(positions)


def test_what_a_direction_names_as_a_source_can_be_read():
    frameworks = " ".join(source["framework"] for source in SOURCES)
    assert [name for direction in DIRECTIONS for name in direction.get("sources", []) if name not in frameworks] == []
