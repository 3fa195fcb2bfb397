"""Papers in bulk for the other benchmarks: the 96,000 of ``../shared/data``, then as many as asked for made of them.

A made paper has a title of two halves and an abstract of sentences, each from a paper drawn at random, under an id that
arXiv has not given; one word in a hundred is replaced by one never seen, so that the vocabulary goes on growing as it
does in the world. The same count and seed give the same papers. A figure measured on them should say so.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data"

from bot.models import FetchedPaper  # noqa: E402
from bot.rules.sentences import sentences  # noqa: E402

FILES = ("archive/background.jsonl.gz", "papers/listed.jsonl.gz", "papers/2026-0?.jsonl.gz")
PAPERS_A_DAY, PAPERS_A_MONTH = 1_000, 20_000
TAKEN_APART = 20_000
"""Real papers whose sentences the made ones are put together from."""
UNSEEN = 0.01
"""Share of the words of made papers that stand nowhere else."""


def papers(count: int, seed: int = 7, folder: Path = SHARED) -> Iterator[FetchedPaper]:
    """``count`` different papers, oldest first: the real ones while there are any, then made ones."""
    real = sorted(distinct(folder), key=lambda paper: (paper.day or date.min, paper.id))
    yield from islice(real, count)
    if count > len(real):
        yield from made(count - len(real), real, random.Random(seed))


def distinct(folder: Path) -> list[FetchedPaper]:
    found: dict[str, FetchedPaper] = {}
    for path in (path for pattern in FILES for path in sorted(folder.glob(pattern))):
        with gzip.open(path) as lines:
            for line in lines:
                paper = told(json.loads(line))
                found.setdefault(paper.id, paper)
    return list(found.values())


def told(record: dict[str, object]) -> FetchedPaper:
    """A line of the data as if arXiv's API had said it."""
    submitted = datetime.fromisoformat(str(record["published"]))
    announced = record.get("announced")
    return FetchedPaper(
        id=str(record["id"]), title=str(record["title"]), abstract=str(record["abstract"]), source="arxiv-api",
        authors=tuple(record["authors"]), categories=tuple(record["categories"]),  # type: ignore[arg-type]
        day=date.fromisoformat(str(announced)) if announced else submitted.date() + timedelta(days=1),
        submitted=submitted, updated=submitted,
    )  # fmt: skip


def made(count: int, real: list[FetchedPaper], chance: random.Random) -> Iterator[FetchedPaper]:
    """``count`` papers put together from pieces of ``real``, following them in time."""
    first = max((paper.day for paper in real if paper.day), default=date(2026, 7, 3)) + timedelta(days=1)
    texts = [sentences(paper.abstract) for paper in chance.sample(real, min(TAKEN_APART, len(real))) if paper.abstract]
    for number in range(count):
        day = first + timedelta(days=number // PAPERS_A_DAY)
        month, place = divmod(number, PAPERS_A_MONTH)
        beginning, end, model = chance.choices(real, k=3)
        abstract = [chance.choice(text) for text in chance.choices(texts, k=len(chance.choice(texts)))]
        yield FetchedPaper(
            id=f"{2701 + month % 12 + month // 12 * 100}.{place:05d}",
            title=with_unseen(half(beginning.title, 0) + " " + half(end.title, 1), chance),
            abstract=with_unseen(" ".join(abstract), chance),
            source="arxiv-api", authors=model.authors, categories=model.categories,
            day=day, submitted=model.submitted, updated=model.submitted,
        )  # fmt: skip


def half(title: str, which: int) -> str:
    words = title.split()
    middle = (len(words) + 1) // 2
    return " ".join(words[middle:] if which else words[:middle])


def with_unseen(text: str, chance: random.Random) -> str:
    return " ".join(unseen(chance) if chance.random() < UNSEEN else word for word in text.split(" "))


def unseen(chance: random.Random) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9))


if __name__ == "__main__":
    for paper in papers(int(sys.argv[1])):
        print(paper.id, paper.title)
