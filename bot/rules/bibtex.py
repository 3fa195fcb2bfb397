"""Reading BibTeX that people really have: a missing comma, brace or key costs nothing but itself.

``text | entries, each up to the next @ | fields``; every step is one pass, so that a file made to be slow is not.
bibtexparser 2.1 was tried and drops an entry with any such fault whole. https://www.bibtex.org/Format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

ENTRY = re.compile(r"(?<![\w.])@[ \t]{0,8}([A-Za-z]{2,30})\s{0,8}[{(]")
KEY = re.compile(r"\s{0,80}([^\s,={}\"]{0,200})\s{0,80},")
FIELD = re.compile(r"([A-Za-z][\w-]{0,40})\s{0,20}=\s{0,20}")
NEXT_FIELD = re.compile(r"\n[ \t]{0,40}[A-Za-z][\w-]{0,40}[ \t]{0,20}=[ \t]{0,20}[{\"\d]")
"""Where a value ends at the latest if its own end was forgotten."""
BRACE = re.compile(r"[{}]")
QUOTE = re.compile(r"\"(?=\s{0,20}(?:[,})#]|$|[A-Za-z][\w-]{0,40}\s{0,20}=))|\{")
"""A quotation mark that may be the last one; or a brace to leap over."""
BARE = re.compile(r"[^\s,{}()\"#]{1,200}")
JOIN = re.compile(r"\s{0,20}#\s{0,20}")
MOST_FIELDS, LONGEST_VALUE, LONGEST_MACRO = 200, 10_000, 1000
"""Fields of an entry, and characters of a value that is put together and of an abbreviation."""
NO_PAPERS = ("comment", "preamble", "string")

Fields = list[tuple[str, str]]
"""Names in lower case and values as they are written, without their delimiters; a name may come twice."""


def looks_like_bibtex(text: str) -> bool:
    return any("=" in text[match.end() : match.end() + 2000] for match in ENTRY.finditer(text))


def entries(text: str) -> Iterator[tuple[str, Fields]]:
    """The key ("" for none) and the fields of every entry, abbreviations of ``@string`` put in."""
    macros: dict[str, str] = {}
    starts = list(ENTRY.finditer(text))
    ends = [after.start() for _, after in pairwise(starts)] + [len(text)]
    for start, end in zip(starts, ends, strict=True):
        kind, body = start[1].lower(), text[start.end() : end]
        if kind == "string":
            macros |= {name: value[:LONGEST_MACRO] for name, value in Body(body, macros).fields(0)}
        elif kind not in NO_PAPERS:
            key = KEY.match(body)
            yield key[1] if key else "", list(Body(body, macros).fields(key.end() if key else 0))


class Body:
    """What stands between the braces of an entry, and what comes after it up to the next one."""

    def __init__(self, text: str, macros: Mapping[str, str]):
        self.text, self.macros = text, macros
        self.closing, self.is_closed = pairs_of_braces(text)

    def fields(self, at: int) -> Iterator[tuple[str, str]]:
        for _ in range(MOST_FIELDS):
            name = FIELD.search(self.text, at)
            if name is None:
                return
            value, at = self.value(name.end())
            yield name[1].lower(), value

    def value(self, at: int) -> tuple[str, int]:
        """A value and where it ends; pieces that ``#`` joins are one."""
        value, end = self.piece(at)
        while joined := JOIN.match(self.text, end):
            more, end = self.piece(joined.end())
            value = (value + more)[:LONGEST_VALUE]
        return value, end

    def piece(self, at: int) -> tuple[str, int]:
        first = self.text[at : at + 1]
        if first == "{":
            return self.within(at + 1, self.closing.get(at, len(self.text)))
        if first == '"':
            return self.within(at + 1, self.last_quote(at + 1))
        bare = BARE.match(self.text, at)
        return (self.macros.get(bare[0].lower(), bare[0]), bare.end()) if bare else ("", at)

    def within(self, start: int, end: int) -> tuple[str, int]:
        """A delimited value; in an entry whose braces do not match, it ends where the next field begins."""
        if not self.is_closed and (early := NEXT_FIELD.search(self.text, start, end)):
            return self.text[start : early.start()].rstrip("\r,"), early.start()
        return self.text[start:end], min(end + 1, len(self.text))

    def last_quote(self, at: int) -> int:
        while found := QUOTE.search(self.text, at):
            if found[0] == '"':
                return found.start()
            at = self.closing.get(found.start(), found.start()) + 1
        return len(self.text)


def pairs_of_braces(text: str) -> tuple[dict[int, int], bool]:
    """Where each brace that opens is closed, and whether one more closes: that of the entry itself."""
    opened: list[int] = []
    closing: dict[int, int] = {}
    more = False
    for brace in BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            closing[opened.pop()] = brace.start()
        else:
            more = True
    return closing, more
