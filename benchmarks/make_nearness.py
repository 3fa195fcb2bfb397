"""Make ``config/nearness.npz``, what nearness to ideas is computed from; deterministic on one machine.

    python benchmarks/make_nearness.py [--papers FILE ...] [--without FILE ...] [--output FILE]

Papers are files of JSON lines, gzipped or not; those of ``--without`` are left out wherever they stand, because they
are what is measured on. The last file of ``--papers`` is what ordinary papers are drawn from.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data"

from bot.nearness.file import save  # noqa: E402
from bot.nearness.train import train  # noqa: E402
from bot.training import texts_in  # noqa: E402

FILES = ("archive/background", "papers/listed", "papers/2026-04", "papers/2026-05")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    papers = [SHARED / f"{name}.jsonl.gz" for name in FILES]
    parser.add_argument("--papers", type=Path, nargs="+", default=papers)
    parser.add_argument("--without", type=Path, nargs="*", default=[SHARED / "papers" / "2026-06.jsonl.gz"])
    parser.add_argument("--output", type=Path, default=ROOT / "config" / "nearness.npz")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    measured = {id_ for file in arguments.without for id_ in texts_in(file)}
    files = [texts_in(file) for file in arguments.papers]
    texts = {id_: paper for file in files for id_, paper in file.items() if id_ not in measured}
    numbers = train([*texts.values()], [paper for id_, paper in files[-1].items() if id_ in texts])
    save(numbers, arguments.output)
    size = arguments.output.stat().st_size / 1e6
    print(f"{len(texts):,} papers, {len(numbers.idf):,} terms, {size:.1f} MB, {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
