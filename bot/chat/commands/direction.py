"""``/direction NAME [7d|30d]``, a command for each direction, and ``/directions``."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.chat.commands import settings
from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.lists import PER_PAGE, paper_page
from bot.chat.render.settings import grid
from bot.chat.talk import Answer, Command, Talk
from bot.models import Button, Message
from bot.rules.directions import find_direction
from bot.store import judgements, lists

SPANS = (7, 30)
SPAN = re.compile(r"(?:^|\s)(\d{1,3})\s*(?:d|days?|天|日)?\s*$", re.IGNORECASE)


def direction(talk: Talk) -> Answer:
    """``/direction NAME [7d|30d]``; without a name, all of them."""
    name, days = span_of(talk.argument)
    if not name:
        return directions(talk)
    return Answer(messages=(direction_page(talk, find_direction(talk.directions, name).slug, days),))


def of(slug: str) -> Command:
    """The command of one direction."""
    return lambda talk: Answer(messages=(direction_page(talk, slug, span_of(talk.argument)[1]),))


def span_of(argument: str) -> tuple[str, int]:
    """``long context 30d`` as the name and the days; of days that we do not offer, the nearest."""
    match = SPAN.search(argument)
    if match is None:
        return argument.strip()[:80], SPANS[0]
    asked = int(match[1])
    return argument[: match.start()].strip()[:80], min(SPANS, key=lambda span: abs(span - asked))


def direction_page(talk: Talk, slug: str, days: int = SPANS[0], page: int = 0) -> Message:
    """A page of a direction's papers of the last ``days``."""
    last = talk.kit.newest_by_clock()
    with talk.kit.store.read() as session:
        found = lists.of_direction(session, slug, last - timedelta(days - 1), last, page * PER_PAGE, PER_PAGE)
    words, about = talk.words, next(one.about for one in talk.directions if one.slug == slug)
    span = words.count("direction.days", days)
    head = f"▍<b>{escape(talk.names[slug])}</b> · {span} · {words.count('page.papers', found.total)}"
    heading = f"{head}\n{escape(about[words.language])}"
    if not found.total:
        heading += f"\n\n{words('direction.nothing')}"
    other = next(span for span in SPANS if span != days)
    row = (Button(words.count("direction.days", other), pressed("direction", slug, other, 0)),)
    return paper_page(heading, found.papers, found.total, page, words, talk.links, ("direction", slug, days), (row,))


def turn(talk: Talk, slug: str, days: str, page: str) -> Answer:
    """A page of a direction, asked for by a button."""
    if slug not in {one.slug for one in talk.directions} or int(days) not in SPANS:
        return settings.old_button(talk)
    return Answer(screen=direction_page(talk, slug, int(days), int(page)))


def directions(talk: Talk) -> Answer:
    """``/directions``: what there is, how much of it, and which of it this reader follows."""
    with talk.kit.store.read() as session:
        counts = judgements.counts_by_direction(session)
    text = f"<b>{talk.words('directions.title')}</b>\n\n{grid(talk.reader, talk.directions, talk.words, counts)}"
    choose = Button(talk.words("directions.choose"), pressed("set", "directions"))
    return Answer(messages=(Message(text, ((choose,),)),))
