"""Words for searching, in Chinese and English."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.tokens import LONGEST, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Low-Rank Adaptation (LoRA)", ["low", "rank", "adaptation", "lora"]),
        ("检索增强", ["检索", "索增", "增强"]),
        ("用 LoRA微调 7B", ["用", "lora", "微调", "7b"]),
        ("Erdős naïve Ångström", ["erdos", "naive", "angstrom"]),
        ("ＦＵＬＬ ｗｉｄｔｈ", ["full", "width"]),
        ("snake_case", ["snake", "case"]),
        ("2606.01234v2", ["2606", "01234v2"]),
        ("Straße", ["strasse"]),
        ("한국어 カタカナ", ["한국", "국어", "カタ", "タカ", "カナ"]),
        ("", []),
        ("… !? —", []),
    ],
)
def test_examples(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@settings(max_examples=500)
@given(st.text())
@example("\ud800")
@example("İ")
@example("が")
@example("ﷺ")
def test_only_letters_and_digits_come_out_and_a_second_time_nothing_changes(text: str) -> None:
    found = tokens(text)
    assert all(token and len(token) <= LONGEST for token in found)
    assert all(character.isalnum() for token in found for character in token), found
    for token in found:
        assert tokens(token) == [token]


@given(st.text("abcé中文字 検索", max_size=40))
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert tokens(text.upper()) == tokens(text) == tokens(text.replace("é", "e\u0301"))


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_the_full_text_index_reads_each_token_as_one_word(text: str) -> None:
    found = tokens(text)
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create virtual table t using fts5(x, tokenize='unicode61 remove_diacritics 0')")
        connection.execute("create virtual table v using fts5vocab(t, instance)")
        connection.execute("insert into t values (?)", [" ".join(found)])
        indexed = [term for (term,) in connection.execute("select term from v order by offset")]
    connection.close()
    assert indexed == found
