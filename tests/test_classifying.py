"""``qiaojin classify``: many lines on every core say what few lines in one process do, in their order."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot import classifying
from bot.classifier.model import Classifier
from bot.classifying import answers, chunks, cores, scores_json
from bot.errors import ModelError
from bot.rules import jsonlines
from bot.rules.export import judgement_json
from tests.classifier.papers import EVERYTHING

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "config" / "model.npz"


def line(number: int) -> bytes:
    paper = EVERYTHING[number % len(EVERYTHING)]
    return json.dumps({"id": f"ü{number}", "title": paper.title, "abstract": paper.abstract}).encode() + b"\n"


def some(count: int) -> list[bytes]:
    return [line(number) for number in range(count)]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "BATCH", 8)


def told(lines: Any, workers: int) -> str:
    return "".join(answer.text for answer in answers(lines, MODEL, workers))


def test_a_line_says_what_the_judgement_does() -> None:
    records = [jsonlines.read(each) for each in [*some(4), b'{"title": "", "abstract": "a \\"quoted\\" one"}']]
    judgements = Classifier.load(MODEL).judge(records)
    for text, record, judgement in zip(told(some(4), 1).splitlines(), records, judgements, strict=False):
        assert json.loads(text) == judgement_json(record.id, judgement)
    [text] = told([b'{"title": "", "abstract": "a \\"quoted\\" one"}'], 1).splitlines()
    assert json.loads(text) == judgement_json(None, judgements[4])


def test_scores_are_written_with_six_digits() -> None:
    [text] = scores_json(("data", "video"), np.array([[1.0, 0.0123456]]))
    assert text == '{"data": 1.000000, "video": 0.012346}'


@pytest.mark.usefixtures("small_chunks")
def test_more_processes_say_the_same_in_the_same_order() -> None:
    assert told(some(100), 2) == told(some(100), 1)
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("small_chunks")
def test_a_spawned_worker_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = told(some(40), 1)
    monkeypatch.setattr(classifying, "HOW", "spawn")
    assert told(some(40), 2) == expected


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("workers", [1, 2])
def test_bad_lines_are_told_by_their_number_across_chunks(workers: int) -> None:
    lines = some(90)
    for number in (1, 9, 40, 90):
        lines[number - 1] = b"{oops\n"
    lines[20:29] = [b"\n"] * 9
    found = list(answers(lines, MODEL, workers))
    assert [one.number for answer in found for one in answer.complaints] == [1, 9, 40, 90]
    assert sum(answer.papers for answer in found) == 90 - 4 - 9


def test_few_lines_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "started", lambda workers: pytest.fail("a process was started"))
    assert len(told(some(classifying.ALONE * jsonlines.BATCH), 2).splitlines()) == classifying.ALONE * jsonlines.BATCH


def test_nothing_in_is_nothing_out() -> None:
    assert list(answers([], MODEL, 2)) == []


def test_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no model at"):
        next(answers(some(1), tmp_path / "none.npz"))


@pytest.mark.usefixtures("small_chunks")
def test_no_process_is_left_when_the_reader_stops() -> None:
    reading = answers(iter(some(400)), MODEL, 2)
    for _ in range(classifying.ALONE + 2):
        next(reading)
    assert multiprocessing.active_children()
    reading.close()
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("small_chunks")
def test_little_is_read_ahead_of_what_is_told() -> None:
    read = 0

    def counted() -> Iterator[bytes]:
        nonlocal read
        for each in some(2000):
            read += 1
            yield each

    reading = answers(counted(), MODEL, 2)
    for number, _ in enumerate(reading, start=1):
        assert read <= (number + 2 * classifying.IN_FLIGHT) * jsonlines.BATCH
        if number == 40:
            break
    reading.close()


def test_long_lines_make_short_chunks() -> None:
    sizes = [len(chunk.lines) for chunk in chunks([b"x" * classifying.CHUNK_BYTES] * 3)]
    assert sizes == [1, 1, 1]
    assert [chunk.first for chunk in chunks([b"\n"] * (jsonlines.BATCH + 1))] == [1, jsonlines.BATCH + 1]


# --- as a command -----------------------------------------------------------------------------------------------------

needs_two_cores = pytest.mark.skipif(sys.platform != "linux" or cores() < 2, reason="it takes two cores and /proc")


def endless(tmp_path: Path) -> subprocess.Popen[bytes]:
    """The command in a session of its own, with more papers than anybody waits for and workers that have begun."""
    papers = tmp_path / "papers.jsonl"
    papers.write_bytes(b"".join(some(400)) * 250)
    with (tmp_path / "out").open("wb") as out, (tmp_path / "err").open("wb") as err:
        command = [sys.executable, "-m", "bot", "classify", str(papers)]
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=ROOT, start_new_session=True)
    until(lambda: len(alive(process.pid)) >= 3 and (tmp_path / "out").stat().st_size > 1_000_000)
    return process


def until(happened: Any) -> None:
    end = time.monotonic() + 90
    while not happened():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def alive(session: int) -> list[int]:
    """The processes of a session that are no zombies."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@needs_two_cores
def test_ctrl_c_leaves_no_process_and_no_traceback(tmp_path: Path) -> None:
    process = endless(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) != 0
    until(lambda: not alive(process.pid))
    assert "Traceback" not in (tmp_path / "err").read_text()


@needs_two_cores
@pytest.mark.parametrize("deadly", [signal.SIGTERM, signal.SIGKILL])
def test_workers_leave_with_a_parent_that_is_killed(tmp_path: Path, deadly: signal.Signals) -> None:
    process = endless(tmp_path)
    process.send_signal(deadly)
    process.wait(timeout=60)
    until(lambda: not alive(process.pid))


@needs_two_cores
def test_a_reader_that_leaves_leaves_no_process_and_no_complaint(tmp_path: Path) -> None:
    papers = tmp_path / "papers.jsonl"
    papers.write_bytes(b"".join(some(400)) * 20)
    command = [sys.executable, "-m", "bot", "classify", str(papers)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    until(lambda: not alive(process.pid))


@needs_two_cores
def test_it_starts_without_what_it_does_not_need() -> None:
    code = (
        "import sys, bot.classifying; print({'sqlmodel', 'httpx', 'sklearn', 'scipy', 'telegram'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"
