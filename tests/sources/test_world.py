"""Each fault of the stand-in services, one by one, once and for ever: the right papers come, or the true word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.errors import BackOff, BadBody, SourceError
from bot.models import SourceState
from bot.rules.days import window
from bot.sources import arxiv_api, arxiv_feed, huggingface
from bot.sources.http import OutageError, Web
from tests.world import DAY, World, started

pytestmark = pytest.mark.world
CATEGORIES = ("cs.CL", "cs.LG", "cs.AI", "cs.CV")
AGAIN_AND_AGAIN = 1000

ARXIV_FAULTS: dict[str, type[SourceError]] = {
    "429": BackOff,
    "503": BackOff,
    "406": BackOff,
    "rate_200": BackOff,
    "reset": OutageError,
    "hang": OutageError,
    "truncate": OutageError,
    "html": BadBody,
    "bomb": BadBody,
    "bad_bytes": BadBody,
    "cut": BadBody,
}
HF_FAULTS: dict[str, type[SourceError]] = {
    "429": BackOff,
    "500": OutageError,
    "reset": OutageError,
    "hang": OutageError,
    "truncate": OutageError,
    "html": BadBody,
    "shape": BadBody,
}


def feed(world: World, web: Web, **stamps: str) -> arxiv_feed.Fetched:
    return arxiv_feed.fetch(web, world.url, CATEGORIES, **stamps)


def api(world: World, web: Web) -> arxiv_api.Fetched:
    return arxiv_api.fetch_window(web, world.api_url, CATEGORIES, *window(DAY))


def hf(world: World, web: Web, day: date = DAY) -> huggingface.Fetched:
    return huggingface.fetch(web, world.url, day)


@pytest.fixture(scope="module")
def running_few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from started(
        tmp_path_factory.mktemp("few"),
        lambda kind, record, number: kind == "papers" and record["announced"] == str(DAY) and number % 8 == 0,
    )


@pytest.fixture
def few(running_few: World) -> World:
    """Every eighth paper of the day: what a fault does to an answer, it does to one of fifty papers as well."""
    running_few.reset()
    return running_few


@pytest.fixture(scope="module")
def undisturbed(running_few: World) -> dict[str, arxiv_feed.Fetched | arxiv_api.Fetched]:
    """What comes on a day without a fault."""
    running_few.reset()
    with Web(user_agent="x") as web:
        return {"feed": feed(running_few, web), "api": api(running_few, web)}


def test_the_day_is_what_it_is(world: World, web: Web) -> None:
    announced = feed(world, web)
    kinds = Counter(paper.announce_type for paper in announced.papers)
    assert (announced.day, kinds["new"], kinds["cross"]) == (DAY, 307, 55)
    fresh = {paper.id for paper in announced.papers if paper.announce_type and not paper.announce_type.is_replacement}
    assert {paper.id for paper in api(world, web).papers} == fresh
    listed = {paper.id for paper in hf(world, web).papers}
    assert (len(listed), len(listed - fresh)) == (26, 14)


def test_an_unchanged_day_is_not_sent_again(world: World, web: Web) -> None:
    first = feed(world, web)
    assert feed(world, web, etag=first.etag).state == SourceState.UNCHANGED
    world.today(DAY + timedelta(days=1))
    assert feed(world, web, etag=first.etag).day == DAY + timedelta(days=1)


def test_a_weekend_is_empty(world: World, web: Web) -> None:
    world.today(date(2026, 6, 20))
    fetched = feed(world, web)
    assert (fetched.day, fetched.papers, fetched.state) == (date(2026, 6, 20), (), SourceState.OK)


@pytest.mark.parametrize("kind", ARXIV_FAULTS)
@pytest.mark.parametrize(("where", "fetch"), [("feed", feed), ("api", api)])
def test_a_fault_that_passes_costs_nothing(
    few: World, web: Web, undisturbed: dict[str, Any], kind: str, where: str, fetch: Any
) -> None:
    few.arxiv_faults({"where": where, "kind": kind, "retry_after": 2, "seconds": 0.1})
    fetched = fetch(few, web)
    assert (fetched.state, fetched.skipped) == (SourceState.OK, 0)
    assert fetched.papers == undisturbed[where].papers
    assert len(fetched.papers) > 40


@pytest.mark.parametrize(("kind", "error"), ARXIV_FAULTS.items())
@pytest.mark.parametrize(("where", "fetch"), [("feed", feed), ("api", api)])
def test_a_fault_that_stays_is_told_in_time(
    few: World, impatient_web: Web, kind: str, error: type[SourceError], where: str, fetch: Any
) -> None:
    few.arxiv_faults({"where": where, "kind": kind, "times": AGAIN_AND_AGAIN, "retry_after": 60, "seconds": 0.1})
    with pytest.raises(error, match=r"^127\.0\.0\.1: \w"):
        fetch(few, impatient_web)


def test_a_service_that_hangs_is_given_up_and_asked_again(world: World) -> None:
    world.arxiv_faults({"where": "feed", "kind": "hang"})
    with Web(user_agent="x", timeout=2, sleep=lambda seconds: None) as web:
        assert len(feed(world, web).papers) == 507


def test_a_huge_body_is_not_swallowed(world: World) -> None:
    world.arxiv_faults({"where": "feed", "kind": "huge", "bytes": 3_000_000})
    with Web(user_agent="x", max_bytes=2_000_000) as web:
        assert len(feed(world, web).papers) == 507


def test_an_empty_page_of_the_api_is_noticed(world: World, web: Web, impatient_web: Web) -> None:
    world.arxiv_faults({"where": "api", "kind": "empty_page"})
    assert len(api(world, web).papers) == 362
    world.arxiv_faults({"where": "api", "kind": "empty_page", "times": AGAIN_AND_AGAIN})
    with pytest.raises(BadBody, match="a page with 0 of 362 papers"):
        api(world, impatient_web)


def test_pages_that_stay_away_in_the_middle_make_a_window_partial(world: World, web: Web) -> None:
    world.arxiv_faults({"where": "api", "kind": "empty_page", "skip": 1, "times": AGAIN_AND_AGAIN})
    start, _ = window(date(2026, 6, 8))
    fetched = arxiv_api.fetch_window(web, world.api_url, CATEGORIES, start, window(DAY)[1])
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 2_000)


def test_an_empty_feed_on_a_working_day_leaves_no_stamp(world: World, web: Web) -> None:
    world.arxiv_faults({"where": "feed", "kind": "empty_page"})
    empty = feed(world, web)
    assert (empty.papers, empty.etag) == ((), "")
    assert len(feed(world, web, etag=empty.etag).papers) == 507


def test_papers_are_looked_up_by_id(world: World, web: Web) -> None:
    ids = [paper.id for paper in feed(world, web).papers[:150]]
    fetched = arxiv_api.fetch_ids(web, world.api_url, [*ids, "2606.99999", "nonsense"])
    assert {paper.id for paper in fetched.papers} == set(ids)
    assert fetched.state == SourceState.OK


def test_the_pace_of_the_api_is_a_wish_to_wait(world: World) -> None:
    with Web(user_agent="x", patience=2.5) as web:
        api(world, web)
        world.control("arxiv/pace", seconds=60)
        with pytest.raises(BackOff) as caught:
            api(world, web)
    assert caught.value.retry_after == 3


@pytest.mark.parametrize("kind", [*HF_FAULTS])
def test_a_fault_of_hugging_face_that_passes_costs_nothing(world: World, web: Web, kind: str) -> None:
    world.hf_faults({"kind": kind, "retry_after": 2, "seconds": 0.1})
    fetched = hf(world, web)
    assert (fetched.state, len(fetched.papers)) == (SourceState.OK, 26)


@pytest.mark.parametrize(("kind", "error"), HF_FAULTS.items())
def test_a_fault_of_hugging_face_that_stays_is_told_in_time(
    world: World, impatient_web: Web, kind: str, error: type[SourceError]
) -> None:
    world.hf_faults({"kind": kind, "times": AGAIN_AND_AGAIN, "retry_after": 60, "seconds": 0.1})
    with pytest.raises(error, match=r"^127\.0\.0\.1: \w"):
        hf(world, impatient_web)


def test_a_list_of_nothings_has_failed(world: World, web: Web) -> None:
    world.hf_faults({"kind": "nulls"})
    with pytest.raises(SourceError, match="none of its 4 items can be read"):
        hf(world, web)


def test_a_day_to_come_is_refused_in_their_words(world: World, web: Web) -> None:
    with pytest.raises(SourceError, match='must be less than or equal to "2026-06-17"'):
        hf(world, web, DAY + timedelta(days=1))
