"""arXiv identifiers: what they look like, and where they hide in text.

https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re

NEW_STYLE = (
    r"(?:(?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4])(?:0[1-9]|1[0-2]))\.[0-9]{4}"
    r"|(?:1[5-9]|[2-9][0-9])(?:0[1-9]|1[0-2])\.[0-9]{5})"
)
"""Year, month and a number, which has five digits since January 2015."""

ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math-ph math mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int supr-con"
)
OLD_STYLE = rf"(?:{'|'.join(ARCHIVES.split())})(?:\.[A-Z]{{2}})?/[0-9]{{2}}(?:0[1-9]|1[0-2])[0-9]{{3}}"
"""Archive, subject class (which is no part of the id), year, month and a number: until March 2007."""

ARXIV_ID = re.compile(rf"{NEW_STYLE}|{OLD_STYLE}")
"""An id without its version; for ``fullmatch``."""

VERSIONED = re.compile(rf"({NEW_STYLE}|{OLD_STYLE})(?:v([1-9][0-9]{{0,3}}))?")
BEFORE = r"(?:(?<![A-Za-z0-9])(?<![0-9][.,])|(?<=arxiv))"
AFTER = r"(?:v[1-9][0-9]{0,3})?(?![A-Za-z0-9%])(?![.,][0-9])"
IN_TEXT = re.compile(rf"{BEFORE}({NEW_STYLE}|{OLD_STYLE}){AFTER}", re.IGNORECASE)
PAGES = r"arxiv\.org/(?:abs|pdf|html|format|src)|alphaxiv\.org/(?:abs|overview)|huggingface\.co/papers"
IN_LINK = re.compile(rf"\b(?:{PAGES})/({NEW_STYLE}|{OLD_STYLE}){AFTER}", re.IGNORECASE)


def is_id(text: str) -> bool:
    """Whether ``text`` is an arXiv id, with or without its version, and nothing else."""
    return VERSIONED.fullmatch(text) is not None


def split_version(text: str) -> tuple[str, int]:
    """``2606.01234v2`` as id and version, 1 where it names none; raises ValueError for anything else."""
    match = VERSIONED.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not an arXiv id")
    return canonical(match[1]), int(match[2] or 1)


def find_ids(text: str) -> list[str]:
    """The arXiv ids in free text, with ``arXiv:`` before them, in a link or on their own; each once, in order."""
    return list(dict.fromkeys(canonical(match[1]) for match in IN_TEXT.finditer(text)))


def without_ids(text: str) -> str:
    """What is left of free text without its arXiv ids and links."""
    return " ".join(word for word in text.split() if not find_ids(word))


def find_linked_ids(text: str) -> list[str]:
    """The arXiv ids in links to arXiv, alphaXiv and Hugging Face's paper pages; each once, in order."""
    return list(dict.fromkeys(canonical(match[1]) for match in IN_LINK.finditer(text)))


def canonical(arxiv_id: str) -> str:
    """``math.GT/0309136`` as arXiv itself writes it: ``math/0309136``."""
    archive, slash, number = arxiv_id.partition("/")
    return f"{archive.split('.')[0].lower()}/{number}" if slash else arxiv_id
