"""Training and measuring: where the texts of labelled papers come from, and what is done with them.

labels | texts from files, from the database, from arXiv by id | train | model file
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.classifier import evaluate, weights
from bot.classifier import labels as label_file
from bot.classifier.evaluate import Report
from bot.classifier.text import PaperText
from bot.classifier.train import train
from bot.errors import UsageError
from bot.kit import Kit
from bot.models import SourceState
from bot.rules import jsonlines
from bot.rules.directions import Direction
from bot.sources import arxiv_api
from bot.store import papers

ASKED_AT_ONCE = 100
"""Ids in one request to arXiv; between two of them its pace is kept."""


def train_model(kit: Kit, labels: Path, files: Sequence[Path], output: Path) -> int:
    """Train on ``labels`` and write the model to ``output``; returns how many labelled papers had a text."""
    slugs = slugs_of(kit.directions)
    wanted = [label.id for label in label_file.read(labels, slugs)]
    texts = texts_for(kit, wanted, files)
    kit.progress("train", 0, 0)
    weights.save(train(labels, texts, slugs), output)
    return sum(id_ in texts for id_ in wanted)


def measure(kit: Kit, gold: Path, labels: Path) -> tuple[Report, int]:
    """How the classifier in use does on gold papers, and how many of these it was trained with."""
    slugs, judge = slugs_of(kit.directions), kit.judge()
    rows = evaluate.read_gold(gold, slugs)
    report = evaluate.evaluate(judge.classifier, rows)
    new = evaluate.evaluate_new(judge.classifier, judge.new, rows)
    return replace(report, new=tuple(new)), len(evaluate.seen_in_training(labels, rows, slugs))


def measure_anew(kit: Kit, gold: Path, labels: Path, files: Sequence[Path]) -> Report:
    """How classifiers do that are trained on ``labels`` without the papers that they then judge."""
    slugs = slugs_of(kit.directions)
    texts: dict[str, PaperText] = {id_: text for file in files for id_, text in texts_in(file).items()}
    texts |= {row.id: row for row in evaluate.read_gold(gold, slugs)}
    return evaluate.cross_validate(labels, texts, slugs).pooled


def slugs_of(directions: Sequence[Direction]) -> tuple[str, ...]:
    """The shipped directions, then the user's own: all that a label may name."""
    return tuple(dict.fromkeys((*label_file.SLUGS, *(known.slug for known in directions))))


def texts_for(kit: Kit, wanted: Sequence[str], files: Sequence[Path]) -> dict[str, PaperText]:
    """The texts of the papers in ``files``, and of those ``wanted`` ones that the database or else arXiv has."""
    texts: dict[str, PaperText] = {}
    for file in files:
        texts |= texts_in(file)
    with kit.store.read() as session:
        texts |= papers.by_id(session, [id_ for id_ in wanted if id_ not in texts])
    fetch_into(kit, texts, [id_ for id_ in wanted if id_ not in texts])
    return texts


def texts_in(file: Path) -> dict[str, PaperText]:
    """The papers of a file of JSON lines, gzipped or not, by id; UsageError names the first line that is wrong."""
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            return by_id(file, lines)
    except (OSError, EOFError) as error:
        raise UsageError("cannot read {path}", key="unreadable", path=file, why=error) from error


def by_id(file: Path, lines: Iterable[bytes]) -> dict[str, PaperText]:
    texts: dict[str, PaperText] = {}
    for batch in jsonlines.batches(lines):
        for complaint in batch.complaints:
            raise UsageError("{path}, line {number}", key="bad_paper_line", path=file, number=complaint.number)
        texts |= {record.id: record for record in batch.records if record.id}
    return texts


def fetch_into(kit: Kit, texts: dict[str, PaperText], ids: Sequence[str]) -> None:
    """Look papers up at arXiv and keep their texts; what arXiv does not give is trained without."""
    for start in range(0, len(ids), ASKED_AT_ONCE):
        kit.progress(arxiv_api.SOURCE, start, len(ids))
        chunk = ids[start : start + ASKED_AT_ONCE]
        fetched = arxiv_api.fetch_ids(kit.web, kit.settings.arxiv_api_url, chunk, gate=kit.arxiv_gate)
        texts |= {paper.id: paper for paper in fetched.papers}
        if fetched.state is SourceState.PARTIAL:
            return
