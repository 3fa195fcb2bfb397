"""Papers for other programs: no title, name or note breaks the file, or does anything in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models import Paper, ReadingState, SavedPaper
from bot.rules.export import bibtex, csv_table, exported, format_of, markdown, ris
from bot.rules.ingest import first_seen
from bot.rules.references import read
from bot.rules.tokens import tokens
from tests.fakes import fetched

LINKS = {"abstract": "https://arxiv.org/abs/{id}", "pdf": "https://arxiv.org/pdf/{id}"}
ID = "2606.00001"
NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


def paper(title: str = "A Title", *authors: str) -> Paper:
    known = first_seen(fetched(ID, categories=("cs.CL",)))
    return replace(known, title=title, authors=authors or ("Ada Lovelace",))  # not what reading TeX would make of them


def library(note: str = "", *tags: str, state: ReadingState = ReadingState.READ) -> dict[str, SavedPaper]:
    return {ID: SavedPaper(ID, NOW, state, NOW, tags, note)}


def row(title: str = "A Title", note: str = "") -> dict[str, str]:
    (only,) = csv.DictReader(io.StringIO(csv_table([paper(title)], LINKS, library(note, "lora")), newline=""))
    return only


# --- BibTeX -----------------------------------------------------------------------------------------------------------


def test_a_bibtex_entry_says_what_is_known_and_what_the_reader_noted() -> None:
    assert (
        bibtex([paper("50% of {R} & D_1")], LINKS, library("a {b", "lora", "长上下文"))
        == """\
@misc{lovelace2026paper_2606_00001,
  title = {{50\\% of \\textbraceleft{}R\\textbraceright{} \\& D\\_1}},
  author = {Ada Lovelace},
  year = {2026},
  eprint = {2606.00001},
  archivePrefix = {arXiv},
  primaryClass = {cs.CL},
  url = {https://arxiv.org/abs/2606.00001},
  keywords = {lora, 长上下文},
  annote = {a \\textbraceleft{}b},
}
"""
    )


def test_a_name_that_bibtex_would_take_apart_is_held_together() -> None:
    assert "author = {{Search and Rescue Team} and {Smith, Jr.} and Ada}" in bibtex(
        [paper("T", "Search and Rescue Team", "Smith, Jr.", "Ada")], LINKS
    )


@given(TEXTS, TEXTS, TEXTS)
def test_the_braces_of_a_bibtex_file_always_match(title: str, name: str, note: str) -> None:
    text = bibtex([paper(title, name)] * 2, LINKS, library(note))
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize("title", ["Cost: $5 to $10", "C:\\data & {more}", "50% ~ x^2_1 #1", "Gödel's 检索增强"])
def test_what_stands_in_bibtex_is_read_as_it_was(title: str) -> None:
    assert tokens(read(bibtex([paper(title)], LINKS).encode())[0].title) == tokens(title)


# --- RIS --------------------------------------------------------------------------------------------------------------


def test_a_record_of_ris_has_a_line_a_field() -> None:
    assert ris([paper("A\nTitle", "Ada King Lovelace", "李 明")], LINKS, library("one\ntwo", "lora")).split("\r\n") == [
        "TY  - GEN", "TI  - A Title", "AU  - Lovelace, Ada King", "AU  - 李 明", "PY  - 2026", "AB  - Some words.",
        "PB  - arXiv", "DO  - 10.48550/arXiv.2606.00001", "UR  - https://arxiv.org/abs/2606.00001", "KW  - lora",
        "N1  - one two", "ER  - ", "", "",
    ]  # fmt: skip


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_begins_a_field_of_its_own(title: str, name: str, note: str) -> None:
    lines = ris([paper(title, name)], LINKS, library(note)).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines if line)
    assert [line[:2] for line in lines].count("ER") == 1


# --- Markdown ---------------------------------------------------------------------------------------------------------


def test_markdown_ticks_what_has_been_read_and_keeps_text_text() -> None:
    text = markdown([paper("[x](y) *b* <i> $a$ & ~c~")], LINKS, "# List", library("- one\n\n1. two `x`", "lora"))
    assert text == (
        "# \\# List\n\n"
        "- [x] [\\[x\\](y) \\*b\\* \\<i\\> \\$a\\$ \\& \\~c\\~](https://arxiv.org/abs/2606.00001) (2026). Ada Lovelace"
        " `#lora`\n"
        "  > \\- one\n  > 1\\. two \\`x\\`\n"
    )  # fmt: skip
    assert "- [ ] " in markdown([paper()], LINKS, "x", library(state=ReadingState.READING))


@given(TEXTS, TEXTS, TEXTS)
def test_each_paper_is_one_item_of_the_list(title: str, name: str, note: str) -> None:
    lines = markdown([paper(title, name)] * 3, LINKS, title, library(note)).splitlines()
    assert sum(line.startswith("- [") for line in lines) == 3


# --- CSV --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＠", "\t=", " =", "\n="])
def test_no_cell_is_a_formula(start: str) -> None:
    cells = row(f"{start}cmd|' /C calc'!A0", f'{start}HYPERLINK("http://evil")')
    assert cells["title"].startswith("'")
    assert cells["note"].startswith("'")


@given(TEXTS, TEXTS)
def test_a_table_has_a_row_a_paper_whatever_stands_in_it(title: str, note: str) -> None:
    cells = row(title, note)
    assert (cells["id"], cells["state"], cells["tags"], cells["saved"]) == (ID, "read", "lora", "2026-06-17")
    assert not re.match(r"\s*[=+\-@]", cells["title"] + cells["note"])


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert exported("csv", [paper("检索")], LINKS, "", {}).startswith(b"\xef\xbb\xbfid,title")


# --- formats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("bib", "bib"),
        ("BibTeX", "bib"),
        (".ris", "ris"),
        ("md", "md"),
        ("mark", "md"),
        ("markdown", "md"),
        (" CSV ", "csv"),
    ],
)
def test_a_format_is_known_by_its_ending_or_its_name(name: str, ending: str) -> None:
    assert format_of(name) == ending


@pytest.mark.parametrize("name", ["", "b", "docx", "m", "bibtexx"])
def test_an_unknown_format_is_told(name: str) -> None:
    with pytest.raises(UsageError):
        format_of(name)
