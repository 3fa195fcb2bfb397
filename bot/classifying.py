"""``qiaojin classify``: papers as JSON lines in, what the classifier says of them as JSON lines out, in the same order.

    lines → chunks → on every core: read, judge, write → answers in the order of the lines

Few papers are judged in this process, so that they start at once; whoever brings more gets more processes. They share
the model of this one where the system can fork. What is under way is bounded, however long the input.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.classifier.model import Classifier, Scores
from bot.models import Assignment, Compute
from bot.rules import jsonlines
from bot.rules.export import compute_json
from bot.rules.jsonlines import Complaint, Record

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

Item = TypeVar("Item")
Made = TypeVar("Made")

CHUNK_BYTES = 1 << 20
ALONE = 2
"""Chunks for which no other process is started: a fork of this one takes as long as a hundred papers."""
MOST_WORKERS = 4
"""Each takes some 40 MB beside the model; more are not worth it."""
IN_FLIGHT = 2
"""Chunks a worker: one that it works on and one that waits."""

HOW = "fork" if sys.platform == "linux" else "spawn"
"""A fork has the model already; elsewhere each worker loads its own."""


class Chunk(NamedTuple):
    """Lines of the input that are judged together."""

    first: int
    """Number of the first line, counted from 1."""
    lines: list[bytes]


@dataclass
class Answer:
    """What is said to one chunk."""

    text: str = ""
    """A line of JSON for each paper."""
    papers: int = 0
    complaints: list[Complaint] = field(default_factory=list)


def answers(lines: Iterable[bytes], model: Path, workers: int | None = None) -> Generator[Answer, None, None]:
    """An answer a chunk, in order; close it where it is not read to its end. ModelError where there is no model.

    ``workers``: how many processes, else one a core.
    """
    pieces = chunks(lines)
    few = list(islice(pieces, ALONE + 1))
    count = min(cores(), MOST_WORKERS) if workers is None else workers
    if count > 1 and len(few) > ALONE:
        yield from answers_of_workers(chain(few, pieces), model, count)
    else:
        yield from (answer(model, chunk) for chunk in chain(few, pieces))


def answers_of_workers(pieces: Iterator[Chunk], model: Path, workers: int) -> Iterator[Answer]:
    """The same from other processes. They are gone when this ends, however it ends."""
    classifier(model).vocabulary  # noqa: B018 - made here once: a fork has it already
    yield from in_order(started(workers), partial(answer, model), pieces, workers * IN_FLIGHT)


def in_order(
    pool: ProcessPoolExecutor, work: Callable[[Item], Made], items: Iterable[Item], most: int
) -> Iterator[Made]:
    """What ``work`` makes of each item, in their order, at most ``most`` under way; ends the pool, however it ends."""
    waiting: deque[Future[Made]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            while waiting and (waiting[0].done() or len(waiting) >= most):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def started(workers: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(workers, multiprocessing.get_context(HOW), initializer=leave_with_parent)


def leave_with_parent() -> None:
    """In a worker: Ctrl-C is the parent's to answer, and where the parent is gone there is nothing left to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def chunks(lines: Iterable[bytes]) -> Iterator[Chunk]:
    """As many lines as are read together, or fewer where they are long."""
    held: list[bytes] = []
    size, number = 0, 0
    for number, line in enumerate(lines, start=1):
        held.append(line)
        size += len(line)
        if len(held) >= jsonlines.BATCH or size >= CHUNK_BYTES:
            yield Chunk(number - len(held) + 1, held)
            held, size = [], 0
    if held:
        yield Chunk(number - len(held) + 1, held)


@cache
def classifier(model: Path) -> Classifier:
    return Classifier.load(model)


def answer(model: Path, chunk: Chunk) -> Answer:
    """Read, judge and write the lines of one chunk."""
    told = Answer()
    for batch in jsonlines.batches(chunk.lines):
        told.text += "".join(written(classifier(model), batch.records))
        told.papers += len(batch.records)
        told.complaints += [replace(one, number=one.number + chunk.first - 1) for one in batch.complaints]
    return told


def written(judge: Classifier, records: Sequence[Record]) -> Iterator[str]:
    """The line of each paper: what ``export.judgement_json`` says, put together several times faster."""
    ids = (record.id for record in records)
    for judged in judge.judged(records):
        scores = scores_json(judge.slugs, judged.scores)
        yield from map(_line, scores, judged.directions, judged.compute, ids)  # ids last: the others end a batch


def _line(scores: str, directions: Sequence[Assignment], compute: Compute, id_: str | None) -> str:
    told = ", ".join([_assignment(one) for one in directions])
    level = _level(compute.level, compute.evidence)
    return f'{{"id": {_json(id_)}, "directions": [{told}], "scores": {scores}, "compute": {level}}}\n'


def _assignment(one: Assignment) -> str:
    told = [f'{{"term": {_json(piece.term)}, "weight": {piece.weight:.4f}}}' for piece in one.evidence]
    return f'{{"slug": {_json(one.slug)}, "probability": {one.probability:.4f}, "evidence": [{", ".join(told)}]}}'


@lru_cache(maxsize=1000)
def _level(level: str, evidence: str) -> str:
    return _json(compute_json(Compute(level, evidence)))


def scores_json(slugs: tuple[str, ...], scores: Scores) -> list[str]:
    """For each row of probabilities an object with six digits for each; their texts are equally long."""
    template, places = _template(slugs)
    texts = np.tile(template, (len(scores), 1))
    millionths = np.rint(scores * 1_000_000).astype(np.int32)
    thousands = millionths // 1000
    texts[:, places] = ord("0") + thousands // 1000
    texts[:, places[:, None] + np.arange(2, 5)] = _THREE_DIGITS.take(thousands % 1000, axis=0)
    texts[:, places[:, None] + np.arange(5, 8)] = _THREE_DIGITS.take(millionths - 1000 * thousands, axis=0)
    content, length = texts.tobytes(), texts.shape[1]
    return [content[begin : begin + length].decode() for begin in range(0, len(content), length)]


_THREE_DIGITS = np.array([list(b"%03d" % number) for number in range(1000)], np.uint8)


@cache
def _template(slugs: tuple[str, ...]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The object with all its digits 0, and where each of its numbers begins."""
    parts = [f"{_json(slug)}: 0.000000" for slug in slugs]
    places = np.cumsum([len(f"{part}, ".encode()) for part in parts]) + len("{") - len("0.000000, ")
    return np.frombuffer(f"{{{', '.join(parts)}}}".encode(), np.uint8), places


_json = json.JSONEncoder(ensure_ascii=False).encode
