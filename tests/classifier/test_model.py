"""What the shipped model promises to the rest of the program."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classifier.labels import SLUGS
from bot.classifier.model import Classifier
from bot.errors import ModelError
from bot.models import FetchedPaper, Paper
from tests.classifier.papers import EVERYTHING, JAILBREAK, OFF_TOPIC, QUANTIZATION, VIDEO, Text

MODEL = Path(__file__).parents[2] / "config" / "model.npz"


@cache
def shipped() -> Classifier:
    return Classifier.load(MODEL)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return shipped()


def test_clear_papers_get_their_direction(classifier: Classifier) -> None:
    quantization, jailbreak, video, tides = classifier.judge(EVERYTHING)
    assert quantization.directions[0].slug == "compression"
    assert jailbreak.directions[0].slug == "safety"
    assert video.directions[0].slug == "video"
    assert tides.directions == ()


def test_scores_cover_the_twenty_directions_in_their_order(classifier: Classifier) -> None:
    [judgement] = classifier.judge([QUANTIZATION])
    assert classifier.slugs == SLUGS == tuple(judgement.scores)
    assert all(0 <= score <= 1 for score in judgement.scores.values())


def test_assignments_come_most_probable_first_and_pass_their_threshold(classifier: Classifier) -> None:
    for judgement in classifier.judge(EVERYTHING):
        probabilities = [one.probability for one in judgement.directions]
        assert probabilities == sorted(probabilities, reverse=True)
        for one in judgement.directions:
            assert one.probability == judgement.scores[one.slug]
            assert one.probability >= classifier.weights.thresholds[SLUGS.index(one.slug)]


def test_the_digest_is_never_easier_than_the_list(classifier: Classifier) -> None:
    assert (classifier.weights.digest_thresholds >= classifier.weights.thresholds).all()


def test_evidence_stands_in_the_paper(classifier: Classifier) -> None:
    for paper, judgement in zip(EVERYTHING, classifier.judge(EVERYTHING), strict=True):
        text = " ".join(f"{paper.title} {paper.abstract}".split())
        for one in judgement.directions:
            assert one.evidence
            assert all(piece.term in text and piece.weight > 0 for piece in one.evidence)


def test_evidence_is_as_long_as_asked(classifier: Classifier) -> None:
    assert len(classifier.judge([QUANTIZATION], evidence=2)[0].directions[0].evidence) == 2
    assert classifier.judge([QUANTIZATION], evidence=0)[0].directions[0].evidence == ()


def test_why_not_names_words_that_speak_against(classifier: Classifier) -> None:
    against = classifier.why_not(JAILBREAK, "video")
    assert against
    assert all(piece.weight < 0 for piece in against)


def test_both_kinds_of_paper_can_be_judged(classifier: Classifier) -> None:
    fetched = FetchedPaper("2601.00001", VIDEO.title, VIDEO.abstract, "arxiv-feed", categories=("cs.CV",))
    kept = Paper("2601.00001", 1, VIDEO.title, VIDEO.abstract, (), ("cs.CV",), date(2026, 1, 1))
    first, second = classifier.judge([fetched, kept])
    assert first == second


def test_a_batch_is_judged_like_its_papers_alone(classifier: Classifier) -> None:
    alone = [classifier.judge([paper])[0] for paper in EVERYTHING]
    for together, single in zip(classifier.judge([*EVERYTHING] * 80)[-len(EVERYTHING) :], alone, strict=True):
        assert np.allclose(list(together.scores.values()), list(single.scores.values()), atol=1e-9)
        assert [one.slug for one in together.directions] == [one.slug for one in single.directions]


def test_no_papers_no_judgements(classifier: Classifier) -> None:
    assert classifier.judge([]) == []


def test_an_empty_paper_has_no_direction(classifier: Classifier) -> None:
    assert classifier.judge([Text("", "")])[0].directions == ()


@pytest.mark.parametrize(
    "abstract",
    [
        "😀 language models 🚀",
        "\0language\0models",
        "大语言模型的量化研究",
        "naïve Poincaré",
        "ﬁne-tuning",
        "x" * 300_000,
        "-" * 999,
    ],
)
def test_odd_text_is_judged(classifier: Classifier, abstract: str) -> None:
    [judgement] = classifier.judge([Text(abstract[:80], abstract)])
    assert len(judgement.scores) == 20


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=400)), max_size=5))
def test_any_text_is_judged(texts: list[tuple[str, str]]) -> None:
    judgements = shipped().judge([Text(title, abstract) for title, abstract in texts])
    assert len(judgements) == len(texts)


def test_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no model at"):
        Classifier.load(tmp_path / "none.npz")


@pytest.mark.parametrize("keep", [0, 10, 1000, 0.5, 0.99])
def test_a_damaged_model_is_a_clear_error(tmp_path: Path, keep: float) -> None:
    content = MODEL.read_bytes()
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(content[: int(keep if keep >= 1 or not keep else keep * len(content))])
    with pytest.raises(ModelError, match="not a readable model file"):
        Classifier.load(damaged)


def test_loading_is_quick_and_needs_no_heavy_library() -> None:
    code = (
        "import sys, time; import numpy; from pathlib import Path; begin = time.process_time();"
        "from bot.classifier.model import Classifier;"
        f"classifier = Classifier.load(Path({str(MODEL)!r})); classifier.vocabulary;"
        "assert not {'sklearn', 'scipy'} & set(sys.modules), 'a heavy import';"
        "print(time.process_time() - begin)"
    )
    seconds = [_run(code) for _ in range(3)]
    assert min(seconds) < 0.3


def _run(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=MODEL.parents[1]
    )
    return float(done.stdout)


def test_the_model_file_is_small() -> None:
    assert MODEL.stat().st_size <= 6_000_000


def test_two_hundred_papers_take_no_time(classifier: Classifier) -> None:
    begin = time.process_time()
    classifier.judge([*EVERYTHING, OFF_TOPIC] * 40)
    assert time.process_time() - begin < 2
