"""The readable path from a text to its terms, and the quick one that must agree with it."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classifier.batch import Vocabulary
from bot.classifier.model import Classifier
from bot.classifier.text import Document, PaperText, document, fold, singular, term_counts, terms
from tests.classifier.papers import EVERYTHING, QUANTIZATION, Text

MODEL = Path(__file__).parents[2] / "config" / "model.npz"


def names(text: str) -> list[str]:
    return [term for term, _ in terms(fold(text))]


def test_words_and_pairs_come_in_the_order_of_the_text() -> None:
    assert names("Pruned networks learn") == ["pruned", "network", "pruned network", "learn", "network learn"]


def test_a_pair_reaches_over_a_stop_word_and_not_over_punctuation() -> None:
    assert "chain thought" in names("chain of thought")
    assert "chain thought" not in names("chain. Thought")


def test_stop_words_and_single_letters_are_no_terms() -> None:
    assert names("It is the k of a model") == ["model"]


@pytest.mark.parametrize(
    ("plural", "form"),
    [("models", "model"), ("bias", "bias"), ("corpus", "corpus"), ("loss", "loss"), ("analysis", "analysis")],
)
def test_only_a_plural_loses_its_s(plural: str, form: str) -> None:
    assert singular(plural) == form


@pytest.mark.parametrize(
    ("text", "folded"), [("Poincaré", "Poincare"), ("ﬁne", "fine"), ("大模型", "???"), ("a—b", "a?b")]
)
def test_folding_keeps_letters_and_leaves_marks_for_the_rest(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_word_of_the_title_counts_as_three() -> None:
    counts = term_counts(document(Text("Quantization", "quantization of models")))
    assert counts["quantization"] == 4
    assert counts["model"] == 1


def reference_logits(classifier: Classifier, paper: PaperText) -> list[float]:
    """The logits of one paper, a dictionary and a loop at a time."""
    weights = classifier.weights
    numbers = {term: number for number, term in enumerate(weights.terms)}
    text = document(paper)
    unknown = sum(term not in numbers for term, _ in terms(text.text))
    counts = {term: count for term, count in term_counts(text).items() if term in numbers}
    values = {term: (1 + math.log(count)) * float(weights.idf[numbers[term]]) for term, count in counts.items()}
    squares = sum(value * value for value in values.values()) + unknown * max(weights.idf.tolist()) ** 2
    length = math.sqrt(squares) or 1.0
    logits = [float(bias) for bias in weights.bias[: len(weights.slugs)]]
    for term, value in values.items():
        for column in range(len(logits)):
            logits[column] += value / length * float(weights.term_weights[numbers[term], column])
    return logits


ODD = (
    Text("", ""),
    Text("Naïve Poincaré — “quoted”", "LoRA’s rank; KV‑cache. GPT-4o\x00and\nline ends, 大模型, 😀 models models"),
    Text("chain of thought", "Chain-of-thought prompting, chain (of) thought. " * 40),
)


def test_quick_and_readable_path_agree() -> None:
    classifier = Classifier.load(MODEL)
    papers = [*EVERYTHING, *ODD]
    quick = classifier.probabilities(papers)
    for row, paper in zip(quick, papers, strict=True):
        slow = 1 / (1 + np.exp(-np.array(reference_logits(classifier, paper))))
        assert np.abs(row - slow).max() < 1e-6


VOCABULARY = ("model", "language", "language model", "chain thought", "thought", "42", "zz", "lora rank", "rank")
PIECES = st.sampled_from(
    ["model", "Models", "language", "of", "chain", "thought", "LoRA", "rank", "zz", "42", "x", "the"]
)
GAPS = st.sampled_from([" ", "-", ". ", "\n", "  ", "/", "(", "é", "\x00", "\x15", "@", "`{", " -- ", " ., ", " (a) "])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.tuples(PIECES, GAPS), max_size=25), max_size=4))
def test_the_quick_path_finds_what_the_readable_one_does(texts: list[list[tuple[str, str]]]) -> None:
    folded = [fold("".join(word + gap for word, gap in text)) for text in texts]
    found = Vocabulary(VOCABULARY).find(folded)
    quick = Counter(zip(found.paper.tolist(), (VOCABULARY[number] for number in found.term), strict=True))
    slow = Counter((row, term) for row, text in enumerate(folded) for term, _ in terms(text) if term in VOCABULARY)
    assert quick == slow


def test_any_number_of_breaks_parts_two_words() -> None:
    for breaks in ("." * 256, "a. " * 256, "-" * 30 + "." + "-" * 30):
        found = Vocabulary(VOCABULARY).find([f"language {breaks} model, language {'-' * 60} model"])
        assert sorted(VOCABULARY[number] for number in found.term) == sorted(
            ["language", "model", "language", "model", "language model"]
        )


def test_an_empty_vocabulary_finds_nothing() -> None:
    assert len(Vocabulary(()).find(["some words here"]).term) == 0


def test_a_document_is_title_line_end_abstract() -> None:
    assert document(QUANTIZATION) == Document(f"{QUANTIZATION.title}\n{QUANTIZATION.abstract}", len(QUANTIZATION.title))
