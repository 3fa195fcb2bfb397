"""How good the classifier is, on papers whose directions are known; never on those that it was trained with.

gold rows → probabilities of each → per direction: average precision, precision at 5, F1 → means
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.classifier import labels as label_file
from bot.classifier.calibrate import expected_calibration_error
from bot.classifier.compute import LEVELS
from bot.classifier.labels import COMPUTE_LEVELS, SLUGS, Label
from bot.classifier.learn import FOLDS, folds
from bot.classifier.model import Classifier
from bot.classifier.similar import THRESHOLD, NewDirection, Similar
from bot.classifier.text import PaperText
from bot.errors import UsageError

Flags = NDArray[np.bool_]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GoldPaper:
    """A paper with the truth about it: a line of ``gold.jsonl``."""

    id: str
    title: str
    abstract: str
    directions: tuple[str, ...]
    """Complete: a direction that is not named is a "no"."""
    compute: str = ""
    """A compute level, or empty where nobody judged it."""
    whole_day: bool = False
    """Whether it belongs to an announcement day that was judged completely."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How one direction, or one compute level, did. None where no paper belongs to it, or nothing ranks it."""

    name: str
    support: int
    """Papers that belong to it."""
    precision: float
    recall: float
    f1: float
    average_precision: float | None = None
    precision_at_5: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A digest's share of right papers among those shown, and of those that belong the share that is shown."""

    papers: int
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Report:
    """What ``qiaojin evaluate`` says. Means are over directions that some paper belongs to."""

    papers: int
    directions: tuple[Quality, ...]
    compute: tuple[Quality, ...]
    """Over papers with a direction and a known level."""
    mean_average_precision: float
    mean_precision_at_5: float
    macro_f1: float
    micro_f1: float
    compute_macro_f1: float
    """Over low and medium."""
    calibration_error: float
    digest: Shown | None
    """On the papers of whole days; None where there are none."""
    new: tuple[Quality, ...] = ()
    """Directions without training data, found by likeness; in no mean."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Every gold paper judged by a model that did not see it."""

    pooled: Report
    """All papers together."""
    folds: tuple[Report, ...]

    def spread(self, figure: str) -> tuple[float, float]:
        """Mean and standard deviation over the folds of one of the report's means."""
        values = [getattr(report, figure) for report in self.folds]
        return fmean(values), pstdev(values)


def read_gold(path: Path, slugs: Sequence[str] = SLUGS) -> list[GoldPaper]:
    """The rows of a gold file (JSON lines, gzipped or not) of these directions; UsageError names the first bad line."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    rows = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            try:
                rows.append(_gold_paper(json.loads(line), slugs))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UsageError(f"{path}, line {number}: {_why(error)}") from error
    if not rows:
        raise UsageError(f"{path} holds no papers")
    return rows


def evaluate(classifier: Classifier, rows: Sequence[GoldPaper]) -> Report:
    """Judge gold papers and compare; UsageError where there are none."""
    if not rows:
        raise UsageError("there are no papers to evaluate on")
    return _report(rows, classifier.slugs, *_judged(classifier, rows))


def evaluate_new(
    classifier: Classifier, directions: Sequence[NewDirection], rows: Sequence[GoldPaper]
) -> list[Quality]:
    """How well likeness finds each direction that has no training data among the gold papers.

    Where no gold paper names it, its examples are the truth, each judged as if it were none of them.
    """
    return [_new_quality(classifier, direction, rows) for direction in directions]


def _new_quality(classifier: Classifier, direction: NewDirection, rows: Sequence[GoldPaper]) -> Quality:
    examples = {example.title for example in direction.examples}
    rows = [row for row in rows if row.title not in examples]
    truth = [direction.slug in row.directions for row in rows]
    chances = Similar(classifier, [direction]).probabilities(rows)[:, 0].tolist()
    if not any(truth):
        chances += [_as_if_unknown(classifier, direction, number) for number in range(len(direction.examples))]
        truth += [True] * len(direction.examples)
    found = np.array(chances)
    return quality(direction.slug, np.array(truth, bool), found >= THRESHOLD, found)


def _as_if_unknown(classifier: Classifier, direction: NewDirection, number: int) -> float:
    """How probable an example of a direction would be, were it none."""
    examples = direction.examples
    others = replace(direction, examples=(*examples[:number], *examples[number + 1 :]))
    return float(Similar(classifier, [others]).probabilities([examples[number]])[0, 0])


def seen_in_training(labels: Path, rows: Sequence[GoldPaper], slugs: Sequence[str] = SLUGS) -> set[str]:
    """Ids of the papers that a model trained on ``labels`` has seen: its figures on them say nothing."""
    return {row.id for row in rows} & {label.id for label in label_file.read(labels, slugs) if label.kind == "gold"}


def cross_validate(
    labels: Path, texts: Mapping[str, PaperText], slugs: Sequence[str] = SLUGS, *, count: int = FOLDS, seed: int = 0
) -> CrossValidation:
    """Train ``count`` times on all gold papers but a share, and judge that share, in the shipped directions.

    Calibration and thresholds are chosen inside each training, so their figures are honest too.
    """
    from bot.classifier.train import train_on

    known = [shipped(label) for label in label_file.read(labels, slugs) if label.id in texts]
    gold = [label for label in known if label.kind == "gold"]
    reports, judged = [], []
    for inside in folds(len(gold), count, seed):
        kept = {gold[row].id for row in inside}
        classifier = Classifier(train_on([label for label in known if label.id not in kept], texts), id="fold")
        rows = [with_text(gold[row], texts[gold[row].id]) for row in inside]
        judged.append((rows, *_judged(classifier, rows)))
        reports.append(_report(rows, classifier.slugs, *judged[-1][1:]))
    rows = [row for part in judged for row in part[0]]
    chances, listed, shown = (np.concatenate([part[place] for part in judged]) for place in (1, 2, 3))
    return CrossValidation(
        _report(rows, SLUGS, chances, listed, shown, [one for part in judged for one in part[4]]), tuple(reports)
    )


def shipped(label: Label) -> Label:
    """``label`` without directions of the user's own: a share of their papers may be too few to learn from."""
    return replace(label, directions=tuple(slug for slug in label.directions if slug in SLUGS))


