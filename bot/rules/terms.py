"""The bilingual list of research terms (``config/terms.csv``), and what a query says in the other language.

``query | units | known terms, the longest first | groups``: a paper fits a query if it holds a phrase of every group.
A unit is one Chinese character or one Latin word, so that ``KV缓存`` and ``KV 缓存`` are one term and Chinese needs no
spaces; where it has one, a term does not cross it. What stands between known terms is looked for as it is, but for
words that name no subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import SettingsError
from bot.rules.tokens import IS_CJK, pieces, tokens

LONGEST_QUERY = 400
"""Characters of a query that are looked at."""
MOST_GROUPS, MOST_PHRASES = 40, 12
"""Groups of a query, and phrases of a group."""
STEM = 5
"""Letters from which on a word's longer forms are nearly always its own: ``agents``, not ``planets``."""
FILLER = re.compile(
    "为什么|怎么样|能不能|会不会|是不是|有没有|该怎么|以及|对于|关于|基于|有关|相关|针对|面向|一种|一个|如何|怎么|怎样|什么|哪些|哪种|"
    "哪里|是否|能否|可以|中的|上的|下的|之间|请问|论文|文章|研究|方法|方案|最新|最近|进展|工作|问题|影响|提升|改进|提高|降低|减少|"
    "利用|使用|通过|进行|实现|应用|技术|领域|的|了|与|和|及|或|吗|呢"
)
"""Words of a query that name no subject, the longer of two that start alike first."""


@dataclass(frozen=True)
class Phrase:
    """Words that stand side by side; where it is ``open``, the last of them may go on."""

    words: tuple[str, ...]
    open: bool = False

    @property
    def is_chinese(self) -> bool:
        return any(IS_CJK.match(word) for word in self.words)


Group = tuple[Phrase, ...]
"""Phrases that say the same; the first is what the query itself says."""
Units = tuple[str, ...]
GAP = " "
"""The unit between two Chinese runs."""


@dataclass(frozen=True)
class Terms:
    """The list: for the units of each term, what it is in the other language."""

    english: Mapping[Units, Group] = field(default_factory=dict)
    chinese: Mapping[Units, Group] = field(default_factory=dict)
    longest: int = 0
    """Units of the longest term."""


def read_terms(rows: Iterable[Mapping[str, str | None]]) -> Terms:
    """The rows ``zh,en`` of the file, forms of a cell divided by ``|``; raises SettingsError that names a wrong row."""
    english: dict[Units, Group] = {}
    chinese: dict[Units, Group] = {}
    for number, row in enumerate(rows, start=2):
        zh, en = (forms(row.get(column) or "") for column in ("zh", "en"))
        if not zh or not en:
            raise SettingsError("terms.csv: line {number} needs zh and en", key="bad_term", number=number)
        add(english, zh, fewest([phrase for units in en for phrase in english_phrases(units)]))
        add(chinese, en, [said(units) for units in zh])
    return Terms(english, chinese, max(map(len, (*english, *chinese)), default=0))


def forms(cell: str) -> list[Units]:
    return [units for form in cell.split("|") if (units := units_of(form))]


def add(known: dict[Units, Group], names: Iterable[Units], phrases: Iterable[Phrase]) -> None:
    for units in names:
        known[units] = tuple(dict.fromkeys((*known.get(units, ()), *phrases)))[: MOST_PHRASES - 1]


def english_phrases(units: Units) -> list[Phrase]:
    """A form and its plural: a long last word is left open, a short one (``LLM``) is not, for ``RAG`` is no rage."""
    *before, last = units
    if not last.isalpha():
        return [Phrase(units)]
    if len(last) < STEM:
        return [Phrase(units), Phrase((*before, f"{last}s"))]
    plural = [Phrase((*before, f"{last[:-1]}ies"))] if re.search(r"[^aeiou]y$", last) else []
    return [Phrase(units, open=True), *plural]


