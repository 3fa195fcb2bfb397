"""An idea's card, the list of all, and the screens that change one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.chat.context import pressed
from bot.chat.html import escape, units
from bot.chat.render.parts import Row, in_rows, lines, safe
from bot.models import Button, Message
from bot.models.ideas import Idea, IdeaStatus
from bot.models.tracking import Entry, EntryKind, Relation, Tracked
from bot.rules.directions import Direction
from bot.rules.ideas import is_muted
from bot.wording import Words

STATUS_ICONS = {
    IdeaStatus.SEED: "🌱", IdeaStatus.READING: "📖", IdeaStatus.EXPERIMENT: "🧪", IdeaStatus.WRITING: "✍️",
    IdeaStatus.DONE: "🏁", IdeaStatus.DROPPED: "🗑",
}  # fmt: skip
LONGEST_CARD, LONGEST_LINE, LONGEST_PHRASES, FOLDED = 1200, 110, 300, 500
"""Units of an idea's text on its card, in a list, of all its phrases; and from which on a text is folded."""
SHOWN_ENTRIES, JOURNAL_ENTRIES = 3, 10
PER_PAGE = 8
FORMATS = {"md": "Markdown", "bib": "BibTeX", "ris": "RIS"}


def status(value: IdeaStatus, words: Words) -> str:
    return f"{STATUS_ICONS[value]} {words(f'idea.status.{value.value}')}"


def heading(idea: Idea, words: Words) -> str:
    return f"<b>💡 {words('idea.name', number=idea.number)}</b> · {status(idea.status, words)}"


def short(idea: Idea, longest: int = LONGEST_LINE) -> str:
    return safe(idea.text, longest)


def caption(idea: Idea, words: Words) -> str:
    """What stands under a picture."""
    return f"{heading(idea, words)}\n{short(idea, 300)}"


def quoted(idea: Idea, longest: int = LONGEST_CARD) -> str:
    fold = " expandable" if units(idea.text) > FOLDED else ""
    return f"<blockquote{fold}>{safe(idea.text, longest)}</blockquote>"


def card(tracked: Tracked, entries: Sequence[Entry], near: int, words: Words, names: Mapping[str, str],
         today: date) -> Message:  # fmt: skip
    """All that there is of an idea, everything that can be done with it as buttons; ``near`` papers came near it."""
    idea = tracked.idea
    linked = len(tracked.papers(Relation.LINKED, Relation.USEFUL))
    told = [
        words("idea.directions", names=named(idea.directions, words, names)),
        words("idea.must", phrases=listed(idea.must, words)) if idea.must else "",
        words("idea.must_not", phrases=listed(idea.must_not, words)) if idea.must_not else "",
        words("idea.papers", near=near, linked=linked),
        words("idea.muted", day=words.day(idea.muted_until)) if idea.muted_until and is_muted(idea, today) else "",
    ]
    recent = [entry(one, words) for one in entries if one.kind is not EntryKind.TEXT][-SHOWN_ENTRIES:]
    html = "\n\n".join(
        part for part in (lines(heading(idea, words), quoted(idea)), lines(*told), lines(*recent)) if part
    )
    return Message(html, tuple(card_buttons(idea, words, is_muted(idea, today))))


def card_buttons(idea: Idea, words: Words, muted: bool) -> list[Row]:
    number = idea.number
    buttons = [
        Button(words("idea.button.near"), pressed("inear", number, 0)),
        Button(words("idea.button.linked"), pressed("ilinks", number, 0)),
        Button(words("idea.button.note"), pressed("iask", number, "note")),
        Button(words("idea.button.journal"), pressed("ijournal", number)),
        Button(words("idea.button.edit"), pressed("iask", number, "text")),
        Button(words("idea.button.status"), pressed("istatus", number)),
        Button(words("idea.button.directions"), pressed("idirs", number)),
        Button(words("idea.button.must"), pressed("iask", number, "must")),
        Button(words("idea.button.must_not"), pressed("iask", number, "must_not")),
        Button(words("idea.button.chart"), pressed("ichart", number)),
        Button(words("idea.button.unmute" if muted else "idea.button.mute"), pressed("imute", number)),
    ]
    files = tuple(Button(name, pressed("iout", number, form)) for form, name in FORMATS.items())
    last = (
        Button(words("idea.button.delete"), pressed("idel", number)),
        Button(words("idea.button.all"), pressed("ideas", 0)),
    )
    return [*in_rows(buttons, 2), files, last]


