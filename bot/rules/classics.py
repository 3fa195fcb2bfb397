"""The library of classics, as ``config/classics.toml`` lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from bot.errors import SettingsError
from bot.models import Classic

DIFFICULTIES = (1, 2, 3)


def read_classics(table: Mapping[str, Any]) -> tuple[Classic, ...]:
    """The ``[[classic]]`` tables of the file, in its order; raises SettingsError that names the one that is wrong."""
    found: list[Classic] = []
    for number, entry in enumerate(table.get("classic", []), start=1):
        try:
            found.append(classic(entry))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SettingsError("classics.toml: entry {number}", key="bad_classic", number=number) from error
    refuse_twins(found)
    refuse_circles(found)
    return tuple(found)


def classic(entry: Mapping[str, Any]) -> Classic:
    """Raises ValueError for a difficulty that is none, KeyError and the like for what is lacking."""
    return Classic(
        id=str(entry["id"]),
        title=str(entry["title"]),
        year=int(entry["year"]),
        shelf=str(entry["shelf"]),
        difficulty=DIFFICULTIES[DIFFICULTIES.index(entry["difficulty"])],
        after=tuple(str(id_) for id_ in entry.get("after", ())),
        why={"zh": entry["why"]["zh"], "en": entry["why"]["en"]},
    )


def refuse_twins(classics: Sequence[Classic]) -> None:
    seen: set[str] = set()
    for known in classics:
        if known.id in seen:
            raise SettingsError("classics.toml: {id} stands there twice", key="classic_twice", id=known.id)
        seen.add(known.id)


def refuse_circles(classics: Sequence[Classic]) -> None:
    """Papers that wait for each other, or for one that is not there, would never have their turn."""
    known = {classic.id for classic in classics}
    for classic in classics:
        for before in classic.after:
            if before not in known:
                raise SettingsError("classics.toml: {id} waits for {before}, which is not there",
                                    key="classic_lacks", id=classic.id, before=before)  # fmt: skip
    try:
        TopologicalSorter({classic.id: classic.after for classic in classics}).prepare()
    except CycleError as error:
        raise SettingsError("classics.toml: {ids} wait for each other", key="classics_in_circle",
                            ids=", ".join(error.args[1])) from error  # fmt: skip
