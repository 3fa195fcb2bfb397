"""Named arrays as one file: npz without pickle, equal arrays in equal bytes, written in one step."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of every member of the file: a zip would else note the hour at which it was made."""


def zipped(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _TIME), member.getvalue(), zipfile.ZIP_DEFLATED, 9)
    return whole.getvalue()


def write(content: bytes, path: Path) -> None:
    """A reader finds the old file or the new one; raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
