"""What changes an idea: its text, status, directions and phrases; muting, deleting, files of it."""

from __future__ import annotations

from typing import Any

from bot import matching
from bot.chat.commands.idea_papers import again, known_idea, matched
from bot.chat.commands.ideas import card_message, noted
from bot.chat.context import pressed
from bot.chat.render import ideas as render
from bot.chat.talk import Answer, File, Talk, forget_question
from bot.models import Button, Message
from bot.models.ideas import Idea, IdeaStatus
from bot.models.tracking import Relation
from bot.rules import export
from bot.rules import ideas as rules
from bot.rules.ideas import is_muted
from bot.store import ideas, matches, readers

WRITTEN = ("note", "text", "must", "must_not", "reason")
"""What is asked for in writing."""
PREFIX = "idea:"
"""Of what we wait for, before a word of ``WRITTEN`` and the idea's number."""


def change(talk: Talk, number: int, **changes: Any) -> Idea:
    known_idea(talk, number)
    with talk.kit.store.write() as session:
        changed = ideas.change(session, talk.reader.id, number, talk.now, **changes)
    assert changed
    return changed


# --- in writing -------------------------------------------------------------------------------------------------------


def ask(talk: Talk, number: str, what: str) -> Answer:
    """Ask for something in writing."""
    tracked = known_idea(talk, int(number))
    if what not in WRITTEN:
        return Answer(toast=talk.words("chat.old_button"))
    with talk.kit.store.write() as session:
        readers.await_answer(session, talk.reader.id, talk.turn.user_id, f"{PREFIX}{what}:{number}", talk.now)
    rows = ((Button(talk.words("idea.button.back", number=number), pressed("idea", number)),),)
    return Answer(screen=Message(f"💡 {talk.words(f'idea.ask.{what}', number=tracked.idea.number)}", rows))


def is_asked(talk: Talk) -> bool:
    return talk.awaited.startswith(PREFIX)


def typed(talk: Talk) -> Answer:
    """What was asked for; where it does not fit, it may be tried again."""
    _, what, number = talk.awaited.split(":")
    answer = Answer(messages=(written(talk, what, int(number)),))
    forget_question(talk)
    return answer


def written(talk: Talk, what: str, number: int) -> Message:
    text = talk.argument.strip()
    match what:
        case "note":
            return noted(talk, number, text)
        case "text":
            return rewritten(talk, number, text=rules.checked(text))
        case "reason":
            with talk.kit.store.write() as session:
                ideas.give_reason(session, talk.reader.id, number, rules.checked(text, rules.LONGEST_NOTE))
            return card_message(talk, number)
    return rewritten(talk, number, **{what: rules.phrases(text)})


def rewritten(talk: Talk, number: int, **changes: Any) -> Message:
    """An idea with a new text or new phrases, and what is near it now."""
    birth = matching.rewrite(talk.kit, talk.reader, number, **changes)
    return render.birth(birth, talk.words, talk.links, talk.names, again=True)


# --- by buttons -------------------------------------------------------------------------------------------------------


def status(talk: Talk, number: str) -> Answer:
    return Answer(screen=render.status_screen(known_idea(talk, int(number)).idea, talk.words))


def put_status(talk: Talk, number: str, value: str) -> Answer:
    """A new status, and the question for a word of reason."""
    if value not in {one.value for one in IdeaStatus}:
        return Answer(toast=talk.words("chat.old_button"))
    set_status(talk, int(number), IdeaStatus(value))
    return ask(talk, number, "reason")


def set_status(talk: Talk, number: int, value: IdeaStatus, reason: str = "") -> None:
    known_idea(talk, number)
    with talk.kit.store.write() as session:
        ideas.decide(session, talk.reader.id, number, value, talk.now, reason)


def directions(talk: Talk, number: str) -> Answer:
    return Answer(screen=render.directions_screen(known_idea(talk, int(number)).idea, talk.words, talk.directions))


def put_direction(talk: Talk, number: str, slug: str) -> Answer:
    if slug not in {one.slug for one in talk.directions}:
        return Answer(toast=talk.words("chat.old_button"))
    idea = known_idea(talk, int(number)).idea
    change(talk, idea.number, directions=rules.toggled(idea.directions, slug))
    return directions(talk, number)


def mute(talk: Talk, number: str) -> Answer:
    """Mute an idea for a week, or no longer; what waits for a digest is not told either."""
    idea = known_idea(talk, int(number)).idea
    muted = is_muted(idea, talk.today)
    until = None if muted else talk.today + rules.MUTED_FOR
    change(talk, idea.number, muted_until=until)
    if not muted:
        with talk.kit.store.write() as session:
            matches.silence(session, talk.reader.id, [idea.number])
    told = talk.words("idea.unmuted" if muted else "idea.muted_now")
    if paper_id := matched(talk):
        return again(talk, idea.number, paper_id, told)
    return Answer(screen=card_message(talk, idea.number), toast=told)


def delete(talk: Talk, number: str) -> Answer:
    return Answer(screen=render.delete_screen(known_idea(talk, int(number)).idea, talk.words))


def delete_for_good(talk: Talk, number: str) -> Answer:
    known_idea(talk, int(number))
    with talk.kit.store.write() as session:
        ideas.remove(session, talk.reader.id, int(number))
    rows = ((Button(talk.words("idea.button.all"), pressed("ideas", 0)),),)
    return Answer(screen=Message(f"💡 {talk.words('idea.deleted', number=number)}", rows))


def file(talk: Talk, number: str, form: str) -> Answer:
    """An idea as a document."""
    tracked = known_idea(talk, int(number))
    with talk.kit.store.read() as session:
        entries = ideas.journal(session, talk.reader.id, tracked.idea.number)
    if form not in export.IDEA_FORMATS:
        return Answer(toast=talk.words("chat.old_button"))
    if form != "md" and not tracked.papers(Relation.LINKED, Relation.USEFUL):
        return Answer(toast=talk.words("idea.linked_none"))
    content = export.idea_file(form, tracked, entries, talk.links)
    caption = talk.words("idea.file", number=number)
    return Answer(document=File(f"qiaojin-idea-{number}.{form}", content.encode(), caption))
