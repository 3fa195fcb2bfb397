"""Questions to source code, and small experiments, as ``config/tasks.toml`` lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import SettingsError
from bot.models import Experiment, SourceTask, Step

STEPS = 4
"""Choose, minimal run, extend, write up."""
COMPUTE = ("low", "medium")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tasks:
    """Both lists of the file, in its order."""

    sources: tuple[SourceTask, ...] = ()
    experiments: tuple[Experiment, ...] = ()


def read_tasks(table: Mapping[str, Any]) -> Tasks:
    """The ``[[source]]`` and ``[[experiment]]`` tables; raises SettingsError that names the one that is wrong."""
    tasks = Tasks(
        sources=tuple(each(table.get("source", []), "[[source]]", source)),
        experiments=tuple(each(table.get("experiment", []), "[[experiment]]", experiment)),
    )
    refuse_twins([*(task.id for task in tasks.sources), *(task.id for task in tasks.experiments)])
    return tasks


def each(entries: Iterable[Any], place: str, read: Callable[[Any], T]) -> Iterable[T]:
    for number, entry in enumerate(entries, start=1):
        try:
            yield read(entry)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SettingsError("tasks.toml: {place} number {number}", key="bad_task",
                                place=place, number=number) from error  # fmt: skip


def source(entry: Mapping[str, Any]) -> SourceTask:
    return SourceTask(
        id=str(entry["id"]),
        framework=str(entry["framework"]),
        slug=str(entry["slug"]),
        where=str(entry["where"]),
        question=both(entry["question"]),
        change=both(entry["change"]),
        minutes=minutes(entry["minutes"]),
    )


def experiment(entry: Mapping[str, Any]) -> Experiment:
    """Raises ValueError where there are not four steps, or for a compute level that is none."""
    steps = tuple(Step(minutes(step["minutes"]), both(step)) for step in entry["step"])
    if len(steps) != STEPS:
        raise ValueError(f"{len(steps)} steps")
    return Experiment(
        id=str(entry["id"]),
        slug=str(entry["slug"]),
        title=both(entry["title"]),
        compute=COMPUTE[COMPUTE.index(entry["compute"])],
        needs=both(entry["needs"]),
        steps=steps,
    )


def both(texts: Mapping[str, Any]) -> dict[str, str]:
    return {"zh": str(texts["zh"]), "en": str(texts["en"])}


def minutes(value: object) -> int:
    """Raises ValueError for less than one."""
    if not isinstance(value, int) or value < 1:
        raise ValueError(f"{value} minutes")
    return value


def refuse_twins(ids: Iterable[str]) -> None:
    """An id names one thing in the whole plan, so none may stand there twice, in whichever list."""
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise SettingsError("tasks.toml: {id} stands there twice", key="task_twice", id=id_)
        seen.add(id_)
