"""A reader's own edition: what of the papers since their last digest they get, each once, the best first.

``Shelf`` prepares the papers once for all readers; ``edition`` takes one reader's share from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.models import Assignment, DigestPaper, DigestSection, Evidence, Judgement, Paper, Rank, Reader
from bot.rules.digest import telling_sentence
from bot.rules.ranking import rank_of, varied
from bot.rules.tokens import tokens

FOLLOWED = "followed"
"""The section of papers that are there for a followed word or author alone."""
FOLLOW_LIFT = 0.3
"""What a followed word or author is worth, in probability."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper under one direction, before any reader has a say."""

    paper: Paper
    assignment: Assignment
    rank: Rank


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader has been shown before."""

    versions: Mapping[str, int]
    """By paper id, the version."""
    abstracts: Mapping[tuple[str, int], str]
    """Of older versions, by paper id and version."""

    def allows(self, paper: Paper, arrived: bool) -> bool:
        """Whether ``paper`` may be shown: it is new to the reader, or its abstract is another than they know."""
        version = self.versions.get(paper.id)
        if version is None:
            return arrived
        before = self.abstracts.get((paper.id, version))
        return version < paper.version and before is not None and tokens(before) != tokens(paper.abstract)


class Shelf:
    """Papers of some days, indexed for choosing: by direction, by word, by author."""

    def __init__(self, papers: Iterable[Paper], judgements: Mapping[str, Judgement]):
        self.judgements = judgements
        self.papers = {paper.id: paper for paper in papers if not paper.withdrawn and paper.id in judgements}
        self.newest = max((paper.day for paper in self.papers.values() if paper.day), default=None)
        self.under: dict[str, list[Standing]] = defaultdict(list)
        for paper in self.papers.values():
            for assignment in judgements[paper.id].directions:
                if assignment.in_digest:
                    self.under[assignment.slug].append(self.standing(paper, assignment))
        self._texts: dict[str, str] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._authors: dict[str, frozenset[str]] = {}
        self._shown: dict[tuple[str, str], DigestPaper] = {}

    def standing(self, paper: Paper, assignment: Assignment) -> Standing:
        compute = self.judgements[paper.id].compute
        return Standing(paper, assignment, rank_of(paper, assignment, compute, self.newest))

    def with_word(self, word: str) -> frozenset[str]:
        """Ids of the papers whose title or abstract holds ``word`` (or phrase)."""
        if word not in self._words:
            asked = spaced(word)
            self._words[word] = frozenset(id_ for id_, text in self.texts().items() if asked.strip() and asked in text)
        return self._words[word]

    def texts(self) -> dict[str, str]:
        if not self._texts:
            self._texts = {id_: spaced(f"{paper.title} . {paper.abstract}") for id_, paper in self.papers.items()}
        return self._texts

    def by_author(self, name: str) -> frozenset[str]:
        """Ids of the papers that ``name`` wrote: all its parts stand in one author's name."""
        if name not in self._authors:
            asked = set(tokens(name))
            self._authors[name] = frozenset(
                id_
                for id_, paper in self.papers.items()
                if asked and any(asked <= set(tokens(author)) for author in paper.authors)
            )
        return self._authors[name]

    def shown(self, standing: Standing) -> DigestPaper:
        key = standing.paper.id, standing.assignment.slug
        if key not in self._shown:
            sentence = telling_sentence(standing.paper, standing.assignment)
            compute = self.judgements[standing.paper.id].compute
            self._shown[key] = DigestPaper(standing.paper, standing.assignment, sentence, compute)
        return self._shown[key]


def spaced(text: str) -> str:
    """``text`` as its words between blanks, so that a phrase is found as whole words."""
    return f" {' '.join(tokens(text))} "


