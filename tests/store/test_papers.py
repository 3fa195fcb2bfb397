"""Papers are kept once, merged, with their older versions and their judgements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.models import AnnounceType, Assignment, Compute, Evidence, Judgement
from bot.store import judgements, papers
from bot.store.engine import Store
from bot.store.search import search
from bot.store.tables import AssignmentRow
from tests.databases import both_databases
from tests.fakes import DAY, fetched

pytestmark = both_databases

FEED = fetched(announce_type=AnnounceType.NEW, authors=("Ada",), categories=("cs.CL",))
NEWER = replace(FEED, version=2, abstract="Changed words.", announce_type=AnnounceType.REPLACE, day=date(2026, 6, 24))


def counted(kept: papers.Kept) -> tuple[int, int, int]:
    return kept.fetched, kept.new, kept.updated


def test_keeping_twice_adds_and_changes_nothing(session: Session) -> None:
    batch = [FEED, fetched("2606.00002")]
    assert counted(papers.keep(session, batch)) == (2, 2, 0)
    assert counted(papers.keep(session, batch)) == (2, 0, 0)


def test_a_paper_that_comes_twice_in_one_batch_is_one(session: Session) -> None:
    assert counted(papers.keep(session, [FEED, FEED])) == (2, 1, 0)
    assert len(papers.of_day(session, DAY)) == 1


def test_what_another_source_adds_counts_as_updated(session: Session) -> None:
    papers.keep(session, [FEED])
    hf = replace(FEED, source="huggingface", upvotes=4, announce_type=None)
    assert counted(papers.keep(session, [hf])) == (1, 0, 1)
    assert counted(papers.keep(session, [hf])) == (1, 0, 0)
    known = papers.by_id(session, [FEED.id])[FEED.id]
    assert (known.upvotes, known.sources) == (4, ("arxiv-feed", "huggingface"))


def test_every_field_survives_the_database(session: Session) -> None:
    moment = datetime(2026, 6, 16, 12, tzinfo=UTC)
    full = replace(
        FEED, source="arxiv-api", submitted=moment, updated=moment, comment="8 pages", upvotes=0, comments=2,
        code_url="https://x.example", summary="Short.", keywords=("a", "b"), title="混合 <title> & 'quotes'",
    )  # fmt: skip
    papers.keep(session, [full])
    session.flush()
    session.expire_all()
    from bot.rules.ingest import first_seen

    assert papers.by_id(session, [full.id])[full.id] == first_seen(full)


def test_a_new_version_keeps_the_old_abstract(session: Session) -> None:
    papers.keep(session, [FEED])
    assert counted(papers.keep(session, [NEWER])) == (1, 0, 1)
    assert papers.by_id(session, [FEED.id])[FEED.id].abstract == "Changed words."
    (old,) = papers.versions(session, FEED.id)
    assert (old.version, old.abstract, old.day) == (1, "Some words.", date(2026, 6, 24))
    assert counted(papers.keep(session, [NEWER])) == (1, 0, 0)
    assert len(papers.versions(session, FEED.id)) == 1


def test_an_older_version_that_comes_late_is_archived_and_changes_nothing_else(session: Session) -> None:
    papers.keep(session, [replace(NEWER, announce_type=None)])
    papers.keep(session, [FEED])
    assert papers.by_id(session, [FEED.id])[FEED.id].version == 2
    assert [(row.version, row.abstract) for row in papers.versions(session, FEED.id)] == [(1, "Some words.")]


def test_a_better_sources_telling_of_an_old_version_takes_its_place_in_the_archive(session: Session) -> None:
    papers.keep(session, [FEED, NEWER])
    papers.keep(session, [replace(FEED, source="arxiv-api", abstract="API's words.", announce_type=None)])
    papers.keep(session, [replace(FEED, source="huggingface", abstract="HF's words.", announce_type=None)])
    assert [row.abstract for row in papers.versions(session, FEED.id)] == ["API's words."]


def test_a_new_version_of_a_paper_that_we_do_not_know_is_ignored(session: Session) -> None:
    assert counted(papers.keep(session, [NEWER])) == (0, 0, 0)
    assert papers.by_id(session, [FEED.id]) == {}


def test_days_and_ids_are_answered_for_more_than_one_question_holds(session: Session) -> None:
    batch = [fetched(f"2606.1{number:04}") for number in range(1200)]
    assert papers.keep(session, batch).new == 1200
    ids = [paper.id for paper in batch]
    assert list(papers.by_id(session, ids)) == ids
    assert papers.unknown_ids(session, [*ids, "2606.99999", "2606.99999"]) == ["2606.99999"]
    assert len(papers.announced_days(session, ids)) == 1200


def test_only_arxiv_announces(session: Session) -> None:
    papers.keep(session, [fetched(source="huggingface")])
    assert not papers.announced_on(session, DAY)
    assert papers.announced_days(session, [FEED.id]) == {}
    papers.keep(session, [FEED])
    assert papers.announced_on(session, DAY)


def test_a_stale_feeds_papers_are_taken_off_the_day_but_no_others(session: Session) -> None:
    listed, other = fetched("2606.00002", categories=("cs.LG",)), fetched("2606.00003", categories=("math.CO",))
    from_api = fetched("2606.00004", categories=("cs.CL",), source="arxiv-api")
    papers.keep(session, [FEED, listed, other, from_api])
    assert papers.take_off_day(session, DAY, {listed.id}, {"cs.CL", "cs.LG"}) == 1
    session.flush()
    assert [paper.id for paper in papers.of_day(session, DAY)] == [listed.id, other.id, from_api.id]


HUGE = "".join(f"{number:x}zq" for number in range(4_000))


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40), st.integers(1, 60))
def test_whatever_a_source_says_finds_room(store: Store, words: str, times: int) -> None:
    hostile = fetched(
        title=f"A {words * times}", abstract=words * times, authors=(words, HUGE, *[f"{words} {HUGE[:90]}"] * times),
        categories=("cs.CL", HUGE, words), keywords=(words,), comment=words, upvotes=2**31 - 1, comments=2**31 - 1,
    )  # fmt: skip
    with store.write() as session:
        papers.keep(session, [hostile])
        known = papers.by_id(session, [hostile.id])[hostile.id]
        assert known.categories[0] == "cs.CL"
        assert HUGE not in known.categories
        session.rollback()


def test_more_authors_than_an_index_takes_are_kept_and_the_first_are_found(session: Session) -> None:
    many = fetched(authors=tuple(f"Author{number} {HUGE[number : number + 250]}" for number in range(5_000)))
    papers.keep(session, [many])
    assert [hit.paper.id for hit in search(session, "author17")] == [many.id]
    assert len(papers.by_id(session, [many.id])[many.id].authors) == 5_000


JUDGED = Judgement({}, (Assignment("rag", 0.9, (Evidence("retrieval", 1.5),)), Assignment("peft", 0.6, (), False)),
                   Compute("low", "one GPU"))  # fmt: skip


def test_a_judgement_is_noted_and_read_most_probable_first(session: Session) -> None:
    papers.keep(session, [FEED])
    assert [paper.id for paper in judgements.unjudged(session, "m1", 10)] == [FEED.id]
    judgements.note(session, "m1", [(FEED.id, JUDGED)])
    session.flush()
    assert judgements.count_unjudged(session, "m1") == 0
    assert judgements.by_id(session, [FEED.id])[FEED.id] == JUDGED
    assert judgements.counts_by_direction(session) == {"rag": 1, "peft": 1}


def test_another_model_judges_anew_and_its_word_replaces_the_old(session: Session) -> None:
    papers.keep(session, [FEED])
    judgements.note(session, "m1", [(FEED.id, JUDGED)])
    session.flush()
    assert judgements.count_unjudged(session, "m2") == 1
    judgements.note(session, "m2", [(FEED.id, Judgement({}, (Assignment("video", 0.7),)))])
    session.flush()
    assert [row.slug for row in session.scalars(select(AssignmentRow))] == ["video"]


@pytest.mark.parametrize(("change", "again"), [({"abstract": "Other."}, True), ({"upvotes": 3}, False)])
def test_a_paper_is_judged_again_when_its_text_changes(session: Session, change: dict, again: bool) -> None:
    papers.keep(session, [FEED])
    judgements.note(session, "m1", [(FEED.id, JUDGED)])
    papers.keep(session, [replace(FEED, source="arxiv-api", **change)])
    session.flush()
    assert (judgements.count_unjudged(session, "m1") == 1) is again
