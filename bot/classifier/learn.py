"""The arithmetic of training: texts to matrices, linear models, and folding everything into one weight a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.classifier.batch import Ints, Vocabulary
from bot.classifier.compute import RULES, phrases_in
from bot.classifier.features import extract
from bot.classifier.text import Document, term_counts

Matrix = Any
"""A scipy sparse matrix (scipy has no types)."""
Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

FOLDS = 5
MIN_PAPERS = 2
"""A term must occur in this many labelled papers."""
MIN_PAPERS_LATENT = 8
"""To have a part in the latent space it must occur in this many papers, labelled or not."""
LATENT = 200
LATENT_SHARE = 0.7
IDF_POWER = 0.8
REGULARISATION = 2.0
COMPUTE_REGULARISATION = 10.0
RULE_SCALE = 0.4
CERTAIN = 5.0
"""The score of a direction that all labelled papers, or none, belong to."""


class Linear(NamedTuple):
    """Linear models side by side: scores = features @ weights + bias."""

    weights: Array
    """(features, columns)"""
    bias: Array
    """(columns,)"""

    def scores(self, matrix: Matrix) -> Array:
        return np.asarray(matrix @ self.weights) + self.bias


def choose_terms(papers: Sequence[Document]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """The terms that occur in enough labelled papers, sorted, and their inverse document frequency."""
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update(term_counts(paper).keys())
    terms = tuple(sorted(term for term, count in counts.items() if count >= MIN_PAPERS))
    frequency = np.array([counts[term] for term in terms], np.float64)
    idf = (np.log((1 + len(papers)) / (1 + frequency)) + 1) ** IDF_POWER
    return terms, idf.astype(np.float32)


def tfidf(papers: Sequence[Document], vocabulary: Vocabulary, idf: NDArray[np.float32]) -> Matrix:
    """Unit tf-idf vectors (papers, terms), through the very path that predicts."""
    from scipy.sparse import csr_matrix, vstack

    parts = [csr_matrix((0, len(idf)))]
    for begin in range(0, len(papers), 256):
        found = extract(papers[begin : begin + 256], vocabulary, idf)
        rows = min(256, len(papers) - begin)
        parts.append(csr_matrix((found.value, (found.paper, found.term)), shape=(rows, len(idf))))
    return vstack(parts).tocsr()


def latent_space(matrix: Matrix) -> Array:
    """(terms, LATENT): directions in which words of like use lie together, from gold and weak papers alike.

    A linear model over ``[vector, vector @ space]`` is again one weight a term, and a word that the labels hardly
    know borrows from those that it goes with.
    """
    from sklearn.utils.extmath import randomized_svd

    known = np.flatnonzero(np.asarray((matrix > 0).sum(axis=0)).ravel() >= MIN_PAPERS_LATENT)
    space = np.zeros((matrix.shape[1], LATENT))
    size = min(LATENT, len(known), matrix.shape[0])
    if size:
        space[known, :size] = randomized_svd(matrix[:, known], size, n_iter=3, random_state=0)[2].T * LATENT_SHARE
    return space


def fit_directions(matrix: Matrix, space: Array, wanted: Flags) -> Linear:
    """A linear support vector machine a direction over words and latent space, folded into one weight a term."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.svm import LinearSVC

    both = hstack([matrix, csr_matrix(matrix @ space)]).tocsr()
    model = _side_by_side(lambda: LinearSVC(C=REGULARISATION, random_state=0), both, wanted)
    terms = matrix.shape[1]
    return Linear(model.weights[:terms] + space @ model.weights[terms:], model.bias)


def fit_levels(matrix: Matrix, levels: Flags) -> Linear:
    """Logistic regression a compute level, over terms and rules."""
    from sklearn.linear_model import LogisticRegression

    return _side_by_side(
        lambda: LogisticRegression(C=COMPUTE_REGULARISATION, solver="liblinear", random_state=0), matrix, levels
    )


def _side_by_side(new_model: Callable[[], Any], matrix: Matrix, wanted: Flags) -> Linear:
    """One model a column; a column without both answers gets a constant."""
    weights, bias = np.zeros((matrix.shape[1], wanted.shape[1])), np.where(wanted.all(axis=0), CERTAIN, -CERTAIN)
    for column in np.flatnonzero(wanted.any(axis=0) & ~wanted.all(axis=0)):
        model = new_model().fit(matrix, wanted[:, column])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return Linear(weights, bias)


def with_rules(matrix: Matrix, papers: Sequence[Document]) -> Matrix:
    """The matrix with a column a compute rule: RULE_SCALE where it finds a phrase."""
    from scipy.sparse import csr_matrix, hstack

    hits = np.zeros((len(papers), len(RULES)))
    for row, found in enumerate(phrases_in([paper.text for paper in papers])):
        hits[row, [phrase.rule for phrase in found]] = RULE_SCALE
    return hstack([matrix, csr_matrix(hits)]).tocsr()


def held_out(matrix: Matrix, wanted: Flags, fit: Callable[[Matrix, Flags], Linear]) -> Array:
    """The score of every paper from models that did not see it."""
    scores = np.zeros(wanted.shape)
    for inside in folds(len(wanted)):
        outside = np.setdiff1d(np.arange(len(wanted)), inside)
        scores[inside] = fit(matrix[outside], wanted[outside]).scores(matrix[inside])
    return scores


def folds(papers: int, count: int = FOLDS, seed: int = 0) -> Iterator[Ints]:
    """Row numbers of each fold, sorted; every paper is in one."""
    shuffled = np.random.default_rng(seed).permutation(papers)
    for number in range(count):
        yield np.sort(shuffled[number::count])
