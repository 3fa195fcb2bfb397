"""What readers' likes and dislikes do to the papers that may be chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.models import Reader
from bot.rules.edition import slugs_of
from bot.rules.relevance import Opinion, lifts
from bot.rules.shelf import Shelf
from bot.store import judgements, papers, readers
from bot.store.engine import Session


def opinions_of(session: Session, reader_ids: Collection[str]) -> Mapping[str, Sequence[Opinion]]:
    """What each of them has liked and disliked, the latest first; the papers are read once for them all."""
    values = readers.opinions_of(session, reader_ids)
    ids = list({id_ for of_reader in values.values() for id_ in of_reader})
    known, judged = papers.by_id(session, ids), judgements.by_id(session, ids)
    return {
        reader_id: [Opinion(known[id_], judged[id_], value) for id_, value in of_reader.items() if id_ in known]
        for reader_id, of_reader in values.items()
    }


def lift_for(shelf: Shelf, reader: Reader, opinions: Sequence[Opinion]) -> dict[str, float]:
    """By paper id; nothing without opinions."""
    if not opinions:
        return {}
    near = {id_ for slug in slugs_of(reader) for id_ in shelf.under.get(slug, ())}
    return lifts({id_: shelf.terms[id_] for id_ in near}, opinions)
