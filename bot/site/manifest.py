"""What stands in a site's folder by our own hand: what need not be made again, and what may be removed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.errors import UsageError
from bot.site.files import write

NAME = ".qiaojin-site.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was built."""

    key: str
    """Of all that its papers' pages show; "" where they are not whole."""
    around: tuple[str, ...] = ()
    """The days before and after it, which its page links to."""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a site."""

    key: str = ""
    """Of templates, program and settings: what every page depends on."""
    days: dict[str, Day] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    """Paths of all files but those of papers."""


def read(folder: Path) -> Manifest:
    """What stands in ``folder``, which may be empty or not there yet; raises UsageError for one that is not ours."""
    try:
        if not folder.exists() or not any(folder.iterdir()):
            return Manifest()
        told = json.loads((folder / NAME).read_bytes())
        if told["format"] != FORMAT:
            return Manifest(pages=frozenset(told["pages"]))
        days = {day: Day(one["key"], tuple(one["around"]), tuple(one["ids"])) for day, one in told["days"].items()}
        return Manifest(told["key"], days, frozenset(told["pages"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError("{path} is not ours", key="site_foreign_folder", path=folder) from error
    except OSError as error:
        raise UsageError("cannot read {path}", key="unreadable", path=folder, why=error.strerror) from error


def save(folder: Path, manifest: Manifest) -> None:
    days = {day: asdict(one) for day, one in manifest.days.items()}
    told = {"format": FORMAT, "key": manifest.key, "days": days, "pages": sorted(manifest.pages)}
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / NAME, json.dumps(told, separators=(",", ":")).encode())


def under_way(old: Manifest, new: Manifest) -> Manifest:
    """What stands in the folder while ``new`` takes the place of ``old``: of either, and days that changed count as not
    whole, so that a build that is cut off is made good by the next."""
    days = dict(old.days)
    for day, built in new.days.items():
        before = old.days.get(day)
        same = before is not None and old.key == new.key and before.key == built.key
        days[day] = built if same else Day("", (), union(before.ids if before else (), built.ids))
    return Manifest(new.key, days, old.pages | new.pages)


def union(ids: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ids, *others)))