def edition(
    shelf: Shelf,
    reader: Reader,
    shown: Shown,
    arrived: Collection[str],
    lift: Mapping[str, float] | None = None,
) -> tuple[DigestSection, ...]:
    """The reader's sections, empty ones left out; ``arrived`` are the papers that are new since their last digest."""
    follows, off = followed(shelf, reader), muted(shelf, reader)

    def wanted(paper: Paper) -> bool:
        new = shown.allows(paper, paper.id in arrived)
        return new and paper.id not in off and shelf.judgements[paper.id].compute.is_within(reader.compute)

    places = best_places(shelf, reader, wanted)
    if not reader.bound_to:
        extra = [id_ for id_ in follows if id_ not in places and wanted(shelf.papers[id_])]
        places |= {id_: place(shelf, id_) for id_ in extra}
    lifts = {id_: FOLLOW_LIFT * (id_ in follows) + (lift or {}).get(id_, 0.0) for id_ in places}
    under: dict[str, list[Standing]] = defaultdict(list)
    for found in places.values():
        under[found.assignment.slug].append(found)
    sections = (section(shelf, reader, slug, under[slug], lifts) for slug in (FOLLOWED, *slugs_of(reader)))
    return tuple(because(part, follows) if follows else part for part in sections if part.papers)


def slugs_of(reader: Reader) -> tuple[str, ...]:
    return (reader.bound_to,) if reader.bound_to else reader.directions


def best_places(shelf: Shelf, reader: Reader, wanted: Callable[[Paper], bool]) -> dict[str, Standing]:
    """Each wanted paper under that one of the reader's directions where it is most probable, by paper id."""
    places: dict[str, Standing] = {}
    for slug in slugs_of(reader):
        for standing in shelf.under.get(slug, ()):
            id_, probability = standing.paper.id, standing.assignment.probability
            if probability < reader.minimum or not wanted(standing.paper):
                continue
            if id_ not in places or probability > places[id_].assignment.probability:
                places[id_] = standing
    return places


def section(
    shelf: Shelf, reader: Reader, slug: str, standings: Sequence[Standing], lifts: Mapping[str, float]
) -> DigestSection:
    own = [lifted(standing, lifts[standing.paper.id]) for standing in standings]
    chosen = (ranked(shelf.shown(standing), rank) for standing, rank in varied(own, reader.per_direction))
    return DigestSection(slug, tuple(chosen), total=len(own))


def ranked(shown: DigestPaper, rank: Rank) -> DigestPaper:
    """``shown`` with its rank; by hand, for ``replace`` is slow and this is done for every paper of every digest."""
    return DigestPaper(shown.paper, shown.assignment, shown.key_sentence, shown.compute, rank)


def lifted(standing: Standing, lift: float) -> Standing:
    return replace(standing, rank=replace(standing.rank, personal=lift)) if lift else standing


def because(part: DigestSection, follows: Mapping[str, str]) -> DigestSection:
    """``part`` with the followed word or author named first among a paper's reasons."""
    return replace(part, papers=tuple(followed_for(shown, follows.get(shown.paper.id)) for shown in part.papers))


def followed_for(shown: DigestPaper, word: str | None) -> DigestPaper:
    if word is None:
        return shown
    reasons = (Evidence(word, 1.0), *shown.assignment.evidence)
    return replace(shown, assignment=replace(shown.assignment, evidence=reasons))


def place(shelf: Shelf, paper_id: str) -> Standing:
    """Where a paper stands that no direction of the reader's holds."""
    paper = shelf.papers[paper_id]
    own = next(iter(shelf.judgements[paper_id].directions), None)
    assignment = Assignment(FOLLOWED, own.probability if own else 0.0, own.evidence[:2] if own else ())
    return shelf.standing(paper, assignment)


def followed(shelf: Shelf, reader: Reader) -> dict[str, str]:
    """The word or author for which the reader follows a paper, by paper id."""
    found = {id_: word for word in reader.followed_words for id_ in shelf.with_word(word)}
    return found | {id_: name for name in reader.followed_authors for id_ in shelf.by_author(name)}


def muted(shelf: Shelf, reader: Reader) -> set[str]:
    words = (shelf.with_word(word) for word in reader.muted_words)
    authors = (shelf.by_author(name) for name in reader.muted_authors)
    return set().union(*words, *authors)


def chosen_papers(sections: Iterable[DigestSection]) -> Iterator[Paper]:
    for part in sections:
        for shown in part.papers:
            yield shown.paper


def arrived_since(papers: Mapping[str, tuple[date, int]], last_digest: date, last_paper: int, since: date) -> set[str]:
    """Ids of papers that are new to a reader: of days after ``last_digest``, and what came late for covered days.

    ``papers`` are each one's day and number; ``since`` is the first day whose late papers concern the reader.
    """
    return {
        id_ for id_, (day, number) in papers.items() if day > last_digest or (0 < last_paper < number and day >= since)
    }
