"""What could come next of each kind, most wanted first: never what is settled, nor what stands in a week already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.models import (
    FOUNDATIONS,
    Classic,
    Experiment,
    Habits,
    Item,
    ItemKind,
    Progress,
    SourceTask,
    Stock,
    StockIdea,
    StockPaper,
)
from bot.rules.reading.minutes import CLASSIC, IDEA_STEPS, PAPER, SMALL, at_pace, weekly_minutes


class Task(Protocol):
    """What is chosen by turns of the directions."""

    @property
    def id(self) -> str: ...
    @property
    def slug(self) -> str: ...


T = TypeVar("T", bound=Task)


def candidates(kind: ItemKind, habits: Habits, progress: Progress, stock: Stock) -> Iterator[Item]:
    """What of ``kind`` could come next, at the reader's pace; without number, day, or place in a week."""
    choosers = {
        ItemKind.CLASSIC: classics,
        ItemKind.PAPER: papers,
        ItemKind.SOURCE: sources,
        ItemKind.EXPERIMENT: experiments,
    }
    taken = progress.settled | progress.live
    for item in choosers[kind](habits, progress, stock):
        if item.id not in taken:
            yield at_pace(item, progress)


def under_way(kind: ItemKind, progress: Progress) -> dict[str, Item]:
    """The newest finished part, by id, of what has parts to come; what was worked on last first."""
    begun = reversed(progress.begun)
    return {item.id: item for item in begun if item.kind is kind and item.id not in progress.settled}


def papers(_habits: Habits, _progress: Progress, stock: Stock) -> Iterator[Item]:
    """What the reader saved, then the best of the new."""
    for paper in (*stock.saved, *stock.fresh):
        yield paper_item(paper)


def paper_item(paper: StockPaper) -> Item:
    return Item(0, ItemKind.PAPER, paper.id, paper.title, PAPER, PAPER, paper.slug)


def classics(habits: Habits, progress: Progress, stock: Stock) -> Iterator[Item]:
    """The second half of one that is under way; else, for each that is wanted, the first to be read before it."""
    known = {classic.id: classic for classic in stock.classics}
    begun = [item for item in under_way(ItemKind.CLASSIC, progress).values() if item.id in known]
    if begun:
        for item in begun:
            yield classic_item(known[item.id], item.part + 1, item.parts)
        return
    parts = 2 if weekly_minutes(habits, progress) < SMALL else 1
    for wanted in by_preference(habits, progress, stock.classics):
        yield classic_item(first_before(wanted, known, progress.settled), 1, parts)


def classic_item(classic: Classic, part: int, parts: int) -> Item:
    minutes = CLASSIC[classic.difficulty] // parts
    return Item(0, ItemKind.CLASSIC, classic.id, classic.title, minutes, minutes, classic.shelf,
                part=part, parts=parts)  # fmt: skip


def first_before(classic: Classic, known: Mapping[str, Classic], settled: frozenset[str]) -> Classic:
    """What is to be read before ``classic`` and waits for nothing itself; itself where nothing is lacking."""
    for before in classic.after:
        if before in known and before not in settled:
            return first_before(known[before], known, settled)
    return classic


def by_preference(habits: Habits, progress: Progress, library: Sequence[Classic]) -> list[Classic]:
    """Unsettled classics of the reader's shelves: the shelf least read first, and of it what suits the level."""
    weights = shelf_weights(habits)
    order = list(weights)
    read = Counter(classic.shelf for classic in library if classic.id in progress.settled)
    wanted = [c for c in library if c.shelf in weights and c.id not in progress.settled]

    def preference(classic: Classic) -> tuple[float, int, int]:
        """Shelves take turns by their weight; then the nearest difficulty; ties stay in the file's order."""
        turn = read[classic.shelf] / weights[classic.shelf]
        return turn, order.index(classic.shelf), abs(classic.difficulty - habits.level)

    if habits.level == 3:
        return sorted(wanted, key=lambda classic: (classic.shelf == FOUNDATIONS, preference(classic)))
    return sorted(wanted, key=preference)


def shelf_weights(habits: Habits) -> dict[str, int]:
    """How often each shelf has its turn: for a newcomer the foundations come every other time."""
    directions = dict.fromkeys(habits.directions, 1)
    if habits.level == 1:
        return {FOUNDATIONS: max(1, len(directions))} | directions
    return directions | {FOUNDATIONS: 1}


def sources(habits: Habits, progress: Progress, stock: Stock) -> Iterator[Item]:
    for task in by_turns(stock.sources, habits, progress):
        yield source_item(task)


def source_item(task: SourceTask) -> Item:
    title = f"{task.framework} · {task.where}"
    return Item(0, ItemKind.SOURCE, task.id, title, task.minutes, task.minutes, task.slug)


def experiments(habits: Habits, progress: Progress, stock: Stock) -> Iterator[Item]:
    """The step of an idea that is in its experiment and of what is under way; where there is neither, a new one."""
    begun = under_way(ItemKind.EXPERIMENT, progress)
    known = {experiment.id: experiment for experiment in stock.experiments}
    ideas = [idea for idea in stock.ideas if idea_id(idea) not in progress.settled]
    for idea in ideas:
        yield idea_item(idea, begun[idea_id(idea)].part + 1 if idea_id(idea) in begun else 1)
    open_ones = [(known[id_], item.part + 1) for id_, item in begun.items() if id_ in known]
    for experiment, part in open_ones:
        yield step_item(experiment, part, habits.language)
    if not ideas and not open_ones:
        for experiment in by_turns(stock.experiments, habits, progress):
            yield step_item(experiment, 1, habits.language)


def idea_id(idea: StockIdea) -> str:
    return f"idea-{idea.number}"


def idea_item(idea: StockIdea, part: int) -> Item:
    minutes = IDEA_STEPS[part - 1]
    return Item(0, ItemKind.EXPERIMENT, idea_id(idea), idea.title, minutes, minutes, idea.slug,
                part=part, parts=len(IDEA_STEPS), idea=idea.number)  # fmt: skip


def step_item(experiment: Experiment, part: int, language: str) -> Item:
    minutes = experiment.steps[part - 1].minutes
    title = experiment.title[language]
    return Item(0, ItemKind.EXPERIMENT, experiment.id, title, minutes, minutes, experiment.slug,
                part=part, parts=len(experiment.steps))  # fmt: skip


def by_turns(tasks: Sequence[T], habits: Habits, progress: Progress) -> list[T]:
    """The reader's directions first, the least tried of them first; then the foundations; then all the others."""
    tried = Counter(task.slug for task in tasks if task.id in progress.settled)

    def turn(task: T) -> tuple[int, int]:
        near = 0 if task.slug in habits.directions else 1 if task.slug == FOUNDATIONS else 2
        return near, tried[task.slug]

    return sorted(tasks, key=turn)
