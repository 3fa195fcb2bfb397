"""Learning the latent space: where a text stands, so that a piece of a paper stands by the rest of it.

    papers → singular vectors of their tf-idf (the start) → batches → a title or a stretch of an abstract against the
    rest of its paper and of 500 others → a step of the term vectors towards telling them apart → …

A piece is short of some of its words, and half of the time the rest is without the words of the piece: so the space
learns what goes together rather than what is equal, which the lexical part sees anyhow. Half of the batches are of
papers that are alike. The loss is InfoNCE over cosines (https://arxiv.org/abs/1807.03748), the model linear: a term
has a vector, and a text the sum of its terms'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from bot.classifier.batch import Ints
from bot.classifier.text import TITLE_WEIGHT
from bot.nearness.lexicon import Floats, Lexicon
from bot.nearness.space import unit

Matrix = Any
"""A scipy sparse matrix (scipy has no types)."""

EPOCHS = 5
BATCH = 512
ANCHORS = 300
"""Papers about which the others are gathered for batches of papers that are alike."""
TEMPERATURE = 0.07
RATE = 0.015
WARM_UP = 50
"""Steps in which the rate grows to the full."""
TITLES = 0.35
"""Share of the pieces that are titles; the others are stretches of the abstract."""
STRETCH = (70, 220)
"""Characters of a stretch, from and to."""
KEPT = 0.75
"""Share of a piece's words that stay."""
HIDDEN = 0.5
"""How often the rest goes without the words of the piece."""
LEAST_PIECE, LEAST_REST = 3, 5
"""Terms."""


class Occurrences(NamedTuple):
    """The terms of one paper in order, N of them."""

    term: NDArray[np.int32]
    start: NDArray[np.int32]
    in_title: NDArray[np.bool_]

    def only(self, rows: NDArray[np.bool_]) -> Occurrences:
        return Occurrences(self.term[rows], self.start[rows], self.in_title[rows])


def learn(papers: Sequence[Occurrences], lexicon: Lexicon, width: int, seed: int) -> Floats:
    """(terms, width) the vectors of all terms."""
    from scipy.sparse import vstack
    from sklearn.utils.extmath import randomized_svd

    rng = np.random.default_rng(seed)
    whole = vstack([matrix(papers[begin : begin + BATCH], lexicon) for begin in range(0, len(papers), BATCH)]).tocsr()
    left, values, right = randomized_svd(whole, min(width, min(whole.shape) - 1), n_iter=4, random_state=seed)
    start = np.zeros((len(lexicon.idf), width), np.float32)
    start[:, : len(right)] = right.T
    state = State.of(start / np.sqrt((start**2).sum(axis=1).mean()))
    steps = max(1, EPOCHS * (len(papers) // BATCH))
    for step, rows in zip(range(steps), batches(unit((left * values).astype(np.float32)), rng), strict=False):
        pairs = [pair for pair in (torn(papers[row], rng) for row in rows.tolist()) if pair]
        if len(pairs) > 1:
            rate = RATE * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
            state.step(matrix([one for one, _ in pairs], lexicon), matrix([rest for _, rest in pairs], lexicon), rate)
    return state.vectors


def matrix(papers: Sequence[Occurrences], lexicon: Lexicon) -> Matrix:
    """(papers, terms) unit tf-idf."""
    from scipy.sparse import csr_matrix

    sizes = [len(one.term) for one in papers]
    weight = np.where(np.concatenate([one.in_title for one in papers]), TITLE_WEIGHT, 1).astype(np.float32)
    term = np.concatenate([one.term for one in papers]).astype(np.int64)
    held = lexicon.weighed(len(papers), np.repeat(np.arange(len(papers)), sizes), term, weight)
    return csr_matrix((held.value, (held.paper, held.term)), shape=(len(papers), len(lexicon.idf)))


def batches(places: Floats, rng: Generator) -> Iterator[Ints]:
    """Papers for each step, for ever: by chance, and in turn such as are alike."""
    size = min(BATCH, len(places))
    while True:
        anchors = places[rng.choice(len(places), min(ANCHORS, len(places)), replace=False)]
        gathered = np.lexsort((rng.random(len(places)), (places @ anchors.T).argmax(axis=1)))
        mixed = rng.permutation(len(places))
        begins = np.arange(0, len(places) - size + 1, size)
        for number, begin in enumerate(rng.permutation(begins).tolist()):
            yield (mixed, gathered)[number % 2][begin : begin + size]


def torn(paper: Occurrences, rng: Generator) -> tuple[Occurrences, Occurrences] | None:
    """A piece of a paper and the rest of it; None where there is too little of either."""
    if rng.random() < TITLES or paper.in_title.all():
        inside = paper.in_title
    else:
        length = int(rng.integers(*STRETCH))
        first, last = int(paper.start[~paper.in_title][0]), int(paper.start[-1])
        begin = int(rng.integers(first, max(first + 1, last - length // 2)))
        inside = (paper.start >= begin) & (paper.start < begin + length) & ~paper.in_title
    piece, rest = paper.only(inside), paper.only(~inside)
    piece = piece.only(rng.random(len(piece.term)) < KEPT)
    if rng.random() < HIDDEN:
        rest = rest.only(~np.isin(rest.term, piece.term))
    return (piece, rest) if len(piece.term) >= LEAST_PIECE and len(rest.term) >= LEAST_REST else None


@dataclass(eq=False)
class State:
    """The vectors, and Adam's memory of their gradients (https://arxiv.org/abs/1412.6980)."""

    vectors: Floats
    mean: Floats
    square: Floats

    @classmethod
    def of(cls, vectors: Floats) -> State:
        whole = vectors.astype(np.float32)
        return cls(whole, np.zeros_like(whole), np.zeros_like(whole))

    def step(self, pieces: Matrix, rests: Matrix, rate: float) -> None:
        """One step towards each piece standing nearer to its rest than to any other; only rows with a term move."""
        from scipy.sparse import vstack

        both = vstack([pieces, rests]).tocsc()
        rows = np.flatnonzero(np.diff(both.indptr))
        both = both[:, rows].tocsr()
        gradient = both.T @ slope(both @ self.vectors[rows])
        self.mean[rows] = 0.9 * self.mean[rows] + 0.1 * gradient
        self.square[rows] = 0.99 * self.square[rows] + 0.01 * gradient**2
        self.vectors[rows] -= rate * self.mean[rows] / (np.sqrt(self.square[rows]) + 1e-8)


def slope(sums: Floats) -> Floats:
    """(2 n, width): gradient of the loss by the sums of n pieces and, below them, of their n rests."""
    lengths = np.linalg.norm(sums, axis=1, keepdims=True) + 1e-6
    units = sums / lengths
    pieces, rests = np.split(units, 2)
    likeness = pieces @ rests.T / TEMPERATURE
    wrong = (softmax(likeness, 1) + softmax(likeness, 0)) / 2 - np.eye(len(pieces))
    wrong /= len(pieces) * TEMPERATURE
    by_unit = np.vstack([wrong @ rests, wrong.T @ pieces])
    by_sum: Floats = ((by_unit - units * (by_unit * units).sum(axis=1, keepdims=True)) / lengths).astype(np.float32)
    return by_sum


def softmax(logits: Floats, axis: int) -> Floats:
    shares = np.exp(logits - logits.max(axis=axis, keepdims=True))
    whole: Floats = shares / shares.sum(axis=axis, keepdims=True)
    return whole
