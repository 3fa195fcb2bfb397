from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.ids import ARXIV_ID, find_ids, find_linked_ids, is_id, split_version


@pytest.mark.parametrize(
    "good", ["2606.01234", "0704.0001", "1412.9999", "1501.00001", "cs/0112017", "hep-th/9901001", "math.GT/0309136"]
)
def test_ids_are_known(good: str) -> None:
    assert ARXIV_ID.fullmatch(good)
    assert is_id(good)
    assert is_id(f"{good}v12")


@pytest.mark.parametrize(
    "bad",
    ["", "abc", "2606.1234", "1412.12345", "2613.01234", "2600.01234", "0703.0001", "2606.012345", "12606.01234",
     "xx/0112017", "cs/0113017", "2606.01234v0", "2606.01234v", "2606.01234 ", "2606.01234\n",
     "２６０６.01234", "arXiv:2606.01234"],
)  # fmt: skip
def test_other_things_are_not(bad: str) -> None:
    assert not is_id(bad)
    with pytest.raises(ValueError, match="not an arXiv id"):
        split_version(bad)


def test_a_version_is_split_off() -> None:
    assert split_version("2606.01234v2") == ("2606.01234", 2)
    assert split_version("2606.01234") == ("2606.01234", 1)
    assert split_version("math.GT/0309136v3") == ("math/0309136", 3)


@pytest.mark.parametrize(
    "text",
    [
        "2606.01234",
        "arXiv:2606.01234v3",
        "see arxiv 2606.01234.",
        "(2606.01234)",
        "https://arxiv.org/abs/2606.01234",
        "https://arxiv.org/pdf/2606.01234v2.pdf",
        "http://export.arxiv.org/html/2606.01234v1#S3",
        "https://huggingface.co/papers/2606.01234?x=1",
        "https://www.alphaxiv.org/abs/2606.01234",
        "https://doi.org/10.48550/arXiv.2606.01234",
        "论文2606.01234很好",
        "paper_2606.01234.pdf",
        "2606.01234 and again 2606.01234v2, ARXIV:2606.01234",
    ],
)
def test_ids_are_found_in_text(text: str) -> None:
    assert find_ids(text) == ["2606.01234"]


def test_ids_are_found_in_order_and_old_ones_too() -> None:
    text = "first cs.CL/0112017v1, then 2606.01234; see https://arxiv.org/abs/hep-th/9901001 and cs/0112017"
    assert find_ids(text) == ["cs/0112017", "2606.01234", "hep-th/9901001"]


@pytest.mark.parametrize(
    "text",
    ["12606.01234", "2606.012345", "1.2606.01234", "2606.01234.5", "x2606.01234", "2606.01234abc", "2606.01234%",
     "12,2606.01234", "2606.1234", "3.14159", "2026.06", "127.0.0.1",
     "1e2606.01234", "and/0112017", "xcs/0112017", "cs/01120179"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert find_ids(text) == []


def test_links_are_told_from_mentions() -> None:
    text = "2606.00001, https://arxiv.org/abs/2606.00002v1 and hf.co, https://huggingface.co/papers/2606.00003"
    assert find_linked_ids(text) == ["2606.00002", "2606.00003"]


@given(st.text(st.sampled_from("0123456789.v/cs,- arxivoghp")))
def test_what_is_found_is_an_id(text: str) -> None:
    assert all(ARXIV_ID.fullmatch(found) for found in find_ids(text))
