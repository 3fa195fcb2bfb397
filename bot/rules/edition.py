"""A reader's own edition: what of the papers since their last digest they get, each once, the best first.

    what they may be shown → each paper under the best of their directions → lifted by their taste → the best of each

``Shelf`` has the papers, made ready once for all readers; ``edition`` takes one reader's share from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter

from bot.models import DigestSection, Paper, Reader
from bot.rules.ranking import POOL
from bot.rules.shelf import FOLLOWED as FOLLOWED  # the section that is named by nobody's direction
from bot.rules.shelf import Shelf, Standing
from bot.rules.tokens import tokens

REMEMBERED = 1024
"""Pairs of abstracts that were compared: those of a day's new versions."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader has been shown before."""

    versions: Mapping[str, int]
    """By paper id, the version."""
    abstracts: Mapping[tuple[str, int], str]
    """Of older versions, by paper id and version."""

    def is_changed(self, paper: Paper) -> bool:
        """Whether the abstract of ``paper``, which was shown, is another now than the reader knows."""
        version = self.versions[paper.id]
        before = self.abstracts.get((paper.id, version))
        return version < paper.version and before is not None and not says_the_same(before, paper.abstract)


@lru_cache(REMEMBERED)
def says_the_same(one: str, other: str) -> bool:
    return tokens(one) == tokens(other)


def edition(
    shelf: Shelf,
    reader: Reader,
    shown: Shown,
    arrived: Collection[str],
    lift: Mapping[str, float] | None = None,
) -> tuple[DigestSection, ...]:
    """The reader's sections, empty ones left out; ``arrived`` are the papers that are new since their last digest."""
    wanted, bias = wanted_by(reader, shelf, shown, arrived), bias_of(shelf, reader, lift or {})
    under = shared_out(shelf, reader, wanted)
    if bias.follows and not reader.bound_to:
        placed = {id_ for found in under.values() for id_ in found}
        under[FOLLOWED] = [id_ for id_ in bias.follows if id_ in wanted and id_ not in placed]
    slugs = [slug for slug in (FOLLOWED, *slugs_of(reader)) if under.get(slug)]
    sections = (section(shelf, slug, under[slug], reader.per_direction, bias) for slug in slugs)
    return tuple(part for part in sections if part.papers)


def slugs_of(reader: Reader) -> tuple[str, ...]:
    return (reader.bound_to,) if reader.bound_to else reader.directions


def wanted_by(reader: Reader, shelf: Shelf, shown: Shown, arrived: Collection[str]) -> frozenset[str]:
    """Ids of the papers that may be shown: new to the reader or in new words, within their compute, not muted."""
    wanted = shelf.within[reader.compute, frozenset(arrived)]
    if known := shelf.papers.keys() & shown.versions.keys():
        again = frozenset(id_ for id_ in known if shown.is_changed(shelf.papers[id_]))
        wanted = wanted - known | shelf.find_within((reader.compute, again))
    words = [shelf.with_word[word] for word in reader.muted_words]
    authors = [shelf.by_author[name] for name in reader.muted_authors]
    return wanted.difference(*words, *authors) if words or authors else wanted


def shared_out(shelf: Shelf, reader: Reader, wanted: Collection[str]) -> dict[str, list[str]]:
    """By slug, the wanted papers in their order, each under that of the reader's directions where it is most probable.

    Most stand under one of them only, so that the others are what is looked at closely.
    """
    under: dict[str, dict[str, float]] = {}
    place: dict[str, str] = {}
    for slug in dict.fromkeys(slugs_of(reader)):
        known = shelf.probabilities.get(slug, {})
        mine = {id_: sure for id_, sure in known.items() if sure >= reader.minimum and id_ in wanted}
        for id_ in place.keys() & mine.keys():
            rival = under[place[id_]]
            del (rival if mine[id_] > rival[id_] else mine)[id_]
        place.update(dict.fromkeys(mine, slug))
        under[slug] = mine
    return {slug: list(found) for slug, found in under.items()}


def section(shelf: Shelf, slug: str, own: Sequence[str], limit: int, bias: Bias) -> DigestSection:
    """The best of the papers that have their place under ``slug``, given in their order."""
    if bias.concerns.isdisjoint(own):
        papers = shelf.best[slug, limit, tuple(own[: limit * POOL])]
    else:
        moved = [bias.moved(shelf, slug, id_) for id_ in own if id_ in bias.concerns]
        others = [id_ for id_ in own if id_ not in bias.concerns][: limit * POOL]
        standings = [*moved, *(shelf.standing(slug, id_) for id_ in others)]
        papers = shelf.varied(sorted(standings, key=attrgetter("place")), limit)
    return DigestSection(slug, papers, total=len(own))


@dataclass(frozen=True, slots=True)
class Bias:
    """What moves papers for one reader and not for others, by their ids."""

    follows: Mapping[str, str]
    """The word or author for which they are followed."""
    lift: Mapping[str, float]
    """What likes and dislikes are worth."""
    concerns: Set[str]

    def moved(self, shelf: Shelf, slug: str, paper_id: str) -> Standing:
        word, lift = self.follows.get(paper_id), self.lift.get(paper_id)
        standing = shelf.standing(slug, paper_id) if word is None else shelf.followed[slug, paper_id, word]
        return standing.lifted(lift) if lift else standing


def bias_of(shelf: Shelf, reader: Reader, lift: Mapping[str, float]) -> Bias:
    words = {id_: word for word in reader.followed_words for id_ in shelf.with_word[word]}
    follows = words | {id_: name for name in reader.followed_authors for id_ in shelf.by_author[name]}
    return Bias(follows, lift, follows.keys() | lift.keys())


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
