"""How well papers near to an idea are found, how often an alert is wrong, and how fast it is.

    python benchmarks/nearness.py [--ideas FILE] [--papers FILE ...] [--since D] [--until D] [--speed]

``benchmarks/ideas.md`` tells how the ideas were written and their papers found. Odd lines of ``ideas.jsonl`` are the
development half, on which thresholds and weights were chosen, even lines the held-out half. Every idea is held against
every paper of the window that is listed in cs.CL, cs.LG or cs.AI. A `scoop` or `close` for a paper that is graded
neither for the idea counts as wrong, although nobody has read all pairs: the true rate is lower.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data"

import numpy as np  # noqa: E402

from bot.app import load_classifier, load_terms  # noqa: E402
from bot.models.ideas import Asked, Grade, Near  # noqa: E402
from bot.models.papers import Judgement, Paper  # noqa: E402
from bot.nearness import Archive, Nearness, Question  # noqa: E402
from bot.training import texts_in  # noqa: E402

CATEGORIES = {"cs.CL", "cs.LG", "cs.AI"}
PLACE = ROOT / "config" / "nearness.npz"
ALERTS = (Grade.SCOOP, Grade.CLOSE)
DAYS_A_WEEK = 5
MANY = 300_000
"""Papers of the archive that speed is measured on."""
Ranking = Callable[["Idea"], Sequence[str]]


@dataclass(frozen=True)
class Idea:
    """A line of the file."""

    text: str
    language: str
    directions: tuple[str, ...]
    papers: Mapping[str, str]
    """Grades by id."""

    def ids(self, grade: str) -> set[str]:
        return {id_ for id_, given in self.papers.items() if given == grade}


def read_ideas(path: Path) -> list[Idea]:
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Idea(row["text"], row["language"], tuple(row["directions"]), row["papers"]) for row in rows]


def read_window(files: Iterable[Path], since: date, until: date) -> list[Paper]:
    """The papers announced in the window, from files of JSON lines that say when."""
    found: dict[str, Paper] = {}
    for file in files:
        texts = texts_in(file)
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                day = date.fromisoformat(row["announced"])
                if since <= day <= until and CATEGORIES & set(row["categories"]):
                    text = texts[row["id"]]
                    found[row["id"]] = Paper(row["id"], 1, text.title, text.abstract, (), tuple(row["categories"]), day)
    return [*found.values()]


def ours(nearness: Nearness, papers: Sequence[Paper], judgements: Mapping[str, Judgement], known: bool) -> Ranking:
    """As ``qiaojin ideas near`` ranks: candidates from the archive; ``known``: with confirmed directions."""
    archive = Archive(nearness.width)
    archive.add(np.arange(len(papers)), np.zeros(len(papers), np.int32), nearness.vectors(papers))

    def ranking(idea: Idea) -> Sequence[str]:
        question = nearness.ask(Asked(idea.text, idea.directions if known else ()))
        candidates = [papers[row] for row in archive.nearest(question)]
        return [one.paper.id for one in nearness.grade(question, candidates, judgements)]

    return ranking


def plain(papers: Sequence[Paper], **options: Any) -> Ranking:
    """The cosine of scikit-learn's tf-idf; papers that share nothing with an idea come last."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(**options)
    matrix = vectoriser.fit_transform(f"{paper.title}\n{paper.abstract}" for paper in papers)

    def ranking(idea: Idea) -> Sequence[str]:
        cosines = (vectoriser.transform([idea.text]) @ matrix.T).toarray()[0]
        return [papers[row].id for row in np.argsort(-cosines, kind="stable") if cosines[row] > 0]

    return ranking


def row_of(name: str, ideas: Sequence[Idea], ranking: Ranking) -> str:
    """One line of the table: scoops among the first five by language, close papers among the first ten."""
    hits: dict[str, list[bool]] = defaultdict(list)
    close: list[bool] = []
    for idea in ideas:
        ranked = ranking(idea)
        scoops = idea.ids("scoop")
        if scoops:
            hits[idea.language].append(bool(scoops & set(ranked[:5])))
        close += [id_ in ranked[:10] for id_ in idea.ids("close")]
    cells = [f"{sum(hits[one])} of {len(hits[one])}" for one in ("en", "zh")]
    return f"| {name} | {' | '.join(cells)} | {np.mean(close):.0%} of {len(close)} |"


def alerts(
    nearness: Nearness, ideas: Sequence[Idea], papers: Sequence[Paper], judgements: Mapping[str, Judgement]
) -> list[tuple[Idea, Near]]:
    """What would have been told, day by day, with the directions that the reader confirmed."""
    questions = [nearness.ask(Asked(idea.text, idea.directions)) for idea in ideas]
    told: list[tuple[Idea, Near]] = []
    for day in sorted({paper.day for paper in papers if paper.day}):
        matched = nearness.match(questions, [paper for paper in papers if paper.day == day], judgements)
        told += [(idea, one) for idea, near in zip(ideas, matched, strict=True) for one in near]
    return told


