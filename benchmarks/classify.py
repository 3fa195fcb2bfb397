"""Classifiers side by side, in one run on one machine: papers a second, memory, mean average precision.

    python benchmarks/classify.py [--papers FILE] [--gold FILE] [--count 30000] [--repeat 3]

Contenders: this project's model with evidence and compute level; scikit-learn's default vectoriser with a linear SVM;
the features and SVM of arxiv-sanity-lite; MiniLM sentence embeddings with logistic regression where
sentence-transformers is installed. Each runs in a process of its own, on one core. Quality is measured by five-fold
cross-validation over the gold file; speed on ``--count`` papers after loading, median of ``--repeat``.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data"

import numpy as np  # noqa: E402

from bot.classifier.evaluate import GoldPaper, average_precision, cross_validate, read_gold  # noqa: E402
from bot.classifier.labels import SLUGS  # noqa: E402
from bot.classifier.learn import folds  # noqa: E402
from bot.classifier.model import Classifier  # noqa: E402
from bot.rules.jsonlines import Record, read  # noqa: E402

NAMES = {
    "qiaojin": "this model, evidence and compute level included",
    "default": "TfidfVectorizer() + LinearSVC()",
    "sanity": "arxiv-sanity-lite's features and SVM",
    "minilm": "MiniLM embeddings + logistic regression",
}


def papers(path: Path, count: int) -> list[Record]:
    with gzip.open(path) as lines:
        return [read(line) for line, _ in zip(lines, range(count), strict=False)]


def text_of(paper: Any) -> str:
    return f"{paper.title}\n{paper.abstract}"


def vectoriser(name: str) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    if name == "default":
        return TfidfVectorizer()
    return TfidfVectorizer(
        strip_accents="unicode", stop_words="english", token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
        ngram_range=(1, 2), max_features=20_000, sublinear_tf=True, max_df=0.1, min_df=5,
    )  # fmt: skip


def linear(name: str) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    if name == "minilm":
        return LogisticRegression(C=10, max_iter=1000)
    return LinearSVC() if name == "default" else LinearSVC(class_weight="balanced", C=0.01, tol=1e-6, max_iter=10_000)


def trained(name: str, gold: Sequence[GoldPaper]) -> Callable[[Sequence[Any]], Any]:
    """A contender that maps papers to scores (papers, directions)."""
    if name == "minilm":
        from sentence_transformers import SentenceTransformer

        encode = SentenceTransformer("all-MiniLM-L6-v2").encode
        features = encode([text_of(paper) for paper in gold])
    else:
        vectors = vectoriser(name)
        features = vectors.fit_transform([text_of(paper) for paper in gold])
        encode = vectors.transform
    truth = np.array([[slug in paper.directions for slug in SLUGS] for paper in gold])
    models = [linear(name).fit(features, column) for column in truth.T]
    weights, bias = np.vstack([one.coef_[0] for one in models]).T, np.array([one.intercept_[0] for one in models])
    return lambda some: encode([text_of(paper) for paper in some]) @ weights + bias


def own_quality(gold: Sequence[GoldPaper]) -> float:
    """Cross-validated like the others, on the same papers, and trained with the shipped labels of the rest."""
    texts = {paper.id: paper for paper in gold}
    return cross_validate(ROOT / "config" / "labels.csv", texts).pooled.mean_average_precision


def quality(name: str, gold: Sequence[GoldPaper]) -> float:
    """Mean average precision by five-fold cross-validation, all papers ranked together."""
    if name == "qiaojin":
        return own_quality(gold)
    scores = np.zeros((len(gold), len(SLUGS)))
    for inside in folds(len(gold)):
        kept = set(inside.tolist())
        model = trained(name, [paper for row, paper in enumerate(gold) if row not in kept])
        scores[inside] = model([gold[row] for row in inside])
    truth = np.array([[slug in paper.directions for slug in SLUGS] for paper in gold])
    ranks = np.argsort(-scores, axis=0, kind="stable")
    return float(np.mean([average_precision(truth[ranks[:, column], column]) for column in range(len(SLUGS))]))


def seconds(run: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return median(times)


def judge_in_batches(classifier: Classifier, some: Sequence[Record]) -> int:
    """As ``qiaojin classify`` does it: 512 papers at a time, nothing kept."""
    return sum(len(classifier.judge(some[begin : begin + 512])) for begin in range(0, len(some), 512))


def one(name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    gold = read_gold(arguments.gold)
    some = papers(arguments.papers, arguments.count)
    if name == "qiaojin":
        classifier = Classifier.load(ROOT / "config" / "model.npz")
        classifier.judge(some[:64])
        taken = seconds(lambda: judge_in_batches(classifier, some), arguments.repeat)
    else:
        model = trained(name, gold)
        taken = seconds(lambda: model(some), arguments.repeat if name != "minilm" else 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": len(some) / taken, "memory": memory, "quality": quality(name, gold) if arguments.quality else None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=Path, default=SHARED / "archive" / "background.jsonl.gz")
    parser.add_argument("--gold", type=Path, default=SHARED / "gold.jsonl.gz")
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-quality", dest="quality", action="store_false")
    parser.add_argument("--one", choices=NAMES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(arguments.one, arguments)))
        return
    print(f"{'papers/s':>9} {'MB':>6} {'mAP':>6}")
    for name, title in NAMES.items():
        if name == "minilm" and not importlib.util.find_spec("sentence_transformers"):
            print(f"{'-':>9} {'-':>6} {'-':>6}  {title}: sentence-transformers is not installed")
            continue
        command = [sys.executable, __file__, *sys.argv[1:], "--one", name]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        shown = f"{found['quality']:.3f}" if found["quality"] else "-"
        print(f"{found['rate']:9,.0f} {found['memory']:6.0f} {shown:>6}  {title}", flush=True)


if __name__ == "__main__":
    main()
