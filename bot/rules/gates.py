"""How many may pass in how long: Telegram's limits as arithmetic, for one process's memory or a row of the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

ALL = ""
"""The name under which every passage is noted, wherever it led."""
Passed = dict[str, list[float]]
"""When somebody passed lately, in seconds, oldest first, by name."""


class Gate(NamedTuple):
    """Lets at most ``most`` through in ``span`` seconds of all who are noted under ``name``."""

    name: str
    most: int
    span: float

    def opens(self, passed: Passed, now: float) -> float:
        """When the next one may pass."""
        recent = [at for at in passed.get(self.name, ()) if at > now - self.span]
        return now if len(recent) < self.most else recent[-self.most] + self.span


@dataclass(frozen=True, slots=True)
class Passage:
    """Who passed, as positions in the queue, and when it is worth asking again, at the latest."""

    positions: tuple[int, ...]
    again: float


def let_through(queue: Sequence[Sequence[Gate]], passed: Passed, now: float, held_until: float = 0.0) -> Passage:
    """Let those pass whose gates are all open, in their order, and note them in ``passed``.

    The first gate of each is the one for all: where that is shut, whoever stands behind waits too.
    """
    let, again = list[int](), list[float]()
    for position, gates in enumerate(queue):
        overall = max(held_until, gates[0].opens(passed, now))
        if overall > now:
            again.append(overall)
            break
        opens = max(gate.opens(passed, now) for gate in gates)
        if opens > now:
            again.append(opens)
            continue
        let.append(position)
        for name in dict.fromkeys(gate.name for gate in gates):
            passed.setdefault(name, []).append(now)
    return Passage(tuple(let), min(again, default=now))


def lately(queue: Sequence[Sequence[Gate]], passed: Passed, now: float) -> Passed:
    """What of ``passed`` still counts for those gates; a list may be empty."""
    spans: dict[str, float] = {}
    for gate in (gate for gates in queue for gate in gates):
        spans[gate.name] = max(gate.span, spans.get(gate.name, 0.0))
    return {name: [at for at in passed.get(name, ()) if at > now - span] for name, span in spans.items()}
