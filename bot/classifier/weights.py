"""The numbers that a classifier consists of, and the one file that they live in (npz, no pickle)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.classifier.arrays import write, zipped
from bot.classifier.compute import LEVELS, RULES
from bot.errors import ModelError

FORMAT = 2
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Weights:
    """A trained classifier. V terms, D directions, L = 3 compute levels, R rules; weights are log-odds.

    ``logits = bias + (unit tf-idf vector) @ term_weights``, and the probabilities are their logistic: calibration is
    folded in. The first D columns are directions, the last L compute levels; these add ``rule_weights`` of the rules
    that found a phrase.
    """

    slugs: tuple[str, ...]
    terms: tuple[str, ...]
    idf: Floats
    """(V,)"""
    term_weights: Floats
    """(V, D + L)"""
    bias: Floats
    """(D + L,)"""
    thresholds: Floats
    """(D,) probability from which a paper gets a direction."""
    digest_thresholds: Floats
    """(D,) probability from which a digest shows it."""
    rule_weights: Floats
    """(R, L)"""
    compute_thresholds: Floats
    """(L,)"""
    notes: dict[str, Any]
    """Where the numbers come from: the label file's hash, counts, why the thresholds are what they are."""


def to_bytes(weights: Weights) -> bytes:
    """The model file's content; equal weights give equal bytes.

    Term weights are kept as whole numbers from -127 to 127 with one step a column; see ``rounded``.
    """
    steps = _steps(weights.term_weights)
    arrays = {
        "format": np.array([FORMAT]),
        "names": _pack({"slugs": weights.slugs, "rules": [rule.name for rule in RULES], "notes": weights.notes}),
        "terms": np.frombuffer("\n".join(weights.terms).encode(), np.uint8),
        "idf": weights.idf,
        "steps": steps,
        "term_weights": np.rint(weights.term_weights / steps).astype(np.int8).T.copy(),
        "bias": weights.bias,
        "thresholds": np.stack([weights.thresholds, weights.digest_thresholds]),
        "rule_weights": weights.rule_weights,
        "compute_thresholds": weights.compute_thresholds,
    }
    return zipped(arrays)


def rounded(term_weights: NDArray[np.floating[Any]]) -> Floats:
    """The weights that the file can hold, nearest to these: what is measured is then what is shipped."""
    whole = term_weights.astype(np.float32)
    steps = _steps(whole)
    nearest: Floats = np.rint(whole / steps).astype(np.float32) * steps
    return nearest


def save(weights: Weights, path: Path) -> None:
    """Write the model file in one step: a reader finds the old one or the new one."""
    try:
        write(to_bytes(weights), path)
    except OSError as error:
        raise ModelError(f"the model cannot be written to {path}: {error}") from error


def load(path: Path) -> tuple[Weights, str]:
    """Read a model file, and its id; ModelError where it is missing, damaged or of another format."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if arrays["format"].tolist() != [FORMAT]:
                raise ModelError(f"{path} is a model of another format; run `qiaojin train` for a new one")
            weights = _from_arrays(arrays)
    except FileNotFoundError as error:
        raise ModelError(f"there is no model at {path}; run `qiaojin train` for one") from error
    except (OSError, ValueError, KeyError, EOFError, TypeError, zlib.error, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is not a readable model file: {error}") from error
    if not _fits(weights):
        raise ModelError(f"{path} is not a readable model file: its parts do not fit together")
    return weights, identity(content)


def identity(content: bytes) -> str:
    """Ten hexadecimal digits that change with any byte of a model file."""
    return hashlib.sha256(content).hexdigest()[:10]


def _from_arrays(arrays: Any) -> Weights:
    names = json.loads(arrays["names"].tobytes().decode())
    if names["rules"] != [rule.name for rule in RULES]:
        raise ValueError("it was trained with other rules for the compute level; run `qiaojin train`")
    terms = arrays["terms"].tobytes().decode()
    thresholds, digest_thresholds = arrays["thresholds"]
    return Weights(
        slugs=tuple(names["slugs"]),
        terms=tuple(terms.split("\n")) if terms else (),
        idf=arrays["idf"],
        term_weights=np.ascontiguousarray(arrays["term_weights"].T, np.float32) * arrays["steps"],
        bias=arrays["bias"],
        thresholds=thresholds,
        digest_thresholds=digest_thresholds,
        rule_weights=arrays["rule_weights"],
        compute_thresholds=arrays["compute_thresholds"],
        notes=names["notes"],
    )


def _fits(weights: Weights) -> bool:
    terms, directions, levels = len(weights.terms), len(weights.slugs), len(LEVELS)
    shapes = (
        (weights.idf, (terms,)),
        (weights.term_weights, (terms, directions + levels)),
        (weights.bias, (directions + levels,)),
        (weights.thresholds, (directions,)),
        (weights.digest_thresholds, (directions,)),
        (weights.rule_weights, (len(RULES), levels)),
        (weights.compute_thresholds, (levels,)),
    )
    return all(array.shape == shape and bool(np.isfinite(array).all()) for array, shape in shapes)


def _steps(term_weights: Floats) -> Floats:
    largest = np.abs(term_weights).max(axis=0, initial=0)
    return np.where(largest > 0, largest / np.float32(127), 1).astype(np.float32)


def _pack(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), np.uint8)
