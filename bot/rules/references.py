"""Files of references: BibTeX, RIS, or a list of arXiv ids; what each entry says of its paper, and which paper it is.

``bytes | text | fields of entries | Reference``. What cannot be read costs nothing but itself; sizes are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from bot.errors import UsageError
from bot.models import Paper, Reference
from bot.rules.bibtex import Fields, entries, looks_like_bibtex
from bot.rules.ids import find_ids, find_linked_ids
from bot.rules.tex import readable
from bot.rules.tokens import tokens

MOST_BYTES = 1_000_000
MOST_ENTRIES = 3000
LONGEST_TITLE, LONGEST_NAMES = 500, 1000
"""Characters of a title, and of a list of names, that are read."""
MOST_NAMES = 5
TWO_BYTES = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*+")
"""Chinese text of an older Windows: https://en.wikipedia.org/wiki/GB_2312"""


def read(content: bytes) -> list[Reference]:
    """What a file refers to, each paper once, in its order; raises UsageError for what is no such file or too much."""
    if len(content) > MOST_BYTES:
        raise UsageError("more than 1 MB", key="file_too_large")
    text = decoded(content)
    found = list(unique(reference for reference in references_in(text) if reference.label))
    if not found:
        raise UsageError("no references in it", key="no_references")
    if len(found) > MOST_ENTRIES:
        raise UsageError("too many entries", key="too_many_references", number=len(found), most=MOST_ENTRIES)
    return found


def decoded(content: bytes) -> str:
    """The text of a file in whatever encoding its program wrote; raises UsageError for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\x00" in content:
        raise UsageError("not a text file", key="no_references")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030" if TWO_BYTES.fullmatch(content) else "cp1252", "replace")


def references_in(text: str) -> Iterator[Reference]:
    if looks_like_bibtex(text):
        return (reference_of(fields, key) for key, fields in entries(text))
    if RIS_START.search(text):
        return (reference_of(fields) for fields in ris_entries(text))
    return listed(text)


def unique(references: Iterable[Reference]) -> Iterator[Reference]:
    """Each paper once; the first entry of it that is met."""
    seen: set[str] = set()
    for reference in references:
        name = reference.arxiv_id or " ".join(tokens(reference.title)) or reference.key
        if name not in seen:
            seen.add(name)
            yield reference


# --- a list -----------------------------------------------------------------------------------------------------------


def listed(text: str) -> Iterator[Reference]:
    """The ids and links in ``text``; where there are none, each line with some words is a title."""
    if ids := find_ids(text):
        return (Reference(arxiv_id=id_) for id_ in ids)
    lines = (" ".join(line.split()).lstrip("-*•# ") for line in text.splitlines())
    return (Reference(title=line[:LONGEST_TITLE]) for line in lines if len(tokens(line)) > 2)


# --- RIS --------------------------------------------------------------------------------------------------------------

RIS_START = re.compile(r"^[ \t]{0,8}TY[ \t]{1,4}-", re.MULTILINE)
RIS_LINE = re.compile(r"[ \t\ufeff]{0,8}([A-Z][A-Z0-9])[ \t]{1,4}-[ \t]?(.*)")
RIS_NAMES = {
    "TI": "title", "T1": "title", "CT": "title", "BT": "booktitle", "AU": "author", "A1": "author", "PY": "year",
    "Y1": "year", "DA": "year", "DO": "doi", "UR": "url", "LK": "url", "L1": "url", "L2": "url", "L3": "url",
    "N1": "note", "M1": "note", "M3": "note", "AN": "note", "T2": "journal", "JO": "journal", "JF": "journal",
    "ID": "key",
}  # fmt: skip
"""The fields that we read, by what BibTeX calls them; not the abstract, which may speak of other papers.
https://en.wikipedia.org/wiki/RIS_(file_format)"""


def ris_entries(text: str) -> Iterator[Fields]:
    """The fields of every record; a line without a tag goes on with the field before it."""
    fields: Fields = []
    for line in text.splitlines():
        tagged = RIS_LINE.match(line)
        if tagged and tagged[1] in ("TY", "ER"):
            yield fields
            fields = []
        elif tagged:
            fields.append((RIS_NAMES.get(tagged[1], ""), tagged[2]))
        elif fields and line.strip() and len(fields[-1][1]) < LONGEST_NAMES:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
    yield fields


# --- what an entry says -----------------------------------------------------------------------------------------------

PLACES = ("journal", "journaltitle", "booktitle", "howpublished", "volume", "archiveprefix", "number", "pages")
"""Fields in which programs write an arXiv id next to other things."""
SAYS_ARXIV = re.compile(r"arxiv|\babs[/-]|\bcorr\b", re.IGNORECASE)
IS_ARXIV = re.compile(r"\W{0,8}arxiv", re.IGNORECASE)
"""How a note begins that is an id; others are people's own, and may speak of any paper."""
ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S{1,40})", re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
TEX, TEX_OR_BRACE = re.compile(r"[\\$]|``|''"), re.compile(r"[\\{$]")
MOST_TEX = 60
"""Commands and groups in one text; a title has a few, and resolving them takes time."""
SIGNS = {"backslash": " ", "braceleft": "", "braceright": "", "asciicircum": "^", "asciitilde": "~"}
SIGN = re.compile(rf"\\text({'|'.join(SIGNS)})(?:\{{\}}|\b)")
"""Signs that TeX has names for; they say nothing that a title is known by."""
NAMES = re.compile(r"\s+and\s+|\s*;\s*")


