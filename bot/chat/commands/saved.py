"""Papers kept for later: ``/saved``, ``/export``, and the button that keeps a whole digest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.context import pressed
from bot.chat.render.lists import PER_PAGE, pages, paper_page
from bot.chat.talk import Answer, File, Talk
from bot.models import Button, Message, Paper
from bot.rules import export as files
from bot.store import lists, readers

MOST_EXPORTED = 2000


def saved(talk: Talk) -> Answer:
    """``/saved``."""
    return Answer(messages=(saved_page(talk, 0),))


def turn(talk: Talk, page: str) -> Answer:
    return Answer(screen=saved_page(talk, int(page)))


def saved_page(talk: Talk, page: int) -> Message:
    with talk.kit.store.read() as session:
        ids = readers.saved(session, talk.reader.id)
        page = min(page, pages(len(ids)) - 1)
        shown = lists.in_order(session, ids[page * PER_PAGE : (page + 1) * PER_PAGE])
    heading = f"<b>⭐ {talk.words('saved.title')}</b> · {talk.words.count('page.papers', len(ids))}"
    if not ids:
        return Message(f"{heading}\n\n{talk.words('saved.nothing')}")
    rows = (tuple(Button(name, pressed("export", kind)) for kind, name in FORMATS.items()),)
    return paper_page(heading, shown, len(ids), page, talk.words, talk.links, ("saved",), rows)


def save_all(talk: Talk) -> Answer:
    """Keep every paper that the message shows."""
    page = talk.turn.page
    if page is None or not page.papers:
        return Answer(toast=talk.words("chat.old_button"))
    talk = talk.ensure_known()
    with talk.kit.store.write() as session:
        here = lists.in_order(session, page.papers)
        new = {paper.id for paper in here} - set(readers.saved(session, talk.reader.id))
        for paper_id in new:
            readers.save_paper(session, talk.reader.id, paper_id, talk.now)
    return Answer(toast=talk.words.count("saved.all", len(new)) if new else talk.words("saved.already"))


# --- export -----------------------------------------------------------------------------------------------------------

FORMATS = {"bibtex": "BibTeX", "markdown": "Markdown"}


def export(talk: Talk) -> Answer:
    """``/export [bibtex|markdown]``."""
    asked = talk.argument.strip().lower()
    kind = next((kind for kind in FORMATS if asked and kind.startswith(asked)), "markdown" if asked == "md" else "")
    if kind:
        return exported(talk, kind)
    rows = (tuple(Button(name, pressed("export", kind)) for kind, name in FORMATS.items()),)
    return Answer(messages=(Message(talk.words("export.which"), rows),))


def exported(talk: Talk, kind: str) -> Answer:
    """The saved papers as a document."""
    with talk.kit.store.read() as session:
        shown = lists.in_order(session, readers.saved(session, talk.reader.id)[:MOST_EXPORTED])
    if not shown:
        return Answer(toast=talk.words("saved.nothing"))
    return Answer(document=document(talk, kind, shown))


def document(talk: Talk, kind: str, shown: Sequence[Paper]) -> File:
    caption = talk.words.count("export.caption", len(shown))
    if kind == "bibtex":
        return File(f"qiaojin-{talk.today}.bib", files.bibtex(shown, talk.links).encode(), caption)
    title = f"{talk.words('saved.title')} · {talk.today}"
    return File(f"qiaojin-{talk.today}.md", files.markdown(shown, talk.links, title).encode(), caption)


def export_button(talk: Talk, kind: str) -> Answer:
    return exported(talk, kind) if kind in FORMATS else Answer(toast=talk.words("chat.old_button"))
