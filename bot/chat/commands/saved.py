"""The library: ``/saved``, ``/export``, and the button that keeps a whole digest."""

from __future__ import annotations

from bot.chat.context import pressed
from bot.chat.html import cut
from bot.chat.render import library as render
from bot.chat.render.lists import PER_PAGE, pages
from bot.chat.talk import Answer, File, Talk
from bot.errors import UsageError
from bot.models import Button, Message, ReadingState
from bot.rules import export as files
from bot.rules.library import Wanted, read_wanted, tag_counts, tag_mark
from bot.store import library, lists

LONGEST_QUERY = 100


def saved(talk: Talk) -> Answer:
    """``/saved``, ``/saved WORDS``, ``/saved #tag``."""
    return Answer(messages=(saved_page(talk, read_wanted(cut(talk.argument, LONGEST_QUERY)), 0),))


def turn(talk: Talk, state: str, mark: str, page: str) -> Answer:
    """Another page, or what another state or tag holds; the words stand in the message."""
    with talk.kit.store.read() as session:
        tags = {tag_mark(tag): tag for tag, _ in tag_counts(library.kept(session, talk.reader.id).values())}
    chosen = None if state == render.ALL else ReadingState(state)
    return Answer(screen=saved_page(talk, Wanted(talk.turn.asked, tags.get(mark, ""), chosen), int(page)))


def is_state(text: str) -> bool:
    return text in (render.ALL, *ReadingState)


def saved_page(talk: Talk, wanted: Wanted, page: int) -> Message:
    with talk.kit.store.read() as session:
        kept = list(library.kept(session, talk.reader.id).values())
        found = library.find(session, talk.reader.id, wanted, talk.kit.terms())
        page = min(page, pages(len(found)) - 1)
        here = {one.paper_id: one for one in found[page * PER_PAGE : (page + 1) * PER_PAGE]}
        shown = [(paper, here[paper.id]) for paper in lists.in_order(session, list(here))]
    return render.library_page(shown, len(found), page, wanted, kept, talk.words, talk.links)


def save_all(talk: Talk) -> Answer:
    """Keep every paper that the message shows."""
    page = talk.turn.page
    if page is None or not page.papers:
        return Answer(toast=talk.words("chat.old_button"))
    talk = talk.ensure_known()
    with talk.kit.store.write() as session:
        here = lists.in_order(session, page.papers)
        new = {paper.id for paper in here} - set(library.ids(session, talk.reader.id))
        for paper_id in new:
            library.save(session, talk.reader.id, paper_id, talk.now)
    return Answer(toast=talk.words.count("saved.all", len(new)) if new else talk.words("saved.already"))


# --- export -----------------------------------------------------------------------------------------------------------


def export(talk: Talk) -> Answer:
    """``/export [bib|ris|md|csv]``."""
    if asked := talk.argument.strip():
        return exported(talk, files.format_of(asked))
    ideas = (Button(talk.words("export.ideas"), pressed("ideas", 0)),)
    return Answer(messages=(Message(talk.words("export.which"), (*render.export_rows(), ideas)),))


def exported(talk: Talk, form: str) -> Answer:
    """The library as a document."""
    with talk.kit.store.read() as session:
        kept = library.kept(session, talk.reader.id)
        shown = lists.in_order(session, list(kept))
    if not shown:
        return Answer(toast=talk.words("saved.nothing"))
    title = f"{talk.words('saved.title')} · {talk.today}"
    content = files.exported(form, shown, talk.links, title, kept)
    caption = talk.words.count("export.caption", len(shown))
    return Answer(document=File(f"qiaojin-{talk.today}.{form}", content, caption))


def export_button(talk: Talk, form: str) -> Answer:
    try:
        return exported(talk, files.format_of(form))
    except UsageError:
        return Answer(toast=talk.words("chat.old_button"))
