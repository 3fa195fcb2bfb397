"""The idea bank: open questions of each direction, to be adopted with one button."""

from __future__ import annotations

from bot.chat.commands.ideas import begin
from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.parts import in_rows
from bot.chat.talk import Answer, Talk
from bot.models import Button, Message
from bot.rules.directions import Direction


def bank(talk: Talk) -> Answer:
    """The directions that have questions."""
    buttons = [
        Button(talk.names[one.slug][:30], pressed("bankof", one.slug)) for one in talk.directions if one.questions
    ]
    rows = (*in_rows(buttons, 2), (Button(talk.words("idea.button.all"), pressed("ideas", 0)),))
    return Answer(screen=Message(f"<b>💡 {talk.words('idea.bank')}</b>\n\n{talk.words('idea.bank_how')}", rows))


def bank_of(talk: Talk, slug: str) -> Answer:
    """The questions of one direction."""
    found = direction_of(talk, slug)
    if found is None:
        return Answer(toast=talk.words("chat.old_button"))
    language = talk.words.language
    told = [f"<b>{at}.</b> {escape(question[language])}" for at, question in enumerate(found.questions, start=1)]
    buttons = [
        Button(talk.words("idea.button.adopt", number=at + 1), pressed("adopt", slug, at))
        for at in range(len(found.questions))
    ]
    rows = (*in_rows(buttons, 2), (Button(talk.words("idea.button.bank"), pressed("bank")),))
    return Answer(screen=Message("\n\n".join([f"<b>💡 {escape(talk.names[slug])}</b>", *told]), rows))


def adopt(talk: Talk, slug: str, at: str) -> Answer:
    """A question becomes an idea of the reader's, in their language."""
    found = direction_of(talk, slug)
    if found is None or int(at) >= len(found.questions):
        return Answer(toast=talk.words("chat.old_button"))
    return begin(talk, found.questions[int(at)][talk.words.language], directions=(slug,))


def direction_of(talk: Talk, slug: str) -> Direction | None:
    return next((one for one in talk.directions if one.slug == slug), None)
