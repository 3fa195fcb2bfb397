from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import arxiv
import httpx
import pytest
from arxiv import _feed
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BackOff, BadBody, SourceError
from bot.models import FetchedPaper, SourceState
from bot.sources import arxiv_api
from bot.sources.arxiv_api import ShortPage, address, fetch_ids, fetch_search, fetch_window, parse, window_search
from bot.sources.http import Web
from tests.sources.bodies import BOMB, HTML, api_entry, api_error, api_page, rss

URL = "https://api.example.org/api/query"
START = datetime(2026, 6, 15, 18, tzinfo=UTC)
END = datetime(2026, 6, 16, 18, tzinfo=UTC)


def test_an_entry_becomes_a_paper() -> None:
    page = parse(api_page(api_entry("2606.01234v2", extra="<arxiv:comment>9 pages,\n code</arxiv:comment>")))
    assert (page.total, page.skipped) == (1, 0)
    assert page.papers == (
        FetchedPaper(
            id="2606.01234",
            version=2,
            title="A Title",
            abstract="Some words on two lines.",
            source="arxiv-api",
            authors=("Ada Lovelace",),
            categories=("cs.CL", "cs.LG"),
            submitted=datetime(2026, 6, 16, 12, tzinfo=UTC),
            updated=datetime(2026, 6, 16, 12, tzinfo=UTC),
            comment="9 pages, code",
        ),
    )


def test_old_ids_are_read() -> None:
    assert parse(api_page(api_entry("astro-ph/0601001v1"))).papers[0].id == "astro-ph/0601001"


@pytest.mark.parametrize(
    "bad",
    [api_entry("nonsense"), api_entry(title=" "), api_entry(published="soon"), api_entry(published=""), "<entry/>",
     api_entry(published="0001-01-01T00:00:00+14:00")],
)  # fmt: skip
def test_a_bad_entry_is_skipped_and_the_rest_kept(bad: str) -> None:
    page = parse(api_page(api_entry("2606.00001v1"), bad, api_entry("2606.00002v1")))
    assert ([paper.id for paper in page.papers], page.skipped, page.entries) == (["2606.00001", "2606.00002"], 1, 3)


def test_a_page_whose_entries_are_all_bad_has_failed() -> None:
    with pytest.raises(SourceError, match="none of its 2 entries"):
        parse(api_page(api_entry("nonsense"), api_entry(published="soon")))


def test_an_empty_answer_is_no_error() -> None:
    assert parse(api_page()).total == 0


def test_arxivs_errors_are_told_in_its_words() -> None:
    with pytest.raises(SourceError, match=r"^incorrect id format for abc$"):
        parse(api_error("incorrect id format for abc"))


@pytest.mark.parametrize("body", [b"", b"Rate exceeded.", HTML, BOMB, api_page(api_entry())[:-50], rss(), b"<feed/>"])
def test_anything_else_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        parse(body)


@given(st.binary() | st.binary().map(lambda noise: api_page(api_entry(title="noise")).replace(b"noise", noise)))
def test_hostile_bytes_raise_nothing_but_source_errors(body: bytes) -> None:
    with suppress(SourceError):
        parse(body)


def test_every_recorded_answer_is_read(payloads: Path) -> None:
    for path in sorted(payloads.glob("arxiv_api/*.xml")):
        if "id_abc" in path.name:
            with pytest.raises(SourceError, match="incorrect id format for abc"):
                parse(path.read_bytes())
            continue
        page = parse(path.read_bytes())
        assert page.entries == path.read_bytes().count(b"<entry>"), path
        assert page.skipped == 0
        assert all(paper.submitted and paper.abstract and paper.authors and paper.categories for paper in page.papers)


def test_the_seams_of_the_arxiv_package_are_where_we_use_them() -> None:
    """Both are private; a new version of the package may move them."""
    assert version("arxiv") == "4.0.2"
    parsed = _feed.parse(api_page(api_entry(), total=7))
    assert (parsed.header.total_results, len(parsed.results), type(parsed.results[0])) == (7, 1, arxiv.Result)
    client = arxiv.Client()
    client.query_url_format = "{}"
    assert client._format_url(arxiv.Search(query="cat:cs.CL"), 10, 20) == (
        "search_query=cat%3Acs.CL&id_list=&sortBy=relevance&sortOrder=descending&start=10&max_results=20"
    )


