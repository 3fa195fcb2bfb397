"""What a reader's likes and dislikes make of new papers: a small linear model that starts from nothing and says why.

Every word of a title, every evidence term and every direction of a paper that was liked or disliked gets a weight,
shrunk towards zero where little speaks for it. What they add up to lifts or lowers a paper's rank by at most
``MOST``, the less the fewer opinions there are; one paper in ``EXPLORED`` is never lowered, so that no kind of paper
disappears for good. Lifts change the order, not what belongs to a direction.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.models import Judgement, Paper
from bot.rules.tokens import tokens

MOST = 0.5
"""The farthest that a paper is lifted or lowered: about what half of certainty is worth."""
TRUST = 3.0
"""Opinions at which the model counts half."""
SHRINK = 1.0
"""Imagined opinions to either side of every word."""
EXPLORED = 5
REMEMBERED = 4096
"""Titles."""
DIRECTION_SHARE = 0.5
"""A direction says less of a paper's taste than its words: the reader chose it by hand."""
COMMON = frozenset(
    tokens(
        "a an and are as at be by can do does for from how in into is it its more not of on or our over than that the "
        "their this to toward towards under use using via we what when where which who why with without your you all "
        "beyond approach based model models language large learning method methods new study framework paper llm llms "
        "neural"
    )
)
"""Words that say nothing of a taste."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader thinks of a paper: 1 likes it, -1 does not; less where a reaction was shared by several."""

    paper: Paper
    judgement: Judgement
    value: float


@dataclass(frozen=True, slots=True)
class Taste:
    """What opinions did to one word or phrase."""

    term: str
    weight: float
    """Above zero where it lifts a paper."""
    likes: int
    dislikes: int


def terms_of(paper: Paper, judgement: Judgement) -> Iterator[str]:
    """What a paper is judged by, each once: evidence, words of the title, and ``=slug`` for its directions."""
    evidence = [item.term for assignment in judgement.directions for item in assignment.evidence]
    named = [term.lower() for term in evidence if term.lower() not in COMMON]
    slugs = (f"={assignment.slug}" for assignment in judgement.directions)
    yield from dict.fromkeys([*named, *words_of_title(paper.title), *slugs])


@lru_cache(REMEMBERED)
def words_of_title(title: str) -> tuple[str, ...]:
    """Remembered, for many readers like the same papers."""
    return tuple(word for word in tokens(title) if len(word) > 1 and word not in COMMON and not word.isdigit())


def tastes(opinions: Sequence[Opinion]) -> dict[str, Taste]:
    """Every word that an opinion touches, with its weight."""
    for_, against = defaultdict[str, float](float), defaultdict[str, float](float)
    likes, dislikes = Counter[str](), Counter[str]()
    for opinion in opinions:
        for term in terms_of(opinion.paper, opinion.judgement):
            if opinion.value > 0:
                for_[term] += opinion.value
                likes[term] += 1
            else:
                against[term] -= opinion.value
                dislikes[term] += 1
    return {
        term: Taste(term, weight(term, for_[term], against[term]), likes[term], dislikes[term])
        for term in dict.fromkeys([*for_, *against])
    }


def weight(term: str, liked: float, disliked: float) -> float:
    share = DIRECTION_SHARE if term.startswith("=") else 1.0
    return share * (liked - disliked) / (liked + disliked + 2 * SHRINK)


def lift(papers: Sequence[tuple[Paper, Judgement]], opinions: Sequence[Opinion]) -> dict[str, float]:
    """How much each paper's rank is lifted (or lowered, below zero), by paper id; nothing without opinions."""
    return lifts({paper.id: terms_of(paper, judgement) for paper, judgement in papers}, opinions)


def lifts(terms: Mapping[str, Iterable[str]], opinions: Sequence[Opinion]) -> dict[str, float]:
    """The same for papers of which it is known by what they are judged (``terms_of``), by paper id."""
    if not opinions:
        return {}
    known, trust = tastes(opinions), trusted(opinions)
    found = {id_: trust * leaning(said, known) for id_, said in terms.items()}
    return {id_: 0.0 if value < 0 and explored(id_) else value for id_, value in found.items()}


def trusted(opinions: Sequence[Opinion]) -> float:
    """How much the model counts, 0 to 1: more with each opinion."""
    evidence = sum(abs(opinion.value) for opinion in opinions)
    return evidence / (evidence + TRUST)


def leaning(terms: Iterable[str], known: Mapping[str, Taste]) -> float:
    return MOST * math.tanh(sum(known[term].weight for term in terms if term in known))


def explored(paper_id: str) -> bool:
    """Whether this paper is shown as if nothing were held against it; the same one in every run."""
    return zlib.crc32(paper_id.encode()) % EXPLORED == 0


def reasons(paper: Paper, judgement: Judgement, opinions: Sequence[Opinion], most: int = 3) -> list[Taste]:
    """What opinions did to this paper, strongest first, its directions aside."""
    known = tastes(opinions)
    found = [known[term] for term in terms_of(paper, judgement) if term in known and not term.startswith("=")]
    return strongest(found, most)


def learnt(opinions: Sequence[Opinion], most: int = 8) -> list[Taste]:
    """What the opinions come to, strongest first, directions aside."""
    return strongest([taste for taste in tastes(opinions).values() if not taste.term.startswith("=")], most)


def strongest(found: Iterable[Taste], most: int) -> list[Taste]:
    return sorted((taste for taste in found if taste.weight), key=lambda taste: -abs(taste.weight))[:most]
