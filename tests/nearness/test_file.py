"""The file of numbers: what is shipped, what is damaged, and what training makes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from bot.app import load_terms
from bot.errors import ModelError
from bot.nearness import Nearness
from bot.nearness.file import load, save, to_bytes
from bot.nearness.train import train
from bot.rules.terms import Terms
from bot.settings import configured
from tests.nearness.papers import SHELF, engine, paper

SHIPPED = configured("nearness.npz")


def test_what_is_shipped_is_small() -> None:
    assert SHIPPED.stat().st_size < 6_000_000


def test_it_is_written_as_it_was_read(tmp_path: Path) -> None:
    numbers, id_ = load(SHIPPED)
    save(numbers, tmp_path / "copy.npz")
    assert load(tmp_path / "copy.npz")[1] == id_ == engine().id


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no file"):
        Nearness.load(tmp_path / "none.npz", load_terms())


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    for name, content in (("cut", SHIPPED.read_bytes()[:100_000]), ("empty", b""), ("text", b"not numbers")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ModelError, match="not readable"):
            Nearness.load(tmp_path / name, load_terms())


def test_parts_that_do_not_fit_together_are_told(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.npz"
    with zipfile.ZipFile(SHIPPED) as whole, zipfile.ZipFile(wrong, "w") as other:
        for name in whole.namelist():
            other.writestr(name, whole.read("pairs.npy" if name == "idf.npy" else name))
    with pytest.raises(ModelError, match="do not fit"):
        load(wrong)


def test_it_cannot_be_written_where_nothing_can(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be written"):
        save(load(SHIPPED)[0], tmp_path / "nowhere" / "copy.npz")


def corpus() -> list:  # type: ignore[type-arg]
    """Three hundred papers of six kinds, in words that vary."""
    rng = np.random.default_rng(1)
    found = []
    for number in range(302):
        kind = SHELF[number % len(SHELF)]
        words = kind.abstract.split()
        some = " ".join(words[at] for at in sorted(rng.choice(len(words), len(words) * 2 // 3, replace=False)))
        found.append(paper(str(number), kind.title, f"{some} Variant {number % 97}."))
    return found


def test_training_gives_the_same_bytes_for_the_same_papers() -> None:
    papers = corpus()
    assert to_bytes(train(papers, papers)) == to_bytes(train(papers, papers))


def test_what_was_trained_tells_kinds_of_papers_apart() -> None:
    papers = corpus()
    numbers = train(papers, papers)
    fresh = Nearness(numbers, "fresh", Terms())
    places = fresh.vectors(SHELF).astype(int)
    likeness = places @ places.T
    assert (likeness.argmax(axis=1) == np.arange(len(SHELF))).all()


def test_too_few_papers_are_told() -> None:
    with pytest.raises(ModelError, match="training needs"):
        train(SHELF, SHELF)
