"""TeX becomes readable Unicode, and no letter or digit is ever lost."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.tex import letters, prose, readable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Plain words stay", "Plain words stay"),
        (r"Erd\H{o}s and G\"odel", "Erdős and Gödel"),
        (r"Fran\c{c}ois Ros\'e", "François Rosé"),
        (r"Mi{\l}osz", "Miłosz"),
        ("$k$-means", "k-means"),
        ("$L_2$ and $10^{5}$", "L₂ and 10⁵"),
        (r"$\alpha$-divergence", "α-divergence"),
        (r"a gain of 10% of all", "a gain of 10% of all"),
        (r"a gain of 10\% of all", "a gain of 10% of all"),
        ("from $5 to $10 a month", "from $5 to $10 a month"),
        ("AT&T and R&D", "AT&T and R&D"),
        (r"\emph{Attention} is {All} you need", "Attention is All you need"),
        ("two\n  lines\tand  spaces", "two lines and spaces"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_examples_read_as_a_person_would_write_them(written: str, read: str) -> None:
    assert readable(written) == read


def test_text_after_a_percent_sign_is_not_taken_for_a_comment() -> None:
    assert "of the data" in readable(r"We use 10% of the data with $k=3$")


@pytest.mark.parametrize(
    "hostile", ["{", "}", "\\", "$", "$$", "$$$", r"\begin{a}", "%", "^_", r"\frac", "{{{{", "\x00$", r"\\"]
)
def test_broken_tex_is_left_as_it_stands_or_read_without_a_fall(hostile: str) -> None:
    assert isinstance(readable(hostile), str)
    assert not missing_letters(hostile, readable(f"before {hostile} after 7"), keep="beforeafter7")


@pytest.mark.parametrize(
    "text", [r"C:\data and more", r"a \mycommand without argument", r"100\,000 steps", "a_b^c {x} 1"]
)
def test_what_resolving_would_lose_is_kept(text: str) -> None:
    read = readable(text)
    for word in ("data", "mycommand", "100", "000", "steps", "a", "b", "c", "x"):
        if word in text:
            assert word in read


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
commands = st.sampled_from(
    [r"\alpha", r"\emph{", r"\textbf{bold}", "}", "{", "$", "$x^2$", "$x_{10}$", "%", r"\%", "~", "\\", r"\'e",
     r"\"{o}",
     r"\unknowncommand", "``", "''", "^", "_", "&", r"\\", r"\frac{1}{2}", r"\url{http://a.b/c_d}", " ", "\n"]
)  # fmt: skip
mixtures = st.lists(words | commands, max_size=10).map("".join)
plain_words = st.lists(st.text("abcdefgXYZ0123456789", min_size=1, max_size=6), max_size=8)


def missing_letters(before: str, after: str, keep: str) -> Counter[str]:
    return Counter(letters(keep)) - Counter(letters(after))


@settings(max_examples=300)
@given(mixtures)
@example(r"$10% of$ \emph{x")
def test_any_mixture_is_read_without_an_exception_and_in_one_line(text: str) -> None:
    read = readable(text)
    assert "\n" not in read
    assert read == read.strip()


@settings(max_examples=300)
@given(st.lists(st.tuples(st.text("abcXYZ012789", min_size=1, max_size=6), commands), max_size=8))
@example([("0", "$"), ("1", "%"), ("2", "$")])
def test_words_among_tex_are_never_lost(pairs: list[tuple[str, str]]) -> None:
    """Each word stands apart, between spaces and after any TeX, well-formed or not."""
    text = " ".join(f"{command} {word}" for word, command in pairs)
    kept = "".join(word for word, _ in pairs)
    assert not missing_letters(text, readable(text), keep=kept)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\\${}`'"), max_size=80))
def test_text_without_tex_is_only_put_on_one_line(text: str) -> None:
    assert readable(text) == " ".join(text.split())


@given(st.text("abcdé", max_size=20))
def test_letters_ignores_accents_and_case(text: str) -> None:
    assert letters(text) == letters(unicodedata.normalize("NFD", text.upper()))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"A gain of $10\%$ -- and $L_2$ -- by Erd\H{o}s", "A gain of 10% – and L₂ – by Erdős"),
        ("Kullback--Leibler, 2.5%--12%, a --flag", "Kullback–Leibler, 2.5%–12%, a --flag"),
        ("SAM~2 in Fig.~3, some ~38,100 hours, p~1e-6", "SAM 2 in Fig. 3, some ~38,100 hours, p~1e-6"),
        (r"a \emph{formula of $k + 1$ words} goes on", "a formula of k + 1 words goes on"),
        ("an open $ stays", "an open $ stays"),
        ("", ""),
    ],
)
def test_an_abstract_reads_the_same_a_piece_at_a_time(written: str, read: str) -> None:
    assert prose(written) == read


@given(mixtures)
def test_an_abstract_of_any_mixture_is_read_in_one_line(text: str) -> None:
    assert prose(text) == " ".join(prose(text).split())
