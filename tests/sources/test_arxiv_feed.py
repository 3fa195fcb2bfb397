from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import BadBody, SourceError
from bot.models import AnnounceType, FetchedPaper, SourceState
from bot.sources import arxiv_feed
from bot.sources.arxiv_feed import new_york_day, parse, split_authors
from bot.sources.http import Web
from tests.sources.bodies import BOMB, HTML, atom, item, rss


def only(body: bytes) -> FetchedPaper:
    (paper,) = parse(body).papers
    return paper


def test_an_item_becomes_a_paper() -> None:
    assert only(rss(item("2606.01234v1"))) == FetchedPaper(
        id="2606.01234",
        version=1,
        title="Smaller Models, Sharper Questions",
        abstract="We ask less of models.",
        source="arxiv-feed",
        authors=("Ada Lovelace", "Alan Turing"),
        categories=("cs.CL", "cs.LG"),
        day=date(2026, 6, 17),
        announce_type=AnnounceType.NEW,
    )


def test_the_atom_form_says_the_same() -> None:
    entry = (
        "<entry><id>oai:arXiv.org:2606.01234v2</id><title>A Title</title><link href='https://arxiv.org/abs/2606.01234'/>"
        "<summary>arXiv:2606.01234v2 Announce Type: replace-cross \nAbstract: Some words.</summary>"
        "<category term='cs.CL'/><category term='cs.LG'/><published>2026-06-17T00:00:00-04:00</published>"
        "<arxiv:announce_type>replace-cross</arxiv:announce_type>"
        "<dc:creator>Ada Lovelace, Alan Turing</dc:creator></entry>"
    )
    paper = only(atom(entry))
    assert (paper.id, paper.version, paper.day) == ("2606.01234", 2, date(2026, 6, 17))
    assert (paper.announce_type, paper.abstract) == (AnnounceType.REPLACE_CROSS, "Some words.")
    assert (paper.authors, paper.categories) == (("Ada Lovelace", "Alan Turing"), ("cs.CL", "cs.LG"))


@pytest.mark.parametrize("kind", ["new", "cross", "replace", "replace-cross"])
def test_the_feed_says_why_a_paper_is_here(kind: str) -> None:
    assert only(rss(item(kind=kind))).announce_type == kind
    element = f"<arxiv:announce_type>{kind}</arxiv:announce_type>".encode()
    assert only(rss(item(kind=kind)).replace(element, b"")).announce_type == kind


def test_an_unknown_kind_is_told_by_the_version() -> None:
    assert only(rss(item("2606.01234v1", kind="surprise"))).announce_type == AnnounceType.NEW
    assert only(rss(item("2606.01234v3", kind="surprise"))).announce_type == AnnounceType.REPLACE


def test_id_and_version_survive_the_loss_of_the_guid_or_the_description() -> None:
    whole = rss(item("cs/0112017v4"))
    assert (only(whole).id, only(whole).version) == ("cs/0112017", 4)
    for lost in (b"oai:arXiv.org:cs/0112017v4", b"arXiv:cs/0112017v4 Announce Type: new"):
        assert (only(whole.replace(lost, b"")).id, only(whole.replace(lost, b"")).version) == ("cs/0112017", 4)


def test_an_item_without_id_or_title_is_skipped_and_the_rest_kept() -> None:
    fetched = parse(rss(item("2606.00001v1"), item("nonsense"), item("2606.00002v1", title=" "), item("2606.00003v1")))
    assert [paper.id for paper in fetched.papers] == ["2606.00001", "2606.00003"]
    assert (fetched.skipped, fetched.state) == (2, SourceState.OK)


def test_a_feed_whose_items_are_all_bad_has_failed() -> None:
    with pytest.raises(SourceError, match="none of its 2 items"):
        parse(rss(item("nonsense"), item("nonsense")))


def test_a_paper_that_stands_there_twice_counts_once() -> None:
    assert len(parse(rss(item(kind="new"), item(kind="cross"))).papers) == 1


def test_a_weekend_has_a_day_and_no_papers() -> None:
    fetched = parse(rss(stamp="Sat, 20 Jun 2026 00:00:00 -0400"))
    assert (fetched.day, fetched.papers, fetched.state) == (date(2026, 6, 20), (), SourceState.OK)


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("Wed, 17 Jun 2026 00:00:00 -0400", date(2026, 6, 17)),
        ("Wed, 14 Jan 2026 00:00:00 -0500", date(2026, 1, 14)),
        ("Wed, 14 Jan 2026 00:00:00 -0400", date(2026, 1, 14)),
        ("Wed, 17 Jun 2026 04:00:00 +0000", date(2026, 6, 17)),
        ("Wed, 17 Jun 2026 04:00:00 GMT", date(2026, 6, 17)),
        ("Wed, 17 Jun 2026 03:59:59 +0000", date(2026, 6, 16)),
        ("2026-06-17T00:00:00-04:00", date(2026, 6, 17)),
        ("2026-06-17T04:00:19.899254+00:00", date(2026, 6, 17)),
        ("2026-06-17T04:00:19Z", date(2026, 6, 17)),
        ("yesterday", None),
        ("2026-99-99", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_a_day_is_new_yorks(stamp: str, day: date | None) -> None:
    assert new_york_day(stamp) == day


def test_an_empty_atom_feed_has_its_day_from_its_stamp() -> None:
    assert parse(atom(updated="2026-06-20T04:00:11+00:00")).day == date(2026, 6, 20)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ratna Kandala,  Deepti, Sheza Munir", ("Ratna Kandala", "Deepti", "Sheza Munir")),
        ("Robert W. Heath, Jr., Hal Daume III", ("Robert W. Heath Jr.", "Hal Daume III")),
        ("Charles Musgrave, III, Ada Lovelace", ("Charles Musgrave III", "Ada Lovelace")),
        ("Ada Lovelace (London, UK), Alan Turing", ("Ada Lovelace (London, UK)", "Alan Turing")),
        (r"Paulo Andr\'e Lima de Castro, {\L}ukasz Kaiser", (r"Paulo Andr\'e Lima de Castro", r"{\L}ukasz Kaiser")),
        ("Ada (, Alan Turing, Kurt", ("Ada (", "Alan Turing", "Kurt")),
        ("Ada ), Alan (Turing", ("Ada )", "Alan (Turing")),
        (" , ,", ()),
        ("", ()),
    ],
)
def test_authors_are_told_apart(line: str, names: tuple[str, ...]) -> None:
    assert split_authors(line) == names


