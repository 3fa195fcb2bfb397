"""The papers of some days, made ready once for choosing from them for any number of readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from bot.models import Assignment, DigestPaper, Evidence, Judgement, Paper, Rank
from bot.rules.digest import telling_sentence
from bot.rules.ranking import Place, apart, lifted, place_of, rank_of, varied_by
from bot.rules.relevance import terms_of
from bot.rules.tokens import tokens

FOLLOWED = "followed"
"""The section of papers that are there for a followed word or author alone."""
FOLLOW_LIFT = 0.3
"""What a followed word or author is worth, in probability."""
MOST_REMEMBERED = 20_000
"""Values of one sort."""

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """What ``find`` says of each key, asked once; where there are too many, it begins again."""

    def __init__(self, find: Callable[[K], V]):
        super().__init__()
        self.find = find

    def __missing__(self, key: K) -> V:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        value = self[key] = self.find(key)
        return value


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper under one direction."""

    paper: Paper
    assignment: Assignment
    rank: Rank
    place: Place = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", place_of(self.paper, self.rank))

    def lifted(self, lift: float) -> Standing:
        return Standing(self.paper, self.assignment, lifted(self.rank, lift))


class Shelf:
    """Papers that were judged and not withdrawn: by direction, by compute level, by word, by author.

    What is the same for many readers is worked out when the first of them needs it.
    """

    def __init__(self, papers: Iterable[Paper], judgements: Mapping[str, Judgement]):
        self.judgements = judgements
        self.papers = {paper.id: paper for paper in papers if not paper.withdrawn and paper.id in judgements}
        self.newest = max((paper.day for paper in self.papers.values() if paper.day), default=None)
        self.under = self.by_direction()
        self.aside = Remembered(self.stand_aside)
        self.within = Remembered(self.find_within)
        self.with_word = Remembered(self.find_word)
        self.by_author = Remembered(self.find_author)
        self.terms = Remembered(self.find_terms)
        self.followed = Remembered(self.find_followed)
        self.best = Remembered(self.find_best)
        self.shown = Remembered(self.find_shown)

    def by_direction(self) -> dict[str, dict[str, Standing]]:
        """By slug, the papers of a direction by id, best first."""
        found: dict[str, list[Standing]] = defaultdict(list)
        for paper in self.papers.values():
            for assignment in self.judgements[paper.id].directions:
                if assignment.in_digest:
                    found[assignment.slug].append(self.placed(paper, assignment))
        return {
            slug: {standing.paper.id: standing for standing in sorted(standings, key=lambda one: one.place)}
            for slug, standings in found.items()
        }

    @cached_property
    def probabilities(self) -> dict[str, dict[str, float]]:
        """By slug and id, best first."""
        return {
            slug: {id_: standing.assignment.probability for id_, standing in found.items()}
            for slug, found in self.under.items()
        }

    def standing(self, slug: str, paper_id: str) -> Standing:
        """Where a paper stands before any reader has a say."""
        return self.aside[paper_id] if slug == FOLLOWED else self.under[slug][paper_id]

    def placed(self, paper: Paper, assignment: Assignment) -> Standing:
        compute = self.judgements[paper.id].compute
        return Standing(paper, assignment, rank_of(paper, assignment, compute, self.newest))

    def stand_aside(self, paper_id: str) -> Standing:
        """Where a paper stands that no direction of a reader's holds."""
        own = next(iter(self.judgements[paper_id].directions), None)
        assignment = Assignment(FOLLOWED, own.probability if own else 0.0, own.evidence[:2] if own else ())
        return self.placed(self.papers[paper_id], assignment)

    def find_within(self, key: tuple[str, frozenset[str]]) -> frozenset[str]:
        """Of some ids, those of papers here that are not known to take more than a compute level."""
        highest, ids = key
        return frozenset(id_ for id_ in self.papers.keys() & ids if self.judgements[id_].compute.is_within(highest))

    # --- words and authors --------------------------------------------------------------------------------------------

    def find_word(self, word: str) -> frozenset[str]:
        """Ids of the papers whose title or abstract holds ``word`` (or phrase), as whole words."""
        asked = tokens(word)
        phrase = spaced(asked)
        return frozenset(id_ for id_ in holding(asked, self.words) if phrase in self.texts[id_])

    def find_author(self, name: str) -> frozenset[str]:
        """Ids of the papers that ``name`` wrote: all its parts stand in one author's name."""
        asked = set(tokens(name))
        return frozenset(id_ for id_ in holding(asked, self.names) if any(map(asked.issubset, self.authors[id_])))

    @cached_property
    def texts(self) -> dict[str, str]:
        return {id_: spaced(tokens(f"{paper.title} . {paper.abstract}")) for id_, paper in self.papers.items()}

    @cached_property
    def words(self) -> dict[str, set[str]]:
        return by_word({id_: text.split() for id_, text in self.texts.items()})

    @cached_property
    def authors(self) -> dict[str, list[list[str]]]:
        return {id_: [tokens(author) for author in paper.authors] for id_, paper in self.papers.items()}

    @cached_property
    def names(self) -> dict[str, set[str]]:
        return by_word({id_: [part for author in authors for part in author] for id_, authors in self.authors.items()})

    # --- what is said of a paper --------------------------------------------------------------------------------------

    def find_terms(self, paper_id: str) -> tuple[str, ...]:
        """What opinions move it by."""
        return tuple(terms_of(self.papers[paper_id], self.judgements[paper_id]))

    def find_followed(self, key: tuple[str, str, str]) -> Standing:
        """Where a paper stands under a direction for whoever follows a word or an author: the first of the reasons."""
        slug, paper_id, word = key
        standing = self.standing(slug, paper_id)
        own = standing.assignment
        assignment = Assignment(own.slug, own.probability, (Evidence(word, 1.0), *own.evidence), own.in_digest)
        return Standing(standing.paper, assignment, lifted(standing.rank, FOLLOW_LIFT))

    def find_best(self, asked: tuple[str, int, tuple[str, ...]]) -> tuple[DigestPaper, ...]:
        """The best so many of some papers, given in their order under a direction."""
        slug, limit, ids = asked
        return self.varied([self.standing(slug, id_) for id_ in ids], limit)

    def varied(self, standings: Iterable[Standing], limit: int) -> tuple[DigestPaper, ...]:
        """The best so many of papers in their order."""
        chosen = apart(((standing.place, standing) for standing in standings), limit)
        return tuple(self.digest_paper(*found) for found in chosen)

    def digest_paper(self, standing: Standing, variety: float) -> DigestPaper:
        shown = self.shown[standing.assignment.slug, standing.paper.id]
        rank = varied_by(standing.rank, variety)
        return DigestPaper(shown.paper, standing.assignment, shown.key_sentence, shown.compute, rank)

    def find_shown(self, key: tuple[str, str]) -> DigestPaper:
        """A paper as a digest shows it under a direction, but for its rank."""
        standing = self.standing(*key)
        paper, assignment = standing.paper, standing.assignment
        sentence = telling_sentence(paper, assignment)
        return DigestPaper(paper, assignment, sentence, self.judgements[paper.id].compute)


def by_word(texts: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """By word, the ids of those texts that hold it."""
    found: dict[str, set[str]] = defaultdict(set)
    for id_, words in texts.items():
        for word in words:
            found[word].add(id_)
    return found


def holding(words: Iterable[str], ids: Mapping[str, set[str]]) -> frozenset[str]:
    """Ids of the texts that hold all of ``words``; none for no words."""
    found = [ids.get(word, set()) for word in words]
    return frozenset(set.intersection(*found)) if found else frozenset()


def spaced(words: Iterable[str]) -> str:
    """Words between blanks, so that a phrase is found as whole words."""
    return f" {' '.join(words)} "