def alerts_told(ideas: Sequence[Idea], told: Sequence[tuple[Idea, Near]], days: int) -> Iterator[str]:
    """Of each grade how many were right; of the papers that ought to be told how many were."""
    weeks = days / DAYS_A_WEEK * len(ideas)
    given = [(near.grade, idea.papers.get(near.paper.id)) for idea, near in told]
    for grade in Grade:
        enough = ALERTS if grade in ALERTS else (*Grade,)
        truths = [truth for told_as, truth in given if told_as is grade]
        right = sum(truth in enough for truth in truths)
        yield f"`{grade}`: {len(truths)} told, {right} right, {(len(truths) - right) / weeks:.2f} wrong an idea a week"
    wrong = sum(told_as in ALERTS and truth not in ALERTS for told_as, truth in given)
    yield f"`scoop` and `close` together: {wrong / weeks:.2f} wrong an idea a week"
    for grade in ALERTS:
        whole = sum(len(idea.ids(grade)) for idea in ideas)
        found = sum(told_as in ALERTS and truth == grade for told_as, truth in given)
        yield f"of {whole} {grade} papers {found} were told as one of the two"


def timed(work: Callable[[], Any], repeat: int = 5) -> float:
    """Median seconds."""
    taken = []
    for _ in range(repeat):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return median(taken)


def speed(
    nearness: Nearness, ideas: Sequence[Idea], papers: Sequence[Paper], judgements: Mapping[str, Judgement]
) -> Iterator[str]:
    """3,000 ideas are those of the file, each with the title of another paper added."""
    mixed = [(ideas[number % len(ideas)], papers[number % len(papers)].title) for number in range(3000)]
    texts = [Asked(f"{idea.text}\n{title}", idea.directions) for idea, title in mixed]
    questions: list[Question] = []
    asking = timed(lambda: questions.extend(map(nearness.ask, texts)), 1)
    one, archive, day = questions[0], full(nearness, papers), papers[:400]
    yield f"load: {timed(lambda: Nearness.load(PLACE, load_terms())):.2f} s"
    yield f"analysing an idea: {1000 * asking / len(texts):.1f} ms"
    yield f"3,000 ideas against 400 papers: {timed(lambda: nearness.match(questions, day, judgements), 3):.2f} s"
    yield f"300 papers for one idea: {timed(lambda: nearness.grade(one, papers[:300], judgements)):.2f} s"
    yield f"archive of {len(archive):,}: {timed(lambda: archive.nearest(one)):.2f} s"
    yield f"the same since a day: {timed(lambda: archive.nearest(one, since=date(2021, 1, 1))):.2f} s"
    yield f"vectors: {len(papers) / timed(lambda: nearness.vectors(papers), 1):,.0f} papers a second"


def full(nearness: Nearness, papers: Sequence[Paper]) -> Archive:
    """An archive of ``MANY`` vectors: those of the papers, each slightly moved."""
    rng = np.random.default_rng(0)
    rows = rng.integers(len(papers), size=MANY)
    noise = rng.integers(-9, 10, (MANY, nearness.width), np.int8)
    vectors = np.clip(nearness.vectors(papers)[rows].astype(np.int16) + noise, -127, 127).astype(np.int8)
    archive = Archive(nearness.width)
    archive.add(np.arange(MANY), (date(2020, 1, 1).toordinal() + rows % 2000).astype(np.int32), vectors)
    return archive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ideas", type=Path, default=ROOT / "benchmarks" / "ideas.jsonl")
    parser.add_argument("--papers", type=Path, nargs="+", default=[SHARED / "papers" / "2026-06.jsonl.gz"])
    parser.add_argument("--since", type=date.fromisoformat, default=date(2026, 6, 15))
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 6, 29))
    parser.add_argument("--speed", action="store_true", help="measure speed too")
    arguments = parser.parse_args()
    ideas = read_ideas(arguments.ideas)
    papers = read_window(arguments.papers, arguments.since, arguments.until)
    days = len({paper.day for paper in papers})
    nearness = Nearness.load(PLACE, load_terms())
    judgements = dict(zip((p.id for p in papers), load_classifier().judge(papers, evidence=0), strict=True))
    halves = {"development": ideas[::2], "held out": ideas[1::2], "all": ideas}
    print(f"{len(ideas)} ideas, {len(papers):,} papers of {days} days\n")
    contenders = {
        "tf-idf": plain(papers),
        "the same, sublinear, with bigrams": plain(papers, sublinear_tf=True, stop_words="english", ngram_range=(1, 2)),
        "ours": ours(nearness, papers, judgements, known=False),
        "ours, directions known": ours(nearness, papers, judgements, known=True),
    }
    for name, half in halves.items():
        print(f"| {name}: {len(half)} ideas | en, first five | zh, first five | close, first ten |")
        print("| --- | --- | --- | --- |")
        for contender, ranking in contenders.items():
            print(row_of(contender, half, ranking), flush=True)
        print("", *alerts_told(half, alerts(nearness, half, papers, judgements), days), "", sep="\n", flush=True)
    if arguments.speed:
        print(*speed(nearness, ideas, papers, judgements), sep="\n")


if __name__ == "__main__":
    main()
