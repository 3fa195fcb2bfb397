from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadBody, SourceError
from bot.models import Fetched, FetchedPaper, SourceState
from bot.sources.http import Web
from bot.sources.huggingface import fetch, parse
from tests.sources.bodies import hf_item

DAY = date(2026, 6, 17)


def parsed(*items: Any) -> Fetched:
    return parse(json.dumps(items).encode(), DAY)


def only(item: Any) -> FetchedPaper:
    (paper,) = parsed(item).papers
    return paper


def test_an_item_becomes_a_paper() -> None:
    item = hf_item(
        title="A\n Title",
        publishedAt="2026-06-15T00:00:00.000Z",
        githubRepo="https://github.com/someone/something",
        ai_summary="In one sentence.",
        ai_keywords=["pruning", "probes"],
        authors=[
            {"name": "Ada Lovelace", "hidden": False},
            {"name": "Nobody", "hidden": True},
            {"name": "Alan Turing"},
        ],
    )
    assert only(item) == FetchedPaper(
        id="2606.01234",
        title="A Title",
        abstract="Some words.",
        source="huggingface",
        authors=("Ada Lovelace", "Alan Turing"),
        day=DAY,
        submitted=datetime(2026, 6, 15, tzinfo=UTC),
        upvotes=3,
        comments=2,
        code_url="https://github.com/someone/something",
        summary="In one sentence.",
        keywords=("pruning", "probes"),
    )


def test_an_id_and_a_title_are_enough() -> None:
    assert only({"paper": {"id": "2606.01234", "title": "A Title"}}) == FetchedPaper(
        id="2606.01234", title="A Title", abstract="", source="huggingface", day=DAY
    )


@pytest.mark.parametrize(
    "bad",
    [None, 5, [], {}, {"paper": None}, hf_item(None), hf_item("not-arxiv"), hf_item("2606.1"),
     {"paper": {"id": "2606.01234", "title": 5}}],
)  # fmt: skip
def test_a_bad_item_is_skipped_and_the_rest_kept(bad: Any) -> None:
    fetched = parsed(hf_item("2606.00001"), bad, hf_item("2606.00002"))
    assert ([paper.id for paper in fetched.papers], fetched.skipped) == (["2606.00001", "2606.00002"], 1)


@pytest.mark.parametrize(
    "field", ["summary", "upvotes", "authors", "publishedAt", "githubRepo", "ai_summary", "ai_keywords"]
)
@pytest.mark.parametrize(
    "wrong", [None, "n/a", -1, 1.5, True, 10**30, [], [None, 5], {}, {"name": 5}, "javascript:alert(1)"]
)
def test_a_field_of_the_wrong_type_is_as_good_as_missing(field: str, wrong: Any) -> None:
    paper = only(hf_item(**{field: wrong}))
    assert paper.id == "2606.01234"
    assert paper.upvotes is None or 0 <= paper.upvotes < 2**31
    assert paper.code_url == ""
    assert all(isinstance(name, str) and name for name in (*paper.authors, *paper.keywords))


def test_comments_stand_on_the_item_or_on_the_paper() -> None:
    assert only({"paper": {"id": "2606.01234", "title": "T", "comments": 4}}).comments == 4
    assert only({"paper": {"id": "2606.01234", "title": "T", "comments": [1]}, "numComments": "x"}).comments is None


def test_what_no_database_takes_is_dropped() -> None:
    body = b'[{"paper": {"id": "2606.01234", "title": "A\\u0000 Title \\ud800"}}]'
    assert parse(body, DAY).papers[0].title == "A Title"


def test_a_list_whose_items_are_all_bad_has_failed() -> None:
    with pytest.raises(SourceError, match="none of its 2 items"):
        parsed(None, {})


def test_a_day_without_papers_is_no_failure() -> None:
    assert parsed().papers == ()


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"papers": []}', b"[{]", b'[{"paper": {"id": "26', b"5", b"[" * 100_000, b"\xff"]
)
def test_anything_but_a_list_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        parse(body, DAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["id", "title", "paper"]), inner),
    max_leaves=8,
)


@given(
    st.binary()
    | st.lists(JSON).map(lambda value: json.dumps(value).encode())
    | JSON.map(lambda x: json.dumps([hf_item(x)]).encode())
)
def test_hostile_bytes_raise_nothing_but_source_errors(body: bytes) -> None:
    with suppress(SourceError):
        parse(body, DAY)


def test_every_recorded_list_is_read(payloads: Path) -> None:
    for path in sorted(payloads.glob("hf_daily_papers/*.json")):
        fetched = parse(path.read_bytes(), DAY)
        assert (len(fetched.papers), fetched.skipped) == (30, 0), path
        assert all(paper.abstract and paper.authors and paper.upvotes is not None for paper in fetched.papers)


def client(answer: Callable[[int], Any]) -> tuple[Web, list[httpx.Request]]:
    """A service that answers page ``p`` with ``answer(p)``, a list or a response."""
    asked: list[httpx.Request] = []
    now = [0.0]

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = answer(int(request.url.params["p"]))
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Web(user_agent="x", transport=httpx.MockTransport(service), sleep=sleep, monotonic=lambda: now[0]), asked


def numbered(first: int, number: int) -> list[Any]:
    return [hf_item(f"2606.{first + at:05}") for at in range(number)]


def test_a_busy_day_is_read_to_its_last_page() -> None:
    web, asked = client(lambda page: [numbered(0, 100), numbered(100, 100), numbered(200, 7)][page])
    fetched = fetch(web, "https://hf.example.org", DAY)
    assert (len(fetched.papers), fetched.state, fetched.day) == (207, SourceState.OK, DAY)
    assert str(asked[0].url) == "https://hf.example.org/api/daily_papers?date=2026-06-17&limit=100&p=0"
    assert len(asked) == 3


def test_a_paper_that_slips_to_the_next_page_counts_once() -> None:
    web, _ = client(lambda page: [numbered(0, 100), numbered(99, 3)][page])
    assert len(fetch(web, "https://hf.example.org", DAY).papers) == 102


def test_a_service_that_is_deaf_to_page_numbers_is_not_asked_for_ever() -> None:
    web, asked = client(lambda page: numbered(0, 100))
    assert len(fetch(web, "https://hf.example.org", DAY).papers) == 100
    assert len(asked) == 2


def test_a_list_without_end_is_partial() -> None:
    web, _ = client(lambda page: numbered(page * 100, 100))
    fetched = fetch(web, "https://hf.example.org", DAY)
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 2000)


def test_a_later_page_that_stays_away_makes_the_day_partial() -> None:
    web, _ = client(lambda page: [numbered(0, 100), httpx.Response(500)][page])
    fetched = fetch(web, "https://hf.example.org", DAY)
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 100)
    assert fetched.error == "hf.example.org: answered 500 (Internal Server Error)"


def test_a_first_page_that_stays_away_is_a_failure() -> None:
    web, asked = client(lambda page: httpx.Response(500))
    with pytest.raises(SourceError, match="answered 500"):
        fetch(web, "https://hf.example.org", DAY)
    assert len(asked) > 3


def test_a_day_that_is_not_yet_is_refused_in_their_words() -> None:
    web, _ = client(
        lambda page: httpx.Response(400, json={"error": '"date" must be less than or equal to "2026-06-16"'})
    )
    with pytest.raises(SourceError, match='"date" must be less than or equal to "2026-06-16"'):
        fetch(web, "https://hf.example.org", DAY)
