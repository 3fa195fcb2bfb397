"""A digest's blocks in messages."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.render.packing import GAP, MOST_BLOCKS, MOST_PAPERS, Block, ends, lengths_of, packed
from bot.chat.render.parts import MOST_ENTITIES

BLOCKS = st.lists(
    st.builds(Block, st.just(""), st.integers(1, 2000), st.integers(0, 40), opens=st.booleans()),
    min_size=1,
    max_size=60,
)


def filled(blocks: Sequence[Block], limit: int, *, one_each: bool) -> list[int]:
    """Where messages end, found block by block."""
    found, part, size, marks = list[int](), 0, 0, 0
    for at, block in enumerate(blocks):
        size, marks = size + len(GAP) + block.size, marks + block.entities + 1
        full = size > limit or marks > MOST_ENTITIES or part > MOST_PAPERS
        if at > 1 and (full or (one_each and block.opens)):
            found.append(at)
            part, size, marks = 0, block.size, block.entities + 1
        part += 1
    return [*found, len(blocks)]


@given(BLOCKS, st.integers(1, 6000), st.booleans())
def test_a_message_is_as_full_as_it_gets(blocks: list[Block], limit: int, one_each: bool) -> None:
    assert ends(lengths_of(blocks, one_each=one_each), limit) == filled(blocks, limit, one_each=one_each)


@given(BLOCKS, st.booleans())
def test_evening_out_loses_no_block_and_makes_no_message_more(blocks: list[Block], one_each: bool) -> None:
    parts = packed(blocks, one_each=one_each)
    assert [block for part in parts for block in part] == blocks
    assert len(parts) == len(filled(blocks, MOST_BLOCKS, one_each=one_each))
