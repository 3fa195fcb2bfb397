"""What it costs to hold a day's papers against everybody's ideas, and to search the archive for a new one.

    python benchmarks/matching.py [--ideas 3000] [--papers 400] [--archive 300000]

Ideas are those of ``ideas.jsonl`` and of the idea bank, each varied until there are enough, no two alike. The day's
papers, and those of the archive, are made of research terms. Exit status 1 where a day takes longer than two
seconds or a search longer than one.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from bot.app import load_directions, load_nearness
from bot.models import Paper
from bot.models.ideas import Asked
from bot.nearness import Archive
from bot.settings import configured

HERE = Path(__file__).parent
DAY = date(2026, 6, 17)
MOST_SECONDS_A_DAY, MOST_SECONDS_A_SEARCH = 2.0, 1.0


def sentences() -> list[str]:
    """What ideas are made of: those written for measuring, and the questions of the bank in both languages."""
    written = [json.loads(line)["text"] for line in (HERE / "ideas.jsonl").read_text(encoding="utf-8").splitlines()]
    return written + [question[language] for known in load_directions() for question in known.questions
                      for language in ("en", "zh")]  # fmt: skip


def ideas(count: int, dice: random.Random) -> list[Asked]:
    """``count`` texts: each sentence by itself, then with another."""
    known = sentences()
    pairs = iter(lambda: f"{dice.choice(known)} {dice.choice(known)}", "")
    texts = dict.fromkeys(known)
    while len(texts) < count:
        texts[next(pairs)] = None
    return [Asked(text) for text in list(texts)[:count]]


def papers(count: int, dice: random.Random) -> Iterator[Paper]:
    """Papers of research terms, as many as an abstract holds, with ordinary words between them."""
    with configured("terms.csv").open(encoding="utf-8", newline="") as lines:
        terms = [row["en"].split("|")[0] for row in csv.DictReader(lines)]
    for number in range(count):
        day = DAY - timedelta(days=number // 400)
        abstract = " which we compare with the ".join(dice.sample(terms, 25))
        yield Paper(f"2606.{number:05d}", 1, " and ".join(dice.sample(terms, 3)), abstract, ("Ada",), ("cs.CL",), day)


def a_day(ideas_: list[Asked], news: list[Paper]) -> tuple[float, float, int]:
    """Seconds to analyse the ideas (once for a text), seconds to match a day's papers, and how many came near."""
    engine = load_nearness()
    began = time.perf_counter()
    questions = [engine.ask(asked) for asked in ideas_]
    asked = time.perf_counter()
    near = engine.match(questions, news)
    return asked - began, time.perf_counter() - asked, sum(map(len, near))


def a_search(size: int, known: list[Paper]) -> tuple[float, float]:
    """Seconds to find what is nearest among ``size`` papers, the first time, and the next."""
    engine = load_nearness()
    vectors = engine.vectors(known)
    archive = Archive(engine.width)
    rows = np.resize(vectors, (size, engine.width))
    days = (DAY.toordinal() - np.arange(size) // 400).astype(np.int32)
    archive.add(np.arange(1, size + 1, dtype=np.int64), days, rows)
    taken = []
    for text in sentences()[:2]:
        began = time.perf_counter()
        question = engine.ask(Asked(text))
        numbers = archive.nearest(question)
        engine.grade(question, [known[number % len(known)] for number in numbers])
        taken.append(time.perf_counter() - began)
    return taken[0], taken[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ideas", type=int, default=3000)
    options.add_argument("--papers", type=int, default=400)
    options.add_argument("--archive", type=int, default=300_000)
    given, dice = options.parse_args(), random.Random(1)
    news = list(papers(given.papers, dice))
    asking, matching, near = a_day(ideas(given.ideas, dice), news)
    print(f"{given.papers} papers against {given.ideas} ideas: {matching:.2f} s ({near} near); "
          f"analysing the ideas, once: {asking:.2f} s")  # fmt: skip
    first, again = a_search(given.archive, news)
    print(f"searching {given.archive} papers for a new idea: {first:.2f} s, the next one {again:.2f} s")
    raise SystemExit(matching > MOST_SECONDS_A_DAY or again > MOST_SECONDS_A_SEARCH)


if __name__ == "__main__":
    main()
