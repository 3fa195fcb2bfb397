"""A reader's library: its pages, what they noted of one paper, what an import came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.chat.context import pressed
from bot.chat.html import cut, escape
from bot.chat.render.lists import PER_PAGE, pager, pages
from bot.chat.render.parts import Row, authors, day, in_rows, lines, numbered, safe, title
from bot.models import Button, Import, Message, Paper, ReadingState, SavedPaper
from bot.rules.export import FORMATS
from bot.rules.library import MOST_TAGS, Wanted, tag_counts, tag_mark
from bot.rules.references import label
from bot.wording import Words

MARKS = {ReadingState.TO_READ: "📥", ReadingState.READING: "📖", ReadingState.READ: "✅", ReadingState.DROPPED: "🗄"}
NEXT = dict(zip(ReadingState, (*list(ReadingState)[1:], ReadingState.TO_READ), strict=True))
"""What a press on the state's button makes of it."""
ALL, ANY_TAG = "all", "-"
"""What a button says where it asks for no state, or no tag."""
SHOWN_TAGS, TAG_WIDTH = 4, 16
LONGEST_REMARKS = 80
"""Units of tags and note in a list."""
SHOWN_MISSING, LONGEST_LABEL = 15, 120

Shown = Sequence[tuple[Paper, SavedPaper]]


