"""The small pieces of messages: a linked title, the line about a paper, why it is here, rows of buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.chat.context import pressed
from bot.chat.html import cut, escape, plain, units
from bot.models import Button, Compute, Evidence, Paper
from bot.rules.foreign import web_address
from bot.rules.tex import prose
from bot.wording import Words

MOST_UNITS = 4096
"""UTF-16 units of text in a message: https://core.telegram.org/bots/api#sendmessage"""
MOST_ENTITIES = 95
"""Of a hundred that Telegram keeps in a message; it silently drops the rest."""
LONGEST_TITLE, LONGEST_TERM, LONGEST_NAME = 300, 40, 60
SHOWN_AUTHORS, MOST_TERMS = 3, 4
BADGES = ("low", "medium", "high")
OPENING = re.compile(r"<[a-z]")
IN_A_ROW = 8
REMEMBERED = 4096
"""Pieces that are put together once for all readers of a day."""

Row = tuple[Button, ...]


@lru_cache(REMEMBERED)
def size(html: str) -> int:
    """UTF-16 units of what a person reads of ``html``."""
    return units(plain(html))


@lru_cache(REMEMBERED)
def entities(html: str) -> int:
    return len(OPENING.findall(html))


@lru_cache(REMEMBERED)
def safe(text: str, longest: int) -> str:
    """Foreign text in one line, bounded and escaped."""
    return escape(cut(one_line(text), longest))


def one_line(text: str) -> str:
    return " ".join(text.split())


def link(address: str, html: str) -> str:
    """``html`` as a link, or as it is where the address is none that may be shown."""
    if not web_address(address):
        return html
    return f'<a href="{escape(address)}">{html}</a>'


def title(paper: Paper, links: Mapping[str, str]) -> str:
    return link(links["abstract"].format(id=paper.id), safe(paper.title, LONGEST_TITLE) or paper.id)


def about(paper: Paper, compute: Compute, words: Words) -> str:
    """``🟢 one GPU is enough · ♥ 34 · code``; nothing where nothing is known."""
    found = [words(f"compute.{compute.level}")] if compute.level in BADGES else []
    if paper.upvotes:
        found.append(f"♥ {paper.upvotes}")
    if code := web_address(paper.code_url):
        found.append(link(code, words("paper.code")))
    if paper.version > 1:
        found.append(words("card.version", version=paper.version))
    return " · ".join(found)


def because(terms: Iterable[str], words: Words) -> str:
    return f"<i>{words('digest.because', terms=telling(terms))}</i>"


def terms(evidence: Iterable[Evidence]) -> str:
    return telling(item.term for item in evidence)


def telling(terms: Iterable[str]) -> str:
    """The most telling terms, without those that say the same again in more or fewer words."""
    shown: list[str] = []
    for term in terms:
        low = term.casefold()
        if not any(low in other.casefold() or other.casefold() in low for other in shown):
            shown.append(term)
    return " · ".join(safe(term, LONGEST_TERM) for term in shown[:MOST_TERMS])


def authors(paper: Paper, words: Words, most: int = SHOWN_AUTHORS) -> str:
    shown = words("list.comma").join(safe(name, LONGEST_NAME) for name in paper.authors[:most])
    more = len(paper.authors) > most
    return words("paper.and_others", names=shown) if more else shown or words("paper.no_authors")


def day(paper: Paper, words: Words) -> str:
    return words.day_and_year(paper.day) if paper.day else ""


@lru_cache(REMEMBERED)
def abstract(text: str) -> str:
    """An abstract with its TeX resolved; remembered, for a digest shows the same few to many readers."""
    return prose(text)


def lines(*parts: str) -> str:
    """The parts that say something, one a line."""
    return "\n".join(part for part in parts if part)


def numbered(first: int, ids: Sequence[str]) -> list[Row]:
    """Buttons that open cards, in rows of about the same length."""
    rows = -(-len(ids) // IN_A_ROW)
    width = -(-len(ids) // rows) if rows else 1
    return in_rows([opening(first + at, id_) for at, id_ in enumerate(ids)], width)


@lru_cache(4 * REMEMBERED)
def opening(number: int, paper_id: str) -> Button:
    """Opens a paper's card."""
    return Button(str(number), pressed("card", paper_id))


def in_rows(buttons: Sequence[Button], width: int) -> list[Row]:
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]
