from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import BadBody, SourceError
from bot.models import Fetched, Post, SourceState
from bot.sources.feeds import fetch, parse, plain
from bot.sources.http import Web
from tests.sources.bodies import BOMB, HTML, atom, rss


def post(
    title: str = "We Shrank It",
    link: str = "https://lab.example.org/shrunk",
    summary: str = "How &lt;b&gt;small&lt;/b&gt; can it be?",
    stamp: str = "Tue, 16 Jun 2026 09:00:00 +0200",
) -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><description>{summary}</description>"
        f"<pubDate>{stamp}</pubDate></item>"
    )


def only(body: bytes) -> Post:
    (found,) = parse(body).posts
    return found


def test_an_entry_becomes_a_post() -> None:
    assert only(rss(post(), title="Lab Notes")) == Post(
        feed="Lab Notes",
        url="https://lab.example.org/shrunk",
        title="We Shrank It",
        summary="How small can it be?",
        published=datetime(2026, 6, 16, 7, tzinfo=UTC),
    )


def test_atom_feeds_are_read_too() -> None:
    entry = (
        "<entry><title type='html'>A &amp;lt;small&amp;gt; &lt;i&gt;step&lt;/i&gt;</title>"
        "<link href='https://lab.example.org/1'/>"
        "<updated>2026-06-16T07:00:00Z</updated>"
        "<content type='html'>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry>"
    )
    found = only(atom(entry))
    assert (found.feed, found.title, found.summary) == ("a feed", "A <small> step", "One. Two.")
    assert found.published == datetime(2026, 6, 16, 7, tzinfo=UTC)


def test_the_title_that_the_user_gave_wins() -> None:
    fetched = parse(rss(post()), "My Lab")
    assert (fetched.source, fetched.posts[0].feed) == ("My Lab", "My Lab")


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "data:text/html,x", "ftp://x.org", "/relative", "https://"]
)
def test_a_post_without_a_web_address_is_skipped(link: str) -> None:
    fetched = parse(rss(post(link=link), post()))
    assert (len(fetched.posts), fetched.skipped) == (1, 1)


def test_a_post_without_a_title_shows_its_first_words() -> None:
    assert only(rss(post(title=""))).title == "How small can it be?"


@pytest.mark.parametrize(
    ("sent", "title"),
    [
        ("O(n&lt;m)", "O(n<m)"),
        ("&lt;b&gt;Un&lt;/b&gt;tied", "Untied"),
        ("Q&amp;amp;A", "Q&A"),
        ("p &lt; 0.05", "p < 0.05"),
    ],
)
def test_titles_are_words(sent: str, title: str) -> None:
    assert only(rss(post(title=sent))).title == title


def test_a_feed_whose_entries_are_all_bad_has_failed() -> None:
    with pytest.raises(SourceError, match="none of its 1 entries"):
        parse(rss(post(link="")))


def test_an_empty_feed_is_no_failure() -> None:
    assert parse(rss()) == Fetched("cs.CL updates on arXiv.org")


def test_summaries_are_plain_and_bounded() -> None:
    html = "<style>p {color: red}</style><p>One <a href='x'>two</a>&nbsp;&amp; three<script>alert(1)</script>.</p>"
    assert plain(html) == "One two & three ."
    assert plain("<![if !supportLists]>1.<![endif]> w<b>or</b>d<br/>next <!-- not this") == "1. word next"
    assert plain("O(n<m), p < 0.05 and 2 > 1") == "O(n<m), p < 0.05 and 2 > 1"
    assert len(only(rss(post(summary="word " * 1000))).summary) == 500


@pytest.mark.parametrize(
    ("link", "summary", "arxiv_id"),
    [
        ("https://arxiv.org/abs/2606.01234v2", "", "2606.01234"),
        ("https://arxiv.org/pdf/2606.01234", "https://arxiv.org/abs/2606.99999", "2606.01234"),
        ("https://huggingface.co/papers/2606.01234", "", "2606.01234"),
        ("https://lab.example.org/1", "&lt;a href='https://arxiv.org/abs/2606.01234'&gt;paper&lt;/a&gt;", "2606.01234"),
        (
            "https://lab.example.org/1",
            "https://arxiv.org/abs/2606.01234 twice: https://arxiv.org/pdf/2606.01234v1",
            "2606.01234",
        ),
        ("https://lab.example.org/1", "https://arxiv.org/abs/2606.01234 and https://arxiv.org/abs/2606.01235", ""),
        ("https://lab.example.org/2606.01234", "see 2606.01234", ""),
    ],
)
def test_a_post_about_one_paper_names_it(link: str, summary: str, arxiv_id: str) -> None:
    assert only(rss(post(link=link, summary=summary))).arxiv_id == arxiv_id


def test_badly_formed_feeds_are_read_all_the_same() -> None:
    assert only(rss(post(title="Fish & Chips &nbsp; more"))).title == "Fish & Chips more"
    cut = rss(post(), post("Second", "https://lab.example.org/2"))[:-30]
    assert len(parse(cut).posts) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"Rate exceeded.", HTML, BOMB, BOMB[:-5], b"x" + BOMB, BOMB.decode().encode("utf-16"), b"{}",
     b"\0" + rss(post()), b"<rss>" + b"&" * 10_000_001],
)  # fmt: skip
def test_bombs_and_other_things_are_refused(body: bytes) -> None:
    with pytest.raises(BadBody):
        parse(body)


NOISE = st.binary() | st.text().map(str.encode)


@given(
    NOISE
    | NOISE.map(lambda noise: rss(post()).replace(b"Shrank", noise))
    | st.tuples(NOISE, st.integers(0, 400)).map(lambda made: rss(post())[: made[1]] + made[0] + rss(post())[made[1] :])
)
@example(rss(post(title="&#xD800; &#0; &#99999999999; & <")))
@example(rss(post(link="http://[", stamp="Tue, 99 Jun 99999 99:99:99 +9999", title="&")))
@example(b"<feed><entry><title type='text/html' mode='base64'>&&&</title>")
def test_hostile_bytes_raise_nothing_but_source_errors(body: bytes) -> None:
    with suppress(SourceError):
        parse(body)


def test_every_recorded_feed_is_read_as_posts(payloads: Path) -> None:
    for path in sorted(payloads.glob("arxiv_feeds/**/*.xml")):
        posts = parse(path.read_bytes()).posts
        assert posts, path
        assert all(found.arxiv_id and found.arxiv_id in found.url for found in posts)


def fetched(answer: httpx.Response, title: str = "", **stamps: str) -> Fetched:
    with Web(user_agent="x", transport=httpx.MockTransport(lambda request: answer), patience=0.1) as web:
        return fetch(web, "https://lab.example.org/feed", title, **stamps)


def test_a_feed_keeps_its_stamps() -> None:
    found = fetched(httpx.Response(200, content=rss(post(), title="Lab Notes"), headers={"ETag": '"2"'}))
    assert (found.source, found.etag, len(found.posts)) == ("Lab Notes", '"2"', 1)
    assert fetched(httpx.Response(200, content=rss(post(), title=""))).source == "https://lab.example.org/feed"


def test_an_unchanged_feed_is_told_as_such() -> None:
    found = fetched(httpx.Response(304), "My Lab", etag='"1"')
    assert (found.source, found.state, found.etag) == ("My Lab", SourceState.UNCHANGED, '"1"')
    with pytest.raises(BadBody):
        fetched(httpx.Response(304))
