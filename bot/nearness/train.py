"""Making the shipped numbers: many papers in, the lexicon and the latent space out.

    papers → stems and pairs that are frequent enough → idf → term vectors (``contrast.py``) → Numbers

The same papers give the same numbers, byte for byte on one machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np

from bot.classifier.batch import Ints
from bot.classifier.text import Document, PaperText, document, words
from bot.errors import ModelError
from bot.nearness.contrast import Occurrences, learn
from bot.nearness.file import Numbers
from bot.nearness.lexicon import Floats, Lexicon, pair_keys
from bot.nearness.space import Vectors
from bot.nearness.stems import stem

LEAST_PAPERS = 300
"""Below this many papers nothing useful can be learned."""
LEAST_STEM, LEAST_SURFACE = 5, 2
"""A stem must occur in this many papers, and a form of it in this many."""
PAIRS = 10_000
"""The most frequent pairs of stems are terms of their own."""
WIDTH = 160
ORDINARY = 1000
"""Papers of the background."""
AT_ONCE = 500


def train(papers: Sequence[PaperText], ordinary: Sequence[PaperText], *, seed: int = 0) -> Numbers:
    """The numbers from many papers; the background is drawn from ``ordinary``, papers of the latest months."""
    if len(papers) < LEAST_PAPERS or not ordinary:
        raise ModelError(f"only {len(papers)} papers have a text; training needs {LEAST_PAPERS}")
    documents = [document(paper) for paper in papers]
    lexicon = with_pairs(stems_of(documents), documents)
    vectors = learn([*occurrences(documents, lexicon)], lexicon, WIDTH, seed)
    drawn = np.random.default_rng(seed).choice(len(ordinary), min(ORDINARY, len(ordinary)), replace=False)
    return Numbers(
        surfaces=tuple(lexicon.surfaces),
        stem_of=lexicon.stem_of.astype(np.uint16),
        pairs=lexicon.pairs.astype(np.uint32),
        idf=lexicon.idf,
        vectors=Vectors.of(vectors),
        background=lexicon.hold([document(ordinary[row]) for row in sorted(drawn.tolist())]),
        notes={"papers": len(papers), "width": WIDTH, "seed": seed},
    )


def stems_of(documents: Sequence[Document]) -> Lexicon:
    """The stems of frequent enough words, the most frequent first; no pairs yet, and no idf."""
    forms: Counter[str] = Counter()
    for paper in documents:
        forms.update({word.form for word in words(paper.text)})
    counts: Counter[str] = Counter()
    for form, count in forms.items():
        counts[stem(form)] += count
    kept = [name for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if count >= LEAST_STEM]
    numbers = {name: number for number, name in enumerate(kept)}
    surfaces = sorted(form for form, count in forms.items() if count >= LEAST_SURFACE and stem(form) in numbers)
    stem_numbers = np.array([numbers[stem(form)] for form in surfaces], np.int64)
    return Lexicon(surfaces, stem_numbers, np.zeros(0, np.int64), np.ones(len(kept), np.float32))


def with_pairs(lexicon: Lexicon, documents: Sequence[Document]) -> Lexicon:
    """The same with the most frequent pairs, and the idf of all terms."""
    singles = np.zeros(lexicon.stems, np.int64)
    pairs: list[Ints] = []
    for batch in batches(documents):
        left, right = lexicon.neighbours([paper.text for paper in batch])
        keys = pair_keys(left.term, right.term, lexicon.stems)
        pairs.append(np.unique(np.stack([left.paper, keys]), axis=1)[1])
        spots = lexicon.spots([paper.text for paper in batch])
        singles += np.bincount(np.unique(spots.paper * lexicon.stems + spots.term) % lexicon.stems, None, lexicon.stems)
    keys, counts = np.unique(np.concatenate(pairs), return_counts=True)
    kept = np.sort(np.argsort(-counts, kind="stable")[:PAIRS])
    return Lexicon(
        lexicon.surfaces, lexicon.stem_of, keys[kept], idf(np.concatenate([singles, counts[kept]]), len(documents))
    )


def idf(counts: Ints, papers: int) -> Floats:
    """Inverse document frequency, at least 1."""
    return (np.log((papers + 1) / (counts + 1)) + 1).astype(np.float32)


def occurrences(documents: Sequence[Document], lexicon: Lexicon) -> Iterator[Occurrences]:
    """What each paper holds, in the order of the text."""
    for batch in batches(documents):
        spots = lexicon.spots([paper.text for paper in batch])
        order = np.lexsort((spots.start, spots.paper))
        borders = np.searchsorted(spots.paper[order], np.arange(1, len(batch)))
        for paper, rows in zip(batch, np.split(order, borders), strict=True):
            start = spots.start[rows].astype(np.int32)
            yield Occurrences(spots.term[rows].astype(np.int32), start, start < paper.title)


def batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    rest = iter(documents)
    while batch := [*islice(rest, AT_ONCE)]:
        yield batch
