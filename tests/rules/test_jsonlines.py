"""Papers as JSON lines: each bad line is complained about by its number and stops nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.jsonlines import BATCH, Record, batches, read

GOOD = b'{"id": "1", "title": "A", "abstract": "B"}'


def test_what_is_not_judged_may_be_of_any_form() -> None:
    line = {"id": "2606.01234", "title": "A", "abstract": "B"}
    for more in ({}, {"categories": ["cs.CL"]}, {"categories": "cs.CL cs.LG", "authors": {"a": 1}}):
        assert read(json.dumps({**line, **more}).encode()) == Record("2606.01234", "A", "B")


def test_an_id_may_be_missing() -> None:
    assert read(b'{"title": "A", "abstract": "B"}').id is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"not json", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[1]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (b'{"title": "A"}', "abstract"),
        (b'{"title": 5, "abstract": "B"}', "title"),
        (b'{"title": "A", "abstract": null}', "abstract"),
        (b'{"id": 5, "title": "A", "abstract": "B"}', "id"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_stops_nothing(line: bytes, why: str) -> None:
    (batch,) = batches([GOOD, line, GOOD])
    assert len(batch.records) == 2
    (complaint,) = batch.complaints
    assert complaint.number == 2
    assert why in complaint.why


@pytest.mark.parametrize(
    "line",
    [
        b'{"title": "A", "abstract": "B", "score": NaN}',
        b'{"title": "A \\ud800", "abstract": "B"}',
        b'\xef\xbb\xbf{"title": "A", "abstract": "B"}',
        '{"title": "A", "abstract": "B"}'.encode("utf-16"),
        b'{"title": "x", "title": "A", "abstract": "B", "large": 123456789012345678901234567890}',
    ],
)
def test_what_pythons_own_reader_takes_is_taken(line: bytes) -> None:
    told = json.loads(line)
    assert read(line)[:3] == (None, told["title"], "B")


def test_empty_lines_are_passed_over_but_counted() -> None:
    (batch,) = batches([b"\n", b"  \n", b"x"])
    assert [complaint.number for complaint in batch.complaints] == [3]


def test_lines_come_in_batches_in_their_order() -> None:
    lines = (json.dumps({"id": str(n), "title": "", "abstract": ""}).encode() for n in range(BATCH + 3))
    read_ = list(batches(lines))
    assert [len(batch.records) for batch in read_] == [BATCH, 3]
    assert [record.id for batch in read_ for record in batch.records] == [str(n) for n in range(BATCH + 3)]


def test_nothing_gives_nothing() -> None:
    assert list(batches([])) == []


@given(st.lists(st.binary(max_size=30) | st.just(GOOD)))
def test_every_line_is_a_record_or_a_complaint(lines: list[bytes]) -> None:
    found = list(batches(lines))
    assert sum(len(batch.records) + len(batch.complaints) for batch in found) == sum(
        bool(line.strip()) for line in lines
    )