def paragraphs(*parts: str) -> str:
    """The parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part)


def state(value: ReadingState, words: Words) -> str:
    return f"{MARKS[value]} {words(f'library.{value.value}')}"


# --- pages ------------------------------------------------------------------------------------------------------------


def library_page(
    shown: Shown, total: int, page: int, wanted: Wanted, kept: Sequence[SavedPaper], words: Words,
    links: Mapping[str, str],
) -> Message:  # fmt: skip
    """Page ``page`` (from 0) of the ``total`` papers that are ``wanted`` out of all that is ``kept``."""
    first = page * PER_PAGE + 1
    entries = [entry(number, *one, words, links) for number, one in enumerate(shown, start=first)]
    if not total:
        entries = [words("library.nothing_fits" if kept else "saved.nothing")]
    ids = tuple(paper.id for paper, _ in shown)
    rows = [
        *(numbered(first, ids) if ids else ()),
        *pager(("saved", *choice(wanted)), page, pages(total)),
        *state_row(wanted, kept, words),
        *tag_row(wanted, kept),
        *(export_rows() if kept else ()),
    ]
    return Message(paragraphs(heading(total, wanted, words), *entries), tuple(rows), ids)


def heading(total: int, wanted: Wanted, words: Words) -> str:
    parts = [
        f"<b>⭐ {words('saved.title')}</b>",
        f"🔍 <code>{escape(wanted.words)}</code>" if wanted.words else "",
        state(wanted.state, words) if wanted.state else "",
        f"#{escape(wanted.tag)}" if wanted.tag else "",
        words.count("page.papers", total),
    ]
    return " · ".join(part for part in parts if part)


def entry(number: int, paper: Paper, saved: SavedPaper, words: Words, links: Mapping[str, str]) -> str:
    details = " · ".join(part for part in (authors(paper, words), day(paper, words)) if part)
    return lines(f"<b>{number}.</b> {MARKS[saved.state]} {title(paper, links)}", details, in_short(saved))


def in_short(saved: SavedPaper) -> str:
    """Tags and note in one short line."""
    told = " · ".join(part for part in (hashes(saved.tags), saved.note) if part)
    return f"<i>{safe(told, LONGEST_REMARKS)}</i>" if told else ""


def hashes(tags: Iterable[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags)


def choice(wanted: Wanted) -> tuple[str, str]:
    """What the buttons of a page carry of what is wanted; the words stand in the message."""
    return (wanted.state.value if wanted.state else ALL, tag_mark(wanted.tag) if wanted.tag else ANY_TAG)


def state_row(wanted: Wanted, kept: Sequence[SavedPaper], words: Words) -> list[Row]:
    """A button a state that there is, where there are several."""
    counts = {value: sum(one.state is value for one in kept) for value in ReadingState}
    there = [value for value in ReadingState if counts[value]]
    if len(there) < 2 and not wanted.state:
        return []
    tag = choice(wanted)[1]
    everything = Button(marked(words("library.all"), wanted.state is None), pressed("saved", ALL, tag, 0))
    each = (
        Button(marked(f"{MARKS[value]} {counts[value]}", wanted.state is value), pressed("saved", value.value, tag, 0))
        for value in there
    )
    return [(everything, *each)]


def tag_row(wanted: Wanted, kept: Sequence[SavedPaper]) -> list[Row]:
    """The most frequent tags; the one that is chosen, pressed again, lets all through."""
    most = [tag for tag, _ in tag_counts(kept)][:SHOWN_TAGS]
    if wanted.tag and wanted.tag not in most:
        most = [wanted.tag, *most[: SHOWN_TAGS - 1]]
    buttons = [
        Button(
            marked(cut(f"#{tag}", TAG_WIDTH), tag == wanted.tag),
            pressed("saved", choice(wanted)[0], ANY_TAG if tag == wanted.tag else tag_mark(tag), 0),
        )
        for tag in most
    ]
    return [tuple(buttons)] if buttons else []


def marked(text: str, chosen: bool) -> str:
    return f"✓ {text}" if chosen else text


def export_rows() -> list[Row]:
    return [tuple(Button(name, pressed("export", ending)) for ending, name in FORMATS.items())]


# --- one paper --------------------------------------------------------------------------------------------------------


def remarks(saved: SavedPaper) -> str:
    """The tags and the note of a saved paper, for its card."""
    tags = f"🏷 {escape(hashes(saved.tags))}" if saved.tags else ""
    return lines(tags, f"📝 {escape(saved.note)}" if saved.note else "")


def card_row(saved: SavedPaper, words: Words) -> Row:
    """The state, which a press moves on; tags; note."""
    return (
        Button(f"{state(saved.state, words)} ›", pressed("state", saved.paper_id, NEXT[saved.state].value)),
        Button(words("library.tags"), pressed("tags", saved.paper_id)),
        Button(words("library.note"), pressed("note", saved.paper_id)),
    )


def tags_screen(
    paper: Paper, tags: Sequence[str], words: Words, links: Mapping[str, str], back: Sequence[Row]
) -> Message:
    """The tags of a paper, each with a button that takes it off; more may be written."""
    told = escape(hashes(tags)) or words("library.no_tags")
    html = paragraphs(f"<b>🏷 {title(paper, links)}</b>", told, words("library.write_tags", most=MOST_TAGS))
    off = [Button(cut(f"✕ {tag}", TAG_WIDTH), pressed("untag", paper.id, tag_mark(tag))) for tag in tags]
    return Message(html, (*in_rows(off, 3), *back), (paper.id,))


def note_screen(paper: Paper, note: str, words: Words, links: Mapping[str, str], back: Sequence[Row]) -> Message:
    """The note of a paper; another may be written in its place."""
    html = paragraphs(f"<b>📝 {title(paper, links)}</b>", escape(note), words("library.write_note"))
    off = [(Button(words("library.remove_note"), pressed("unnote", paper.id)),)] if note else []
    return Message(html, (*off, *back), (paper.id,))


def removal(paper: Paper, words: Words, links: Mapping[str, str], back: Sequence[Row]) -> Message:
    """Whether a paper shall go although there are words of the reader's own with it."""
    html = paragraphs(f"<b>{title(paper, links)}</b>", words("library.remove_sure"))
    return Message(html, ((Button(words("library.remove"), pressed("unsave", paper.id)),), *back), (paper.id,))


# --- import -----------------------------------------------------------------------------------------------------------


def imported(done: Import, name: str, words: Words) -> Message:
    """What a file came to, and what was not found in it."""
    counts = [
        words.count("import.added", len(done.added)),
        words.count("import.here", len(done.here)) if done.here else "",
        words.count("import.missing", len(done.missing)) if done.missing else "",
    ]
    missing = [f"• {safe(label(one), LONGEST_LABEL)}" for one in done.missing[:SHOWN_MISSING]]
    more = len(done.missing) - SHOWN_MISSING
    head = f"<b>📥 {safe(name, 60) or words('import.title')}</b> · {words.count('import.entries', done.total)}"
    html = paragraphs(
        lines(head, *counts, *missing, words.count("import.more", more) if more > 0 else ""),
        words("import.how_matched") if done.missing else "",
        words.count("import.unasked", len(done.unasked)) if done.unasked else "",
    )
    return Message(html)
