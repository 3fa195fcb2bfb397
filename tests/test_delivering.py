"""Deciding digests for many readers at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.delivering import decide_digests
from bot.kit import Kit
from bot.models import Assignment, Digest, Evidence, Judgement, Message, Reader
from bot.schedule import PATIENCE
from bot.store import deliveries, judgements, papers, readers, state
from bot.store.tables import DeliveryRow
from tests.databases import both_databases
from tests.fakes import Hands, fetched

pytestmark = both_databases

DAY = date(2026, 6, 17)
YESTERDAY = DAY - timedelta(days=1)
NOON = datetime(2026, 6, 17, 16, tzinfo=UTC)
SCOPE = ("cs.CL", "cs.LG", "cs.AI", "cs.CV", "cs.IR", "cs.MA")
READER = Reader(
    "1", state="active", zone="UTC", digest_at=8 * 60, directions=("peft",), per_direction=9,
    joined=NOON - timedelta(days=30), last_digest=YESTERDAY, decided_on=YESTERDAY,
)  # fmt: skip


class Press:
    """Renders a digest as the ids of its papers, and remembers what it was given."""

    def __init__(self) -> None:
        self.digests: list[Digest] = []

    def __call__(self, digest: Digest, reader: Reader) -> Sequence[Message]:
        self.digests.append(digest)
        ids = tuple(shown.paper.id for part in digest.sections for shown in part.papers)
        return [Message(" ".join(ids) or "nothing", papers=ids)]


@pytest.fixture
def calm(kit: Kit) -> Kit:
    return replace(kit, clock=Hands(NOON))


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def known(calm: Kit) -> Callable[..., None]:
    """``known(1, 2, day=…)``: these papers came in and belong to ``peft``; the day is whole unless it is said."""

    def come(*numbers: int, day: date = DAY, whole: bool = True, slug: str = "peft", **fields: Any) -> None:
        ids = [f"2606.{number:05d}" for number in numbers]
        judgement = Judgement({}, (Assignment(slug, 0.9, (Evidence("x", 1.0),)),))
        with calm.store.write() as session:
            papers.keep(session, [fetched(id_, day=day, **{"title": f"T{id_}", **fields}) for id_ in ids])
            judgements.note(session, "model", [(id_, judgement) for id_ in ids])
            state.note_coverage(session, [day], "arxiv", whole=whole, scope=SCOPE)
            state.note_coverage(session, [day], "huggingface", whole=whole)

    return come


def enrol(kit: Kit, *added: Reader) -> None:
    with kit.store.write() as session:
        for reader in added or (READER,):
            readers.save(session, reader)


def reader(kit: Kit, reader_id: str = "1") -> Reader:
    with kit.store.read() as session:
        found = readers.get(session, reader_id)
        assert found
        return found


def sent(kit: Kit) -> list[str]:
    """What is in the outbox, which is then delivered."""
    with kit.store.write() as session:
        rows = list(
            session.scalars(select(DeliveryRow).where(DeliveryRow.state == "waiting").order_by(col(DeliveryRow.number)))
        )
        deliveries.mark_sent(session, [(row.number or 0, row.number or 0) for row in rows], kit.clock.now())
        return [row.html.replace("2606.0000", "") for row in rows]


def next_day(kit: Kit, days: int = 1) -> None:
    assert isinstance(kit.clock, Hands)
    kit.clock.at += timedelta(days=days)


def test_what_is_new_since_the_last_digest_goes_out_once(calm: Kit, known: Any, press: Press) -> None:
    known(1, day=YESTERDAY)
    known(2, 3)
    enrol(calm)
    assert decide_digests(calm, press) == 1
    assert decide_digests(calm, press) == 0
    assert sent(calm) == ["2 3"]
    assert (reader(calm).last_digest, reader(calm).decided_on) == (DAY, DAY)
    assert (press.digests[0].papers_read, press.digests[0].complete) == (2, True)


def test_after_days_of_downtime_one_digest_with_everything(calm: Kit, known: Any, press: Press) -> None:
    for number in (5, 4, 3, 2, 1, 0):
        known(9 - number, day=DAY - timedelta(days=number))
    enrol(calm, replace(READER, last_digest=DAY - timedelta(days=4), decided_on=DAY - timedelta(days=4)))
    decide_digests(calm, press)
    assert sent(calm) == ["9 8 7 6"]


def test_a_first_digest_holds_the_newest_day_that_has_papers(calm: Kit, known: Any, press: Press) -> None:
    known(1, day=date(2026, 6, 11))
    known(2, day=date(2026, 6, 12))
    enrol(calm, replace(READER, last_digest=None, decided_on=None, joined=NOON))
    decide_digests(calm, press)
    assert sent(calm) == ["2"]
    assert reader(calm).last_digest == DAY


def test_a_first_digest_waits_for_the_first_papers(calm: Kit, known: Any, press: Press) -> None:
    enrol(calm, replace(READER, last_digest=None, decided_on=None, joined=NOON))
    assert decide_digests(calm, press) == 0
    known(1)
    assert decide_digests(calm, press) == 1
    assert sent(calm) == ["1"]


def test_the_backfill_is_not_news(calm: Kit, known: Any, press: Press) -> None:
    known(1)
    enrol(calm, replace(READER, last_digest=None, decided_on=None, joined=NOON))
    decide_digests(calm, press)
    assert sent(calm) == ["1"]
    known(2, 3, day=DAY - timedelta(days=2))
    next_day(calm)
    known(4, day=DAY + timedelta(days=1))
    decide_digests(calm, press)
    assert sent(calm) == ["4"]


def test_an_incomplete_day_says_so_and_what_is_late_follows(calm: Kit, known: Any, press: Press) -> None:
    known(1, whole=False)
    enrol(calm)
    decide_digests(calm, press)
    assert press.digests[0].missing == ("arxiv", "huggingface")
    assert sent(calm) == ["1"]
    known(2)
    next_day(calm)
    known(3, day=DAY + timedelta(days=1))
    decide_digests(calm, press)
    assert sent(calm) == ["3 2"]


def test_a_day_that_has_not_come_yet_is_waited_for_but_not_for_ever(calm: Kit, known: Any, press: Press) -> None:
    known(1, day=YESTERDAY)
    assert isinstance(calm.clock, Hands)
    calm.clock.at = NOON.replace(hour=8)
    enrol(calm)
    assert decide_digests(calm, press) == 0
    calm.clock.at += PATIENCE
    assert decide_digests(calm, press) == 1
    assert sent(calm) == []
    known(2)
    next_day(calm)
    decide_digests(calm, press)
    assert sent(calm) == ["2"]


@pytest.mark.parametrize(("tell", "told"), [(False, []), (True, ["nothing"])])
def test_a_holiday_sends_nothing_or_says_so(calm: Kit, known: Any, press: Press, tell: bool, told: list[str]) -> None:
    known(day=DAY)
    enrol(calm, replace(READER, tell_nothing_new=tell))
    assert decide_digests(calm, press) == 1
    assert sent(calm) == told


def test_papers_that_are_not_judged_yet_follow(calm: Kit, known: Any, press: Press) -> None:
    known(1)
    with calm.store.write() as session:
        papers.keep(session, [fetched("2606.00002", title="T2")])
    enrol(calm)
    decide_digests(calm, press)
    assert sent(calm) == ["1"]
    known(2, title="T2")
    next_day(calm)
    decide_digests(calm, press)
    assert sent(calm) == ["2"]


def test_nothing_more_is_decided_while_a_digest_waits(calm: Kit, known: Any, press: Press) -> None:
    known(1)
    enrol(calm)
    decide_digests(calm, press)
    next_day(calm)
    known(2, day=DAY + timedelta(days=1))
    assert decide_digests(calm, press) == 0
    assert sent(calm) == ["1"]
    assert decide_digests(calm, press) == 1
    assert sent(calm) == ["2"]


def test_likes_and_dislikes_move_the_order(calm: Kit, known: Any, press: Press) -> None:
    known(1, 2, title="Sparse attention kernels")
    known(5, title="Low-rank adapters", day=YESTERDAY)
    known(3, title="Low-rank adapters for all")
    enrol(calm)
    with calm.store.write() as session:
        readers.set_opinion(session, "1", "2606.00005", 1, NOON)
    decide_digests(calm, press)
    assert sent(calm)[0].startswith("3")


def test_a_revised_paper_comes_again_when_its_abstract_changed(calm: Kit, known: Any, press: Press) -> None:
    from bot.models import AnnounceType

    known(1, 2)
    enrol(calm)
    decide_digests(calm, press)
    sent(calm)
    next_day(calm)
    tomorrow = DAY + timedelta(days=1)
    known(3, day=tomorrow)
    revised = {"version": 2, "announce_type": AnnounceType.REPLACE, "day": tomorrow}
    with calm.store.write() as session:
        papers.keep(session, [fetched("2606.00001", title="T1", abstract="A new result.", **revised),
                              fetched("2606.00002", title="T2", **revised)])  # fmt: skip
        for number in (1, 2):
            judged = Judgement({}, (Assignment("peft", 0.9),))
            judgements.note(session, "model", [(f"2606.{number:05d}", judged)])
    decide_digests(calm, press)
    assert set(sent(calm)[0].split()) == {"1", "3"}


def test_one_reader_whose_digest_fails_is_nobody_elses_trouble(
    calm: Kit, known: Any, press: Press, caplog: pytest.LogCaptureFixture
) -> None:
    known(1)
    enrol(calm, READER, replace(READER, id="2"))

    def fail(digest: Digest, reader: Reader) -> Sequence[Message]:
        if reader.id == "1":
            raise ZeroDivisionError
        return press(digest, reader)

    assert decide_digests(calm, fail) == 1
    assert "reader 1" in caplog.text
    assert (reader(calm).decided_on, reader(calm, "2").decided_on) == (YESTERDAY, DAY)
    assert decide_digests(calm, press) == 1
