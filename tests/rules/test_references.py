"""Files of references: what people's programs write, what people break, and what somebody makes to hang us."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QiaojinError, UsageError
from bot.models import Paper, Reference
from bot.rules.export import bibtex, csv_table, ris
from bot.rules.ingest import first_seen
from bot.rules.references import MOST_BYTES, MOST_ENTRIES, label, paper_of, read
from tests.fakes import fetched

LINKS = {"abstract": "https://arxiv.org/abs/{id}", "pdf": "https://arxiv.org/pdf/{id}"}
NEXT = "@misc{next,\n  title = {The Next One},\n  eprint = {2606.00009},\n}\n"


def one(text: str) -> Reference:
    (found,) = read(text.encode())
    return found


# --- BibTeX -----------------------------------------------------------------------------------------------------------


def test_an_entry_as_arxiv_writes_it_is_read_in_full() -> None:
    entry = """@misc{hu2021lora,
      title={{LoRA}: Low-Rank Adaptation of {L}arge Language Models},
      author={Edward J. Hu and Yelong Shen and G{\\"o}del, Kurt},
      year={2021},
      eprint={2106.09685v2},
      archivePrefix={arXiv},
      primaryClass={cs.CL}
    }"""
    assert one(entry) == Reference(
        "LoRA: Low-Rank Adaptation of Large Language Models", "2106.09685",
        ("Edward J. Hu", "Yelong Shen", "Gödel, Kurt"), 2021, "hu2021lora",
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {1706.03762}",
        "eprint = {arXiv:1706.03762v7}",
        "eprint = 1706.03762",
        "url = {http://arxiv.org/abs/1706.03762v5}",
        "url = {https://huggingface.co/papers/1706.03762}",
        "doi = {10.48550/arXiv.1706.03762}",
        "url = {https://doi.org/10.48550/ARXIV.1706.03762}",
        "journal = {arXiv preprint arXiv:1706.03762}",
        "journal = {CoRR}, volume = {abs/1706.03762}",
        "note = {arXiv:1706.03762 [cs]}",
        'howpublished = "\\url{https://arxiv.org/pdf/1706.03762.pdf}"',
    ],
)
def test_the_arxiv_id_is_found_wherever_programs_put_it(fields: str) -> None:
    assert one(f"@article{{x, title = {{T}}, {fields}, year = 2017}}").arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    "fields",
    [
        "doi = {10.1145/1706.03762}",
        "url = {https://example.org/1706.03762}",
        "volume = {1706.03762}",
        "abstract = {As arXiv:1706.03762 says}",
        "note = {To be compared with arXiv:1706.03762}",
        "pages = {1706--1710}",
    ],
)
def test_what_only_looks_like_an_id_is_none(fields: str) -> None:
    assert one(f"@article{{x, title = {{T}}, {fields}}}").arxiv_id == ""


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("@misc{a,\n title={One}\n eprint={2606.00001}\n}\n", "One"),  # a comma is missing
        ("@misc{a,\n title={One},\n eprint={2606.00001}\n", "One"),  # the entry is not closed
        ("@misc{,\n title={One},\n eprint={2606.00001}\n}\n", "One"),
        ("@misc{\n title={One},\n eprint={2606.00001}\n}\n", "One"),
        ("@misc{a,\n title={One {two},\n eprint={2606.00001}\n}\n", "One two"),  # a brace too few
        ("@misc{a,\n title={One}},\n eprint={2606.00001}\n}\n", "One"),  # and one too many
        ('@misc{a,\n title="One "two" three",\n eprint={2606.00001}\n}\n', 'One "two" three'),
        ('@misc{a,\n title="One {"}two{"}",\n eprint="2606.00001"}\n', 'One "two"'),
        ('@string{x = {Pro}}\n@misc{a,\n title = x # " two",\n eprint={2606.00001}\n}\n', "Pro two"),
        ("@MISC ( a,\n Title={One},\n EPRINT={2606.00001}\n)\n", "One"),
        ("@misc{a,\n note={x}, title={One}, note={arXiv:2606.00001}\n}\n", "One"),
        ("free text\n@comment{title={No}}\n@misc{a, title={One},\r\n eprint={2606.00001}}", "One"),
    ],
)
def test_a_fault_costs_nothing_but_itself(entry: str, title: str) -> None:
    assert [(found.title, found.arxiv_id) for found in read(f"{entry}{NEXT}".encode())] == [
        (title, "2606.00001"),
        ("The Next One", "2606.00009"),
    ]


def test_the_same_paper_twice_counts_once() -> None:
    assert len(read((NEXT + NEXT.replace("misc{next", "misc{again") + NEXT.replace("2606.00009", "")).encode())) == 2


# --- RIS, lists -------------------------------------------------------------------------------------------------------

ZOTERO = """TY  - GEN
TI  - Attention Is
      All You Need
AU  - Vaswani, Ashish
AU  - Shazeer, Noam
DA  - 2017/06/12/
PY  - 2017
AB  - It speaks of arXiv:2606.00001 too.
DO  - 10.48550/arXiv.1706.03762
UR  - http://arxiv.org/abs/1706.03762
ER  -\x20

TY  - JOUR
T1  - A Journal's Own
A1  - Lovelace, Ada
Y1  - 1843///
ER  -
"""


@pytest.mark.parametrize("text", [ZOTERO, ZOTERO.replace("\n", "\r\n"), f"\ufeff{ZOTERO}", ZOTERO.rstrip()[:-5]])
def test_records_of_zotero_and_endnote_are_read(text: str) -> None:
    assert read(text.encode()) == [
        Reference("Attention Is All You Need", "1706.03762", ("Vaswani, Ashish", "Shazeer, Noam"), 2017),
        Reference("A Journal's Own", "", ("Lovelace, Ada",), 1843),
    ]


def test_a_list_may_hold_ids_links_and_remarks() -> None:
    text = "# to read\n2606.00001\nhttps://arxiv.org/pdf/1706.03762v3 the one\narXiv:cs/0112017, 2606.00001"
    assert [found.arxiv_id for found in read(text.encode())] == ["2606.00001", "1706.03762", "cs/0112017"]


def test_a_list_without_ids_is_one_of_titles() -> None:
    text = "- Attention Is All You Need\n* 检索增强生成综述\n\nshort\n"
    assert [found.title for found in read(text.encode())] == ["Attention Is All You Need", "检索增强生成综述"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_older_programs_keep_their_characters(encoding: str) -> None:
    (found,) = read("@misc{x, title = {检索增强生成综述}, eprint = {2606.00001}}".encode(encoding))
    assert found.title == "检索增强生成综述"


def test_western_names_of_older_programs_keep_their_accents() -> None:
    (found,) = read("@misc{x, title = {Eine Prüfung}, author = {Gödel, Kurt}}".encode("cp1252"))
    assert (found.title, found.authors) == ("Eine Prüfung", ("Gödel, Kurt",))


# --- what is no such file, or too much --------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\x00\x01\x02", b"\xff\xfe\x00", b"@misc{", b"@a{b}"])
def test_what_holds_no_references_is_told(content: bytes) -> None:
    with pytest.raises(UsageError) as told:
        read(content)
    assert told.value.key == "no_references"


def test_what_is_too_much_is_told() -> None:
    with pytest.raises(UsageError) as large:
        read(b"2606.00001\n" * 100_000)
    assert large.value.key == "file_too_large"
    many = "".join(f"@misc{{k{n}, title={{Title {n}}}}}\n" for n in range(MOST_ENTRIES + 1))
    with pytest.raises(UsageError) as crowded:
        read(many.encode())
    assert crowded.value.values == {"number": MOST_ENTRIES + 1, "most": MOST_ENTRIES}


@pytest.mark.parametrize(
    "piece",
    ["@misc{", "{", "@misc{x,t={", '@misc{x,t="', "@misc\n", "\n", "t={", 't="', '"{"', "=", "#a", "TY  - \n", "\n t={",
     "@misc{x,title={" + "{" * 150 + "\\frac" * 30 + "}\n" * 150 + "}\n", "@string{a=a#a#a#a}", "arxiv.org/abs/"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "@misc{x,\n t={", '@string{a="aaaaaaaa"}@misc{x,title='])
def test_a_file_made_to_hang_us_does_not(start: str, piece: str) -> None:
    content = (start + piece * (MOST_BYTES // len(piece) // 10)).encode()[: MOST_BYTES // 10]
    began = time.process_time()
    with suppress(QiaojinError):
        read(content)
    assert time.process_time() - began < 60  # each takes a tenth of a second; what is quadratic takes hours


PIECES = ("@misc{", "k,", "title", "=", "{", "}", '"', ",", "\n", "#", "\\", "$", "TY  - ", "ER  - ", "TI  - ",
          "eprint", "2606.00001", "arXiv:", "é", "检索", "@string(", "\x00", "%")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)))
def test_whatever_the_pieces_the_reader_gives_references_or_says_no(pieces: list[str]) -> None:
    try:
        found = read("".join(pieces).encode())
    except UsageError:
        return
    assert found
    assert all(reference.label for reference in found)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UsageError):
        assert read(content)


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60)


@given(TITLES, st.lists(TITLES, max_size=3))
def test_what_we_export_we_can_read_again(title: str, authors: list[str]) -> None:
    shown = first_seen(fetched("2606.00001", title=title, authors=tuple(authors)))
    for text in (bibtex([shown], LINKS), ris([shown], LINKS), csv_table([shown], LINKS)):
        assert [found.arxiv_id for found in read(text.encode())] == ["2606.00001"], text


# --- which paper it is ------------------------------------------------------------------------------------------------


def paper(title: str, *authors: str, id_: str = "2606.00001") -> Paper:
    return first_seen(fetched(id_, title=title, authors=authors))


LORA = paper("LoRA: Low-Rank Adaptation of Large Language Models", "Edward J. Hu")


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("LoRA: Low-Rank Adaptation of Large Language Models", ()),
        ("Lora: Low Rank Adaptation of Large Language Models.", ("Somebody Else",)),  # the title is enough
        ("LoRA: Low-Rank Adaption of Large Language Model", ("Hu, Edward",)),  # two slips
        ("LoRA: Low-Rank Adaptation", ("Edward Hu",)),  # without the rest
    ],
)
def test_a_title_finds_its_paper_in_spite_of_spelling(title: str, authors: tuple[str, ...]) -> None:
    assert paper_of(Reference(title, authors=authors), [LORA]) == LORA


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("QLoRA: Efficient Finetuning of Quantized LLMs", ("Hu, Edward",)),
        ("LoRA: Low-Rank Adaption of Large Language Model", ("Smith, Jane",)),
        ("LoRA: Low-Rank Adaptation of Small Vision Models", ()),
        ("", ("Hu, Edward",)),
    ],
)
def test_a_title_that_is_only_similar_finds_nothing(title: str, authors: tuple[str, ...]) -> None:
    assert paper_of(Reference(title, authors=authors), [LORA]) is None


def test_the_first_author_decides_between_papers_of_one_title() -> None:
    papers = [paper("A Survey", "Ann Lee", id_="2606.00001"), paper("A Survey", "Gödel", id_="2606.00002")]
    assert paper_of(Reference("A survey", authors=("Godel, K.",)), papers) == papers[1]
    assert paper_of(Reference("A Survey", authors=("Nobody Here",)), papers) is None


def test_an_entry_that_is_not_found_is_named() -> None:
    assert label(Reference("T", "2606.00001", ("Hu, E.",), 2021)) == "T [2606.00001] (Hu, E., 2021)"
    assert label(Reference(arxiv_id="2606.00001")) == "2606.00001"
    assert label(Reference(key="hu2021")) == "hu2021"