def reference_of(fields: Fields, key: str = "") -> Reference:
    """What an entry says of its paper; no label where it says nothing."""
    authors = [name for written in values(fields, "author") for name in NAMES.split(written[:LONGEST_NAMES])]
    years = YEAR.findall(" ".join(value[:100] for value in values(fields, "year", "date")))
    return Reference(
        title=tidy("".join(values(fields, "title")[:1]), LONGEST_TITLE),
        arxiv_id=arxiv_id_of(fields),
        authors=tuple(name for name in (tidy(author, 100) for author in authors[:MOST_NAMES]) if name),
        year=int(years[0]) if years else None,
        key=key or "".join(values(fields, "key")[:1])[:100],
    )


def values(fields: Fields, *names: str) -> list[str]:
    return [value for name, value in fields if name in names and value.strip()]


def tidy(text: str, longest: int) -> str:
    """TeX resolved, in one line, no braces left; what is more TeX than words is left as it is written."""
    text = SIGN.sub(lambda sign: SIGNS[sign[1]], text[:longest])
    if TEX.search(text) and len(TEX_OR_BRACE.findall(text)) <= MOST_TEX:
        text = readable(text)
    return " ".join(text.replace("{", "").replace("}", "").split())


def arxiv_id_of(fields: Fields) -> str:
    """The id that an entry names, where it is sure to be one of arXiv's."""
    texts = [
        *values(fields, "eprint", "arxivid", "arxiv"),
        *(match[1] for doi in values(fields, "doi", "url") for match in ARXIV_DOI.finditer(doi[:2000])),
    ]
    texts += [" ".join(found) for url in values(fields, "url", "ee", "howpublished") if (found := find_linked_ids(url))]
    texts += [place for place in values(fields, *PLACES) if SAYS_ARXIV.search(place)]
    texts += [note for note in values(fields, "note") if IS_ARXIV.match(note)]
    return next((id_ for text in texts for id_ in find_ids(text[:2000])), "")


def label(reference: Reference) -> str:
    """What to call an entry that was not found: ``A Title [2606.00001] (Lovelace, 1843)``."""
    number = f" [{reference.arxiv_id}]" if reference.arxiv_id and reference.title else ""
    about = ", ".join(part for part in (*reference.authors[:1], str(reference.year or "")) if part)
    return f"{reference.label}{number} ({about})" if about else f"{reference.label}{number}"


# --- which paper it is ------------------------------------------------------------------------------------------------

NEARLY, SURELY = 0.88, 0.95
"""Likeness from which on titles are the same where the first author is too; and where no author is named."""
SHORT_TITLE = 3
"""Words up to which a title alone does not say which paper is meant."""


def paper_of(reference: Reference, candidates: Sequence[Paper]) -> Paper | None:
    """The paper that an entry without an id means: of the same or nearly the same title, by the same first author."""
    asked = tokens(reference.title)
    same = [paper for paper in candidates if tokens(paper.title) == asked]
    if by_author := [paper for paper in same if is_by(paper, reference.authors)]:
        return by_author[0]
    if same and (len(asked) > SHORT_TITLE or not reference.authors):
        return same[0]
    return nearest(reference, asked, candidates)


def nearest(reference: Reference, asked: Sequence[str], candidates: Sequence[Paper]) -> Paper | None:
    """The paper whose title is nearly the same, where its first author says so too."""
    limit = NEARLY if reference.authors else SURELY
    likely = [paper for paper in candidates if is_by(paper, reference.authors) or not reference.authors]
    scores = {paper.id: likeness(asked, tokens(paper.title)) for paper in likely}
    best = max(likely, key=lambda paper: scores[paper.id], default=None)
    return best if best and scores[best.id] >= limit else None


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """0 to 1: how much of two titles is the same, letter by letter; a subtitle that one lacks does not count."""
    shorter, longer = sorted((" ".join(one), " ".join(other)), key=len)
    if len(shorter.split()) > SHORT_TITLE and longer.startswith(f"{shorter} "):
        return 1.0
    return SequenceMatcher(None, shorter, longer, autojunk=False).ratio()


def is_by(paper: Paper, authors: Sequence[str]) -> bool:
    """Whether the first author's family name is the same; ``Family, Given`` and ``Given Family`` are both read."""
    if not authors or not paper.authors:
        return False
    first = authors[0]
    family = tokens(first.partition(",")[0]) if "," in first else tokens(first)[-1:]
    return bool(family) and family[-1] in tokens(paper.authors[0])