def test_the_question_covers_the_minute_of_the_end() -> None:
    asked = httpx.URL(address(URL, window_search(["cs.CL", "cs.LG"], START, END), 0, 2000)).params
    assert asked["search_query"] == "(cat:cs.CL OR cat:cs.LG) AND submittedDate:[202606151800 TO 202606161800]"
    assert (asked["sortBy"], asked["sortOrder"]) == ("submittedDate", "ascending")
    eastern = START.astimezone(__import__("zoneinfo").ZoneInfo("America/New_York"))
    assert "202606151800" in window_search(["cs.CL"], eastern, END).query


class Archive:
    """An API over papers that were submitted at these times; ``spoil`` may change an answer."""

    def __init__(self, times: list[datetime], spoil: Callable[[int, int, bytes], httpx.Response | None] | None = None):
        self.papers = [(f"{time:%y%m}.{number:05}", time) for number, time in enumerate(sorted(times), 1)]
        self.spoil = spoil or (lambda call, start, body: None)
        self.asked: list[httpx.QueryParams] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        self.asked.append(asked)
        found = list(self.find(asked))
        start, size = int(asked["start"]), int(asked["max_results"])
        page = [
            api_entry(f"{id_}v1", published=f"{time:%Y-%m-%dT%H:%M:%SZ}") for id_, time in found[start : start + size]
        ]
        body = api_page(*page, total=len(found))
        return self.spoil(len(self.asked), start, body) or httpx.Response(200, content=body)

    def find(self, asked: httpx.QueryParams) -> Iterator[tuple[str, datetime]]:
        if window := re.search(r"\[(\d+) TO (\d+)\]", asked["search_query"]):
            return (paper for paper in self.papers if window[1] <= f"{paper[1]:%Y%m%d%H%M}" <= window[2])
        wanted = asked["id_list"].split(",")
        return (paper for paper in self.papers if paper[0] in wanted)


def client(archive: Archive, patience: float = 30.0) -> Web:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Web(
        user_agent="x", transport=httpx.MockTransport(archive), patience=patience, sleep=sleep, monotonic=lambda: now[0]
    )