@pytest.mark.parametrize(
    "text",
    [
        "p < 0.05",
        "O(n<m) and <b>bold</b>",
        "<think> tokens",
        "AT&T",
        "a &amp; b &copy; c",
        "$\\alpha<\\beta$ and $x_i$",
        "]]>",
        "Grüße, 巧劲",
    ],
)
def test_nothing_is_taken_for_markup(text: str) -> None:
    paper = only(rss(item(title=text, abstract=text)))
    assert (paper.title, paper.abstract) == (text, text)


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" <>&$\\%\"'"), min_size=1)


@given(PRINTABLE, PRINTABLE)
@example("x", "Abstract: y")
def test_any_words_survive_the_way_through_the_feed(title: str, abstract: str) -> None:
    """But for text that is UTF-8 misread as Latin-1 from end to end, which feedparser repairs (``Ã©`` to ``é``)."""
    title, abstract = f"“{' '.join(title.split())}”", f"“{' '.join(abstract.split())}”"
    paper = only(rss(item(title=title, abstract=abstract)))
    assert (paper.title, paper.abstract) == (title, abstract)


def test_a_full_feed_may_be_cut() -> None:
    items = [item(f"2606.{number:05}v1") for number in range(2_000)]
    fetched = parse(rss(*items))
    assert (fetched.state, len(fetched.papers)) == (SourceState.PARTIAL, 2_000)
    assert "may be cut" in fetched.error
    assert parse(rss(*items[:-1])).state == SourceState.OK


def test_the_feeds_own_error_is_told_in_its_words() -> None:
    with pytest.raises(SourceError, match=r"^about it$"):
        parse(rss(title="Feed error for query: cs.XX"))


@pytest.mark.parametrize(
    "body", [b"", b"Rate exceeded.", HTML, BOMB, rss(item())[:-100], b"\0", b"/etc/passwd", b"<rdf/>"]
)
def test_anything_else_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        parse(body)


@given(st.binary() | st.binary().map(lambda noise: rss(item()).replace(b"Sharper", noise)))
def test_hostile_bytes_raise_nothing_but_source_errors(body: bytes) -> None:
    with suppress(SourceError):
        parse(body)


def test_every_recorded_feed_is_read(payloads: Path) -> None:
    for path in sorted(payloads.glob("arxiv_feeds/**/*.xml")):
        fetched = parse(path.read_bytes())
        assert fetched.papers, path
        assert str(fetched.day) in path.name
        assert fetched.skipped == 0
        assert all(paper.abstract and paper.authors and paper.categories for paper in fetched.papers)
        assert not any("Abstract:" in paper.abstract[:20] for paper in fetched.papers)


def asked_of(answer: httpx.Response, **stamps: str) -> tuple[arxiv_feed.Fetched, httpx.Request]:
    asked: list[httpx.Request] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    with Web(user_agent="x", transport=httpx.MockTransport(service), patience=0.1) as web:
        return arxiv_feed.fetch(web, "https://rss.example.org", ["cs.CL", "cs.LG"], **stamps), asked[0]


def test_all_categories_are_one_request() -> None:
    fetched, request = asked_of(
        httpx.Response(200, content=rss(item()), headers={"ETag": '"2"', "Last-Modified": "now"})
    )
    assert str(request.url) == "https://rss.example.org/rss/cs.CL+cs.LG"
    assert (fetched.etag, fetched.last_modified, len(fetched.papers)) == ('"2"', "now", 1)


def test_an_unchanged_feed_is_told_as_such() -> None:
    fetched, request = asked_of(httpx.Response(304), etag='"1"', last_modified="then")
    assert (request.headers["If-None-Match"], request.headers["If-Modified-Since"]) == ('"1"', "then")
    assert (fetched.state, fetched.etag, fetched.last_modified) == (SourceState.UNCHANGED, '"1"', "then")


def test_unchanged_is_no_answer_for_who_has_nothing() -> None:
    with pytest.raises(BadBody):
        asked_of(httpx.Response(304))


def test_an_empty_feed_is_asked_for_in_full_again() -> None:
    """An empty page with the day's own ETag would otherwise hide the day's papers behind a 304."""
    fetched, _ = asked_of(httpx.Response(200, content=rss(), headers={"ETag": '"2"'}))
    assert fetched.etag == ""


def test_a_refused_query_comes_with_arxivs_words() -> None:
    body = rss(title="Feed error for query: cs.XX")
    with pytest.raises(SourceError, match=r"rss.example.org: answered 400 \(Bad Request\): about it"):
        asked_of(httpx.Response(400, content=body))
