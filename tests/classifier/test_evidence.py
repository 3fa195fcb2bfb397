"""The words that carried a direction: real ones, as the paper writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.classifier.evidence import PLAIN_WORDS, phrases_of, surface
from bot.classifier.model import Classifier
from bot.classifier.text import STOP_WORDS
from tests.classifier.papers import EVERYTHING, JAILBREAK, QUANTIZATION, Text

MODEL = Path(__file__).parents[2] / "config" / "model.npz"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(MODEL)


def test_no_evidence_is_a_stop_word_or_says_nothing_alone(classifier: Classifier) -> None:
    for judgement in classifier.judge(EVERYTHING, evidence=10):
        for one in judgement.directions:
            for piece in one.evidence:
                assert piece.term.lower() not in STOP_WORDS | PLAIN_WORDS


def test_no_evidence_is_half_a_word(classifier: Classifier) -> None:
    for paper, judgement in zip(EVERYTHING, classifier.judge(EVERYTHING, evidence=10), strict=True):
        text = " ".join(f"{paper.title} {paper.abstract}".split())
        for one in judgement.directions:
            for piece in one.evidence:
                assert re.search(rf"(?<![\w-]){re.escape(piece.term)}(?![\w-])", text)


def test_the_most_telling_words_come_first(classifier: Classifier) -> None:
    for judgement in classifier.judge(EVERYTHING):
        for one in judgement.directions:
            weights = [piece.weight for piece in one.evidence]
            assert weights == sorted(weights, reverse=True)


def test_evidence_names_the_subject(classifier: Classifier) -> None:
    [quantization] = classifier.judge([QUANTIZATION])
    told = " ".join(piece.term.lower() for piece in quantization.directions[0].evidence)
    assert "quantiz" in told


def test_no_word_is_told_twice(classifier: Classifier) -> None:
    [jailbreak] = classifier.judge([JAILBREAK], evidence=10)
    terms = [piece.term.lower() for piece in jailbreak.directions[0].evidence]
    assert len(terms) == len(set(terms))


def test_why_not_is_empty_for_a_paper_without_known_words(classifier: Classifier) -> None:
    assert classifier.why_not(Text("zzzz", "qqqq xxxx"), "rag") == ()


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("a few-shot prompt", "few", "few-shot"),
        ("with Qwen2.5-VL-7B here", "VL", "Qwen2.5-VL-7B"),
        ("It ends. Then more", "ends", "ends"),
        ("chain\nof  thought", "chain\nof  thought", "chain of thought"),
        ("pre- and post-training", "pre", "pre"),
    ],
)
def test_a_surface_is_a_whole_word(text: str, word: str, shown: str) -> None:
    begin = text.index(word)
    assert surface(text, begin, begin + len(word)) == shown


def test_a_phrase_takes_in_its_own_words() -> None:
    text = "speculative decoding drafts"
    pieces = [
        ("speculative", 1.0, 0, 11),
        ("speculative decoding", 2.0, 0, 20),
        ("decoding", 0.5, 12, 20),
        ("draft", 0.25, 21, 27),
    ]
    told = [(one.term, one.weight) for one in phrases_of(text, pieces, 5)]
    assert told == [("speculative decoding", 3.5), ("drafts", 0.25)]


def test_words_tied_together_are_one_piece_wherever_they_stand() -> None:
    pieces = [("shot", 1.0, 4, 8), ("few", 0.5, 0, 3), ("prompt", 0.25, 9, 15), ("draft", 0.1, 19, 25)]
    told = [(one.term, one.weight) for one in phrases_of("few-shot prompt of drafts", pieces, 5)]
    assert told == [("few-shot", 1.5), ("prompt", 0.25), ("drafts", 0.1)]
