"""A day is the same on both kinds of database, and what is told of it comes in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta

from bot.app import open_kit
from bot.delivering import decide_digests
from bot.kit import Kit
from bot.models import Digest, Message, Reader
from bot.pipeline import collect, digest_of
from bot.settings import Settings
from bot.sources import sample
from bot.store import lists, readers
from tests.databases import Server

YESTERDAY = sample.DAY - timedelta(days=1)
READER = Reader("1", state="active", zone="UTC", digest_at=480, per_direction=9, last_digest=YESTERDAY,
                decided_on=YESTERDAY)  # fmt: skip


def told(kit: Kit) -> Iterator[object]:
    """The sample day's digest, the one that a reader of everything gets, and the list of every direction."""
    collect(kit)
    yield digest_of(kit, sample.DAY)
    slugs = tuple(direction.slug for direction in kit.directions)
    with kit.store.write() as session:
        readers.save(session, Reader(**asdict(READER) | {"directions": slugs}))

    sent = list[Digest]()

    def press(digest: Digest, _: Reader) -> Sequence[Message]:
        sent.append(digest)
        return [Message("a digest")]

    assert decide_digests(kit, press) == 1
    yield sent
    with kit.store.read() as session:
        for slug in slugs:
            yield lists.of_direction(session, slug, YESTERDAY, sample.DAY, 0, 100)


def test_the_sample_day_is_told_the_same_on_both(settings: Settings, postgresql: Server) -> None:
    found = []
    for address in ("sqlite://", postgresql.emptied().address):
        here = settings.model_copy(update={"database_url": address})
        with open_kit(here, transport=sample.transport()) as kit:
            found.append(list(told(kit)))
    assert found[0] == found[1]
    digest = found[0][0]
    assert isinstance(digest, Digest)
    assert len(digest.sections) > 10
