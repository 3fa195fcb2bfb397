from __future__ import annotations

import time

import pytest

from bot.errors import BadBody
from bot.sources.xml import as_feed, well_formed
from tests.sources.bodies import BOMB, HTML, item, rss


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not well-formed"),
        (b"Rate exceeded.", "not well-formed"),
        (b"\0\0\0", "not well-formed"),
        (HTML, "a page of HTML"),
        ("<rss>é</rss>".encode("utf-16"), "NUL bytes"),
        (b"<html><body/></html>", "a page of HTML"),
        (b"<svg/>", "<svg> in place of a feed"),
        (BOMB, "a DTD"),
        (b"<!DOCTYPE rss SYSTEM 'file:///etc/passwd'><rss/>", "a DTD"),
        (rss(item())[:-200], "cut short"),
        (rss(item(title="x")).replace(b"x", b"\0"), "not well-formed"),
        (b"<?xml version='1.0' encoding='utf-7'?><rss/>", "not well-formed"),
        (b"<?xml version='1.0' encoding='nonsense'?><rss/>", "not well-formed"),
        (b"<rss>" + b"x" * 1000 + b"</rss>", "more than 0 MB"),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, words: str) -> None:
    with pytest.raises(BadBody, match=words):
        well_formed(body, "rss", "feed", most_bytes=1000)


@pytest.mark.parametrize("body", [b"<rss/>", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"])
def test_a_feed_passes(body: bytes) -> None:
    assert well_formed(body, "rss", "feed") is not None


def test_endless_words_do_not_stop_the_program() -> None:
    """feedparser looks for an e-mail address in every author, in time that grows with the square of a word."""
    body = b"<rss version='2.0'><channel><item><author>" + b"a" * 1_000_000 + b"</author></item></channel></rss>"
    start = time.process_time()
    assert len(as_feed(body).entries) == 1
    assert time.process_time() - start < 1
