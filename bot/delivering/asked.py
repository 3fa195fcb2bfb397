"""A digest that somebody asks for."""

from __future__ import annotations

from datetime import date

from bot.collecting import SERVICES
from bot.delivering.tastes import lift_for, opinions_of
from bot.kit import Kit
from bot.models import Digest, Reader
from bot.rules import days as timetable
from bot.rules.edition import Shown, chosen_papers, edition
from bot.rules.shelf import Shelf
from bot.store import editions, judgements, papers, readers, state


def digest_for(kit: Kit, reader: Reader, day: date | None = None) -> Digest | None:
    """What ``day`` (by default the newest that has papers) holds for a reader who asks; None where no day is here.

    It shows what they were shown before, too, and counts as shown, so that no digest brings it again.
    """
    with kit.store.write() as session:
        day = day or editions.newest_day(session, kit.newest_by_clock())
        if day is None:
            return None
        known = {paper.id: paper for paper in papers.of_day(session, day)}
        shelf = Shelf(known.values(), judgements.by_id(session, list(known)))
        lift = lift_for(shelf, reader, opinions_of(session, [reader.id]).get(reader.id, ()))
        sections = edition(shelf, reader, Shown({}, {}), known, lift)
        missing = tuple(state.missing(session, day, SERVICES, kit.settings.categories))
        posts = tuple(state.posts_between(session, timetable.announcement_day_before(day), day))
        if readers.get(session, reader.id):
            readers.note_sent(session, reader.id, chosen_papers(sections))
    return Digest(day, not missing, missing, len(known), sections, posts)
