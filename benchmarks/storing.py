"""How many papers a second are kept as the archive grows, on SQLite and on PostgreSQL.

    python benchmarks/storing.py [--count 300000] [--batch 1000] [--only sqlite|postgresql]

Each batch is one transaction, as one source's part of a day is: the papers are made ready, looked up, merged, written
and indexed. Parsing what a source sent, judging and drawing vectors are not in it; making the papers
(``many_papers.py``) is not timed. PostgreSQL is the one from the wheel, on the same machine, with its settings as they
come, or the server that ``QIAOJIN_TEST_POSTGRESQL`` names.

A quarter of an hour is long on a machine that others use too. To make papers ready touches no database: how long that
takes tells how quick the machine is at the moment, and the time in the database is told beside it as well. Exit status
1 where the last tenth is slower than 0.8 of the first so measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.many_papers import papers  # noqa: E402
from bot.store.engine import Store  # noqa: E402
from bot.store.papers import keep_told, told  # noqa: E402
from tests.databases import served  # noqa: E402

LEAST_RATIO = 0.8


class Cost(NamedTuple):
    """What keeping some papers took; processor time is that of this process, not of a server."""

    papers: int
    ready_seconds: float
    """For what is done before the transaction."""
    kept_seconds: float
    processor_seconds: float

    @property
    def rate(self) -> float:
        return self.papers / (self.ready_seconds + self.kept_seconds)

    @property
    def steady_rate(self) -> float:
        """Papers that the database takes while one is made ready: how quick the machine is does not matter."""
        return self.ready_seconds / self.kept_seconds


@contextmanager
def empty(kind: str) -> Iterator[Store]:
    """An empty database of this kind, on disk."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield Store(f"sqlite:///{folder}/qiaojin.sqlite3")
    else:
        with served(settings="") as server:
            yield Store(server.fresh_database("storing"))


def costs(store: Store, count: int, size: int) -> Iterator[Cost]:
    """Keep ``count`` papers, ``size`` of them in a transaction, and say what each batch cost."""
    source = papers(count)
    while batch := list(islice(source, size)):
        began, processor = time.perf_counter(), time.process_time()
        ready = told(batch)
        waiting = time.perf_counter()
        with store.write() as session:
            kept = keep_told(session, ready).new
        ended = time.perf_counter()
        yield Cost(kept, waiting - began, ended - waiting, time.process_time() - processor)


def tenths(all_costs: Sequence[Cost]) -> list[Cost]:
    bounds = [len(all_costs) * tenth // 10 for tenth in range(11)]
    parts = [all_costs[first:last] for first, last in pairwise(bounds)]
    return [Cost(*map(sum, zip(*part, strict=True))) for part in parts]


def measure(kind: str, count: int, size: int) -> float:
    """Print the rates of every tenth; return the last steady one beside the first."""
    with empty(kind) as store:
        parts = tenths(list(costs(store, count, size)))
        store.close()
    seconds = sum(part.ready_seconds + part.kept_seconds for part in parts)
    print(f"{kind}: {sum(part.papers for part in parts):,} papers in {seconds:.0f} s")
    print("  papers from   papers/s   ms of processor a paper   while one is made ready")
    first = 0
    for part in parts:
        processor = 1000 * part.processor_seconds / part.papers
        print(f"  {first:>11,} {part.rate:>10.0f} {processor:>25.2f} {part.steady_rate:>25.3f}")
        first += part.papers
    by_the_clock, ratio = parts[-1].rate / parts[0].rate, parts[-1].steady_rate / parts[0].steady_rate
    print(f"  last tenth / first: {by_the_clock:.2f} by the clock, {ratio:.2f} beside making ready\n", flush=True)
    return ratio


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--count", type=int, default=300_000)
    arguments.add_argument("--batch", type=int, default=1_000)
    arguments.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = arguments.parse_args()
    kinds = [asked.only] if asked.only else ["sqlite", "postgresql"]
    ratios = [measure(kind, asked.count, asked.batch) for kind in kinds]
    sys.exit(min(ratios) < LEAST_RATIO)
