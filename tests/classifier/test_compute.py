"""The compute level and the phrase that says so."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classifier.compute import RULES, decide, phrases, phrases_in, verdict
from bot.classifier.cues import AT_WORD_START, LONGEST, Cues
from bot.classifier.model import Classifier
from bot.classifier.text import document
from bot.models import Compute
from tests.classifier.papers import EVERYTHING, OFF_TOPIC, QUANTIZATION, VIDEO, Text

MODEL = Path(__file__).parents[2] / "config" / "model.npz"


def found(text: str) -> dict[str, str]:
    return {RULES[phrase.rule].name: phrase.text for phrase in phrases(text)}


@pytest.mark.parametrize(
    ("text", "rule", "phrase"),
    [
        ("Our method is training-free.", "no training", "training-free"),
        ("It works without any additional training.", "no training", "without any additional training"),
        ("We run on a single RTX 4090 GPU.", "one machine", "RTX"),
        ("a Qwen2.5-1.5B student", "up to 3B", "1.5B"),
        ("Llama-3 8B and 14B", "4B to 14B", "8B"),
        ("a 70B-parameter teacher", "30B and up", "70B"),
        ("1.2 trillion tokens", "trillions", "1.2 trillion tokens"),
        ("trained from scratch", "from scratch", "from scratch"),
        ("64 H100 GPUs", "many GPUs", "H100"),
        ("using GRPO", "reinforcement learning", "GRPO"),
        ("only API access", "API", "API"),
    ],
)
def test_rules_quote_the_paper(text: str, rule: str, phrase: str) -> None:
    assert found(text)[rule] == phrase


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("version 2.37B", "4B to 14B"),
        ("Web pages", "up to 3B"),
        ("a rapid start", "API"),
        ("curly braces", "reinforcement learning"),
    ],
)
def test_rules_do_not_mistake_look_alikes(text: str, rule: str) -> None:
    assert rule not in found(text)


CUES = sorted({cue.removeprefix(AT_WORD_START) for rule in RULES for cue in rule.cues})
WORDS = st.sampled_from(
    [*CUES, "We", "study", "a", "7B", "H100", "GPUs", "training", "0.5b", "RL", "-", "\n", "x" * 130]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(WORDS, st.sampled_from([" ", "", "-"])), max_size=20), max_size=4))
def test_many_texts_at_once_say_what_they_say_alone(texts: list[list[tuple[str, str]]]) -> None:
    joined = ["".join(word + gap for word, gap in text) for text in texts]
    joined += [document(paper).text for paper in EVERYTHING]
    assert phrases_in(joined) == [list(phrases(text)) for text in joined]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 40 + "t tokens", "9" * 30 + " gpus on 8 gpus", "0." + "5" * 30 + "b or 0.5b", "1.5." * 5 + "5 trillion",
        "gpu" + "-" * 28 + "h1000", "00 " + "x" * 26 + " h100x", "no retraining", "noretraining", "instruction-tuned",
    ],
)  # fmt: skip
def test_odd_numbers_are_read_alike_in_one_text_and_in_many(text: str) -> None:
    assert phrases_in([text, text]) == [list(phrases(text))] * 2


def test_cues_are_found_at_the_start_of_a_word_only_where_asked() -> None:
    found = Cues(["<rl", "00", "gpu"]).find(["rl, RLHF? world", "1000 rl_", "", "gpus gp", "multi-gpu"])
    told = list(zip(*(column.tolist() for column in found), strict=True))
    assert told == [(0, 0, 0), (1, 1, 1), (1, 2, 1), (1, 5, 0), (3, 0, 2), (4, 6, 2)]


def test_no_cue_begins_with_another() -> None:
    compared = {cue[:LONGEST] for cue in CUES}
    assert not [(one, other) for one in compared for other in compared if one != other and one.startswith(other)]


def test_no_texts_have_no_phrases() -> None:
    assert phrases_in([]) == []
    assert phrases_in(["", "a"]) == [[], []]


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_high_goes_before_low_and_low_before_medium() -> None:
    limits = (0.7, 0.3, 0.2)
    assert decide((0.8, 0.1, 0.1), limits) == "low"
    assert decide((0.5, 0.4, 0.1), limits) == "medium"
    assert decide((0.8, 0.4, 0.3), limits) == "high"
    assert decide((0.5, 0.2, 0.1), limits) == "unknown"


def test_an_unknown_level_quotes_nothing() -> None:
    assert verdict("unknown", list(phrases("training-free")), [[1.0] * 3] * len(RULES)) == Compute()


def test_a_paper_that_needs_no_training_is_low_and_says_why() -> None:
    classifier = Classifier.load(MODEL)
    quantization, video = (judgement.compute for judgement in classifier.judge([QUANTIZATION, VIDEO]))
    assert quantization.level == video.level == "low"
    assert video.evidence.lower() in ("training-free", "without training")


def test_a_paper_that_trains_a_large_model_is_not_low() -> None:
    paper = Text(
        "A Mixture-of-Experts Language Model at Scale",
        "We pre-train a 235B language model from scratch on 15 trillion tokens with a linear attention hybrid, on a "
        "cluster of 2,048 H100 GPUs.",
    )
    [level] = Classifier.load(MODEL).compute_levels([paper])
    assert level.level == "high"
    assert level.evidence in f"{paper.title} {paper.abstract}"


def test_a_paper_outside_all_directions_has_no_level() -> None:
    assert Classifier.load(MODEL).judge([OFF_TOPIC])[0].compute == Compute()


def test_hostile_text_is_read_quickly() -> None:
    begin = time.process_time()
    for text in ("without " * 2500, "no " * 6000, "we introduce a-b, a " * 900, "1." * 9000, "train" * 4000):
        phrases_in([text[:20_000]])
    assert time.process_time() - begin < 2
