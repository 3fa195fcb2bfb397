"""Papers and ideas: attaching one to the other, what a reader says of a match."""

from __future__ import annotations

from collections.abc import Callable

from bot import matching
from bot.chat.commands.paper import known as known_paper
from bot.chat.context import pressed, read_press
from bot.chat.render import ideas as render
from bot.chat.render.lists import entry
from bot.chat.render.parts import Row, in_rows
from bot.chat.talk import Answer, Talk
from bot.errors import UsageError
from bot.models import Button, Message
from bot.models.ideas import Near
from bot.models.tracking import Relation, Tracked, folded
from bot.pipeline import look_up
from bot.rules import ideas as rules
from bot.rules.ids import find_ids
from bot.store import ideas, library, lists, matches, pages
from bot.store.engine import Session

MOST_OFFERED = 8
"""Papers, or ideas, to choose from."""
Begin = Callable[[Talk, str, str], Answer]


def is_number(text: str) -> bool:
    """Whether somebody names an idea, and no more than a number of ours can hold."""
    return text.isascii() and text.isdigit() and len(text) < 7


def attach_or_begin(talk: Talk, text: str, begin: Begin) -> Answer:
    """``/idea`` in reply to a message: to which of its papers, and to which idea?"""
    shown = replied_papers(talk)
    if not shown:
        return begin(talk, text, "") if text else Answer(messages=(Message(talk.words("idea.no_paper_there")),))
    if text and not is_number(text):
        return begin(talk, text, shown[0] if len(shown) == 1 else "")
    if len(shown) == 1 and text:
        return Answer(messages=(attached(talk, int(text), shown[0]),))
    if len(shown) == 1:
        return Answer(messages=(choose_idea(talk, shown[0]),))
    return Answer(messages=(choose_paper(talk, shown),))


def replied_papers(talk: Talk) -> tuple[str, ...]:
    """The papers that the message shows to which this one is a reply; fetched where they are not here."""
    with talk.kit.store.read() as session:
        _, shown = pages.shown(session, talk.turn.chat_id, talk.turn.replied)
    found = shown or tuple(find_ids(talk.turn.replied_text))[:MOST_OFFERED]
    return tuple(look_up(talk.kit, id_)[0].id for id_ in found)


def choose_paper(talk: Talk, shown: tuple[str, ...]) -> Message:
    with talk.kit.store.read() as session:
        found = lists.in_order(session, shown[:MOST_OFFERED])
    told = [entry(number, paper, talk.words, talk.links) for number, paper in enumerate(found, start=1)]
    buttons = [Button(str(number), pressed("iwhich", paper.id)) for number, paper in enumerate(found, start=1)]
    return Message("\n\n".join([talk.words("idea.which_paper"), *told]), tuple(in_rows(buttons, 4)))


def which(talk: Talk, paper_id: str) -> Answer:
    return Answer(screen=choose_idea(talk, paper_id))


def choose_idea(talk: Talk, paper_id: str) -> Message:
    """To which idea a paper shall belong, or a new one from it."""
    paper, _ = known_paper(talk, paper_id)
    with talk.kit.store.read() as session:
        live = [one for one in ideas.listed(session, talk.reader.id) if one.status.is_live]
    rows: list[Row] = [
        (Button(f"💡 {one.number} · {' '.join(one.text.split())[:40]}", pressed("attach", one.number, paper_id)),)
        for one in live[-MOST_OFFERED:]
    ]
    rows.append((Button(talk.words("idea.button.from_paper"), pressed("ifrom", paper_id)),))
    return Message(f"💡 {talk.words('idea.which_idea')}\n\n{entry(1, paper, talk.words, talk.links)}", tuple(rows))


def attach(talk: Talk, number: str, paper_id: str) -> Answer:
    return Answer(screen=attached(talk, int(number), paper_id))


def attached(talk: Talk, number: int, paper_id: str) -> Message:
    """Attach a paper to an idea, and show the two side by side."""
    known_paper(talk, paper_id)
    relate(talk, number, paper_id, Relation.LINKED)
    return match_message(talk, number, paper_id)


# --- one match --------------------------------------------------------------------------------------------------------


