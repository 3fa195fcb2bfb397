"""The verbs about the library: what they print for people and for programs, and with which status they end."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.models import Reader, ReadingState
from bot.store import library, papers, readers
from bot.store.engine import Store
from tests.fakes import DAY, Services, Written, fetched
from tests.test_cli import Run, on_stub, run  # noqa: F401

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
LORA, RAG = "2606.00011", "2606.00012"
BIB = """@misc{a, title={LoRA at Work}, eprint={2606.00011}}
@misc{b, title={Fetched One}, url={https://arxiv.org/abs/2606.00001}}
@book{c, title={A Book of Nobody}, author={Knuth, Donald}, year={1984}}"""


@pytest.fixture
def store(environment: dict[str, str]) -> Iterator[Store]:
    """The command's own database: two papers, one of them saved, read, tagged and noted."""
    opened = Store(f"sqlite:///{Path(environment['QIAOJIN_DATA_DIR']) / 'qiaojin.sqlite3'}")
    with opened.write() as session:
        papers.keep(session, [
            fetched(LORA, title="LoRA at Work", abstract="Low-rank adapters.", day=DAY, authors=("Ada Lovelace",)),
            fetched(RAG, title="检索增强生成综述", day=DAY),
        ])  # fmt: skip
        readers.save(session, Reader("local", kind="local"))
        readers.save(session, Reader("5"))
        session.flush()
        library.set_state(session, "local", LORA, ReadingState.READ, NOW)
        library.set_tags(session, "local", LORA, ["lora"], NOW)
        library.set_note(session, "local", LORA, "再跑一次", NOW)
        library.save(session, "5", RAG, NOW)
    yield opened
    opened.close()


def listed(run: Run, *arguments: str) -> list[str]:  # noqa: F811
    return [paper["id"] for paper in run("saved", *arguments, "--json").json["papers"]]


def test_the_library_is_listed_for_people_and_for_programs(run: Run, store: Store) -> None:  # noqa: F811
    shown = run("saved").out
    assert shown.splitlines()[:4] == [
        "LoRA at Work", "Read · Ada Lovelace · #lora", "再跑一次", "https://arxiv.org/abs/2606.00011",
    ]  # fmt: skip
    (paper,) = run("saved", "--json").json["papers"]
    assert (paper["id"], paper["state"], paper["tags"], paper["note"]) == (LORA, "read", ["lora"], "再跑一次")
    assert paper["saved"] == NOW.isoformat()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verb", ["saved", "import", "export"])
def test_help_shows_an_example_and_leaves_no_key_untranslated(run: Run, verb: str, language: str) -> None:  # noqa: F811
    told = run(verb, "--help", "--language", language)
    assert told.status == 0
    assert f"qiaojin {verb}" in told.out
    assert not re.search(r"\b(option|help|example)\.\w+", told.out)


def test_the_list_is_narrowed_by_state_tag_and_words(run: Run, store: Store) -> None:  # noqa: F811
    assert listed(run, "--state", "read", "--tag", "#LoRA") == [LORA]
    assert listed(run, "低秩") == [LORA]
    assert listed(run, "再跑", "adapters") == [LORA]
    assert listed(run, "--state", "To Read") == listed(run, "--tag", "rag") == listed(run, "unheard") == []
    assert listed(run, "--reader", "5") == [RAG]
    assert "没有符合的论文" in run("--language", "zh", "saved", "unheard").out


def test_what_is_wrong_is_told_in_one_sentence(run: Run, store: Store, tmp_path: Path) -> None:  # noqa: F811
    run("saved", "--state", "done").assert_told(2, "to-read, reading, read, dropped")
    run("saved", "--reader", "nobody").assert_told(2, "nobody", "--reader")
    run("export", "--format", "docx").assert_told(2, "docx", "bib, ris, md, csv")
    run("export", "--output", str(tmp_path / "none" / "a.bib")).assert_told(2, "Cannot write")
    run("import", str(tmp_path / "none.bib")).assert_told(2, "Cannot read")
    run("import", "-", stdin=b"hello").assert_told(2, "no references")
    run("import", "-", stdin=b"2606.00001 " * 100_000).assert_told(2, "larger than 1 MB")


def test_a_file_is_imported_and_once_more_changes_nothing(
    run: Run, on_stub: Services, store: Store, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    file = tmp_path / "refs.bib"
    file.write_text(BIB, encoding="utf-8")
    told = run("import", str(file))
    assert told.status == 0
    assert told.out.splitlines()[:5] == [
        "3 entries",
        "⭐ 1 paper added",
        "☑️ 1 saved already",
        "❓ 1 not found:",
        "  • A Book of Nobody (Knuth, Donald, 1984)",
    ]
    again = run("import", str(file), "--json").json
    lost = {"title": "A Book of Nobody", "id": None, "authors": ["Knuth, Donald"], "year": 1984, "key": "c"}
    assert again == {"added": [], "already_saved": [LORA, "2606.00001"], "not_found": [lost], "not_asked": []}


def test_an_import_that_arxiv_did_not_answer_is_partial(run: Run, on_stub: Services, store: Store) -> None:  # noqa: F811
    on_stub.weather["api"] = httpx.Response(500)
    told = run("import", "-", stdin=BIB.encode())
    assert (told.status, "did not answer for 1 entry" in told.out) == (3, True)


def test_whoever_has_no_library_yet_gets_one(run: Run, on_stub: Services) -> None:  # noqa: F811
    on_stub.papers = [Written("2606.00001")]
    assert run("import", "-", "--json", stdin=b"2606.00001").json["added"] == ["2606.00001"]
    assert listed(run) == ["2606.00001"]


def test_the_library_is_written_out_in_each_format(run: Run, store: Store, tmp_path: Path) -> None:  # noqa: F811
    assert "eprint = {2606.00011}" in run("export").out
    assert "KW  - lora" in run("export", "--format", "ris").out
    file = tmp_path / "a.csv"
    assert "Exported to" in run("export", "--output", str(file)).out
    with file.open(encoding="utf-8-sig", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["id"], row["state"], row["tags"], row["note"]) == (LORA, "read", "lora", "再跑一次")


def test_what_was_exported_can_be_imported_by_another_reader(run: Run, store: Store) -> None:  # noqa: F811
    for form in ("bib", "ris", "md", "csv"):
        written = run("export", "--format", form).out.encode()
        done = json.loads(run("import", "-", "--reader", "5", "--json", stdin=written).out)
        assert LORA in done["added"] + done["already_saved"], form
        assert done["not_found"] == [], form