def with_text(label: Label, text: PaperText) -> GoldPaper:
    """A label and the text of its paper as a gold row."""
    return GoldPaper(label.id, text.title, text.abstract, label.directions, label.compute, bool(label.day))


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain values, figures rounded to four digits."""
    rounded: dict[str, Any] = json.loads(json.dumps(asdict(report)), parse_float=lambda text: round(float(text), 4))
    return rounded


def _judged(classifier: Classifier, rows: Sequence[GoldPaper]) -> tuple[Array, Flags, Flags, list[str]]:
    chances = classifier.probabilities(rows)
    levels = [compute.level for compute in classifier.compute_levels(rows)]
    weights = classifier.weights
    return chances, chances >= weights.thresholds, chances >= weights.digest_thresholds, levels


def _report(
    rows: Sequence[GoldPaper], slugs: Sequence[str], chances: Array, listed: Flags, shown: Flags, levels: Sequence[str]
) -> Report:
    truth = np.array([[slug in row.directions for slug in slugs] for row in rows])
    directions = tuple(
        quality(slug, truth[:, column], listed[:, column], chances[:, column]) for column, slug in enumerate(slugs)
    )
    present = [one for one in directions if one.support]
    compute = _compute_quality(rows, levels)
    days = np.array([row.whole_day for row in rows])
    return Report(
        papers=len(rows),
        directions=directions,
        compute=compute,
        mean_average_precision=fmean([one.average_precision or 0.0 for one in present] or [0.0]),
        mean_precision_at_5=fmean([one.precision_at_5 or 0.0 for one in present] or [0.0]),
        macro_f1=fmean([one.f1 for one in present] or [0.0]),
        micro_f1=quality("", truth.ravel(), listed.ravel()).f1,
        compute_macro_f1=fmean(one.f1 for one in compute if one.name in ("low", "medium")),
        calibration_error=expected_calibration_error(chances, truth),
        digest=_shown(truth[days], shown[days]) if days.any() else None,
    )


def quality(name: str, truth: Flags, taken: Flags, chances: Array | None = None) -> Quality:
    """Precision, recall and F1 of what was taken; with probabilities, how well they rank too."""
    hits = int((truth & taken).sum())
    support, count = int(truth.sum()), int(taken.sum())
    ranked = chances is not None and support > 0
    order = np.argsort(-chances, kind="stable") if chances is not None else np.arange(0)
    return Quality(
        name=name,
        support=support,
        precision=hits / count if count else 0.0,
        recall=hits / support if support else 0.0,
        f1=2 * hits / (support + count) if support + count else 0.0,
        average_precision=average_precision(truth[order]) if ranked else None,
        precision_at_5=float(truth[order[:5]].mean()) if ranked else None,
    )


def average_precision(ranked: Flags) -> float:
    """Mean, over the papers that belong, of the precision down to each; ``ranked`` is the truth, best first."""
    hits = np.cumsum(ranked)
    return float((hits / np.arange(1, len(ranked) + 1))[ranked].mean())


def _compute_quality(rows: Sequence[GoldPaper], levels: Sequence[str]) -> tuple[Quality, ...]:
    judged = [(row.compute, level) for row, level in zip(rows, levels, strict=True) if row.compute and row.directions]
    truth, said = np.array(judged, dtype=str).reshape(-1, 2).T
    return tuple(quality(level, truth == level, said == level) for level in LEVELS)


def _shown(truth: Flags, shown: Flags) -> Shown:
    whole = quality("", truth.ravel(), shown.ravel())
    return Shown(len(truth), whole.precision, whole.recall)


def _gold_paper(row: Mapping[str, Any], slugs: Sequence[str]) -> GoldPaper:
    compute = row.get("compute") or ""
    if compute not in ("", *COMPUTE_LEVELS):
        raise ValueError(f"the compute level {compute!r} should be one of {', '.join(COMPUTE_LEVELS)}, or null")
    if unknown := [slug for slug in row["directions"] if slug not in slugs]:
        raise ValueError(f"{unknown[0]!r} is no direction; there are {', '.join(slugs)}")
    return GoldPaper(
        str(row["id"]), _text(row, "title"), _text(row, "abstract"), tuple(row["directions"]), compute,
        bool(row.get("whole_day")),
    )  # fmt: skip


def _text(row: Mapping[str, Any], field: str) -> str:
    if not isinstance(row[field], str):
        raise ValueError(f"{field} should be text")
    return str(row[field])


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return "not a JSON object" if isinstance(error, json.JSONDecodeError | TypeError | AttributeError) else str(error)
