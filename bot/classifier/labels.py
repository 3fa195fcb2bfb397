"""The label file: which paper belongs where, as facts (``config/labels.csv``)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ModelError

SLUGS = (
    "data", "evaluation", "peft", "compression", "interpretability", "distillation", "architectures", "long-context",
    "safety", "extraction", "multimodal", "reasoning", "test-time", "simulation", "rag", "graph-rag", "agents", "icl",
    "inference", "video",
)  # fmt: skip
"""The directions in the order that every table of the project keeps."""

COLUMNS = ("id", "directions", "compute", "kind", "day")
COMPUTE_LEVELS = ("low", "medium", "high", "unknown")
KINDS = ("gold", "weak")


@dataclass(frozen=True, slots=True)
class Label:
    """What is known of one paper.

    Gold: read and judged, so that a direction not named is a "no". Weak: it stands in a topic list, and a direction
    not named says nothing.
    """

    id: str
    directions: tuple[str, ...]
    compute: str = ""
    """A compute level, or empty where nobody judged it."""
    kind: str = "gold"
    day: str = ""
    """The announcement day, for papers of a day that was judged completely."""


def read(path: Path, slugs: Sequence[str] = SLUGS) -> list[Label]:
    """The labels of a file, of these directions; ModelError names the first line that is wrong."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the label file {path} cannot be read: {error}") from error
    rows = csv.DictReader(io.StringIO(content))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise ModelError(f"the label file {path} should begin with the line {','.join(COLUMNS)}")
    labels: dict[str, Label] = {}
    for row in rows:
        if None in row or None in row.values():
            raise ModelError(
                f"{path}, line {rows.line_num}: the line has too {'many' if None in row else 'few'} fields"
            )
        label = Label(row["id"], tuple(row["directions"].split()), row["compute"], row["kind"], row["day"])
        problem = "it names a paper twice" if label.id in labels else problem_of(label, slugs)
        if problem:
            raise ModelError(f"{path}, line {rows.line_num}: {problem}")
        labels[label.id] = label
    return list(labels.values())


def problem_of(label: Label, slugs: Sequence[str]) -> str:
    """What is wrong with a label, or an empty string."""
    if not label.id:
        return "there is no id"
    if unknown := [slug for slug in label.directions if slug not in slugs]:
        return f"{unknown[0]!r} is no direction; there are {', '.join(slugs)}"
    if label.kind not in KINDS:
        return f"the kind {label.kind!r} should be gold or weak"
    if label.compute and label.compute not in COMPUTE_LEVELS:
        return f"the compute level {label.compute!r} should be one of {', '.join(COMPUTE_LEVELS)}, or empty"
    return ""


def write(labels: list[Label], path: Path) -> None:
    """Write a label file, sorted by id."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in sorted(labels, key=lambda label: label.id):
        table.writerow([one.id, " ".join(one.directions), one.compute, one.kind, one.day])
    path.write_text(out.getvalue(), encoding="utf-8")


def fingerprint(path: Path) -> str:
    """SHA-256 of the label file, as the model file records it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
