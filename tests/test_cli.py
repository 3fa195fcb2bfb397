"""The command: what it prints, in which language, and with which status it ends. Never a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

import bot.app
import bot.cli
from bot.app import load_directions
from bot.settings import load_settings
from bot.wording import Language, Words
from tests.fakes import DAY, Services, Written, listing, stub_kit

ROOT = Path(__file__).resolve().parents[1]
VERBS = ("today", "collect", "classify", "search", "paper", "status", "directions")
SLUGS = [direction.slug for direction in load_directions()]
LORA = Written(
    "2606.00001", "LoRA with Less Memory", "We propose low-rank adaptation, a parameter-efficient fine-tuning."
)
YESTERDAY = Written("2606.00004", "Old News", submitted=datetime(2026, 6, 15, 12, tzinfo=UTC))
DOWN = httpx.Response(500)


@dataclass
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def assert_told(self, status: int, *words: str) -> None:
        """It ended with one clear sentence on standard error and no traceback."""
        assert self.status == status, self.err
        assert "Traceback" not in self.out + self.err
        line = self.err.strip()
        assert line
        assert "\n" not in line
        assert all(word in line for word in words), line


Run = Callable[..., Ran]
built = bot.cli.command_in


@cache
def command_in(language: Language) -> Any:
    """The command as ``bot.cli`` builds it, once for each language and not at each start."""
    return built(Words(language))


@pytest.fixture
def run(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("today", "--sample", QIAOJIN_LANGUAGE="zh")``: the command in this process."""

    def go(*arguments: str, stdin: bytes = b"", **changes: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in {**environment, **changes}.items():
                patch.setenv(name, value)
            patch.setattr(bot.cli, "command_in", lambda words: command_in(words.language))
            patch.setattr(sys, "argv", ["qiaojin", *arguments])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            with pytest.raises(SystemExit) as ended:
                bot.cli.main()
        output = capsys.readouterr()
        return Ran(int(ended.value.code or 0), output.out, output.err)

    return go


@pytest.fixture
def on_stub(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The command asks stub services: one paper today, one of yesterday, one vote."""
    services.papers = [LORA, YESTERDAY]
    services.listed = {DAY: [listing(LORA, upvotes=12)]}

    def opened(settings, *, progress=None, transport=None):
        return stub_kit(settings, transport or services.transport())

    monkeypatch.setattr(bot.app, "open_kit", opened)
    return services


# --- the command as it is installed -------------------------------------------------------------------------------


def installed(*arguments: str, stdin: bytes = b"", **environment: str) -> Ran:
    """``python -m bot`` in a process of its own that inherits nothing."""
    clean = {"PATH": os.defpath, "PYTHONWARNINGS": "error", **environment}
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments], cwd=ROOT, env=clean, input=stdin, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_the_sample_day_is_printed_in_the_terminals_language_and_nothing_is_left(tmp_path: Path) -> None:
    ran = installed("today", "--sample", HOME=str(tmp_path), LANG="zh_CN.UTF-8", PYTHONUTF8="1")
    assert ran.status == 0, ran.err
    assert ran.err == ""
    assert "6月17日" in ran.out.splitlines()[0]
    assert "https://arxiv.org/abs/26" in ran.out
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_that_knows_only_ascii_is_no_reason_to_fall(tmp_path: Path) -> None:
    ran = installed(
        "--language", "zh", "today", "--sample", HOME=str(tmp_path), LC_ALL="POSIX", PYTHONIOENCODING="ascii"
    )
    assert "Traceback" not in ran.err


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m bot directions | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, env={"PATH": os.defpath, "HOME": str(tmp_path)},
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


@pytest.mark.parametrize(
    ("locale", "title"), [("zh_CN.UTF-8", "6月17日"), ("en_US.UTF-8", "Wednesday 17 June"), ("C", "Wednesday 17 June")]
)
def test_every_terminal_is_spoken_to_in_its_language(run: Run, tmp_path: Path, locale: str, title: str) -> None:
    before = set(tmp_path.iterdir())
    ran = run("today", "--sample", LANG=locale)
    assert (ran.status, ran.err) == (0, "")
    assert title in ran.out.splitlines()[0]
    assert set(tmp_path.iterdir()) == before


# --- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verb", VERBS)
def test_help_shows_an_example_and_leaves_no_key_untranslated(run: Run, verb: str, language: str) -> None:
    ran = run(verb, "--help", "--language", language)
    assert ran.status == 0
    assert f"qiaojin {verb}" in ran.out
    assert ("例：" if language == "zh" else "Example:") in ran.out
    assert not re.search(r"\b(option|help|example)\.\w+", ran.out)
    assert (re.search(r"[\u4e00-\u9fff]{4}", ran.out) is not None) == (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_lists_every_verb(run: Run, language: str) -> None:
    ran = run(f"--language={language}", "--help")
    assert ran.status == 0
    assert all(verb in ran.out for verb in VERBS)


def test_without_a_verb_it_helps(run: Run) -> None:
    ran = run()
    assert "today" in ran.out + ran.err
    assert run("--version").out.startswith("qiaojin ")


def test_wrong_usage_is_status_two(run: Run) -> None:
    for arguments in (["nonsense"], ["today", "--nonsense"], ["today", "--limit", "0"], ["today", "--limit", "x"]):
        ran = run(*arguments)
        assert ran.status == 2, arguments
        assert "Traceback" not in ran.err
    run("--language", "fr", "today").assert_told(2, "fr")
    run("--language").assert_told(2)


# --- today --------------------------------------------------------------------------------------------------------


def test_today_prints_title_reason_and_address(run: Run, on_stub: Services) -> None:
    ran = run("today", "--direction", "peft")
    assert ran.status == 0
    for part in (LORA.title, "Ada Lovelace", "♥ 12", "Because:", f"https://arxiv.org/abs/{LORA.id}", "arxiv-feed ✓"):
        assert part in ran.out


def test_json_is_one_object_of_the_promised_shape(run: Run) -> None:
    ran = run("today", "--sample", "--json")
    assert ran.status == 0
    told = ran.json
    assert {"day", "complete", "sources", "papers_read", "directions"} <= set(told)
    assert (told["day"], told["complete"]) == ("2026-06-17", True)
    assert [source["name"] for source in told["sources"]] == ["arxiv-feed", "huggingface"]
    for source in told["sources"]:
        assert {"name", "state", "fetched", "new", "updated", "skipped", "error"} <= set(source)
        assert source["state"] in {"ok", "unchanged", "partial", "failed"}
    assert [direction["slug"] for direction in told["directions"]] == SLUGS
    for direction in told["directions"]:
        assert isinstance(direction["name"], str)
        assert len(direction["papers"]) <= 5
        for paper in direction["papers"]:
            assert set(paper) >= {
                "id", "version", "title", "authors", "url", "probability", "evidence", "key_sentence", "upvotes",
                "code_url", "announced", "sources",
            }  # fmt: skip
            assert all(set(evidence) == {"term", "weight"} for evidence in paper["evidence"])
            assert 0 <= paper["probability"] <= 1
    assert told["papers_read"] > 50


def test_the_limit_counts_papers_of_one_direction(run: Run) -> None:
    told = run("today", "--sample", "--json", "--limit", "1").json
    assert {len(direction["papers"]) for direction in told["directions"]} <= {0, 1}
    assert sum(len(direction["papers"]) for direction in told["directions"]) > 5


def levels(told: Any) -> set[str]:
    return {paper["compute"]["level"] for direction in told["directions"] for paper in direction["papers"]}


def test_today_shows_only_what_a_reader_can_afford(run: Run) -> None:
    assert {"low", "medium"} <= levels(run("today", "--sample", "--json").json)
    assert levels(run("today", "--sample", "--json", "--compute", "low").json) <= {"low", "unknown"}
    assert levels(run("today", "--sample", "--json", QIAOJIN_DIGEST_COMPUTE="low").json) <= {"low", "unknown"}
    assert run("today", "--sample", "--compute", "lots").status == 2


OWN_DIRECTION = """
[[direction]]
slug = "tokenizers"
name = "Tokenizers"
about = "How text is cut into tokens."
phrases = ["tokenizer"]
examples = ["2606.00004"]
"""


def test_a_direction_of_ones_own_has_papers_at_once(run: Run, on_stub: Services, environment: dict[str, str]) -> None:
    shipped = (ROOT / "config" / "directions.toml").read_text(encoding="utf-8")
    config = Path(environment["QIAOJIN_CONFIG_DIR"])
    config.mkdir(parents=True)
    (config / "directions.toml").write_text(shipped + OWN_DIRECTION, encoding="utf-8")
    on_stub.papers.append(Written("2606.00005", "A Fair Tokenizer", "A tokenizer that cuts forty languages alike."))
    told = run("today", "--json", "--direction", "tokenizers").json
    assert [paper["id"] for paper in told["directions"][0]["papers"]] == ["2606.00005"]
    assert run("paper", "2606.00004", "--json").json["title"] == YESTERDAY.title, "its example was looked up"


@pytest.mark.parametrize("name", ["peft", "高效微调", "LoRA", "Parameter-efficient fine-tuning", "peftt"])
def test_a_direction_goes_by_any_of_its_names(run: Run, on_stub: Services, name: str) -> None:
    told = run("today", "--json", "--direction", name).json
    assert [direction["slug"] for direction in told["directions"]] == ["peft"]


def test_several_directions_stand_in_the_order_they_were_named(run: Run, on_stub: Services) -> None:
    told = run("today", "--json", "--direction", "video", "--direction", "peft", "--direction", "视频").json
    assert [direction["slug"] for direction in told["directions"]][:2] == ["video", "peft"]


def test_an_unknown_direction_is_refused_with_near_names_before_anything_is_asked(run: Run, on_stub: Services) -> None:
    ran = run("today", "--direction", "evalxyz")
    ran.assert_told(2, "evalxyz", "evaluation")
    assert on_stub.calls == []


def test_a_second_run_says_that_nothing_is_new(run: Run, on_stub: Services) -> None:
    assert [source["new"] for source in run("today", "--json").json["sources"]] == [1, 0]
    again = run("today", "--json")
    assert again.status == 0
    assert [(source["new"], source["updated"]) for source in again.json["sources"]] == [(0, 0), (0, 0)]
    assert again.json["papers_read"] == 1


def test_a_partial_day_is_status_three_and_names_what_is_missing(run: Run, on_stub: Services) -> None:
    on_stub.weather["hf"] = DOWN
    ran = run("today")
    assert ran.status == 3
    assert "huggingface" in ran.out
    assert "Not complete" in ran.out
    assert run("today", "--json").json["complete"] is False
    on_stub.weather.clear()
    assert run("today").status == 0


def test_where_nothing_could_be_had_it_is_status_one(run: Run, on_stub: Services) -> None:
    on_stub.weather |= {"feed": DOWN, "api": DOWN, "hf": DOWN}
    assert run("today").status == 1
    told = run("today", "--json")
    assert told.status == 1
    assert {source["state"] for source in told.json["sources"]} == {"failed"}
    assert run("collect").status == 1


def test_a_failed_feed_is_status_zero_if_the_api_gave_the_whole_day(run: Run, on_stub: Services) -> None:
    on_stub.weather["feed"] = DOWN
    assert run("today").status == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["today", "--day", "2026-06-18"], "2026-06-18"),
        (["today", "--day", "9999-12-31"], "9999-12-31"),
        (["today", "--day", "yesterday"], "yesterday"),
        (["today", "--day", "2026-02-30"], "2026-02-30"),
        (["today", "--day", ""], "YYYY-MM-DD"),
        (["collect", "--since", "2026-06-17", "--until", "2026-06-01"], "2026-06-01"),
        (["collect", "--until", "2026-06-01"], "--since"),
        (["collect", "--day", "2026-06-17", "--since", "2026-06-01"], "--day"),
        (["collect", "--since", "2026-07-01"], "2026-07-01"),
        (["paper", "no id at all"], "no id at all"),
        (["classify", "/no/such/file"], "/no/such/file"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_status_two(
    run: Run, on_stub: Services, arguments: list[str], word: str, language: str
) -> None:
    run(*arguments, "--language", language).assert_told(2, word)
    assert on_stub.calls == []


def test_a_very_old_day_is_no_reason_to_fall(run: Run, on_stub: Services) -> None:
    for day in ("0001-01-01", "0001-01-03", "1970-01-01"):
        ran = run("today", "--day", day)
        assert ran.status in {0, 2}, day


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_data_folder_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path, language: str) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = run("today", "--language", language, QIAOJIN_DATA_DIR=str(tmp_path / "file" / "data"))
    ran.assert_told(1, "QIAOJIN_DATA_DIR", str(tmp_path / "file"))


def test_a_newer_database_is_one_sentence(run: Run, on_stub: Services, environment: dict[str, str]) -> None:
    import sqlite3

    run("collect")
    connection = sqlite3.connect(Path(environment["QIAOJIN_DATA_DIR"]) / "qiaojin.sqlite3")
    connection.execute("update alembic_version set version_num = '9999'")
    connection.commit()
    connection.close()
    run("today").assert_told(1, "9999")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QIAOJIN_DIGEST_LIMIT", "many"),
        ("QIAOJIN_CATEGORYS", "cs.CL"),
        ("QIAOJIN_NOW", "soon"),
        ("QIAOJIN_HF_URL", "ftp://x"),
    ],
)
def test_a_wrong_setting_stops_the_command_with_its_name(run: Run, name: str, value: str) -> None:
    run("today", **{name: value}).assert_told(2, name)


# --- the other verbs ----------------------------------------------------------------------------------------------


def test_collect_prints_a_table_of_sources(run: Run, on_stub: Services) -> None:
    ran = run("collect")
    assert ran.status == 0
    for column in ("source", "fetched", "new", "updated", "skipped", "seconds", "state"):
        assert column in ran.out
    assert "arxiv-feed" in ran.out
    assert "huggingface" in ran.out


def test_collect_since_takes_every_day(run: Run, on_stub: Services) -> None:
    told = run("collect", "--since", "2026-06-15", "--json").json
    assert (told["first_day"], told["last_day"], told["complete"]) == ("2026-06-15", "2026-06-17", True)
    assert run("status", "--json").json["papers"] == 2


GOOD = {"id": "1", "title": "LoRA", "abstract": "Low-rank adaptation for parameter-efficient fine-tuning."}


def lines(*values: Any) -> bytes:
    return b"".join((value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n" for value in values)


@pytest.mark.parametrize("by_file", [True, False])
def test_classify_answers_line_by_line_and_complains_of_bad_ones(run: Run, tmp_path: Path, by_file: bool) -> None:
    body = lines(GOOD, b"{oops", {**GOOD, "id": "3", "categories": ["cs.CL"]}, {"id": "4"})
    (tmp_path / "papers.jsonl").write_bytes(body)
    ran = run("classify", str(tmp_path / "papers.jsonl")) if by_file else run("classify", stdin=body)
    assert ran.status == 0
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["id"] for answer in told] == ["1", "3"]
    for answer in told:
        assert {"id", "directions", "scores"} <= set(answer)
        assert set(answer["scores"]) == set(SLUGS)
        assert all(0 <= score <= 1 for score in answer["scores"].values())
        assert "peft" in [direction["slug"] for direction in answer["directions"]]
        for direction in answer["directions"]:
            assert {"slug", "probability", "evidence"} <= set(direction)
            assert direction["evidence"]
            assert all(set(evidence) == {"term", "weight"} for evidence in direction["evidence"])
    complaints = ran.err.splitlines()
    assert len(complaints) == 2
    assert "2" in complaints[0]
    assert "4" in complaints[1]


def test_a_dash_is_standard_input(run: Run) -> None:
    assert json.loads(run("classify", "-", stdin=lines(GOOD)).out)["id"] == "1"


def test_an_empty_input_is_no_error(run: Run) -> None:
    ran = run("classify", stdin=b"\n\n")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_a_file_that_is_not_json_lines_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\n\x00\xff")
    ran = run("classify", str(tmp_path / "picture.png"))
    assert ran.status == 2
    assert "picture.png" in ran.err
    assert "Traceback" not in ran.err
    run("classify", str(tmp_path)).assert_told(2, str(tmp_path))


def test_search_finds_what_was_collected(run: Run, on_stub: Services) -> None:
    run("collect")
    told = run("search", "less", "memory", "--json").json
    assert [paper["id"] for paper in told["papers"]] == [LORA.id]
    assert {"id", "title", "score"} <= set(told["papers"][0])
    assert LORA.title in run("search", "memo").out
    assert LORA.title in run("search", "--limit", "3", "memory", "-zebra").out
    without = run("search", "memory", "-less", "--page", "1", "--json").json
    assert (without["papers"], without["query"]) == ([], "memory -less")
    nothing = run("search", "zebra")
    assert nothing.status == 0
    assert "Nothing found" in nothing.out
    told = run("search", "zebra", "--json").json
    assert (told["papers"], told["total"], told["query"]) == ([], 0, "zebra")


@pytest.mark.parametrize("asked", [LORA.id, f"arXiv:{LORA.id}v1", f"https://arxiv.org/abs/{LORA.id}"])
def test_paper_shows_one_paper_with_its_reasons(run: Run, on_stub: Services, asked: str) -> None:
    ran = run("paper", asked)
    assert ran.status == 0
    for part in (LORA.title, "low-rank adaptation", f"{LORA.id}v1"):
        assert part in ran.out
    told = run("paper", asked, "--json").json
    assert (told["id"], told["withdrawn"]) == (LORA.id, False)
    assert "peft" in [direction["slug"] for direction in told["directions"]]


def test_paper_says_what_speaks_against_a_direction(run: Run, on_stub: Services) -> None:
    ran = run("paper", LORA.id, "--direction", "rag", QIAOJIN_LANGUAGE="zh")
    assert "不利于归入的词" in ran.out
    [doubt] = run("paper", LORA.id, "--direction", "rag", "--json").json["doubts"]
    assert (doubt["slug"], doubt["belongs"]) == ("rag", False)
    assert doubt["against"][0]["weight"] < 0
    [belonging] = run("paper", LORA.id, "--direction", "LoRA", "--json").json["doubts"]
    assert belonging["belongs"]


def test_a_paper_that_nobody_knows_and_one_that_cannot_be_asked_for(run: Run, on_stub: Services) -> None:
    run("paper", "2606.99999").assert_told(2, "2606.99999")
    on_stub.weather["api"] = DOWN
    run("paper", "2606.99998").assert_told(1)


def test_status_of_nothing_and_of_something(run: Run, on_stub: Services) -> None:
    assert run("status").status == 0
    assert run("status", "--json").json["papers"] == 0
    on_stub.weather["hf"] = DOWN
    run("collect")
    told = run("status", "--json").json
    assert told["papers"] == 1
    assert told["runs"][0]["complete"] is False
    (hf,) = [source for source in told["sources"] if source["name"] == "huggingface"]
    assert hf["failures_in_a_row"] == 1
    printed = run("status")
    assert printed.status == 0
    assert "huggingface" in printed.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_directions_lists_all_twenty_in_their_order(run: Run, language: str) -> None:
    ran = run("directions", "--language", language)
    assert ran.status == 0
    assert ("高效微调" if language == "zh" else "Parameter-efficient") in ran.out
    told = run("directions", "--json").json
    assert [direction["slug"] for direction in told["directions"]] == SLUGS


# --- hostile text -------------------------------------------------------------------------------------------------

STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200f]")
"""What moves a cursor, changes a colour or turns the direction of writing; a new line is ours."""

HOSTILE = (
    "LoRA \x9b31m \u202e gnp.exe [bold red]X[/bold red] [link=https://evil.example]here[/link] [/] :smile: \x85 "
    "fine-tuning"
)


def test_foreign_text_never_steers_the_terminal(run: Run, on_stub: Services) -> None:
    hostile = Written(
        "2606.00099", HOSTILE, f"We propose parameter-efficient fine-tuning, low-rank adaptation {HOSTILE}."
    )
    fields = {
        "githubRepo": "https://github.com/a/b\x9b31m\u202e",
        "authors": [{"name": HOSTILE}],
        "ai_summary": HOSTILE,
    }
    on_stub.papers = []
    on_stub.listed = {DAY: [listing(hostile, **fields)]}
    on_stub.weather["feed"] = on_stub.feed_of(DAY, set())
    on_stub.weather["api"] = httpx.Response(400, content=b"\x1b[31mboo\x9b31m")
    shown = [
        run("today", "--direction", "peft"),
        run("paper", hostile.id),
        run("search", "smile"),
        run("status"),
        run("collect"),
    ]
    for ran in shown:
        assert not STEERING.search(ran.out + ran.err), ran
    assert "[bold red]X[/bold red]" in shown[1].out
    assert ":smile:" in shown[1].out


def test_a_blogs_words_never_steer_the_terminal(run: Run, on_stub: Services, environment: dict[str, str]) -> None:
    from tests.sources.bodies import atom

    address = "https://lab.example/feed"
    on_stub.blogs[address] = atom(*(
        f"<entry><title>[red]Hi[/red] \x9b31m \u202e</title><link href='https://lab.example/{end}'/><id>x</id></entry>"
        for end in ("fine", "\u202e\x9b1")
    ))  # fmt: skip
    ran = run("today", QIAOJIN_FEEDS=address)
    assert ran.status == 0
    assert "[red]Hi[/red]" in ran.out
    assert not STEERING.search(ran.out), ran.out


def test_the_settings_of_these_tests_are_settings(environment: dict[str, str]) -> None:
    assert load_settings(environment).now == datetime(2026, 6, 17, 16, tzinfo=UTC)
