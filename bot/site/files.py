"""Files of the site: written whole or not at all, left alone where nothing changed, removed where they fell out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Count(NamedTuple):
    """What became of some files."""

    written: int = 0
    kept: int = 0
    removed: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.written + other.written, self.kept + other.kept, self.removed + other.removed)


def write_all(folder: Path, files: Mapping[str, str]) -> Count:
    """Put each text under its path below ``folder``; raises OSError."""
    written = sum(write(folder / path, text.encode("utf-8", "replace")) for path, text in files.items())
    return Count(written, len(files) - written)


def write(path: Path, content: bytes) -> bool:
    """Whether ``path`` did not hold ``content`` already. Whoever reads it meanwhile sees the old or the new file."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    unfinished = f"{path}.{os.getpid()}.new"
    try:
        make(unfinished, content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        make(unfinished, content)
    os.replace(unfinished, path)
    return True


def make(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)


def remove_all(folder: Path, paths: Iterable[str]) -> Count:
    """Remove files of ours, and the folders that this leaves empty."""
    removed, parents = 0, set[Path]()
    for path in map(folder.joinpath, paths):
        with suppress(FileNotFoundError):
            path.unlink()
            removed += 1
        parents.add(path.parent)
    for parent in sorted(parents, key=lambda one: len(one.parts), reverse=True):
        with suppress(OSError):  # not empty, or gone with another
            parent.rmdir()
    return Count(removed=removed)
