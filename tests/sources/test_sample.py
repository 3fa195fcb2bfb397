"""The bundled weeks answer as the services do, each day with what was known on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import SourceError
from bot.models import AnnounceType
from bot.rules.days import window
from bot.sources import arxiv_api, arxiv_feed, feeds, huggingface
from bot.sources.http import Web
from bot.sources.sample import DAY, days, transport

API, FEED, HF = "https://export.arxiv.org/api/query", "https://rss.arxiv.org", "https://huggingface.co"
REPLACED = "2606.14875"


class Calendar:
    day = DAY


@pytest.fixture
def web() -> Iterator[Web]:
    Calendar.day = DAY
    with Web(user_agent="x", transport=transport(lambda: Calendar.day), patience=1) as client:
        yield client


def test_the_feed_announces_the_day_that_it_is(web: Web) -> None:
    announced = {}
    for Calendar.day in days():
        fetched = arxiv_feed.fetch(web, FEED, ["cs.CL"])
        assert fetched.day == Calendar.day
        announced[Calendar.day] = len(fetched.papers)
    assert announced.pop(DAY) == 59
    assert announced.pop(date(2026, 6, 22)) == 0, "a day without announcements"
    assert set(announced.values()) == {5, 6}
    assert len(announced) == 13


def test_a_weekend_brings_nothing(web: Web) -> None:
    Calendar.day = date(2026, 6, 20)
    fetched = arxiv_feed.fetch(web, FEED, ["cs.CL"])
    assert (fetched.day, fetched.papers) == (Calendar.day, ())


def test_the_api_gives_a_days_papers_once_the_day_has_come(web: Web) -> None:
    day = date(2026, 6, 18)

    def asked() -> set[str]:
        return {paper.id for paper in arxiv_api.fetch_window(web, API, ["cs.CL"], *window(day)).papers}

    assert asked() == set()
    Calendar.day = day + timedelta(days=3)
    by_api = asked()
    Calendar.day = day
    assert by_api == {paper.id for paper in arxiv_feed.fetch(web, FEED, ["cs.CL"]).papers}


def test_a_paper_is_found_by_its_id_in_its_newest_version(web: Web) -> None:
    before = arxiv_api.fetch_ids(web, API, [REPLACED]).papers[0]
    Calendar.day = date(2026, 6, 25)
    after = arxiv_api.fetch_ids(web, API, [REPLACED, "2606.99999"]).papers[0]
    assert (before.version, after.version) == (1, 2)
    assert before.abstract != after.abstract
    assert (before.title, before.authors, before.submitted) == (after.title, after.authors, after.submitted)
    replaced = [paper for paper in arxiv_feed.fetch(web, FEED, ["cs.CL"]).papers if paper.id == REPLACED]
    assert replaced[0].announce_type is AnnounceType.REPLACE
    assert replaced[0].abstract == after.abstract


def test_hugging_face_lists_a_day_that_has_come(web: Web) -> None:
    assert len(huggingface.fetch(web, HF, DAY).papers) == 16
    assert huggingface.fetch(web, HF, date(2026, 6, 18)).papers == ()
    Calendar.day = date(2026, 6, 18)
    assert [paper.id for paper in huggingface.fetch(web, HF, Calendar.day).papers] == ["2606.19336"]
    assert huggingface.fetch(web, HF, date(2026, 1, 5)).papers == ()


def test_nothing_is_found_by_words_and_no_other_address_is_known(web: Web) -> None:
    assert arxiv_api.fetch_search(web, API, ["steering"], ["cs.CL"], 10).papers == ()
    long_ago = datetime(2025, 6, 15, tzinfo=UTC), datetime(2025, 6, 16, tzinfo=UTC)
    assert arxiv_api.fetch_window(web, API, ["cs.CL"], *long_ago).papers == ()
    with pytest.raises(SourceError, match="404"):
        feeds.fetch(web, "https://lab.example.org/feed")
