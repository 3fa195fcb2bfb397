"""``/metrics`` for Prometheus: what this process has counted, and what the database says when asked."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import Metric
from starlette.requests import Request
from starlette.responses import Response

from bot import __version__, counting
from bot.errors import StoreError
from bot.kit import Kit
from bot.models import SourceStanding, Status
from bot.store import figures

PREFIX = "qiaojin_"
KEPT_FOR, KEPT_TIMES = 5.0, 20.0
"""What the database said is kept for so many seconds, or so many times as long as it took to say it."""

Samples = Iterable[tuple[tuple[str, ...], float]]


def metrics(kit: Kit) -> Callable[[Request], Response]:
    registry = CollectorRegistry()
    registry.register(Collector(kit))
    ProcessCollector(namespace="qiaojin", registry=registry)

    def scrape(request: Request) -> Response:
        return Response(
            generate_latest(registry), headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    return scrape


class Collector:
    """Everything of ours, at the moment of asking."""

    def __init__(self, kit: Kit):
        self.standing = Remembered(lambda: standing_of(kit))
        self.folder = kit.settings.data_dir

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry would ask the database while it is built."""
        return ()

    def collect(self) -> Iterator[Metric]:
        yield gauge("build_info", "The program's version.", ("version",), [((__version__,), 1)])
        yield from of_process(counting.snapshot())
        yield gauge("disk_free_bytes", "Bytes free where this process keeps its data.", (), room_in(self.folder))
        status = self.standing()
        yield gauge("database_up", "Whether the database answers.", (), [((), float(status is not None))])
        if status:
            yield from of_database(status, datetime.now(UTC))


def standing_of(kit: Kit) -> Status | None:
    try:
        with kit.store.read() as session:
            return figures.status(session, kit.clock.now())
    except StoreError:
        return None


def room_in(folder: Path) -> Samples:
    """Nothing where the folder is not there: with PostgreSQL it need not be."""
    return [((), shutil.disk_usage(folder).free)] if folder.exists() else []


class Remembered:
    """Asks again only after a while, one thread at a time."""

    def __init__(self, ask: Callable[[], Status | None], monotonic: Callable[[], float] = time.monotonic):
        self.ask, self.monotonic = ask, monotonic
        self.lock = threading.Lock()
        self.value: Status | None = None
        self.until = float("-inf")

    def __call__(self) -> Status | None:
        with self.lock:
            began = self.monotonic()
            if began >= self.until:
                self.value = self.ask()
                now = self.monotonic()
                self.until = now + max(KEPT_FOR, KEPT_TIMES * (now - began))
            return self.value


# --- what this process has counted ------------------------------------------------------------------------------------


def of_process(counted: counting.Snapshot) -> Iterator[Metric]:
    for name, (about, labels) in counting.COUNTERS.items():
        counter = CounterMetricFamily(PREFIX + name, about, labels=labels)
        # What has no labels is told from the start, as 0.
        for values, number in (counted.counters[name] or ({} if labels else {(): 0.0})).items():
            counter.add_metric(values, number)
        yield counter
    for name, about in counting.TIMINGS.items():
        yield histogram(name, about, *counted.timings[name])
    for name, about in counting.LEVELS.items():
        yield gauge(name, about, (), [((), counted.levels[name])])
    silences = [((part,), silent) for part, (silent, _) in counted.silences.items()]
    yield gauge("silent_seconds", "How long ago a part of this process last gave a sign of life.", ("part",), silences)


def histogram(name: str, about: str, counts: tuple[int, ...], total: float) -> Metric:
    """``counts`` are between the bounds; Prometheus wants, at each bound, all that were below."""
    bounds = [*map(str, counting.BOUNDS), "+Inf"]
    return HistogramMetricFamily(
        PREFIX + name, about, buckets=list(zip(bounds, map(float, accumulate(counts)), strict=True)), sum_value=total
    )


def gauge(name: str, about: str, labels: tuple[str, ...], samples: Samples) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, about, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


# --- what the database says -------------------------------------------------------------------------------------------


def of_database(status: Status, real_now: datetime) -> Iterator[Metric]:
    yield gauge("papers", "Papers that each source has told of.", ("source",), single(status.by_source))
    yield gauge("all_papers", "Papers in the database.", (), [((), status.papers)])
    yield gauge("direction_papers", "Papers of each direction.", ("direction",), single(status.by_direction))
    yield gauge("readers", "Readers by state.", ("state",), single(status.readers))
    messages = [((kind, state), number) for kind, by_state in status.deliveries.items() for state, number in by_state.items()]  # noqa: E501  # fmt: skip
    yield gauge("outbox", "Messages of the outbox by kind and state, as far as kept.", ("kind", "state"), messages)
    yield gauge("outbox_due", "Messages that could go out now.", ("kind",), single(status.due))
    yield gauge("outbox_lag_seconds", "For how long the oldest of them has been due.", (), [((), status.outbox.lag)])
    yield gauge("database_bytes", "Bytes that the database takes.", (), [((), status.database_bytes)])
    yield from of_last_run(status)
    yield from of_sources(status.sources, real_now)


def of_last_run(status: Status) -> Iterator[Metric]:
    last = status.runs[:1]
    yield gauge("last_run_timestamp_seconds", "When the last run of collecting began, by the program's clock.", (),
                [((), run.started.timestamp()) for run in last])  # fmt: skip
    yield gauge("last_run_seconds", "How long it took.", (), [((), run.seconds) for run in last])
    yield gauge("last_run_complete", "Whether it brought all that it was to bring.", (),
                [((), float(run.complete)) for run in last])  # fmt: skip
    reports = [report for run in last for report in run.reports]
    yield gauge("last_run_source_seconds", "How long each source took in it.", ("source",),
                [((report.name,), report.seconds) for report in reports])  # fmt: skip
    yield gauge("last_run_papers", "Papers that each source gave in it, and what was new or changed of them.",
                ("source", "what"),
                [((report.name, what), getattr(report, what))
                 for report in reports for what in ("fetched", "new", "updated", "skipped")])  # fmt: skip


def of_sources(sources: Iterable[SourceStanding], real_now: datetime) -> Iterator[Metric]:
    known = list(sources)
    yield gauge("source_failures", "Failures of a source in a row.", ("source",),
                [((source.name,), source.failures) for source in known])  # fmt: skip
    yield gauge("source_success_timestamp_seconds", "When a source last answered well, by the program's clock.",
                ("source",), [((source.name,), source.last_success.timestamp()) for source in known if source.last_success])  # noqa: E501  # fmt: skip
    waits = [((source.name, why), max((until - real_now).total_seconds(), 0.0))
             for source in known for why, until in waits_of(source).items() if until]  # fmt: skip
    yield gauge("source_waiting_seconds", "For how long a source is still left alone, and on whose word.",
                ("source", "why"), waits)  # fmt: skip


def waits_of(source: SourceStanding) -> Mapping[str, datetime | None]:
    return {"retry_after": source.retry_after, "back_off": source.back_off}


def single(counts: Mapping[str, int]) -> Samples:
    return [((name,), number) for name, number in counts.items()]
