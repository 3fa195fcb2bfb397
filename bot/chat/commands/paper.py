"""One paper: ``/paper``, ``/similar``, ``/why``, pasted ids and links, and the buttons of a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.commands.opinions import opinions_of, told_change
from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render import card as render
from bot.chat.render.library import removal
from bot.chat.render.lists import PER_PAGE, paper_page
from bot.chat.render.parts import Row, title
from bot.chat.talk import Answer, Talk
from bot.errors import QiaojinError, UsageError
from bot.models import Button, Judgement, Message, Paper
from bot.pipeline import look_up
from bot.rules.directions import find_direction
from bot.rules.ids import find_ids, without_ids
from bot.rules.relevance import lift, reasons
from bot.store import judgements, library, lists, pages, papers, readers

MOST_CARDS = 5
"""That one message with many ids opens."""


def paper(talk: Talk) -> Answer:
    """``/paper ID``: by id or link; several give several."""
    ids = find_ids(talk.argument)
    return cards(talk, ids) if ids else Answer(messages=(Message(talk.words("paper.how")),))


def cards(talk: Talk, ids: Sequence[str]) -> Answer:
    """The cards of these papers, from here or from arXiv; one that nobody knows is told."""
    messages = []
    for id_ in ids[:MOST_CARDS]:
        try:
            messages.append(card_of(talk, *look_up(talk.kit, id_)))
        except QiaojinError as error:
            messages.append(Message(escape(talk.words.error(error)[:500])))
    if len(ids) > MOST_CARDS:
        messages.append(Message(talk.words.count("paper.more", len(ids) - MOST_CARDS)))
    return Answer(messages=tuple(messages))


def card_of(talk: Talk, shown: Paper, judgement: Judgement, *, back: bool = False) -> Message:
    with talk.kit.store.read() as session:
        opinion = readers.opinions(session, talk.reader.id).get(shown.id, 0)
        saved = library.get(session, talk.reader.id, shown.id)
    return render.card(shown, judgement, talk.words, talk.links, talk.names, opinion, saved=saved, back=back)


def known(talk: Talk, paper_id: str) -> tuple[Paper, Judgement]:
    """A paper that is here; raises UsageError for one that is not (a forged button may name anything)."""
    with talk.kit.store.read() as session:
        found = papers.by_id(session, [paper_id]).get(paper_id)
        if found is None:
            raise UsageError("no paper {id}", key="unknown_paper", id=paper_id)
        return found, judgements.by_id(session, [paper_id])[paper_id]


# --- buttons ----------------------------------------------------------------------------------------------------------


def open_card(talk: Talk, paper_id: str) -> Answer:
    """A card in the place of the list whose button was pressed; the list is kept for the way back."""
    talk, found = talk.ensure_known(), known(talk, paper_id)
    turn = talk.turn
    with talk.kit.store.write() as session:
        if turn.page and not talk.can_go_back:
            pages.keep(session, talk.reader.id, turn.message_id, turn.page, talk.now)
        pages.cover(session, turn.chat_id, turn.message_id, paper_id)
    return Answer(screen=card_of(talk, *found, back=True))


def same_card(talk: Talk, paper_id: str, toast: str = "") -> Answer:
    """The card once more, as it stands now."""
    return Answer(screen=card_of(talk, *known(talk, paper_id), back=talk.can_go_back), toast=toast)


def back(talk: Talk) -> Answer:
    """The list that a card took the place of."""
    with talk.kit.store.write() as session:
        page = pages.get(session, talk.turn.chat_id, talk.turn.message_id)
        pages.cover(session, talk.turn.chat_id, talk.turn.message_id, "")
    return Answer(screen=page) if page else Answer(toast=talk.words("chat.old_button"))


def like(talk: Talk, paper_id: str) -> Answer:
    return judge(talk, paper_id, 1)


def dislike(talk: Talk, paper_id: str) -> Answer:
    return judge(talk, paper_id, -1)


def judge(talk: Talk, paper_id: str, value: int) -> Answer:
    """Note an opinion, or take it back where it was pressed before; say what it changes."""
    talk = talk.ensure_known()
    found = known(talk, paper_id)
    with talk.kit.store.write() as session:
        was = readers.opinions(session, talk.reader.id).get(paper_id, 0)
        value = 0 if was == value else value
        readers.set_opinion(session, talk.reader.id, paper_id, value, talk.now)
    return same_card(talk, paper_id, told_change(talk, *found, value))


def save(talk: Talk, paper_id: str) -> Answer:
    """Keep a paper for later, or no longer; words of the reader's own do not go unasked."""
    talk = talk.ensure_known()
    found, _ = known(talk, paper_id)
    with talk.kit.store.write() as session:
        saved = library.get(session, talk.reader.id, paper_id)
        if saved and saved.is_annotated:
            return Answer(screen=removal(found, talk.words, talk.links, way_back(talk, paper_id)))
        if saved:
            library.unsave(session, talk.reader.id, paper_id)
        else:
            library.save(session, talk.reader.id, paper_id, talk.now)
    return same_card(talk, paper_id, talk.words("saved.dropped" if saved else "saved.kept"))