def known_idea(talk: Talk, number: int) -> Tracked:
    """An idea of this reader; raises UsageError for any other."""
    with talk.kit.store.read() as session:
        found = ideas.tracked(session, talk.reader.id, number)
    if found is None:
        raise UsageError("no idea {number}", key="unknown_idea", number=number)
    return found


def near_of(talk: Talk, tracked: Tracked, paper_id: str) -> Near:
    """How near a paper is to an idea: as it was told, or else as it is now."""
    with talk.kit.store.read() as session:
        told = matches.get(session, talk.reader.id, tracked.idea.number, paper_id)
    if told:
        return told
    paper, _ = known_paper(talk, paper_id)
    return matching.held_against(talk.kit, tracked, [paper])[paper_id]


def match_message(talk: Talk, number: int, paper_id: str, *, alone: bool = False) -> Message:
    tracked = known_idea(talk, number)
    near = near_of(talk, tracked, paper_id)
    relation = next((link.relation for link in tracked.links if link.paper.id == paper_id), None)
    with talk.kit.store.read() as session:
        saved = library.get(session, talk.reader.id, paper_id) is not None
    muted = rules.is_muted(tracked.idea, talk.today)
    return render.match(tracked.idea, near, talk.words, talk.links, relation, saved=saved, muted=muted, alone=alone)


def match(talk: Talk, number: str, paper_id: str) -> Answer:
    """A paper held against an idea, in the place of the list."""
    return Answer(screen=match_message(talk, int(number), paper_id))


def alert(talk: Talk, number: str, paper_id: str) -> Answer:
    """The same in a message of its own: a digest stays where it is."""
    return Answer(messages=(match_message(talk, int(number), paper_id, alone=True),))


def matched(talk: Talk) -> str:
    """The paper that the pressed message holds against an idea; "" where it holds none."""
    rows = talk.turn.page.buttons if talk.turn.page else ()
    presses = (read_press(button.data) for row in rows for button in row)
    return next((press[2] for press in presses if press[:1] == ("irel",)), "")


def again(talk: Talk, number: int, paper_id: str, toast: str) -> Answer:
    """The message that was pressed, as it stands now."""
    page = talk.turn.page
    alone = page is not None and any(read_press(b.data)[:1] == ("icard",) for row in page.buttons for b in row)
    return Answer(screen=match_message(talk, number, paper_id, alone=alone), toast=toast)


def say(talk: Talk, number: str, paper_id: str, relation: str) -> Answer:
    """Not related, useful, or belongs to it; pressed again, it is taken back."""
    if relation not in {value.value for value in Relation}:
        return Answer(toast=talk.words("chat.old_button"))
    now_is = relate(talk, int(number), paper_id, Relation(relation))
    toast = talk.words(f"idea.said.{now_is.value}" if now_is else "opinion.undone")
    return again(talk, int(number), paper_id, toast)


def relate(talk: Talk, number: int, paper_id: str, relation: Relation) -> Relation | None:
    """Note what a paper is to an idea, with what they have in common; None where that took it back."""
    tracked = known_idea(talk, number)
    near = near_of(talk, tracked, paper_id)
    before = next((link.relation for link in tracked.links if link.paper.id == paper_id), None)
    with talk.kit.store.write() as session:
        if before is relation and talk.turn.data:
            ideas.unlink(session, talk.reader.id, number, paper_id)
            return None
        ideas.link(session, talk.reader.id, number, paper_id, relation, talk.now, near.shared)
        if relation is Relation.UNRELATED:
            silence_alike(session, talk.reader.id, number, near)
    return relation


def silence_alike(session: Session, reader_id: str, number: int, refused: Near) -> None:
    """What waits to be told for the sake of the same phrases is not told any more."""
    phrases = [folded(refused.shared)]
    alike = [near.paper.id for near in matches.of_idea(session, reader_id, number)
             if rules.is_refused(near.shared, phrases)]  # fmt: skip
    matches.silence_papers(session, reader_id, number, alike)


def read(talk: Talk, number: str, paper_id: str) -> Answer:
    """Put a paper on the list of what is to be read."""
    known_paper(talk, paper_id)
    with talk.kit.store.write() as session:
        if library.get(session, talk.reader.id, paper_id) is None:
            library.save(session, talk.reader.id, paper_id, talk.now)
    return again(talk, int(number), paper_id, talk.words("saved.kept"))
