"""How sources stand, which days are whole, what the runs came to."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.models import Fetched, Post, SourceReport, SourceState
from bot.store import figures, state
from bot.store.papers import keep
from tests.databases import both_databases
from tests.fakes import DAY, fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
OTHER = date(2026, 6, 18)


def test_a_success_is_remembered_with_its_stamps_and_its_day(session: Session) -> None:
    answer = Fetched("arxiv-feed", day=DAY, etag='"a"', last_modified="Wed")
    state.note_success(session, answer, "http://x", NOW)
    known = state.source(session, "arxiv-feed", "http://x")
    assert (known.etag, known.last_modified, known.watermark, known.last_success) == ('"a"', "Wed", DAY, NOW)
    assert known.failures == 0


def test_stamps_are_void_for_another_address(session: Session) -> None:
    state.note_success(session, Fetched("arxiv-feed", etag='"a"'), "http://x", NOW)
    assert state.source(session, "arxiv-feed", "http://y").etag == ""


def test_an_unchanged_answer_keeps_the_stamps(session: Session) -> None:
    state.note_success(session, Fetched("f", etag='"a"', day=DAY), "x", NOW)
    state.note_success(session, Fetched("f", state=SourceState.UNCHANGED), "x", NOW + timedelta(hours=1))
    known = state.source(session, "f", "x")
    assert (known.etag, known.last_success) == ('"a"', NOW + timedelta(hours=1))


def test_the_watermark_never_goes_back(session: Session) -> None:
    for day in (OTHER, DAY):
        state.note_success(session, Fetched("f", day=day), "x", NOW)
    assert state.source(session, "f").watermark == OTHER


def test_back_off_grows_with_each_failure_in_a_row_up_to_a_limit(session: Session) -> None:
    waits = []
    for _ in range(12):
        state.note_failure(session, "f", "down", NOW, None)
        back_off = state.source(session, "f").back_off
        assert back_off
        waits.append((back_off - datetime.now(UTC)).total_seconds())
    assert all(later >= sooner - 1 for sooner, later in itertools.pairwise(waits))
    assert waits[0] == pytest.approx(300, abs=5)
    assert waits[1] == pytest.approx(600, abs=5)
    assert waits[-1] == pytest.approx(6 * 3600, abs=5)
    assert state.source(session, "f").failures == 12


def test_our_own_back_off_binds_only_the_runs_of_the_clock(session: Session) -> None:
    state.note_failure(session, "f", "down", NOW, None)
    known = state.source(session, "f")
    assert known.waits_until(datetime.now(UTC), patient=False) is None
    assert known.waits_until(datetime.now(UTC), patient=True) == known.back_off


def test_what_the_service_asked_for_binds_everyone_until_it_is_over(session: Session) -> None:
    state.note_failure(session, "f", "429", NOW, 120)
    known = state.source(session, "f")
    real = datetime.now(UTC)
    assert known.waits_until(real, patient=False) == known.retry_after
    assert known.waits_until(real + timedelta(seconds=121), patient=False) is None


def test_a_success_ends_all_waiting(session: Session) -> None:
    state.note_failure(session, "f", "429", NOW, 120)
    state.note_success(session, Fetched("f"), "x", NOW)
    known = state.source(session, "f")
    assert (known.failures, known.last_error, known.retry_after, known.back_off) == (0, "", None, None)
    assert known.last_failure == NOW


def test_a_day_that_was_whole_stays_whole(session: Session) -> None:
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL", "cs.LG"])
    state.note_coverage(session, [DAY], "arxiv", whole=False, scope=["cs.CL"], error="down")
    assert state.is_whole(session, DAY, "arxiv", ["cs.CL", "cs.LG"])


def test_a_day_is_whole_only_for_the_categories_that_were_asked(session: Session) -> None:
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL"])
    assert state.is_whole(session, DAY, "arxiv", ["cs.CL"])
    assert not state.is_whole(session, DAY, "arxiv", ["cs.CL", "cs.LG"])


def test_a_failure_for_more_categories_does_not_undo_what_is_whole_for_fewer(session: Session) -> None:
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL"])
    state.note_coverage(session, [DAY], "arxiv", whole=False, scope=["cs.CL", "cs.LG"], error="down")
    assert not state.is_whole(session, DAY, "arxiv", ["cs.CL", "cs.LG"])
    assert state.is_whole(session, DAY, "arxiv", ["cs.CL"])


def test_success_for_fewer_categories_does_not_undo_what_is_whole_for_more(session: Session) -> None:
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL", "cs.LG"])
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL"])
    assert state.is_whole(session, DAY, "arxiv", ["cs.CL", "cs.LG"])


def test_what_is_missing_is_named(session: Session) -> None:
    services = ("arxiv", "huggingface")
    assert state.missing(session, DAY, services, ["cs.CL"]) == ["arxiv", "huggingface"]
    state.note_coverage(session, [DAY], "arxiv", whole=True, scope=["cs.CL"])
    state.note_coverage(session, [DAY], "A Blog", whole=False)
    assert state.missing(session, DAY, services, ["cs.CL"]) == ["huggingface", "A Blog"]
    state.note_coverage(session, [DAY], "huggingface", whole=True)
    state.note_coverage(session, [DAY], "A Blog", whole=True)
    assert state.missing(session, DAY, services, ["cs.CL"]) == []


def test_posts_are_kept_once_under_the_day_of_their_publication(session: Session) -> None:
    published = datetime(2026, 6, 17, 2, tzinfo=UTC)  # still the 16th in New York
    posts = [
        Post("Lab", "https://lab/1", "One", published=published),
        Post("Lab", "https://lab/2", "Two"),
        Post("Lab", "https://lab/2", "Two again"),
        Post("Lab", "https://lab/3", "From the future", published=NOW + timedelta(days=90)),
    ]
    assert state.keep_posts(session, posts, DAY) == 3
    session.flush()
    assert state.keep_posts(session, posts, OTHER) == 0
    assert {post.url for post in state.posts_between(session, DAY - timedelta(days=1), DAY)} == {
        "https://lab/2", "https://lab/3"
    }  # fmt: skip
    assert [post.url for post in state.posts_between(session, DAY - timedelta(days=2), DAY)][-1] == "https://lab/1"


def test_the_status_counts_papers_sources_and_the_last_runs(session: Session) -> None:
    keep(session, [fetched(), fetched("2606.00002", day=OTHER)])
    state.note_success(session, Fetched("arxiv-feed", day=DAY), "x", NOW)
    reports = [SourceReport("arxiv-feed", SourceState.PARTIAL, 2, 2, error="cut")]
    for number in range(7):
        state.note_run(session, NOW + timedelta(hours=number), 1.5, [DAY, OTHER], number == 6, reports)
    session.flush()
    now = figures.status(session, NOW)
    assert (now.papers, now.first_day, now.last_day) == (2, DAY, OTHER)
    assert [source.name for source in now.sources] == ["arxiv-feed"]
    assert len(now.runs) == 5
    assert now.runs[0].complete
    assert now.runs[0].reports == tuple(reports)
    assert (now.runs[0].first_day, now.runs[0].last_day) == (DAY, OTHER)
    assert figures.status(session, NOW).by_direction == {}


def test_the_status_of_an_empty_database_is_empty(session: Session) -> None:
    now = figures.status(session, NOW)
    assert (now.papers, now.first_day, now.sources, now.runs) == (0, None, (), ())
