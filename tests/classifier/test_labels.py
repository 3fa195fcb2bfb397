"""The label file, and that the shipped model was made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.classifier import labels as label_file
from bot.classifier.labels import SLUGS, Label
from bot.classifier.model import Classifier
from bot.errors import ModelError

CONFIG = Path(__file__).parents[2] / "config"
HEADER = "id,directions,compute,kind,day\n"


def test_the_shipped_model_was_trained_with_the_shipped_labels() -> None:
    recorded = Classifier.load(CONFIG / "model.npz").weights.notes["labels_sha256"]
    assert recorded == label_file.fingerprint(CONFIG / "labels.csv")


def test_the_shipped_labels_are_sound_and_cover_every_direction() -> None:
    labels = label_file.read(CONFIG / "labels.csv")
    assert [label.id for label in labels] == sorted(label.id for label in labels)
    gold = [label for label in labels if label.kind == "gold"]
    for slug in SLUGS:
        assert sum(slug in label.directions for label in gold) >= 90


def test_the_order_of_directions_is_that_of_the_project() -> None:
    assert len(SLUGS) == 20
    assert SLUGS[0] == "data"
    assert SLUGS[-1] == "video"


def test_labels_survive_writing_and_reading(tmp_path: Path) -> None:
    labels = [Label("2601.00002", ("rag", "agents"), "low"), Label("2601.00003", (), "", "gold", "2026-01-05")]
    label_file.write(labels, tmp_path / "labels.csv")
    assert label_file.read(tmp_path / "labels.csv") == labels


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("2601.1,ragg,low,gold,", "line 2: 'ragg' is no direction"),
        ("2601.1,rag,lots,gold,", "compute level 'lots'"),
        ("2601.1,rag,low,silver,", "kind 'silver'"),
        (",rag,low,gold,", "there is no id"),
        ("2601.1,rag", "the line has too few fields"),
        ("2601.1,rag,low,gold,\n2601.1,rag,low,gold,", "line 3: it names a paper twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(HEADER + line + "\n")
    with pytest.raises(ModelError, match=complaint):
        label_file.read(path)


def test_another_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("paper,slug\n")
    with pytest.raises(ModelError, match="should begin with the line id,directions"):
        label_file.read(path)


def test_a_missing_label_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        label_file.read(tmp_path / "none.csv")