def fewest(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Without those that a shorter open one finds too: what is found twice would weigh twice."""
    return [phrase for phrase in phrases if not any(other != phrase and covers(other, phrase) for other in phrases)]


def covers(short: Phrase, long: Phrase) -> bool:
    """Whether every text that holds ``long`` holds ``short``."""
    same_start = short.words[:-1] == long.words[:-1]
    return short.open and same_start and long.words[-1].startswith(short.words[-1])


def units_of(text: str) -> Units:
    units: list[str] = []
    for piece in pieces(text):
        if not IS_CJK.match(piece):
            units.append(piece)
        else:
            units += [GAP, *piece] if units and IS_CJK.match(units[-1]) else piece
    return tuple(units)


def said(units: Units) -> Phrase:
    """What ``units`` are in a text: Latin words apart, Chinese characters in pairs."""
    return Phrase(tuple(tokens("".join(unit if IS_CJK.match(unit) else f" {unit} " for unit in units))))


def expand(query: str, terms: Terms | None = None, *, fine: bool = False) -> list[Group]:
    """What a paper must hold for ``query``: one phrase of each group. The last word may be unfinished.

    With ``fine``, a term made of shorter ones is taken apart, so that its parts need not stand side by side.
    """
    query = query[:LONGEST_QUERY]
    found = list(groups_of(units_of(query), terms or Terms(), fine)) or [(Phrase((word,)),) for word in tokens(query)]
    groups = list(dict.fromkeys(found))[:MOST_GROUPS]
    if groups:
        first, *others = groups[-1]
        groups[-1] = (replace(first, open=True), *others)
    return groups


def groups_of(units: Units, terms: Terms, fine: bool) -> Iterator[Group]:
    """Known terms with their translations, the longest first, and what is left between them."""
    at = 0
    while at < len(units):
        end = end_of_term(units, at, terms, terms.longest)
        if end > at:
            for part in parts(units[at:end], terms) if fine else [units[at:end]]:
                yield from known(part, terms)
        else:
            end = end_of_unknown(units, at, terms)
            yield from unknown(units[at:end])
        at = end


def end_of_term(units: Units, at: int, terms: Terms, longest: int) -> int:
    """Where the longest known term that starts at ``at`` ends; ``at`` itself where none does."""
    for end in range(min(at + longest, len(units)), at, -1):
        if units[at:end] in terms.english or units[at:end] in terms.chinese:
            return end
    return at


def end_of_unknown(units: Units, at: int, terms: Terms) -> int:
    """Where the characters that start at ``at`` meet a known term or another script; a Latin word stands alone."""
    end = at + 1
    while end < len(units) and IS_CJK.match(units[at]) and IS_CJK.match(units[end]):
        if end_of_term(units, end, terms, terms.longest) > end:
            break
        end += 1
    return end


def parts(units: Units, terms: Terms) -> list[Units]:
    """The shorter terms that make up a term; itself where something would be left over."""
    found: list[Units] = []
    at = 0
    while at < len(units):
        end = end_of_term(units, at, terms, len(units) - 1)
        if end == at:
            return [units]
        found.append(units[at:end])
        at = end
    return found


def known(units: Units, terms: Terms) -> Iterator[Group]:
    """A Chinese term is one group; of an English one each word is, for its words need not stand side by side."""
    if units in terms.english:
        yield (said(units), *terms.english[units])
    else:
        for word in units:
            yield (Phrase((word,)), *terms.chinese[units])


def unknown(units: Units) -> Iterator[Group]:
    """Words of no term: a Latin word as it is, of a Chinese run its pairs; one character alone says too little."""
    if units == (GAP,):
        return
    if not IS_CJK.match(units[0]):
        yield (Phrase(units),)
        return
    for run in FILLER.split("".join(units)):
        if len(run) > 1:
            yield from ((Phrase((token,)),) for token in tokens(run))
