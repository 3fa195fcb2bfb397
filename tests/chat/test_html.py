"""Telegram's HTML: escaping, counting, cutting."""

from __future__ import annotations

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.html import MOST, clusters, cut, escape, plain, split, units

FAMILY, FLAG, WAVE = "👨‍👩‍👧‍👦", "🇨🇳", "👋🏽"
HOSTILE = [
    "<b>",
    "&amp",
    "%s",
    "\x00",
    "\u202e",
    "'\"",
    "日本語",
    FAMILY,
    FLAG,
    WAVE,
    "e\u0301",
    "\ud83d",
    "]]>",
    "{id}",
]
foreign = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=12)), max_size=60).map("".join)


class Strict(HTMLParser):
    """Raises where a tag is not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


def is_well_formed(html: str) -> bool:
    parser = Strict()
    parser.feed(html)
    parser.close()
    return not parser.stack


@given(foreign)
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    kept = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t")
    shown = plain(escape(text))
    assert "<" not in escape(text)
    assert shown.replace("\n", "") == "".join(c for c in shown if c != "\n")
    assert len(shown) <= len(kept) + text.count("\r")


def test_what_would_turn_the_rest_of_a_message_round_is_taken_out() -> None:
    assert escape("a\u202eb\x00c\ud83dd\r\ne") == "abcd\ne"


def test_attributes_are_safe() -> None:
    assert escape('"onclick="x') == "&quot;onclick=&quot;x"


def test_lengths_are_utf_16() -> None:
    assert (units("a"), units("好"), units("😀"), units(FAMILY)) == (1, 1, 2, 11)


@given(foreign, st.integers(1, 80))
def test_a_cut_fits_and_keeps_characters_whole(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    if short != text:
        assert short.endswith("…")
        whole = set(clusters(text)) | {""}
        assert all(cluster in whole for cluster in clusters(short[:-1]))


def test_a_cut_falls_between_words() -> None:
    assert cut("Low-Rank Adaptation of Large Models", 24) == "Low-Rank Adaptation of…"


@pytest.mark.parametrize("whole", [FAMILY, FLAG, WAVE, "e\u0301", "한"])
def test_one_character_to_a_reader_is_one_to_us(whole: str) -> None:
    assert list(clusters(whole * 3)) == [whole] * 3


def test_a_heap_of_marks_is_bounded() -> None:
    assert max(map(len, clusters("a" + "\u0301" * 10_000))) <= 32


def test_a_short_message_is_left_alone() -> None:
    assert split("<b>a</b>") == ["<b>a</b>"]


def test_tags_are_closed_at_a_cut_and_opened_again() -> None:
    first, second = split('<a href="https://x.org">' + "word " * 20 + "</a>", 64)
    assert first.startswith('<a href="https://x.org">')
    assert first.endswith("</a>")
    assert second.startswith('<a href="https://x.org">')


def test_cuts_at_the_end_of_a_line_where_one_is_near() -> None:
    text = "\n".join(f"line {number} of this text" for number in range(40))
    assert all(piece.endswith(("text\n", "text")) for piece in split(text, 200))


@given(st.lists(st.tuples(st.sampled_from(["b", "i", "code", "blockquote"]), foreign), min_size=1, max_size=8),
       st.integers(64, 300))  # fmt: skip
def test_pieces_fit_are_well_formed_and_lose_nothing(parts: list[tuple[str, str]], limit: int) -> None:
    html = "\n".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in parts)
    pieces = split(html, limit)
    assert all(units(plain(piece)) <= limit and is_well_formed(piece) for piece in pieces)
    assert "".join("".join(map(plain, pieces)).split()) == "".join(plain(html).split())


def test_a_paste_of_ten_thousand_lines_is_split_quickly() -> None:
    pieces = split(escape("<&> 4,096 emoji 😀\n" * 10_000))
    assert max(units(plain(piece)) for piece in pieces) <= MOST
