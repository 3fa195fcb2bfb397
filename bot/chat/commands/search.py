"""``/search``, and the inline mode that searches from any chat."""

from __future__ import annotations

from bot.chat.commands.paper import cards
from bot.chat.context import Turn
from bot.chat.html import cut, escape
from bot.chat.render.card import card
from bot.chat.render.lists import PER_PAGE, paper_page
from bot.chat.talk import Answer, Inline, Talk
from bot.models import Message
from bot.rules.ids import find_ids
from bot.store import papers
from bot.store import search as index

LONGEST_QUERY = 200
INLINE_PAGE = 10
MOST_FOUND = 120
"""Papers that one search lists: whoever turns twenty pages had better ask for something else."""


def search(talk: Talk) -> Answer:
    """``/search WORDS``."""
    asked = " ".join(talk.argument.split())
    if not asked:
        return Answer(messages=(Message(talk.words("search.how")),))
    if ids := find_ids(asked):
        return cards(talk, ids)
    return Answer(messages=(results(talk, cut(asked, LONGEST_QUERY), 0),))


def results(talk: Talk, asked: str, page: int) -> Message:
    """A page of what was found; the words stand in the message, so that its buttons need not carry them."""
    with talk.kit.store.read() as session:
        found = index.search(session, asked, MOST_FOUND, talk.kit.terms())
    total, hits = len(found), found[page * PER_PAGE : (page + 1) * PER_PAGE]
    heading = f"🔍 <code>{escape(asked)}</code> · {talk.words.count('page.papers', total)}"
    if not total:
        return Message(f"{heading}\n\n{talk.words('search.nothing')}")
    return paper_page(heading, [hit.paper for hit in hits], total, page, talk.words, talk.links, ("search",))


def turn(talk: Talk, page: str) -> Answer:
    """Another page of the search that the message shows."""
    return Answer(screen=results(talk, talk.turn.asked, int(page)))


def inline(talk: Talk) -> Answer:
    """Papers for ``@bot words`` as cards that can be sent; ``turn.message_id`` says how many were offered before."""
    offset = talk.turn.message_id
    with talk.kit.store.read() as session:
        found = index.search(session, talk.argument, MOST_FOUND, talk.kit.terms())
        hits = found[offset : offset + INLINE_PAGE]
        judged = papers.judgements(session, [hit.paper.id for hit in hits])
    articles = []
    for hit in hits:
        shown = card(hit.paper, judged[hit.paper.id], talk.words, talk.links, talk.names)
        description = cut(", ".join(hit.paper.authors[:3]), 120)
        articles.append((hit.paper.id, cut(hit.paper.title, 200), description, sendable(shown)))
    more = offset + INLINE_PAGE < len(found)
    return Answer(inline=Inline(tuple(articles), str(offset + INLINE_PAGE) if more else ""))


def sendable(shown: Message) -> Message:
    """A card with the buttons that work in a chat where we are not: those that open an address."""
    rows = (tuple(button for button in row if button.url) for row in shown.buttons)
    return Message(shown.html, tuple(row for row in rows if row), shown.papers)


def inline_turn(user_id: int, language: str, query: str, offset: str) -> Turn:
    return Turn(
        str(user_id), "private", "zh" if language == "zh" else "en", user_id, text=query[:LONGEST_QUERY],
        message_id=int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 6 else 0,
    )  # fmt: skip
