"""The directions that the project ships are complete, bilingual and free of ambiguous names."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[1] / "config" / "directions.toml"
DIRECTIONS = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["direction"]
ORDER = [
    "data",
    "evaluation",
    "peft",
    "compression",
    "interpretability",
    "distillation",
    "architectures",
    "long-context",
    "safety",
    "extraction",
    "multimodal",
    "reasoning",
    "test-time",
    "simulation",
    "rag",
    "graph-rag",
    "agents",
    "icl",
    "inference",
    "video",
]
REQUIRED = {"slug", "name", "about", "aliases", "questions", "classics"}
OPTIONAL = {"experiment", "sources"}

each_direction = pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction["slug"])


def bilingual(text):
    """Whether a text is given in both languages, and its Chinese is Chinese."""
    return set(text) == {"zh", "en"} and text["en"].strip() and re.search(r"[\u4e00-\u9fff]", text["zh"])


def test_there_are_twenty_in_the_agreed_order():
    assert [direction["slug"] for direction in DIRECTIONS] == ORDER


@each_direction
def test_keys_are_the_documented_ones(direction):
    assert set(direction) >= REQUIRED
    assert set(direction) <= REQUIRED | OPTIONAL
    header = CONFIG.read_text(encoding="utf-8").split("[[direction]]\n")[0]
    assert all(re.search(rf"^#   {key}\b", header, re.MULTILINE) for key in direction)


@each_direction
def test_every_text_is_bilingual(direction):
    texts = [direction["name"], direction["about"], *direction["questions"]]
    assert all(bilingual(text) for text in [*texts, *([direction["experiment"]] if "experiment" in direction else [])])


@each_direction
def test_name_and_explanation_fit_a_button_screen(direction):
    assert len(direction["name"]["en"]) <= 32
    assert len(direction["name"]["zh"]) <= 16
    assert all(len(text) <= 120 and "\n" not in text for text in direction["about"].values())


@each_direction
def test_the_idea_bank_has_questions(direction):
    assert len(direction["questions"]) >= 3
    assert all(question["zh"].endswith("？") and question["en"].endswith("?") for question in direction["questions"])


@each_direction
def test_classics_are_arxiv_ids(direction):
    assert direction["classics"]
    assert len(direction["classics"]) == len(set(direction["classics"]))
    assert all(re.fullmatch(r"\d{4}\.\d{4,5}", paper_id) for paper_id in direction["classics"])


def test_a_name_means_one_direction():
    names = [
        name
        for direction in DIRECTIONS
        for name in {direction["slug"], *(n.lower() for n in direction["name"].values()), *direction["aliases"]}
    ]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@each_direction
def test_aliases_are_lower_case_and_in_both_languages(direction):
    aliases = direction["aliases"]
    assert len(aliases) == len(set(aliases))
    assert all(alias == alias.lower().strip() and alias for alias in aliases)
    assert any(alias.isascii() for alias in aliases)
    assert any(not alias.isascii() for alias in aliases)
