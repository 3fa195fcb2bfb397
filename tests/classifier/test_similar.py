"""New directions without labels: they work from a description, better with phrases and examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.classifier.model import Classifier
from bot.classifier.similar import NewDirection, Similar
from bot.models import Judgement
from tests.classifier.papers import EVERYTHING, JAILBREAK, OFF_TOPIC, QUANTIZATION, VIDEO, Text

MODEL = Path(__file__).parents[2] / "config" / "model.npz"
TOKENIZERS = NewDirection(
    "tokenizers",
    "Tokenizers",
    "How text is cut into tokens: subword vocabularies, byte-level models, tokenization across languages.",
    ("tokenizer", "byte pair encoding", "byte-level"),
)
ON_TOKENIZERS = Text(
    "Cutting Words Fairly: Tokenizers for Forty Languages",
    "A tokenizer trained mostly on English cuts other languages into more tokens. We train byte-pair encoding "
    "vocabularies on balanced text, compare them with byte-level models, and halve the gap in tokens a word.",
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(MODEL)


def test_a_paper_of_the_new_direction_is_found_and_others_are_not(classifier: Classifier) -> None:
    found, *others = Similar(classifier, [TOKENIZERS]).judge([ON_TOKENIZERS, *EVERYTHING])
    assert [one.slug for one in found.directions] == ["tokenizers"]
    assert found.scores == {"tokenizers": found.directions[0].probability}
    assert all(other.directions == () for other in others)


def test_the_evidence_quotes_phrases_of_the_paper(classifier: Classifier) -> None:
    [judgement] = Similar(classifier, [TOKENIZERS]).judge([ON_TOKENIZERS])
    [found] = judgement.directions
    told = [piece.term for piece in found.evidence]
    assert "Tokenizers" in told
    assert "byte-pair encoding" in told
    text = f"{ON_TOKENIZERS.title} {ON_TOKENIZERS.abstract}"
    assert all(term in text for term in told)


def test_examples_bring_papers_like_them_nearer(classifier: Classifier) -> None:
    vague = NewDirection("mine", "What I like")
    shown = NewDirection("mine", "What I like", examples=(QUANTIZATION,))
    other = Text("Rounding weights", "Low-bit quantization of language models with outlier channels kept apart.")
    [[before]] = Similar(classifier, [vague]).probabilities([other])
    [[after]] = Similar(classifier, [shown]).probabilities([other])
    assert after > before


def test_a_phrase_is_found_only_as_whole_words(classifier: Classifier) -> None:
    rag = NewDirection("rags", "Zzz", phrases=("rag",))
    [[inside]] = Similar(classifier, [rag]).probabilities([Text("Dragging fragments", "A storage.")])
    [[whole]] = Similar(classifier, [rag]).probabilities([Text("RAGs", "A storage.")])
    assert whole > inside


def test_several_new_directions_come_most_probable_first(classifier: Classifier) -> None:
    films = NewDirection("films", "Video", "Video understanding with language models: frames, clips.", ("video",))
    attacks = NewDirection("attacks", "Attacks", "Jailbreak attacks on language models, red teaming.", ("jailbreak",))
    both = Similar(classifier, [films, attacks])
    paper = Text(f"{VIDEO.title} and {JAILBREAK.title}", f"{VIDEO.abstract} {JAILBREAK.abstract}")
    chances = [one.probability for one in both.judge([paper])[0].directions]
    assert len(chances) == 2
    assert chances == sorted(chances, reverse=True)


def test_no_new_directions_and_no_papers_are_fine(classifier: Classifier) -> None:
    assert Similar(classifier, []).judge([OFF_TOPIC]) == [Judgement({})]
    assert Similar(classifier, [TOKENIZERS]).judge([]) == []


def test_odd_descriptions_do_no_harm(classifier: Classifier) -> None:
    odd = NewDirection("odd", "", "", ("", " ", "(", "大模型", "a*b"), (Text("", ""),))
    assert Similar(classifier, [odd]).judge([ON_TOKENIZERS])[0].directions == ()
