"""``/search``, and the inline mode that searches from any chat."""

from __future__ import annotations

from bot import pipeline
from bot.chat.commands.paper import cards
from bot.chat.context import Turn
from bot.chat.html import cut
from bot.chat.render.card import card
from bot.chat.render.found import found_page
from bot.chat.render.lists import PER_PAGE
from bot.chat.talk import Answer, Inline, Talk
from bot.models import Message
from bot.rules.ids import find_ids, without_ids
from bot.rules.query.found import Found

LONGEST_QUERY = 200
INLINE_PAGE = 10


def search(talk: Talk) -> Answer:
    """``/search WORDS``; without words, how to write them."""
    asked = " ".join(talk.argument.split())
    if not asked:
        return explain(talk)
    if not without_ids(asked):
        return cards(talk, find_ids(asked))
    return Answer(messages=(results(talk, cut(asked, LONGEST_QUERY)),))


def explain(talk: Talk) -> Answer:
    """``/help search``."""
    return Answer(messages=(Message(talk.words("search.how")),))


def results(talk: Talk, asked: str, page: int = 0, upto: int = 0) -> Message:
    """A page of what was found; the words stand in the message, so that its buttons need not carry them."""
    found = look_for(talk, asked, page * PER_PAGE, PER_PAGE, upto)
    return found_page(asked, found, page, talk.words, talk.links, talk.names)


def look_for(talk: Talk, asked: str, offset: int, limit: int, upto: int = 0) -> Found:
    return pipeline.look_for(talk.kit, asked, talk.today, talk.reader.id, offset, limit, upto)


def turn(talk: Talk, upto: str, page: str) -> Answer:
    """Another page of the search that the message shows, as if nothing had come since."""
    return Answer(screen=results(talk, talk.turn.asked, int(page), int(upto)))


def meant(talk: Talk) -> Answer:
    """Search for what the words of the message may have meant."""
    found = look_for(talk, talk.turn.asked, 0, 1)
    return Answer(screen=results(talk, found.meant or talk.turn.asked))


def is_upto(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11


# --- from any chat ----------------------------------------------------------------------------------------------------


def inline(talk: Talk) -> Answer:
    """Papers for ``@bot words`` as cards that can be sent; ``turn.message_id`` says how many were offered before."""
    offset = talk.turn.message_id
    found = look_for(talk, talk.argument, offset, INLINE_PAGE, talk.turn.replied)
    articles = []
    for hit in found.hits:
        shown = card(hit.paper, hit.judgement, talk.words, talk.links, talk.names)
        description = cut(", ".join(hit.paper.authors[:3]), 120)
        articles.append((hit.paper.id, cut(hit.paper.title, 200), description, sendable(shown)))
    more = offset + INLINE_PAGE < found.total
    return Answer(inline=Inline(tuple(articles), f"{offset + INLINE_PAGE}.{found.upto}" if more else ""))


def sendable(shown: Message) -> Message:
    """A card with the buttons that work in a chat where we are not: those that open an address."""
    rows = (tuple(button for button in row if button.url) for row in shown.buttons)
    return Message(shown.html, tuple(row for row in rows if row), shown.papers)


def inline_turn(user_id: int, language: str, query: str, offset: str) -> Turn:
    """``offset`` is ours: how many were offered before, and the newest paper that was here then."""
    offered, _, upto = offset.partition(".")
    return Turn(
        str(user_id), "private", "zh" if language == "zh" else "en", user_id, text=query[:LONGEST_QUERY],
        message_id=int(offered) if is_upto(offered) else 0, replied=int(upto) if is_upto(upto) else 0,
    )  # fmt: skip
