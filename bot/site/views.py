"""What templates are given: papers and posts as pages show them, the same for both languages.

Text stays foreign here; the templates' environment cleans and escapes all that comes out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from bot.models import Assignment, Evidence, Paper
from bot.models.papers import LEVELS
from bot.rules.days import NEW_YORK
from bot.rules.digest import telling_sentence
from bot.rules.export import bibtex_entry
from bot.rules.foreign import web_address
from bot.rules.ranking import rank_of
from bot.rules.tex import prose
from bot.rules.tokens import tokens
from bot.site.places import paper_page
from bot.store.archive import Entry

SHOWN_AUTHORS, MOST_AUTHORS, MOST_TERMS = 3, 60, 6
INDEXED_AUTHORS, INDEXED_TERMS = 12, 12
LONGEST_TITLE, LONGEST_NAME = 400, 80


class Weighed(NamedTuple):
    """A direction of a paper."""

    slug: str
    probability: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper as it stands in lists, feeds and the search index."""

    id: str
    page: str
    title: str
    day: date
    authors: tuple[str, ...]
    """The first few."""
    more_authors: bool
    telling: str
    level: str
    """``low``, ``medium``, ``high``, or "" where nobody knows."""
    slugs: tuple[str, ...]
    """Most probable first."""
    rank: float
    upvotes: int
    code: str
    withdrawn: bool
    changed: datetime
    """When the paper, or its newest version, came out; UTC."""
    families: tuple[str, ...]
    """Words of the authors' family names, for the search."""
    terms: tuple[str, ...]
    """Words that decided and that the title lacks, for the search."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper on its own page."""

    listed: Listed
    authors: tuple[str, ...]
    abstract: str
    categories: tuple[str, ...]
    version: int
    directions: tuple[Weighed, ...]
    compute_phrase: str
    links: Mapping[str, str]
    """Addresses by name, those that may be shown."""
    bibtex: str


def shown(entry: Entry, links: Mapping[str, str]) -> Shown:
    paper = entry.paper
    return Shown(
        listed=listed(entry),
        authors=tuple(name[:LONGEST_NAME] for name in paper.authors[:MOST_AUTHORS]),
        abstract=prose(paper.abstract),
        categories=paper.categories,
        version=paper.version,
        directions=tuple(Weighed(one.slug, one.probability, terms(one.evidence)) for one in entry.judgement.directions),
        compute_phrase=entry.judgement.compute.evidence,
        links=addresses(paper, links),
        bibtex=bibtex_entry(paper, links),
    )


def listed(entry: Entry) -> Listed:
    paper, found = entry.paper, () if entry.paper.withdrawn else entry.judgement.directions
    assert paper.day is not None  # the archive is read by days
    level = entry.judgement.compute.level
    return Listed(
        id=paper.id,
        page=paper_page(paper.id),
        title=paper.title[:LONGEST_TITLE] or paper.id,
        day=paper.day,
        authors=tuple(name[:LONGEST_NAME] for name in paper.authors[:SHOWN_AUTHORS]),
        more_authors=len(paper.authors) > SHOWN_AUTHORS,
        telling=telling_sentence(paper, found[0]) if found else "",
        level=level if level in LEVELS else "",
        slugs=tuple(one.slug for one in found),
        rank=rank_of(paper, found[0], entry.judgement.compute).total if found else 0.0,
        upvotes=paper.upvotes or 0,
        code=web_address(paper.code_url),
        withdrawn=paper.withdrawn,
        changed=max(announced(paper.day), paper.updated or announced(paper.day)),
        families=families(paper.authors),
        terms=further_terms(paper.title, found),
    )


def announced(day: date) -> datetime:
    """The moment at which arXiv announces a day: New York's midnight, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=NEW_YORK).astimezone(UTC)


def terms(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The words that decided for a direction, without those that say the same again in more or fewer words."""
    kept: list[str] = []
    for item in evidence:
        low = item.term.casefold()
        if item.weight > 0 and not any(low in other.casefold() or other.casefold() in low for other in kept):
            kept.append(item.term)
    return tuple(kept[:MOST_TERMS])


def addresses(paper: Paper, links: Mapping[str, str]) -> dict[str, str]:
    """Where a paper can be read; Hugging Face only where it is known there."""
    on_huggingface = paper.upvotes is not None or "huggingface" in paper.sources
    found = {
        "abstract": links["abstract"].format(id=paper.id),
        "pdf": links["pdf"].format(id=paper.id),
        "huggingface": links["huggingface"].format(id=paper.id) if on_huggingface else "",
        "code": paper.code_url,
    }
    return {name: good for name, address in found.items() if (good := web_address(address))}


def families(authors: Iterable[str]) -> tuple[str, ...]:
    names = (tokens(name)[-1:] for name in list(authors)[:INDEXED_AUTHORS])
    return tuple(dict.fromkeys(word for name in names for word in name))


def further_terms(title: str, found: Iterable[Assignment]) -> tuple[str, ...]:
    known = set(tokens(title))
    words = (word for one in found for item in one.evidence if item.weight > 0 for word in tokens(item.term))
    return tuple(dict.fromkeys(word for word in words if word not in known and len(word) > 2))[:INDEXED_TERMS]
