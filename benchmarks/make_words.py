"""Count how many papers hold each word, and write ``config/words.csv``: how rare a word is, and what can be misspelt.

    python benchmarks/make_words.py

Counts over the papers of ``../shared/data``: English words and numbers of titles and abstracts, those in at least
``FEWEST`` papers, and how many titles hold each. The row without a word is the number of papers.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.rules.tokens import tokens

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
FEWEST = 12


def texts() -> Iterator[tuple[str, str]]:
    """Title and abstract of every paper, each paper once."""
    seen = set()
    for path in sorted([*DATA.glob("papers/*.gz"), *DATA.glob("archive/*.gz")]):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                if paper["id"] not in seen:
                    seen.add(paper["id"])
                    yield paper["title"], paper["abstract"]


def main() -> None:
    if not DATA.exists():
        raise SystemExit(f"needs the papers of {DATA}, which are not on this machine")
    counts, titles, papers = Counter[str](), Counter[str](), 0
    for title, abstract in texts():
        counts.update(set(tokens(f"{title} {abstract}")))
        titles.update(set(tokens(title)))
        papers += 1
    known = sorted(
        (word, count, titles[word])
        for word, count in counts.items()
        if count >= FEWEST and word.isascii() and len(word) > 1
    )
    with (ROOT / "config" / "words.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("word", "papers", "titles"), ("", papers, papers), *known])
    print(f"{len(known)} words of {papers} papers")


if __name__ == "__main__":
    main()
