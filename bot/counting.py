"""What this process has done so far, counted in memory: for ``/metrics`` and ``/readyz``.

    counting.note("telegram_errors", kind="RetryAfter")     something happened once more
    counting.observe("model_seconds", 0.2)                  something took so long; `timed` measures it
    counting.expect("clock", within=180.0)                  a part begins that gives a sign of life at least so often
    counting.beat("clock")                                  … and gives one
    counting.put("holds_clock", 1)                          how something stands now

What stands in the database is not counted here but read from there (``store/figures.py``).
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "updates": ("Updates from Telegram that were taken in.", ("kind",)),
    "deliveries": ("Messages of the outbox by what became of them in this process.", ("kind", "outcome")),
    "telegram_errors": ("Calls to Telegram that failed, each try by itself.", ("kind",)),
    "back_offs": ("Answers of arXiv, Hugging Face or a blog that asked to come back later.", ("host",)),
    "source_errors": ("Tries to fetch something that failed for another reason.", ("host", "kind")),
    "judged_papers": ("Papers that the classifier has judged.", ()),
    "web_requests": ("Requests that the web part has answered.", ("route", "status")),
}
"""By name: what is counted, and the labels that tell one kind from another."""
TIMINGS: Mapping[str, str] = {
    "model_seconds": "Time that the classifier took for one batch of papers.",
    "run_seconds": "Time that a run of collecting took.",
    "web_seconds": "Time that the web part took for an answer.",
}
LEVELS: Mapping[str, str] = {
    "holds_clock": "Whether this process is the one that collects and decides (1) or not (0).",
}
BOUNDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Seconds: the upper bounds between which observations are counted."""

Labels = tuple[str, ...]


@dataclass
class Timing:
    """Observations so far: how many were at most each of ``BOUNDS`` and longer than the one before, and their sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass
class Pulse:
    """A part that gives signs of life: at least one ``within`` so many seconds; ``at`` is the last one's moment."""

    within: float
    at: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was counted, at one moment."""

    counters: Mapping[str, Mapping[Labels, float]]
    timings: Mapping[str, tuple[tuple[int, ...], float]]
    levels: Mapping[str, float]
    silences: Mapping[str, tuple[float, float]]
    """By part: for how many seconds it has been silent, and for how many it may be."""


class Counts:
    """One process's counts; any thread may add to them."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic):
        self.monotonic = monotonic
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        with self.lock:
            self.counters: dict[str, dict[Labels, float]] = {name: {} for name in COUNTERS}
            self.timings = {name: Timing() for name in TIMINGS}
            self.levels = dict.fromkeys(LEVELS, 0.0)
            self.pulses: dict[str, Pulse] = {}

    def note(self, name: str, amount: float = 1, **labels: str) -> None:
        """Count ``amount`` more of ``name``, which with its labels must be one of ``COUNTERS``."""
        key = tuple(labels.pop(label) for label in COUNTERS[name][1])
        if labels:
            raise KeyError(f"{name} has no label {', '.join(labels)}")
        with self.lock:
            kept = self.counters[name]
            kept[key] = kept.get(key, 0) + amount

    def observe(self, name: str, seconds: float) -> None:
        with self.lock:
            self.timings[name].add(seconds)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Observe how long the block takes, unless it fails."""
        began = self.monotonic()
        yield
        self.observe(name, self.monotonic() - began)

    def put(self, name: str, value: float) -> None:
        if name not in LEVELS:
            raise KeyError(name)
        with self.lock:
            self.levels[name] = value

    def expect(self, part: str, within: float) -> None:
        """From now on ``part`` gives a sign of life at least every ``within`` seconds."""
        with self.lock:
            self.pulses[part] = Pulse(within, self.monotonic())

    def beat(self, part: str) -> None:
        """A sign of life; of a part from which none is expected it is nothing."""
        with self.lock:
            if part in self.pulses:
                self.pulses[part].at = self.monotonic()

    def dismiss(self, part: str) -> None:
        """Nothing is expected from ``part`` any more."""
        with self.lock:
            self.pulses.pop(part, None)

    def snapshot(self) -> Snapshot:
        with self.lock:
            now = self.monotonic()
            return Snapshot(
                {name: dict(kept) for name, kept in self.counters.items()},
                {name: (tuple(timing.counts), timing.total) for name, timing in self.timings.items()},
                dict(self.levels),
                {part: (now - pulse.at, pulse.within) for part, pulse in self.pulses.items()},
            )


process = Counts()
"""Of this process: the one thing of the program that is global, because a count of all is meant."""
note, observe, timed, put, snapshot = process.note, process.observe, process.timed, process.put, process.snapshot
expect, beat, dismiss = process.expect, process.beat, process.dismiss
