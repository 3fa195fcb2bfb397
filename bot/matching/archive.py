"""The archive as the engine sees it: every paper's vector, kept in the store, and in memory for searching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

import numpy as np

from bot.kit import Kit
from bot.models import Judgement, Paper
from bot.models.ideas import Asked
from bot.models.tracking import Found
from bot.nearness import Archive, Nearness, Question
from bot.store import judgements, vectors
from bot.store.engine import Session

BATCH = 256
"""Papers whose vectors are made, and kept, at once."""
CANDIDATES = 300
"""Papers that the archive proposes and that are then read closely."""


@dataclass
class Memory:
    """What a running program keeps of the archive between two questions; whoever uses the archive holds ``lock``."""

    lock: Lock = field(default_factory=Lock)
    archive: Archive | None = None
    engine: str = ""
    """Whose vectors those of the archive are."""
    last: int = 0
    """Number of the newest paper in the archive."""
    questions: dict[Asked, Question] = field(default_factory=dict)
    """Of the last round, so that a text is analysed once."""


def fill(kit: Kit) -> None:
    """Make the vectors that are missing: of new papers, of changed ones, of all after a change of the engine."""
    engine = kit.nearness()
    with kit.store.read() as session:
        if vectors.are_whole(session, engine.id):
            return
    last = 0
    while True:
        kit.progress("vectors", 0, 0)
        with kit.store.read() as session:
            batch = vectors.lacking(session, engine.id, last, BATCH)
        if not batch:
            return
        last = batch[-1][0]
        rows = engine.vectors([paper for _, paper in batch])
        with kit.store.write() as session:
            vectors.keep(session, engine.id, zip((number for number, _ in batch), (row.tobytes() for row in rows), strict=True))  # noqa: E501  # fmt: skip


def search(
    kit: Kit, asked: Asked, since: date | None = None, until: date | None = None, limit: int = CANDIDATES
) -> Found:
    """The papers nearest to ``asked``, the graded ones first and each part best first."""
    engine = kit.nearness()
    question = engine.ask(asked)
    fill(kit)
    with kit.memory.lock:
        archive = remembered(kit, engine)
        numbers = archive.nearest(question, max(CANDIDATES, limit), since, until) if len(archive) else []
    with kit.store.read() as session:
        candidates = vectors.papers(session, numbers)
        judged = judged_of(session, candidates)
        covered = vectors.coverage(session, since, until)
    near = engine.grade(question, candidates, judged)
    best = [one for one in near if one.grade] + [one for one in near if not one.grade]
    return Found(tuple(best[:limit]), *covered)


def judged_of(session: Session, known: Iterable[Paper]) -> dict[str, Judgement]:
    """What the classifier says of papers, as the engine takes it: with the probabilities that the store keeps."""
    judged = judgements.by_id(session, [paper.id for paper in known])
    return {
        id_: replace(one, scores={found.slug: found.probability for found in one.directions})
        for id_, one in judged.items()
    }


def remembered(kit: Kit, engine: Nearness) -> Archive:
    """The archive in memory, with what came since it was last used."""
    memory = kit.memory
    if memory.archive is None or memory.engine != engine.id:
        memory.archive, memory.engine, memory.last = Archive(engine.width), engine.id, 0
    with kit.store.read() as session:
        new = vectors.above(session, engine.id, memory.last)
    if new:
        memory.archive.add(*columns(new, engine.width))
        memory.last = new[-1][0]
    return memory.archive


def columns(rows: Sequence[vectors.Row], width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers, days (as ordinals, 0 for none) and vectors."""
    numbers = np.fromiter((number for number, _, _ in rows), np.int64, len(rows))
    days = np.fromiter((day.toordinal() if day else 0 for _, day, _ in rows), np.int32, len(rows))
    return numbers, days, np.frombuffer(b"".join(vector for *_, vector in rows), np.int8).reshape(len(rows), width)


def questions(kit: Kit, texts: Iterable[Asked]) -> dict[Asked, Question]:
    """The questions of a round, each once; those that were asked in the last one are not analysed again."""
    engine, known = kit.nearness(), kit.memory.questions
    kit.memory.questions = {asked: known.get(asked) or engine.ask(asked) for asked in dict.fromkeys(texts)}
    return kit.memory.questions
