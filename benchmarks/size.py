"""How much room a year takes: 120,000 papers and 1,000 readers, measured on a part of it and extrapolated.

    python benchmarks/size.py [--papers 10000] [--readers 50]

The papers are kept, judged, drawn and indexed as the bot does it. One reader gets a real digest of the fullest day;
then each of the readers is given 250 days of digests of that size, each with papers of its own, of which the bodies of
the last days are still there: what is left after a year of expiry. What grows with papers and what grows with readers
is multiplied apart. A SQLite database, after VACUUM; free pages between two of them come on top.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import select  # noqa: E402
from sqlmodel import SQLModel  # noqa: E402

from benchmarks.many_papers import papers  # noqa: E402
from bot import pipeline  # noqa: E402
from bot.app import open_kit  # noqa: E402
from bot.chat.voices import renderer  # noqa: E402
from bot.kit import Kit  # noqa: E402
from bot.models import Reader  # noqa: E402
from bot.schedule import EXPIRY  # noqa: E402
from bot.settings import load_settings  # noqa: E402
from bot.store import readers, sizes  # noqa: E402
from bot.store.files import run_alone  # noqa: E402
from bot.store.pages import KEPT_FOR  # noqa: E402
from bot.store.papers import keep  # noqa: E402

YEAR_OF_PAPERS, ALL_READERS, DIGESTS = 120_000, 1_000, 250
MOST = 2e9
REAL = 96_000
BY_PAPERS = ("papers", "search")
TABLES = SQLModel.metadata.tables


def fill_papers(kit: Kit, number: int) -> None:
    source = islice(papers(REAL), REAL - number, None)  # the newest of the real ones
    while batch := list(islice(source, 1000)):
        with kit.store.write() as session:
            keep(session, batch)
    pipeline.classify(kit)
    pipeline.prepare_archive(kit)


def one_digest(kit: Kit) -> list[dict[str, Any]]:
    """What a reader of some directions gets on the fullest day."""
    with kit.store.write() as session:
        chosen = tuple(known.slug for known in kit.directions[:6])
        readers.save(session, Reader("1", state="active", directions=chosen, joined=kit.clock.now()))
    pipeline.send_digests(kit, renderer(kit))
    with kit.store.read() as session:
        return [dict(row) for row in session.execute(select(TABLES["delivery"])).mappings()]


def a_year(model: list[dict[str, Any]], reader: str, ids: list[str], now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: E501  # fmt: skip
    """The rows that a year of digests leaves, each with its table."""
    chance = random.Random(reader)
    days = [now - timedelta(days=day * 365 / DIGESTS) for day in range(DIGESTS)]
    shown = iter(chance.sample(ids, min(len(ids), DIGESTS * sum(len(part["papers"]) for part in model))))
    numbers = count(1)
    for day in days:
        for part in model:
            mine = list(islice(shown, len(part["papers"])))
            yield from (("sent", {"reader_id": reader, "paper_id": id_, "version": 1}) for id_ in mine)
            is_kept = day > now - EXPIRY
            body = {"html": part["html"] if is_kept else "", "buttons": part["buttons"] if is_kept else []}
            row = {**part, **body, "number": None, "reader_id": reader, "subject": f"{day:%F}", "papers": mine,
                   "state": "sent", "created": day, "due": day, "sent_at": day,
                   "message_id": next(numbers)}  # fmt: skip
            yield "delivery", row
            if day > now - KEPT_FOR:
                yield "page", {"reader_id": reader, "message_id": row["message_id"], "html": part["html"],
                               "buttons": part["buttons"], "papers": mine, "card": "", "at": day}  # fmt: skip


def fill_readers(kit: Kit, people: int) -> None:
    model, now = one_digest(kit), kit.clock.now()
    assert model, "no digest was decided"
    print(f"one digest: {len(model)} messages, {sum(len(part['html']) for part in model):,} characters,"
          f" {sum(len(part['papers']) for part in model)} papers")  # fmt: skip
    with kit.store.read() as session:
        ids = list(session.scalars(select(TABLES["paper"].c.id)))
    for number in range(people):
        rows: dict[str, list[dict[str, Any]]] = {"sent": [], "delivery": [], "page": []}
        for table, row in a_year(model, str(10**9 + number), ids, now):
            rows[table].append({name: value for name, value in row.items() if name != "number"})
        with kit.store.write() as session:
            readers.save(session, Reader(str(10**9 + number), state="active"))
            session.flush()
            for table, new in rows.items():
                session.execute(TABLES[table].insert(), new)


def measured(kit: Kit) -> Mapping[str, int]:
    run_alone(kit.store, "vacuum")
    with kit.store.read() as session:
        return sizes.groups(session)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--readers", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        days = Counter(paper.day for paper in islice(papers(REAL), REAL - asked.papers, None) if paper.day)
        now = datetime.combine(days.most_common(1)[0][0], time(20), UTC)
        settings = load_settings({"QIAOJIN_DATA_DIR": folder, "QIAOJIN_CONFIG_DIR": folder, "QIAOJIN_NOW": f"{now:%Y-%m-%dT%H:%M:%SZ}"})  # noqa: E501  # fmt: skip
        with open_kit(settings) as kit:
            fill_papers(kit, asked.papers)
            before = measured(kit)
            fill_readers(kit, asked.readers)
            after = measured(kit)
    return told(before, after, asked)


def told(before: Mapping[str, int], after: Mapping[str, int], asked: argparse.Namespace) -> int:
    by_papers = {group: before[group] * YEAR_OF_PAPERS / asked.papers for group in BY_PAPERS}
    added = {group: after[group] - before[group] for group in after if group not in BY_PAPERS}
    year = by_papers | {group: size * ALL_READERS / asked.readers for group, size in added.items()}
    print(f"measured with {asked.papers:,} papers and {asked.readers:,} readers;"
          f" a year: {YEAR_OF_PAPERS:,} papers, {ALL_READERS:,} readers")  # fmt: skip
    for group, size in year.items():
        print(f"{group:10} {after[group] / 1e6:8.1f} MB measured {size / 1e6:8.0f} MB a year")
    print(f"together {sum(year.values()) / 1e9:.2f} GB; at most {MOST / 1e9:.0f} GB")
    return int(sum(year.values()) > MOST)


if __name__ == "__main__":
    sys.exit(main())
