"""What readers note of a saved paper: its state, tags and note; by buttons of its card, ``/tag``, and in writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.commands.paper import card_of, known, same_card, way_back
from bot.chat.render import library as render
from bot.chat.talk import Answer, Talk
from bot.errors import UsageError
from bot.models import Message, ReadingState
from bot.pipeline import look_up
from bot.rules.ids import find_ids, without_ids
from bot.rules.library import LONGEST_NOTE, changed_tags, tag_mark
from bot.store import library, readers


def move(talk: Talk, paper_id: str, state: str) -> Answer:
    """Note how far the reader has come."""
    talk, value = talk.ensure_known(), ReadingState(state)
    known(talk, paper_id)
    with talk.kit.store.write() as session:
        library.set_state(session, talk.reader.id, paper_id, value, talk.now)
    return same_card(talk, paper_id, render.state(value, talk.words))


def is_state(text: str) -> bool:
    return text in list(ReadingState)


def unsave(talk: Talk, paper_id: str) -> Answer:
    """Remove a paper with all that was noted of it."""
    with talk.kit.store.write() as session:
        library.unsave(session, talk.reader.id, paper_id)
    return same_card(talk, paper_id, talk.words("saved.dropped"))


# --- tags -------------------------------------------------------------------------------------------------------------


def tag(talk: Talk) -> Answer:
    """``/tag ID WORDS``; without words it asks for them."""
    ids = find_ids(talk.argument)
    if len(ids) != 1:
        return Answer(messages=(Message(talk.words("library.tag_how")),))
    look_up(talk.kit, ids[0])
    written = without_ids(talk.argument)
    return tags_written(talk, ids[0], written) if written else Answer(messages=(tags_screen(talk, ids[0]),))


def tags(talk: Talk, paper_id: str) -> Answer:
    """From the card to its tags."""
    return Answer(screen=tags_screen(talk, paper_id))


def tags_screen(talk: Talk, paper_id: str) -> Message:
    """The tags, and the note that others may come as text."""
    talk, (paper, _) = awaiting(talk, f"tags:{paper_id}"), known(talk, paper_id)
    return render.tags_screen(paper, tags_of(talk, paper_id), talk.words, talk.links, way_back(talk, paper_id))


def tags_of(talk: Talk, paper_id: str) -> tuple[str, ...]:
    with talk.kit.store.read() as session:
        saved = library.get(session, talk.reader.id, paper_id)
    return saved.tags if saved else ()


def tags_written(talk: Talk, paper_id: str, written: str = "") -> Answer:
    """Add tags, or take away those with a minus; raises UsageError where there is no tag in what was written."""
    before = tags_of(talk, paper_id)
    after = changed_tags(before, written or without_ids(talk.argument))
    if after == before:
        raise UsageError("no new tag in it", key="no_tag")
    return Answer(messages=(with_tags(talk, paper_id, after),))


def untag(talk: Talk, paper_id: str, mark: str) -> Answer:
    """Take one tag off."""
    kept = tuple(one for one in tags_of(talk, paper_id) if tag_mark(one) != mark)
    with_tags(talk, paper_id, kept)
    return tags(talk, paper_id)


def with_tags(talk: Talk, paper_id: str, new: Sequence[str]) -> Message:
    """The card of a paper with new tags."""
    talk, found = answered(talk), known(talk, paper_id)
    with talk.kit.store.write() as session:
        library.set_tags(session, talk.reader.id, paper_id, new, talk.now)
    return card_of(talk, *found)


# --- notes ------------------------------------------------------------------------------------------------------------


def note(talk: Talk, paper_id: str) -> Answer:
    """From the card to its note."""
    talk, (paper, _) = awaiting(talk, f"note:{paper_id}"), known(talk, paper_id)
    with talk.kit.store.read() as session:
        saved = library.get(session, talk.reader.id, paper_id)
    text = saved.note if saved else ""
    return Answer(screen=render.note_screen(paper, text, talk.words, talk.links, way_back(talk, paper_id)))


def note_written(talk: Talk, paper_id: str) -> Answer:
    """Keep a note in the place of what stood there; raises UsageError for one that is too long."""
    text = talk.argument.strip()
    if len(text) > LONGEST_NOTE:
        raise UsageError("the note is too long", key="note_too_long", length=len(text), most=LONGEST_NOTE)
    found = known(talk, paper_id)
    return Answer(messages=(card_of(with_note(talk, paper_id, text), *found),))


def unnote(talk: Talk, paper_id: str) -> Answer:
    known(talk, paper_id)
    return same_card(with_note(talk, paper_id, ""), paper_id, talk.words("library.note_removed"))


def with_note(talk: Talk, paper_id: str, text: str) -> Talk:
    talk = answered(talk)
    with talk.kit.store.write() as session:
        library.set_note(session, talk.reader.id, paper_id, text, talk.now)
    return talk


# --- answers in writing -----------------------------------------------------------------------------------------------

WRITTEN: Mapping[str, Callable[[Talk, str], Answer]] = {"tags": tags_written, "note": note_written}
"""What takes the answer to a question of ours, by the word before the colon of what is awaited."""


def is_asked(talk: Talk) -> bool:
    """Whether tags or a note are awaited, and what came is more than a link to a paper."""
    return talk.awaited.partition(":")[0] in WRITTEN and bool(without_ids(talk.argument))


def written(talk: Talk) -> Answer:
    what, _, paper_id = talk.awaited.partition(":")
    return WRITTEN[what](talk, paper_id)


def awaiting(talk: Talk, what: str) -> Talk:
    """The talk of a reader whose answer in writing we wait for."""
    talk = talk.ensure_known()
    with talk.kit.store.write() as session:
        readers.await_answer(session, talk.reader.id, talk.turn.user_id, what, talk.now)
    return talk


def answered(talk: Talk) -> Talk:
    """The talk of a reader from whom we wait for nothing any more."""
    talk = talk.ensure_known()
    with talk.kit.store.write() as session:
        readers.take_awaited(session, talk.reader.id, talk.turn.user_id)
    return talk
