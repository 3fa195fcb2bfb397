"""Trained directions and those of the user's own, judged together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.classifier.evaluate import GoldPaper, evaluate_new
from bot.classifier.judge import Judge
from bot.classifier.model import Classifier
from bot.classifier.similar import NewDirection
from tests.classifier.papers import EVERYTHING, OFF_TOPIC, QUANTIZATION, Text
from tests.classifier.test_similar import MODEL, ON_TOKENIZERS, TOKENIZERS

ON_GPU = Text(
    "Splitting Words by Bytes", "A tokenizer without a vocabulary: byte-level reading, trained on a single RTX 4090."
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load(MODEL)


@pytest.fixture(scope="module")
def judge(classifier: Classifier) -> Judge:
    return Judge(classifier, [TOKENIZERS])


def test_without_new_directions_it_is_the_classifier(classifier: Classifier) -> None:
    assert Judge(classifier).id == classifier.id
    assert Judge(classifier).judge(EVERYTHING) == classifier.judge(EVERYTHING)


def test_a_new_direction_stands_among_the_trained_ones_most_probable_first(judge: Judge) -> None:
    both = Text(f"{QUANTIZATION.title}; {ON_TOKENIZERS.title}", f"{QUANTIZATION.abstract} {ON_TOKENIZERS.abstract}")
    [judged] = judge.judge([both])
    assert {"compression", "tokenizers"} <= {one.slug for one in judged.directions}
    chances = [one.probability for one in judged.directions]
    assert chances == sorted(chances, reverse=True)
    assert len(judged.scores) == 21


def test_a_paper_of_a_new_direction_alone_has_its_compute_level_too(judge: Judge, classifier: Classifier) -> None:
    assert [one.compute.level for one in classifier.judge([ON_GPU])] == ["unknown"]
    [judged] = judge.judge([ON_GPU])
    assert [one.slug for one in judged.directions] == ["tokenizers"]
    assert judged.compute == classifier.compute_levels([ON_GPU])[0]


@pytest.mark.parametrize(
    "change", [{"phrases": ()}, {"name": "Words"}, {"description": "Of words."}, {"examples": (ON_TOKENIZERS,)}]
)
def test_papers_are_judged_again_when_a_description_changes(judge: Judge, change: dict[str, object]) -> None:
    other = Judge(judge.classifier, [replace(TOKENIZERS, **change)])
    assert other.id != judge.id
    assert Judge(judge.classifier, [TOKENIZERS]).id == judge.id


def test_a_doubt_names_words_of_the_paper_that_speak_against(judge: Judge) -> None:
    doubt = judge.doubt(OFF_TOPIC, "rag")
    assert not doubt.belongs
    assert doubt.verdict == "not"
    assert doubt.probability < 0.1
    assert doubt.against
    assert all(word.weight < 0 and word.term in OFF_TOPIC.title + OFF_TOPIC.abstract for word in doubt.against)


def test_a_doubt_about_where_a_paper_does_belong_says_so(judge: Judge) -> None:
    assert judge.doubt(QUANTIZATION, "compression").belongs
    assert judge.doubt(ON_TOKENIZERS, "tokenizers").verdict == "yes_wholly"
    assert judge.doubt(OFF_TOPIC, "tokenizers").verdict == "nothing_against"


# --- how well likeness works --------------------------------------------------------------------------------------


def gold(text: Text, *directions: str) -> GoldPaper:
    return GoldPaper(text.title[:20], text.title, text.abstract, directions)


def test_a_labelled_new_direction_is_measured_on_its_labels(classifier: Classifier) -> None:
    rows = [gold(ON_TOKENIZERS, "tokenizers"), *map(gold, EVERYTHING)]
    [found] = evaluate_new(classifier, [TOKENIZERS], rows)
    assert (found.name, found.support, found.average_precision, found.recall) == ("tokenizers", 1, 1.0, 1.0)


def test_one_without_labels_is_measured_on_its_examples_each_left_out(classifier: Classifier) -> None:
    shown = replace(TOKENIZERS, examples=(ON_TOKENIZERS, ON_GPU))
    [found] = evaluate_new(classifier, [shown], [gold(ON_TOKENIZERS), *map(gold, EVERYTHING)])
    assert (found.support, found.average_precision) == (2, 1.0)
    blind = NewDirection("tokenizers", "Zzz", examples=(ON_TOKENIZERS,))
    [unfounded] = evaluate_new(classifier, [blind], list(map(gold, EVERYTHING)))
    assert unfounded.recall == 0.0, "an example must not be found by itself"


def test_one_with_neither_labels_nor_examples_is_not_measured(classifier: Classifier) -> None:
    [found] = evaluate_new(classifier, [TOKENIZERS], list(map(gold, EVERYTHING)))
    assert (found.support, found.average_precision) == (0, None)
