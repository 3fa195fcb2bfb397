"""Training and evaluation on a small made-up world: each direction has words of its own."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.classifier import evaluate as evaluation
from bot.classifier import labels as label_file
from bot.classifier.evaluate import GoldPaper, average_precision, cross_validate, evaluate, read_gold
from bot.classifier.labels import SLUGS, Label
from bot.classifier.model import Classifier
from bot.classifier.train import train
from bot.classifier.weights import Weights, load, save, to_bytes
from bot.errors import ModelError, UsageError
from tests.classifier.papers import Text

SHARED = Path(__file__).parents[3] / "shared" / "data" / "gold.jsonl.gz"
MODEL = Path(__file__).parents[2] / "config" / "model.npz"
WORDS = "model result data paper show large small strong simple new learn test word sentence number table"
FILLER = WORDS.split()


def world() -> tuple[list[Label], dict[str, Text]]:
    """240 gold papers, 20 unlabelled ones; a paper of a direction says the direction's two made-up words."""
    random = np.random.default_rng(7)
    labels, texts = [], {}
    for number in range(260):
        slugs = tuple(SLUGS[one] for one in sorted({number % 20, (number * 7) % 20})) if number % 4 else ()
        words = [f"{slug.replace('-', '')}{end}" for slug in slugs for end in ("ology", "ics")]
        level = ("low", "medium")[number % 2]
        cost = "training-free" if level == "low" else "fine-tuned 7B"
        text = " ".join([*random.choice(FILLER, 12), *words, cost])
        texts[f"2601.{number:05}"] = Text(f"On {words[0] if words else 'nothing'}", text)
        if number < 240:
            day = "2026-01-05" if number < 60 else ""
            labels.append(Label(f"2601.{number:05}", slugs, level if slugs else "", "gold", day))
    return labels, texts


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Text], Weights]:
    labels, texts = world()
    path = tmp_path_factory.mktemp("train") / "labels.csv"
    label_file.write(labels, path)
    return path, texts, train(path, texts)


def test_the_same_labels_and_texts_give_the_same_bytes(small: tuple[Path, dict[str, Text], Weights]) -> None:
    path, texts, weights = small
    shuffled = dict(sorted(texts.items(), reverse=True))
    assert to_bytes(train(path, shuffled)) == to_bytes(weights)


def test_a_trained_model_finds_the_directions_again(small: tuple[Path, dict[str, Text], Weights]) -> None:
    path, texts, weights = small
    rows = [evaluation.with_text(label, texts[label.id]) for label in label_file.read(path)]
    report = evaluate(Classifier(weights), rows)
    assert report.mean_average_precision > 0.9
    assert report.compute_macro_f1 > 0.8
    assert report.digest is not None


def test_a_saved_model_judges_as_before(small: tuple[Path, dict[str, Text], Weights], tmp_path: Path) -> None:
    _, texts, weights = small
    save(weights, tmp_path / "model.npz")
    again, id_ = load(tmp_path / "model.npz")
    papers = list(texts.values())[:50]
    assert Classifier(again, id_).judge(papers) == Classifier(weights).judge(papers)
    assert id_ == Classifier(weights).id
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_the_id_changes_with_the_model(small: tuple[Path, dict[str, Text], Weights]) -> None:
    _, _, weights = small
    other = replace(weights, thresholds=weights.thresholds + np.float32(0.01))
    assert Classifier(weights).id != Classifier(other).id


def test_cross_validation_judges_every_gold_paper_once(small: tuple[Path, dict[str, Text], Weights]) -> None:
    path, texts, _ = small
    result = cross_validate(path, texts, count=3)
    assert result.pooled.papers == 240
    assert sum(report.papers for report in result.folds) == 240
    mean, deviation = result.spread("mean_average_precision")
    assert 0.5 < mean <= 1
    assert deviation >= 0


def test_too_few_texts_are_a_clear_error(small: tuple[Path, dict[str, Text], Weights]) -> None:
    path, texts, _ = small
    with pytest.raises(ModelError, match="only 5 labelled papers have a text"):
        train(path, dict(list(texts.items())[:5]))


def test_a_model_of_other_rules_is_refused(
    small: tuple[Path, dict[str, Text], Weights], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(small[2], tmp_path / "model.npz")
    monkeypatch.setattr("bot.classifier.weights.RULES", ())
    with pytest.raises(ModelError, match="other rules"):
        load(tmp_path / "model.npz")


def test_average_precision_is_the_mean_over_the_papers_that_belong() -> None:
    assert average_precision(np.array([True, False, True, False])) == pytest.approx((1 + 2 / 3) / 2)


def test_a_direction_without_papers_is_left_out_of_the_means() -> None:
    gold = [GoldPaper("2601.00001", "Jailbreak attacks", "A jailbreak attack on language models.", ("safety",), "low")]
    report = evaluate(Classifier.load(MODEL), gold)
    assert report.mean_average_precision == 1.0
    assert [one.name for one in report.directions if one.average_precision is not None] == ["safety"]
    assert json.dumps(evaluation.as_json(report))


GOLD = {"id": "2601.00001", "title": "T", "abstract": "A", "directions": ["rag"], "compute": None, "whole_day": True}


def test_gold_is_read_gzipped_or_plain(tmp_path: Path) -> None:
    plain, packed = tmp_path / "gold.jsonl", tmp_path / "gold.jsonl.gz"
    plain.write_text(json.dumps(GOLD) + "\n\n")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_gold(plain) == read_gold(packed)
    assert read_gold(plain)[0].whole_day


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: not a JSON object"),
        ("[]", "line 2: not a JSON object"),
        (json.dumps({**GOLD, "directions": ["ragg"]}), "'ragg' is no direction"),
        (json.dumps({**GOLD, "compute": "L"}), "compute level 'L'"),
        (json.dumps({**GOLD, "title": 3}), "title should be text"),
        ('{"id": "2601.1"}', "directions is missing"),
    ],
)
def test_a_wrong_gold_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD) + "\n" + line + "\n")
    with pytest.raises(UsageError, match=complaint):
        read_gold(path)


def test_gold_that_is_no_gzip_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    path.write_text("plain")
    with pytest.raises(UsageError, match="cannot be read"):
        read_gold(path)


def test_an_empty_gold_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n")
    with pytest.raises(UsageError, match="holds no papers"):
        read_gold(tmp_path / "gold.jsonl")


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not there: no gold papers to read")
def test_the_shared_gold_is_in_the_shipped_labels_as_it_was_judged() -> None:
    shipped = {label.id: label for label in label_file.read(MODEL.with_name("labels.csv"))}
    for paper in read_gold(SHARED):
        assert set(shipped[paper.id].directions) == set(paper.directions)
        assert shipped[paper.id].compute == paper.compute
        assert bool(shipped[paper.id].day) == paper.whole_day


def test_papers_that_training_saw_are_known(small: tuple[Path, dict[str, Text], Weights]) -> None:
    path, texts, _ = small
    rows = [GoldPaper(id_, "T", "A", ()) for id_ in list(texts)[238:242]]
    assert len(evaluation.seen_in_training(path, rows)) == 2
