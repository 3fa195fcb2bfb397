"""New papers meet ideas: each thing told once, at the right time, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot import matching, pipeline
from bot.chat.voices import completer, renderer, teller
from bot.delivering import decide_digests
from bot.errors import SourceError
from bot.kit import Kit
from bot.models import AnnounceType, Digest, Item, ItemKind, Judgement, Message, Reader, Week
from bot.models.ideas import Asked, IdeaStatus
from bot.models.tracking import Entry, EntryKind, Relation
from bot.rules.days import announcement_day_from
from bot.store import deliveries, ideas, judgements, library, matches, papers, readers, reading, rounds, vectors
from bot.store.tables import DeliveryRow, IdeaMatchRow, VectorRow
from tests.databases import both_databases
from tests.engine import CountingEngine, with_counting_engine
from tests.fakes import DAY, Hands, Services, Written, api_entry, fetched
from tests.sources.bodies import api_page

pytestmark = both_databases

TEXT = "choose the adapter width per layer from gradient statistics"
SCOOP, CLOSE, USEFUL = "Gradient statistics choose adapter width", "Gradient statistics", "A gradient"
NOON = datetime(2026, 6, 17, 16, tzinfo=UTC)


@pytest.fixture
def tools(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> tuple[Kit, CountingEngine]:
    kit, engine = with_counting_engine(kit, monkeypatch)
    return replace(kit, clock=Hands(NOON)), engine


@pytest.fixture
def here(tools: tuple[Kit, CountingEngine]) -> Kit:
    return tools[0]


def comes(kit: Kit, id_: str, title: str, day: date = DAY + timedelta(1), **fields: object) -> None:
    """A paper is collected and judged."""
    with kit.store.write() as session:
        papers.keep(session, [fetched(id_, title=title, abstract="Words.", day=day, **fields)])
        judgements.note(session, "test", [(id_, Judgement({}))])


def reader(kit: Kit, id_: str = "5", **settings: object) -> Reader:
    known = Reader(id_, state="active", last_digest=DAY, decided_on=DAY, directions=("peft",))
    known = replace(known, **settings)  # type: ignore[arg-type]
    with kit.store.write() as session:
        readers.save(session, known)
    return known


def alerts(kit: Kit) -> list[DeliveryRow]:
    with kit.store.read() as session:
        return list(
            session.scalars(
                select(DeliveryRow).where(DeliveryRow.kind == matching.SCOOP).order_by(col(DeliveryRow.number))
            )
        )


def courses(kit: Kit) -> dict[str, str]:
    with kit.store.read() as session:
        return {row.paper_id: row.course for row in session.scalars(select(IdeaMatchRow))}


def match(kit: Kit) -> int:
    return pipeline.match_ideas(kit, teller(kit))


def next_digest(kit: Kit) -> list[Digest]:
    """The digests of the morning after."""
    shown: list[Digest] = []

    def render(digest: Digest, _: Reader) -> Sequence[Message]:
        shown.append(digest)
        return [Message("digest")]

    kit.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
    decide_digests(kit, render)
    with kit.store.write() as session:
        deliveries.mark_sent(session, [(row.number or 0, 1) for row in session.scalars(select(DeliveryRow))], NOON)
    return shown


# --- alerts -----------------------------------------------------------------------------------------------------------


def test_a_scoop_is_told_at_once_and_once(here: Kit) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", SCOOP)
    assert match(here) == 1
    assert match(here) == 0
    (alert,) = alerts(here)
    assert (alert.reader_id, alert.subject, alert.papers) == ("5", "1/2606.00001/1", ["2606.00001"])
    assert "Idea 1" in alert.html
    assert "In common: adapter · choose · gradient" in alert.html


def test_what_is_less_near_waits_for_the_digest_and_is_told_once(here: Kit) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", CLOSE)
    assert match(here) == 0
    (digest,) = next_digest(here)
    assert [near.paper.id for one in digest.ideas.ideas for near in one.near] == ["2606.00001"]
    comes(here, "2606.00002", "Cooking rice", DAY + timedelta(2))
    assert not any(digest.ideas for digest in next_digest(here))


def test_a_digest_without_papers_comes_for_the_sake_of_an_idea(here: Kit) -> None:
    matching.create(here, reader(here, directions=("video",)), TEXT)
    comes(here, "2606.00001", CLOSE)
    match(here)
    here.clock.at += timedelta(days=1)  # type: ignore[attr-defined]
    assert decide_digests(here, renderer(here)) == 1
    with here.store.read() as session:
        (row,) = session.scalars(select(DeliveryRow))
    assert "Near your ideas" in row.html
    assert "1|alert|1|2606.00001" in str(row.buttons)


def test_papers_from_before_the_idea_are_never_told(here: Kit) -> None:
    comes(here, "2606.00001", SCOOP, DAY)
    birth = matching.create(here, reader(here), TEXT)
    assert [near.paper.id for near in birth.found.graded] == ["2606.00001"]
    comes(here, "2605.00002", SCOOP, DAY - timedelta(20))
    assert match(here) == 0
    assert alerts(here) == []
    assert not any(digest.ideas for digest in next_digest(here))


@pytest.mark.parametrize("status", [IdeaStatus.DONE, IdeaStatus.DROPPED])
def test_done_and_dropped_ideas_are_silent_and_are_not_told_later_what_they_slept_through(
    here: Kit, status: IdeaStatus
) -> None:
    matching.create(here, reader(here), TEXT)
    decide(here, status)
    comes(here, "2606.00001", SCOOP)
    assert match(here) == 0
    decide(here, IdeaStatus.SEED)
    assert match(here) == 0
    comes(here, "2606.00002", SCOOP)
    assert match(here) == 1


def decide(kit: Kit, status: IdeaStatus) -> None:
    with kit.store.write() as session:
        ideas.decide(session, "5", 1, status, kit.clock.now())


def test_after_not_related_the_same_phrases_alone_never_alert(here: Kit) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", SCOOP)
    match(here)
    with here.store.write() as session:
        near = matches.get(session, "5", 1, "2606.00001")
        assert near
        ideas.link(session, "5", 1, "2606.00001", Relation.UNRELATED, NOON, near.shared)
    comes(here, "2606.00002", SCOOP)
    comes(here, "2606.00003", f"{SCOOP} per layer")
    assert match(here) == 1
    assert alerts(here)[-1].papers == ["2606.00003"]
    assert courses(here) == {"2606.00001": "alert", "2606.00002": "silent", "2606.00003": "alert"}


@pytest.mark.parametrize("status", [IdeaStatus.DONE, IdeaStatus.DROPPED])
def test_what_waits_for_the_digest_of_an_idea_that_is_over_is_not_told(here: Kit, status: IdeaStatus) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", CLOSE)
    match(here)
    decide(here, status)
    assert not any(digest.ideas for digest in next_digest(here))


def test_a_paused_reader_finds_a_scoop_in_the_digest_after_the_pause(here: Kit) -> None:
    matching.create(here, reader(here, paused_until=DAY + timedelta(1)), TEXT)
    comes(here, "2606.00001", SCOOP)
    assert match(here) == 0
    (digest,) = next_digest(here)
    assert [near.paper.id for one in digest.ideas.ideas for near in one.near] == ["2606.00001"]


def test_a_muted_idea_tells_nothing_of_its_week(here: Kit) -> None:
    matching.create(here, reader(here), TEXT)
    with here.store.write() as session:
        ideas.change(session, "5", 1, NOON, muted_until=DAY + timedelta(7))
    comes(here, "2606.00001", SCOOP)
    comes(here, "2606.00002", CLOSE)
    assert match(here) == 0
    assert not any(digest.ideas for digest in next_digest(here))


def test_the_terminals_reader_gets_no_messages(here: Kit) -> None:
    matching.create(here, reader(here, "local", kind="local", state="onboarding"), TEXT)
    comes(here, "2606.00001", SCOOP)
    assert match(here) == 0
    assert courses(here) == {"2606.00001": "digest"}


def test_one_readers_trouble_is_not_anothers(here: Kit) -> None:
    for id_ in ("5", "6"):
        matching.create(here, reader(here, id_), TEXT)
    comes(here, "2606.00001", SCOOP)
    tell = teller(here)

    def fails(one: Reader, *rest: object) -> Message:
        if one.id == "5":
            raise RuntimeError
        return tell(one, *rest)  # type: ignore[arg-type]

    assert pipeline.match_ideas(here, fails) == 1
    assert [row.reader_id for row in alerts(here)] == ["6"]


def test_a_round_that_is_killed_before_its_end_is_begun_anew(here: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", SCOOP)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "note_seen", killed)
        with pytest.raises(KeyboardInterrupt):
            match(here)
    assert alerts(here) == []
    assert match(here) == 1


def test_an_idea_deleted_during_the_round_is_not_spoken_of(here: Kit, tools: tuple[Kit, CountingEngine]) -> None:
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", SCOOP)
    engine, real = tools[1], tools[1].match

    def meanwhile(*arguments: object) -> object:
        with here.store.write() as session:
            ideas.remove(session, "5", 1)
        return real(*arguments)  # type: ignore[arg-type]

    engine.match = meanwhile  # type: ignore[assignment, method-assign]
    assert match(here) == 0


def test_a_text_is_analysed_once_as_long_as_it_stays(tools: tuple[Kit, CountingEngine]) -> None:
    here, engine = tools
    matching.create(here, reader(here), TEXT)
    for number in range(3):
        before = engine.asked
        comes(here, f"2606.0000{number}", "Cooking rice")
        match(here)
        assert engine.asked - before == (number == 0)


# --- the archive ------------------------------------------------------------------------------------------------------


def test_vectors_are_made_once_and_follow_texts_and_engines(tools: tuple[Kit, CountingEngine]) -> None:
    here, engine = tools
    comes(here, "2606.00001", SCOOP)
    comes(here, "2606.00002", CLOSE)
    matching.fill(here)
    matching.fill(here)
    assert engine.made == 2
    comes(here, "2606.00001", "Another title", version=2)
    matching.fill(here)
    assert engine.made == 3
    engine.id = "another engine"
    matching.fill(here)
    assert engine.made == 5
    with here.store.read() as session:
        assert {row.engine for row in session.scalars(select(VectorRow))} == {"another engine"}
        assert vectors.are_whole(session, "another engine")


def test_the_archive_in_memory_grows_with_the_store(here: Kit) -> None:
    comes(here, "2606.00001", SCOOP)
    assert len(matching.search(here, Asked(TEXT)).near) == 1
    comes(here, "2606.00002", CLOSE)
    assert [near.paper.id for near in matching.search(here, Asked(TEXT)).near] == ["2606.00001", "2606.00002"]


def test_a_search_in_an_empty_archive_finds_nothing(here: Kit) -> None:
    assert matching.search(here, Asked(TEXT)).near == ()


# --- where there is little to search ----------------------------------------------------------------------------------


def test_arxiv_is_asked_once_for_a_new_idea_and_the_answer_completed(here: Kit, services: Services) -> None:
    known = Written("2605.00007", SCOOP, submitted=datetime(2026, 5, 5, 12, tzinfo=UTC))
    services.weather["api"] = lambda request: api_page(api_entry(known), total=1)
    birth = matching.create(here, reader(here), TEXT)
    assert birth.asks_arxiv
    assert pipeline.complete_ideas(here, completer(here)) == 1
    assert pipeline.complete_ideas(here, completer(here)) == 0
    assert services.calls.count("api") == 1
    (message,) = completions(here)
    assert "I asked arXiv and found these" in message.html
    assert message.papers == ["2605.00007"]
    assert match(here) == 0


def completions(kit: Kit) -> list[DeliveryRow]:
    with kit.store.read() as session:
        return list(
            session.scalars(select(DeliveryRow).where(DeliveryRow.kind == "idea").order_by(col(DeliveryRow.number)))
        )


def test_that_arxiv_does_not_answer_is_told_gently_and_once(here: Kit) -> None:
    matching.create(here, reader(here), TEXT)

    def fails(_: Sequence[str]) -> None:
        raise SourceError("down")

    assert matching.complete(here, fails, completer(here)) == 1
    assert "does not answer at the moment" in completions(here)[0].html
    assert not matching.is_any_asking(here)


def test_a_terminal_asks_nobody(here: Kit) -> None:
    assert not matching.create(here, reader(here, "local", kind="local"), TEXT).asks_arxiv


# --- new versions -----------------------------------------------------------------------------------------------------


def keeps(kit: Kit, id_: str, at: datetime = NOON) -> None:
    with kit.store.write() as session:
        library.save(session, "5", id_, at)


def new_version(kit: Kit, id_: str, abstract: str, day: date) -> None:
    with kit.store.write() as session:
        change = fetched(id_, title="A", abstract=abstract, day=day, version=2, announce_type=AnnounceType.REPLACE)
        papers.keep(session, [change])
        judgements.note(session, "test", [(id_, Judgement({}))])


def test_a_new_version_of_a_saved_or_linked_paper_is_told_with_what_changed(here: Kit) -> None:
    comes(here, "2606.00001", "A", DAY)
    comes(here, "2606.00002", "A", DAY)
    matching.create(here, reader(here), TEXT, "2606.00002")
    keeps(here, "2606.00001")
    for id_ in ("2606.00001", "2606.00002"):
        new_version(here, id_, "Words. It fails on long inputs.", DAY + timedelta(1))
    (digest,) = next_digest(here)
    told = {one.paper.id: (one.changed, one.ideas) for one in digest.ideas.revisions}
    assert told == {
        "2606.00001": (("It fails on long inputs.",), ()),
        "2606.00002": (("It fails on long inputs.",), (1,)),
    }
    comes(here, "2606.00003", "A", DAY + timedelta(2))
    assert not any(digest.ideas for digest in next_digest(here))


def test_a_new_version_of_a_planned_paper_is_told(here: Kit) -> None:
    comes(here, "2606.00001", "A", DAY)
    reader(here)
    item = Item(1, ItemKind.PAPER, "2606.00001", "A", 30, 30, day=DAY)
    with here.store.write() as session:
        reading.save_weeks(session, "5", [Week(DAY - timedelta(2), 60, (item,))])
    new_version(here, "2606.00001", "Words. New.", DAY + timedelta(1))
    (digest,) = next_digest(here)
    assert [one.paper.id for one in digest.ideas.revisions] == ["2606.00001"]


def test_a_new_version_that_says_the_same_is_not_told(here: Kit) -> None:
    comes(here, "2606.00001", "A", DAY)
    reader(here)
    keeps(here, "2606.00001")
    new_version(here, "2606.00001", "Words .", DAY + timedelta(1))
    assert not any(digest.ideas for digest in next_digest(here))


def test_a_version_from_before_the_paper_was_saved_is_not_told(here: Kit) -> None:
    comes(here, "2606.00001", "A", DAY)
    reader(here)
    new_version(here, "2606.00001", "Words. New.", DAY + timedelta(1))
    keeps(here, "2606.00001", NOON + timedelta(days=1))
    assert not any(digest.ideas for digest in next_digest(here))


# --- weeks ------------------------------------------------------------------------------------------------------------


def test_a_week_tells_what_came_near_what_was_noted_and_which_ideas_rest(here: Kit) -> None:
    one = reader(here)
    matching.create(here, one, TEXT)
    comes(here, "2606.00001", SCOOP)
    match(here)
    with here.store.write() as session:
        ideas.note(session, "5", 1, Entry(EntryKind.NOTE, NOON, "half a page"))
        week = matching.week_of(session, one, NOON - timedelta(days=1), NOON + timedelta(days=3))
        later = matching.week_of(session, one, NOON + timedelta(days=28), NOON + timedelta(days=35))
        ideas.note_asked(session, later.untouched)
        after = matching.week_of(session, one, NOON + timedelta(days=35), NOON + timedelta(days=42))
    (told,) = week.ideas
    assert [near.paper.id for near in told.near] == ["2606.00001"]
    assert [note.text for note in told.notes] == ["half a page"]
    assert sum(told.counts[-1].values()) == 1
    assert [idea.number for idea in later.untouched] == [1]
    assert not week.untouched
    assert not after


def test_the_announcement_after_a_birth_is_news(here: Kit) -> None:
    """The day that counts is arXiv's, not the clock's."""
    matching.create(here, reader(here), TEXT)
    comes(here, "2606.00001", SCOOP, announcement_day_from(DAY + timedelta(1)))
    assert match(here) == 1