def named(slugs: Iterable[str], words: Words, names: Mapping[str, str]) -> str:
    return words("list.comma").join(escape(names.get(slug, slug)) for slug in slugs) or words("idea.none")


def listed(phrases: Iterable[str], words: Words) -> str:
    return safe(words("list.comma").join(phrases), LONGEST_PHRASES)


def entry(one: Entry, words: Words) -> str:
    """A line of the journal: ``17 June · 🧪 experiment: the first run looked good``."""
    day = words.day(one.at.date())
    if one.kind is EntryKind.NOTE:
        return f"📝 {day}{words('list.colon')}{safe(one.text, 300)}"
    what = words("idea.rewritten") if one.kind is EntryKind.TEXT else status(IdeaStatus(one.status), words)
    return f"• {day} · {what}" + (f"{words('list.colon')}{safe(one.text, 200)}" if one.text else "")


def journal(idea: Idea, entries: Sequence[Entry], words: Words) -> Message:
    """The notes and decisions of an idea, the latest ones."""
    told = [entry(one, words) for one in entries[-JOURNAL_ENTRIES:]]
    rows = ((Button(words("idea.button.note"), pressed("iask", idea.number, "note")), back(idea, words)),)
    return Message("\n".join([heading(idea, words), short(idea), "", *told]), rows)


def back(idea: Idea, words: Words) -> Button:
    return Button(words("idea.button.back", number=idea.number), pressed("idea", idea.number))


def listing(ideas: Sequence[Idea], page: int, words: Words) -> Message:
    """``/ideas``: a page of them, each with the button of its card."""
    if not ideas:
        return Message(words("idea.none_yet"), (bank_row(words),))
    shown = ideas[page * PER_PAGE : (page + 1) * PER_PAGE]
    told = [f"<b>{one.number}.</b> {STATUS_ICONS[one.status]} {short(one)}" for one in shown]
    buttons = [Button(f"💡 {one.number}", pressed("idea", one.number)) for one in shown]
    turn = [Button("‹", pressed("ideas", page - 1))] if page else []
    turn += [Button("›", pressed("ideas", page + 1))] if (page + 1) * PER_PAGE < len(ideas) else []
    rows = [*in_rows(buttons, 4), *([tuple(turn)] if turn else []), bank_row(words)]
    title = f"<b>💡 {words('idea.all')}</b> · {words.count('idea.count', len(ideas))}"
    return Message("\n\n".join([title, *told]), tuple(rows))


def bank_row(words: Words) -> Row:
    return (Button(words("idea.button.bank"), pressed("bank")),)


def status_screen(idea: Idea, words: Words) -> Message:
    buttons = [
        Button(
            ("✅ " if value is idea.status else "") + status(value, words), pressed("iput", idea.number, value.value)
        )
        for value in IdeaStatus
    ]
    html = f"{heading(idea, words)}\n{short(idea)}\n\n{words('idea.which_status')}"
    return Message(html, (*in_rows(buttons, 2), (back(idea, words),)))


def directions_screen(idea: Idea, words: Words, directions: Sequence[Direction]) -> Message:
    buttons = [
        Button(
            ("✅ " if one.slug in idea.directions else "") + label(one, words), pressed("idir", idea.number, one.slug)
        )
        for one in directions
    ]
    html = f"{heading(idea, words)}\n{short(idea)}\n\n{words('idea.which_directions')}"
    return Message(html, (*in_rows(buttons, 2), (back(idea, words),)))


def label(direction: Direction, words: Words) -> str:
    name = direction.label(words.language)
    return name if len(name) <= 24 else direction.slug


def delete_screen(idea: Idea, words: Words) -> Message:
    rows = ((Button(words("idea.button.delete_yes"), pressed("idelyes", idea.number)),), (back(idea, words),))
    return Message(f"{heading(idea, words)}\n{short(idea)}\n\n{words('idea.delete_sure')}", rows)