def spread(number: int, start: datetime = START, end: datetime = END) -> list[datetime]:
    return [start + (end - start) * at / number for at in range(number)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of 10 and at most 40 results, so that tests need few papers."""
    monkeypatch.setattr(arxiv_api, "PAGE_SIZE", 10)
    monkeypatch.setattr(arxiv_api, "MOST_SERVED", 40)
    monkeypatch.setattr(arxiv_api, "IDS_AT_ONCE", 10)


pytestmark = pytest.mark.usefixtures("small")


def test_a_window_holds_its_start_and_not_its_end() -> None:
    second = timedelta(seconds=1)
    archive = Archive([START - second, START, START + second, END - second, END, END + second])
    fetched = fetch_window(client(archive), URL, ["cs.CL"], START, END)
    assert [paper.submitted for paper in fetched.papers] == [START, START + second, END - second]
    assert (fetched.state, fetched.day, {paper.day for paper in fetched.papers}) == (SourceState.OK, None, {None})


def test_a_window_is_read_page_by_page() -> None:
    archive, told = Archive(spread(35)), []
    fetched = fetch_window(client(archive), URL, ["cs.CL"], START, END, progress=lambda *counts: told.append(counts))
    assert len({paper.id for paper in fetched.papers}) == 35
    assert [asked["start"] for asked in archive.asked] == ["0", "10", "20", "30"]
    assert told == [(10, 35), (20, 35), (30, 35), (35, 35)]


def test_a_window_with_more_than_the_api_serves_is_halved() -> None:
    archive = Archive(spread(300))
    fetched = fetch_window(client(archive), URL, ["cs.CL"], START, END)
    assert len(fetched.papers) == len({paper.id for paper in fetched.papers}) == 300
    assert fetched.state == SourceState.OK
    assert max(int(asked["start"]) for asked in archive.asked) < 40


def test_a_minute_with_more_than_the_api_serves_is_partial() -> None:
    fetched = fetch_window(client(Archive([START] * 50)), URL, ["cs.CL"], START, END)
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 10)
    assert "more than arXiv serves" in fetched.error


def short(body: bytes, entries: int) -> bytes:
    head, *found = body.split(b"<entry>")
    return (
        b"<entry>".join([head, *found[: entries + 1]]).removesuffix(b"</feed>") + b"</feed>"
        if entries
        else head + b"</feed>"
    )


@pytest.mark.parametrize("entries", [0, 1, 7])
def test_a_short_page_is_asked_for_again(entries: int) -> None:
    def spoil(call: int, start: int, body: bytes) -> httpx.Response | None:
        return httpx.Response(200, content=api_page(*[api_entry()] * entries, total=25)) if call == 2 else None

    archive = Archive(spread(25), spoil)
    fetched = fetch_window(client(archive), URL, ["cs.CL"], START, END)
    assert (fetched.state, len(fetched.papers), len(archive.asked)) == (SourceState.OK, 25, 4)


def test_pages_that_stay_away_make_the_window_partial() -> None:
    archive = Archive(spread(35), lambda call, start, body: httpx.Response(500) if start == 20 else None)
    fetched = fetch_window(client(archive), URL, ["cs.CL"], START, END)
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 20)
    assert fetched.error == "api.example.org: answered 500 (Internal Server Error)"


def test_what_a_page_that_stays_short_has_is_kept() -> None:
    def spoil(call: int, start: int, body: bytes) -> httpx.Response | None:
        lacking = api_page(*[api_entry(f"2606.{9000 + at:05}v1") for at in range(4)], total=35)
        return httpx.Response(200, content=lacking) if start == 20 else None

    fetched = fetch_window(client(Archive(spread(35), spoil)), URL, ["cs.CL"], START, END)
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 24)
    assert fetched.error == "api.example.org: a page with 4 of 10 papers"


def test_a_window_of_which_nothing_came_has_failed() -> None:
    with pytest.raises(ShortPage, match="a page with 0 of 10 papers"):
        fetch_window(
            client(Archive(spread(35), lambda call, start, body: httpx.Response(200, content=api_page(total=35)))),
            URL, ["cs.CL"], START, END,
        )  # fmt: skip
    refused = Archive(spread(35), lambda call, start, body: httpx.Response(429, headers={"Retry-After": "600"}))
    with pytest.raises(BackOff):
        fetch_window(client(refused), URL, ["cs.CL"], START, END)
    wrong = Archive([], lambda call, start, body: httpx.Response(400, content=api_error("unbalanced query")))
    with pytest.raises(SourceError, match=r"answered 400 \(Bad Request\): unbalanced query"):
        fetch_window(client(wrong), URL, ["cs.CL"], START, END)


def test_a_quiet_window_is_no_failure() -> None:
    fetched = fetch_window(client(Archive([])), URL, ["cs.CL"], START, END)
    assert (fetched.state, fetched.papers) == (SourceState.OK, ())


def test_ids_are_looked_up_in_groups_and_unknown_ones_are_not_there() -> None:
    archive = Archive(spread(25))
    ids = [f"{id_}v3" for id_, _ in archive.papers]
    fetched = fetch_ids(client(archive), URL, [*ids, ids[0], "2606.99999"])
    assert [paper.id for paper in fetched.papers] == [id_ for id_, _ in archive.papers]
    assert [asked["id_list"].count(",") + 1 for asked in archive.asked] == [10, 10, 6]


def test_a_malformed_id_does_not_sink_the_others() -> None:
    archive = Archive(spread(3))
    fetched = fetch_ids(client(archive), URL, ["abc", archive.papers[1][0], "", "2606.1,2606.2"])
    assert [paper.id for paper in fetched.papers] == [archive.papers[1][0]]
    assert archive.asked[0]["id_list"] == archive.papers[1][0]
    assert fetch_ids(client(Archive([])), URL, ["abc"]).papers == ()


def test_phrases_are_searched_in_one_request_in_the_order_of_relevance() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        said = "((all:low AND all:rank) OR (all:lora)) AND (cat:cs.CL OR cat:cs.LG)"
        assert request.url.params["search_query"] == said
        assert (request.url.params["sortBy"], request.url.params["max_results"]) == ("relevance", "50")
        return httpx.Response(200, content=api_page(api_entry("2606.01234v1"), total=1))

    web = Web(user_agent="test", transport=httpx.MockTransport(answer))
    fetched = fetch_search(web, URL, ["low-rank", "LoRA"], ["cs.CL", "cs.LG"], 50)
    assert [paper.id for paper in fetched.papers] == ["2606.01234"]
    assert len(asked) == 1
