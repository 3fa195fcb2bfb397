"""The birth of an idea: kept under its number, its directions suggested, and the archive searched at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.errors import SourceError, UsageError
from bot.kit import Kit
from bot.matching.archive import judged_of, search
from bot.models import Delivery, Message, Paper, Reader
from bot.models.ideas import Asked, Idea, Near
from bot.models.tracking import Course, Entry, EntryKind, Found, Relation, Tracked
from bot.nearness import suggested_directions
from bot.rules import ideas as rules
from bot.rules.days import newest_announced
from bot.store import deliveries, ideas, matches, readers, rounds
from bot.store.engine import Session

MOST_KEPT = 50
"""Graded papers of a search that are kept with the idea."""
KIND = "idea"
"""Of the messages that complete an answer."""


@dataclass(frozen=True, slots=True)
class Birth:
    """An idea, and what the archive knew of it."""

    idea: Idea
    found: Found
    asks_arxiv: bool = False
    """Whether arXiv will be asked too, because the archive is young."""
    is_vague: bool = False
    """Whether nothing in its text names a subject, so that no paper can be near it."""


def create(kit: Kit, reader: Reader, text: str, paper_id: str = "", directions: Sequence[str] = ()) -> Birth:
    """Keep a new idea of ``reader``, who is known, and search the archive for what is near it.

    ``directions`` are suggested by the classifier where none are given; the paper is linked to it. Raises UsageError.
    """
    text = rules.checked(text)
    vague = is_vague(kit, text)
    directions = tuple(directions) or (() if vague else suggested(kit, text))
    idea = Idea(reader.id, 0, text, directions)
    found = without(search(kit, Asked(text, directions), limit=MOST_KEPT), paper_id)
    asks = not vague and reader.kind != "local" and rules.is_young(found.papers, found.first, found.last)
    born = newest_announced(kit.clock.now(), kit.settings.arxiv_holidays)
    with kit.store.write() as session:
        kept = ideas.create(session, idea, born, kit.clock.now(), asks_arxiv=asks)
        if paper_id:
            ideas.link(session, reader.id, kept.number, paper_id, Relation.LINKED, kit.clock.now())
        keep_found(kit, session, kept, found)
    return Birth(kept, found, asks, vague)


def is_vague(kit: Kit, text: str) -> bool:
    return not kit.nearness().ask(Asked(text)).words


def without(found: Found, paper_id: str) -> Found:
    """A paper from which an idea begins is no news to it."""
    return replace(found, near=tuple(near for near in found.near if near.paper.id != paper_id))


def suggested(kit: Kit, text: str) -> tuple[str, ...]:
    """The directions of a text, the surest first: those of the papers near it, or what the classifier sees in it.

    The latter reads English only, so Chinese is translated for it.
    """
    near = search(kit, Asked(text)).near
    with kit.store.read() as session:
        judged = judged_of(session, [one.paper for one in near])
    if found := suggested_directions(near, judged):
        return tuple(found[: rules.MOST_DIRECTIONS])
    question = kit.nearness().ask(Asked(text))
    english = " ".join(question.words) if question.language == "zh" else text
    judgement = kit.judge().judge([Paper("", 1, english[:200], english, (), (), None)])[0]
    return tuple(one.slug for one in judgement.directions[: rules.MOST_DIRECTIONS])


def keep_found(kit: Kit, session: Session, idea: Idea, found: Found) -> None:
    """Keep what a search graded with the idea, in silence: the search itself is told."""
    if key := ideas.key_of(session, idea.reader_id, idea.number):
        for near in found.graded[:MOST_KEPT]:
            matches.keep(session, key, near, Course.SILENT, kit.clock.now())


def search_of(kit: Kit, reader: Reader, number: int) -> Birth:
    """Search the archive for what is near an idea as it stands; raises UsageError where there is none."""
    with kit.store.read() as session:
        tracked = ideas.tracked(session, reader.id, number)
    if tracked is None:
        raise UsageError("no idea {number}", key="unknown_idea", number=number)
    found = search(kit, rules.asked(tracked), limit=MOST_KEPT)
    return Birth(tracked.idea, found, is_vague=is_vague(kit, tracked.idea.text))


def held_against(kit: Kit, tracked: Tracked, papers: Sequence[Paper]) -> dict[str, Near]:
    """How near each of some papers is to an idea, by id; what was said of them does not count, only of the others."""
    if not papers:
        return {}
    ids = {paper.id for paper in papers}
    others = replace(tracked, links=tuple(link for link in tracked.links if link.paper.id not in ids))
    engine = kit.nearness()
    with kit.store.read() as session:
        judged = judged_of(session, papers)
    return {near.paper.id: near for near in engine.grade(engine.ask(rules.asked(others)), papers, judged)}


def look_again(kit: Kit, reader: Reader, number: int) -> Birth:
    """The same after a change; what is found is kept, and what was near the idea as it stood before is forgotten."""
    birth = search_of(kit, reader, number)
    with kit.store.write() as session:
        if key := ideas.key_of(session, reader.id, number):
            matches.forget(session, key, {near.paper.id for near in birth.found.graded})
        keep_found(kit, session, birth.idea, birth.found)
    return birth


def rewrite(kit: Kit, reader: Reader, number: int, **changes: Any) -> Birth:
    """Change an idea's text, directions or phrases and search again; the journal keeps a text that was replaced."""
    with kit.store.write() as session:
        before = ideas.get(session, reader.id, number)
        ideas.change(session, reader.id, number, kit.clock.now(), **changes)
        if before and changes.get("text", before.text) != before.text:
            ideas.note(session, reader.id, number, Entry(EntryKind.TEXT, kit.clock.now(), before.text))
    return look_again(kit, reader, number)


# --- where the archive is young ---------------------------------------------------------------------------------------

Complete = Callable[[Reader, Birth, str], Message]
"""The message that completes an answer; with the words of an error where arXiv could not be asked."""


def is_any_asking(kit: Kit) -> bool:
    """Whether there is an idea for which arXiv is still to be asked."""
    with kit.store.read() as session:
        return bool(rounds.asking_arxiv(session))


def complete(kit: Kit, bring: Callable[[Sequence[str]], None], render: Complete) -> int:
    """Ask arXiv, once, for the phrases of each idea that waits for it, and put what is then near into the outbox.

    ``bring`` fetches the papers for some phrases and keeps them; it raises SourceError where arXiv does not answer.
    """
    with kit.store.read() as session:
        asking = rounds.asking_arxiv(session)
    return sum(complete_one(kit, one, bring, render) for one in asking)


def complete_one(kit: Kit, one: Tracked, bring: Callable[[Sequence[str]], None], render: Complete) -> bool:
    words = kit.nearness().ask(rules.asked(one)).words
    error = ""
    try:
        if words:
            bring(words)
    except SourceError as failure:
        error = str(failure)
    found = search(kit, rules.asked(one), limit=MOST_KEPT)
    with kit.store.write() as session:
        rounds.note_asked_arxiv(session, one.key)
        reader = readers.get(session, one.idea.reader_id)
        if reader is None or reader.kind == "local" or not rounds.still_live(session, [one]):
            return False
        before = {near.paper.id for near in matches.of_idea(session, reader.id, one.idea.number)}
        keep_found(kit, session, one.idea, found)
        new = tuple(near for near in found.graded if near.paper.id not in before)
        message = render(reader, Birth(one.idea, replace(found, near=new)), error)
        subject = f"{one.idea.number}/arxiv"
        return bool(deliveries.enqueue(session, [Delivery(reader.id, KIND, subject, message)], kit.clock.now()))
