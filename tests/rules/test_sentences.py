"""The sentence that tells what a paper did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.sentences import LONGEST, key_sentence, sentences, shortened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        ("As in e.g. Smith et al. Others differ.", ["As in e.g. Smith et al. Others differ."]),
        ("J. Smith wrote it. It works.", ["J. Smith wrote it.", "It works."]),
        ("We gain 3.5 points. Code is out!", ["We gain 3.5 points.", "Code is out!"]),
        ("Why? Because.", ["Why?", "Because."]),
        ("第一句。第二句！", ["第一句。", "第二句！"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(max_size=200))
def test_no_character_but_space_is_lost_between_sentences(text: str) -> None:
    lost = set(text) - set("".join(sentences(text))) - set("\"')]”’")
    assert not "".join(lost).strip()


def test_the_deed_wins_over_the_background() -> None:
    abstract = (
        "Large models are used everywhere these days and cost much. We propose a method that halves their memory. "
        "Code is available at https://github.com/x/y."
    )
    assert key_sentence(abstract) == "We propose a method that halves their memory."


def test_among_equals_the_one_with_the_telling_terms_wins() -> None:
    abstract = (
        "We introduce a dataset of ten thousand dialogues in five languages. "
        "We introduce a low-rank adapter that learns its rank from the data."
    )
    assert "low-rank" in key_sentence(abstract, ["Low-Rank", "adapter"])
    assert "dialogues" in key_sentence(abstract, ["dialogues"])


def test_an_empty_abstract_has_no_key_sentence() -> None:
    assert key_sentence("") == ""
    assert key_sentence("   ") == ""


def test_tex_is_resolved_in_it() -> None:
    assert "α" in key_sentence(r"We show that $\alpha$-divergence improves the training of small models a lot.")


@given(st.text(max_size=900), st.lists(st.text(max_size=10), max_size=3))
def test_it_is_never_too_long_and_never_fails(abstract: str, telling: list[str]) -> None:
    assert len(key_sentence(abstract, telling)) <= LONGEST


def test_a_long_sentence_is_cut_between_words_and_says_so() -> None:
    cut = shortened("word " * 100)
    assert len(cut) <= LONGEST
    assert cut.endswith("word…")
    assert shortened("字" * 300) == "字" * (LONGEST - 1) + "…"
    assert shortened("short") == "short"
