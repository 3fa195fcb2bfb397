"""What a search found: the papers with the hits marked, what was left out of the query, what may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.chat.context import pressed
from bot.chat.html import cut, escape
from bot.chat.render.lists import PER_PAGE, pager, pages
from bot.chat.render.parts import (
    LONGEST_TITLE,
    MOST_UNITS,
    about,
    abstract,
    authors,
    day,
    lines,
    link,
    numbered,
    safe,
    size,
)
from bot.models import Button, Message
from bot.rules.query.found import Found, Hit
from bot.rules.query.marking import Marked, marked, snippet
from bot.rules.query.parser import Remark
from bot.rules.query.tree import Field
from bot.wording import Words

LONGEST_SNIPPETS = (200, 100, 0)
"""Characters, of which the first is taken with which the page is one message."""
MOST_MARKS = 5
"""Hits of one piece of text that are marked: Telegram counts each as an entity, and keeps a hundred of a message."""
SHOWN_DIRECTIONS = 2


def found_page(
    asked: str, found: Found, page: int, words: Words, links: Mapping[str, str], names: Mapping[str, str]
) -> Message:
    """Page ``page``, from 0; ``asked`` stands in it as it was written, for the buttons cannot carry it."""
    head = lines(heading(asked, found, words), *(remark(one, words) for one in found.query.remarks),
                 words("search.loose") if found.is_loose else "")  # fmt: skip
    if not found.hits:
        return nothing(head, found, words)
    first = page * PER_PAGE + 1
    for longest in LONGEST_SNIPPETS:
        entries = [entry(at, hit, found, words, links, names, longest) for at, hit in enumerate(found.hits, first)]
        html = "\n\n".join([head, *entries])
        if size(html) <= MOST_UNITS:
            break
    ids = tuple(hit.paper.id for hit in found.hits)
    rows = [*numbered(first, ids), *pager(("search", found.upto), page, pages(found.total))]
    return Message(html, tuple(rows), ids)


def heading(asked: str, found: Found, words: Words) -> str:
    total = words.count("search.more_than" if found.more else "page.papers", found.total)
    return f"🔍 <code>{escape(asked)}</code> · {total}"


def nothing(head: str, found: Found, words: Words) -> Message:
    if not found.meant:
        return Message(f"{head}\n\n{words('search.nothing')}")
    told = words("search.meant", query=f"<b>{safe(found.meant, 200)}</b>")
    button = Button(cut(words("search.meant_button", query=found.meant), 40), pressed("meant"))
    return Message(f"{head}\n\n{told}", ((button,),))


def remark(one: Remark, words: Words) -> str:
    return f"⚠️ {words(f'search.fault.{one.fault}', said=safe(one.said, 40))}"


def entry(
    number: int, hit: Hit, found: Found, words: Words, links: Mapping[str, str], names: Mapping[str, str], longest: int
) -> str:
    paper = hit.paper
    title = cut(" ".join(paper.title.split()), LONGEST_TITLE) or paper.id
    linked = link(links["abstract"].format(id=paper.id), bold(marked(title, found.demands, Field.TITLE)))
    said = snippet(" ".join(abstract(paper.abstract).split()), found.demands, longest) if longest else ()
    badges = [about(paper, hit.judgement.compute, words), *directions(hit, names)]
    return lines(
        f"<b>{number}.</b> {linked}",
        " · ".join(part for part in (authors(paper, words), day(paper, words)) if part),
        " · ".join(part for part in badges if part),
        f"<i>{bold(said)}</i>" if said else "",
    )


def directions(hit: Hit, names: Mapping[str, str]) -> Iterable[str]:
    """What the most probable directions are called."""
    for assignment in hit.judgement.directions[:SHOWN_DIRECTIONS]:
        yield safe(names.get(assignment.slug, assignment.slug), 40)


def bold(pieces: Marked) -> str:
    """Escaped, the first hits bold."""
    shown, marks = [], 0
    for text, is_hit in pieces:
        marks += is_hit
        shown.append(f"<b>{escape(text)}</b>" if is_hit and marks <= MOST_MARKS else escape(text))
    return "".join(shown)
