"""Gates: no span ever sees more than it may, and nobody waits longer than they must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.gates import ALL, Gate, Passed, lately, let_through

OVERALL = Gate(ALL, 5, 1.0)
MOMENTS = st.lists(st.tuples(st.floats(0, 2), st.lists(st.integers(0, 3), max_size=6)), max_size=30)


def queue_for(chats: list[int]) -> list[tuple[Gate, ...]]:
    return [(OVERALL, Gate(str(chat), 1, 0.5), Gate(str(chat), 3, 4.0)) for chat in chats]


@given(MOMENTS)
def test_no_span_sees_more_than_it_may(moments: list[tuple[float, list[int]]]) -> None:
    passed: Passed = {}
    let: list[tuple[float, str]] = []
    now = 0.0
    for wait, chats in moments:
        now += wait
        queue = queue_for(chats)
        passed |= lately(queue, passed, now)
        let += [(now, str(chats[position])) for position in let_through(queue, passed, now).positions]
    for name in ("", "0", "1", "2", "3"):
        times = [at for at, chat in let if name in ("", chat)]
        gates = [OVERALL] if not name else [Gate(name, 1, 0.5), Gate(name, 3, 4.0)]
        for gate in gates:
            assert all(sum(at <= other < at + gate.span for other in times) <= gate.most for at in times)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_whoever_asks_again_when_told_passes_in_the_end(chats: list[int]) -> None:
    passed: Passed = {}
    waiting, now = queue_for(chats), 0.0
    for _ in range(100):
        passage = let_through(waiting, passed, now)
        waiting = [gates for position, gates in enumerate(waiting) if position not in passage.positions]
        if not waiting:
            return
        assert passage.again > now
        now = passage.again
    raise AssertionError(f"{len(waiting)} wait for ever")


def test_who_comes_first_passes_first_and_a_shut_chat_holds_no_other() -> None:
    passed: Passed = {"7": [9.9]}
    assert let_through(queue_for([7, 8, 8, 9]), passed, 10.0).positions == (1, 3)


def test_while_all_are_held_nobody_passes() -> None:
    passage = let_through(queue_for([1, 2]), {}, 10.0, held_until=12.0)
    assert (passage.positions, passage.again) == ((), 12.0)


def test_what_lies_behind_every_span_is_forgotten() -> None:
    assert lately(queue_for([7]), {"": [1.0, 9.5], "7": [1.0, 7.0]}, 10.0) == {"": [9.5], "7": [7.0]}
