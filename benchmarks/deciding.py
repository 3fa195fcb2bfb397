"""What it costs to decide everybody's digest: choose, render, and put into the outbox.

    python benchmarks/deciding.py [--readers 10000] [--papers 400] [--database URL] [--profile]

Readers follow two to eight directions, in both languages and both forms, some with followed and muted words. Papers
are made of research terms, each in one to three directions, for the newest day; everybody is due. Exit status 1 where
it takes longer than thirty seconds.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.app import open_kit
from bot.chat.voices import renderer
from bot.clock import Clock
from bot.delivering import rounds
from bot.kit import Kit
from bot.models import Assignment, Compute, Evidence, FetchedPaper, Judgement, Reader
from bot.settings import configured, load_settings
from bot.store import deliveries, judgements, papers, readers

DAY, NOW = date(2026, 6, 17), datetime(2026, 6, 17, 16, tzinfo=UTC)
MOST_SECONDS = 30.0


class Still(Clock):
    def now(self) -> datetime:
        return NOW


def terms() -> list[str]:
    with configured("terms.csv").open(encoding="utf-8", newline="") as lines:
        return [row["en"].split("|")[0] for row in csv.DictReader(lines)]


def made_papers(count: int, dice: random.Random) -> Iterator[FetchedPaper]:
    known = terms()
    for number in range(count):
        text = ". ".join(f"We look at {a} with {b} and find that it is {dice.randint(1, 99)} percent better"
                         for a, b in (dice.sample(known, 2) for _ in range(8)))  # fmt: skip
        title = " and ".join(dice.sample(known, 3)).capitalize()
        authors = tuple(f"{dice.choice('ABCDE')}. Author{dice.randrange(999)}" for _ in range(4))
        yield FetchedPaper(
            f"2606.{number:05d}", title=title, abstract=text, authors=authors, categories=("cs.CL",),
            source="arxiv-feed", day=DAY, upvotes=dice.choice([None, 3, 40]),
        )  # fmt: skip


def judgement(slugs: list[str], dice: random.Random) -> Judgement:
    reasons = (Evidence("low-rank", 2.0), Evidence("adapter", 1.0), Evidence("fine-tuning", 0.5))
    own = dice.sample(slugs, dice.choice([1, 1, 2, 3]))
    found = (Assignment(slug, round(dice.uniform(0.5, 0.99), 3), reasons, in_digest=True) for slug in own)
    return Judgement({}, tuple(found), Compute(dice.choice(["low", "medium", "high", "unknown"]), "one GPU"))


def reader(number: int, slugs: list[str], words: list[str], dice: random.Random) -> Reader:
    return Reader(
        str(1_000_000 + number), state="active", language=dice.choice(["zh", "en"]),
        form=dice.choice(["one", "one", "one", "each"]), directions=tuple(dice.sample(slugs, dice.randint(2, 8))),
        per_direction=dice.choice([3, 5, 5, 10]), followed_words=tuple(dice.sample(words, dice.choice([0, 0, 1, 3]))),
        muted_words=tuple(dice.sample(words, dice.choice([0, 0, 0, 1]))), digest_at=8 * 60, zone="Asia/Shanghai",
        joined=NOW - timedelta(days=9), last_digest=DAY - timedelta(days=1), decided_on=DAY - timedelta(days=1),
    )  # fmt: skip


def fill(kit: Kit, count: int, articles: int) -> None:
    dice, slugs, words = random.Random(7), [one.slug for one in kit.directions], terms()
    made = list(made_papers(articles, dice))
    with kit.store.write() as session:
        papers.keep(session, made)
        judgements.note(session, "made", [(one.id, judgement(slugs, dice)) for one in made])
        for number in range(count):
            readers.save(session, reader(number, slugs, words, dice))


def timed(part: str, spent: dict[str, float], function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, whose seconds are added to those of ``part``."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[part] += time.process_time() - began

    return wrapper


def decide(kit: Kit, profile: cProfile.Profile | None) -> tuple[int, float, float, dict[str, float]]:
    """How many were decided; seconds by the clock on the wall, and of the processor; those of the processor by part."""
    spent = {"choosing": 0.0, "rendering": 0.0}
    rounds.edition = timed("choosing", spent, rounds.edition)
    render = timed("rendering", spent, renderer(kit))
    began, used = time.perf_counter(), time.process_time()
    run = profile.runcall if profile else lambda function, *args: function(*args)
    decided = run(rounds.decide_digests, kit, render)
    return decided, time.perf_counter() - began, time.process_time() - used, spent


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=10_000)
    options.add_argument("--papers", type=int, default=400)
    options.add_argument("--database", default="", help="an empty PostgreSQL database; else a SQLite file is made")
    options.add_argument("--profile", action="store_true")
    asked = options.parse_args()
    profile = cProfile.Profile() if asked.profile else None
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, "CONFIG_DIR": folder, "DATABASE_URL": asked.database}
        settings = load_settings({f"QIAOJIN_{name}": value for name, value in environment.items()})
        with open_kit(settings) as opened:
            kit = replace(opened, clock=Still())
            fill(kit, asked.readers, asked.papers)
            decided, seconds, processor, spent = decide(kit, profile)
            with kit.store.read() as session:
                waiting = deliveries.outbox(session, NOW).waiting
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    print(f"{decided} digests of {asked.papers} papers, {waiting} messages: {seconds:.1f} s, {processor:.1f} s of CPU")
    for part, taken in [*spent.items(), ("reading and writing", processor - sum(spent.values()))]:
        print(f"  {part:<20}{taken:6.1f} s  {taken / processor:4.0%}")
    sys.exit(int(seconds > MOST_SECONDS))


if __name__ == "__main__":
    main()
