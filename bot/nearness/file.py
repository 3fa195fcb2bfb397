"""The numbers that nearness is made of, and the one file that they live in (npz, no pickle)."""

from __future__ import annotations

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
from bot.classifier.weights import identity
from bot.errors import ModelError
from bot.nearness.lexicon import Floats, Held
from bot.nearness.space import Vectors

FORMAT = 1

_STEP = np.float32(255)
"""Steps of a value of the background, which is between 0 and 1."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """S stems, P pairs, T = S + P terms; F surfaces."""

    surfaces: tuple[str, ...]
    """(F,) words in the singular, folded."""
    stem_of: NDArray[np.uint16]
    """(F,) the stem of each surface."""
    pairs: NDArray[np.uint32]
    """(P,) sorted keys, see `lexicon.pair_keys`."""
    idf: Floats
    """(T,)"""
    vectors: Vectors
    """Each term's place in the latent space."""
    background: Held
    """Papers of an ordinary month: what a paper must be nearer than."""
    notes: dict[str, Any]
    """Where the numbers come from."""


def to_bytes(numbers: Numbers) -> bytes:
    """The file's content; equal numbers give equal bytes."""
    held = numbers.background
    arrays = {
        "format": np.array([FORMAT]),
        "notes": np.frombuffer(json.dumps(numbers.notes, sort_keys=True).encode(), np.uint8),
        "surfaces": np.frombuffer("\n".join(numbers.surfaces).encode(), np.uint8),
        "stem_of": numbers.stem_of,
        "pairs": numbers.pairs,
        "idf": numbers.idf,
        "steps": numbers.vectors.steps,
        "vectors": numbers.vectors.whole.T.copy(),
        "background_sizes": np.bincount(held.paper, minlength=held.papers).astype(np.uint16),
        "background_terms": held.term.astype(np.uint16),
        "background_values": np.ceil(held.value * _STEP).astype(np.uint8),
    }
    return zipped(arrays)


def save(numbers: Numbers, path: Path) -> None:
    """Write the file in one step: a reader finds the old one or the new one."""
    try:
        write(to_bytes(numbers), path)
    except OSError as error:
        raise ModelError(f"the numbers of nearness cannot be written to {path}: {error}") from error


def load(path: Path) -> tuple[Numbers, str]:
    """Read the file, and its id; ModelError where it is missing, damaged or of another format."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if arrays["format"].tolist() != [FORMAT]:
                raise ModelError(f"{path} is of another format; run `python benchmarks/make_nearness.py` for a new one")
            numbers = _from_arrays(arrays)
    except FileNotFoundError as error:
        raise ModelError(f"there is no file {path}, which nearness to ideas is computed from") from error
    except (OSError, ValueError, KeyError, EOFError, TypeError, zlib.error, zipfile.BadZipFile) as error:
        raise ModelError(f"{path} is not readable: {error}") from error
    if not _fits(numbers):
        raise ModelError(f"{path} is not readable: its parts do not fit together")
    return numbers, identity(content)


def _from_arrays(arrays: Any) -> Numbers:
    sizes = arrays["background_sizes"]
    return Numbers(
        surfaces=tuple(arrays["surfaces"].tobytes().decode().split("\n")),
        stem_of=arrays["stem_of"],
        pairs=arrays["pairs"],
        idf=arrays["idf"],
        vectors=Vectors(np.ascontiguousarray(arrays["vectors"].T), arrays["steps"]),
        background=Held(
            len(sizes),
            np.repeat(np.arange(len(sizes)), sizes),
            arrays["background_terms"].astype(np.int64),
            arrays["background_values"].astype(np.float32) / _STEP,
        ),
        notes=json.loads(arrays["notes"].tobytes().decode()),
    )


def _fits(numbers: Numbers) -> bool:
    stems = int(numbers.stem_of.max(initial=0)) + 1
    terms = stems + len(numbers.pairs)
    held = numbers.background
    return (
        len(numbers.surfaces) == len(numbers.stem_of)
        and numbers.idf.shape == (terms,)
        and numbers.vectors.whole.ndim == 2
        and len(numbers.vectors.whole) == terms
        and numbers.vectors.steps.shape == (terms,)
        and len(held.paper) == len(held.term) == len(held.value) > 0
        and int(held.term.max()) < terms
        and bool(np.isfinite(numbers.idf).all() and np.isfinite(numbers.vectors.steps).all())
    )