def way_back(talk: Talk, paper_id: str) -> list[Row]:
    """To the card, and from there to the list that it stands in the place of."""
    card = (Button(talk.words("why.card"), pressed("again", paper_id)),)
    return [card, *([(Button(talk.words("card.back"), pressed("back")),)] if talk.can_go_back else [])]


# --- why, and what is like it -----------------------------------------------------------------------------------------


def why(talk: Talk) -> Answer:
    """``/why ID``; ``/why ID DIRECTION`` says what spoke against that one."""
    ids = find_ids(talk.argument)
    if not ids:
        return Answer(messages=(Message(talk.words("why.how")),))
    found, _ = look_up(talk.kit, ids[0])
    if name := without_ids(talk.argument):
        return Answer(messages=(doubt_message(talk, found, find_direction(talk.directions, name).slug),))
    return Answer(messages=(why_message(talk, ids[0]),))


def doubt_message(talk: Talk, found: Paper, slug: str) -> Message:
    return render.doubted(found, talk.kit.judge().doubt(found, slug), talk.words, talk.links, talk.names)


def why_card(talk: Talk, paper_id: str) -> Answer:
    """Why, in the place of the card."""
    shown = why_message(talk, paper_id)
    return Answer(screen=Message(shown.html, tuple(way_back(talk, paper_id)), shown.papers))


def why_message(talk: Talk, paper_id: str) -> Message:
    found, judgement = known(talk, paper_id)
    opinions = opinions_of(talk)
    personal = lift([(found, judgement)], opinions).get(paper_id, 0.0)
    tastes = reasons(found, judgement, opinions)
    return render.why(found, judgement, talk.words, talk.links, talk.names, tastes, personal)


def similar(talk: Talk) -> Answer:
    """``/similar ID``."""
    ids = find_ids(talk.argument)
    if not ids:
        return Answer(messages=(Message(talk.words("similar.how")),))
    look_up(talk.kit, ids[0])
    return Answer(messages=(similar_page(talk, ids[0], 0),))


def similar_button(talk: Talk, paper_id: str, page: str) -> Answer:
    """From a card a new list; from that list its other pages."""
    known(talk, paper_id)
    shown = similar_page(talk, paper_id, int(page))
    from_card = int(page) == 0 and not is_similar_list(talk)
    return Answer(messages=(shown,)) if from_card else Answer(screen=shown)


def is_similar_list(talk: Talk) -> bool:
    page = talk.turn.page
    return page is not None and page.html.startswith("≈")


def similar_page(talk: Talk, paper_id: str, page: int) -> Message:
    with talk.kit.store.read() as session:
        found_near = lists.similar(session, paper_id, vocabulary=talk.kit.lexis().vocabulary)
        near = [found for found, score in found_near if score > 0.05]
    shown = near[page * PER_PAGE : (page + 1) * PER_PAGE]
    heading = f"≈ {talk.words('similar.title', title=title(known(talk, paper_id)[0], talk.links))}"
    if not near:
        return Message(f"{heading}\n\n{talk.words('similar.nothing')}")
    return paper_page(heading, shown, len(near), page, talk.words, talk.links, ("similar", paper_id))
