"""What Prometheus is told, and that the example dashboard and alerts ask for nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot import counting
from bot.counting import Counts
from bot.kit import Kit
from bot.models import Delivery, Fetched, Message, Reader, SourceReport, SourceState
from bot.store import deliveries, figures, readers, state
from bot.web.metrics import Remembered
from tests.chat.people import stock
from tests.fakes import DAY
from tests.web.conftest import TestClient

MONITORING = Path(__file__).parents[2] / "docs" / "monitoring"


def told(client: TestClient) -> dict[tuple[str, ...], float]:
    """Samples by name and values of labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }


def busy(kit: Kit) -> None:
    """Two papers, a reader with two digests, one of them sent, a run, a source that wants to be left alone."""
    stock(kit, "2606.00001", "2606.00002")
    with kit.store.write() as session:
        readers.save(session, Reader("5", state="active"))
        session.flush()
        hour_ago = kit.clock.now() - timedelta(hours=1)
        letters = [Delivery("5", "digest", f"2026-06-{day}", Message("hello")) for day in (16, 17)]
        deliveries.enqueue(session, letters, hour_ago)
        claimed = deliveries.claim(session, hour_ago, datetime.now(UTC), timedelta(minutes=1), 1)
        deliveries.mark_sent(session, [(claimed[0].number, 77)], hour_ago)
        reports = [SourceReport("arxiv-feed", SourceState.OK, 9, 2, 1, seconds=1.5)]
        state.note_run(session, hour_ago, 12.5, [DAY], True, reports)
        state.note_success(session, Fetched("huggingface", day=DAY), "x", hour_ago)
        state.note_failure(session, "arxiv-api", "429", hour_ago, retry_after=600)


def test_the_database_is_told_as_it_stands(client: TestClient, kit: Kit) -> None:
    busy(kit)
    seen = told(client)
    expected = {
        ("qiaojin_papers", "arxiv-feed"): 2, ("qiaojin_all_papers",): 2, ("qiaojin_direction_papers", "peft"): 2,
        ("qiaojin_readers", "active"): 1, ("qiaojin_outbox", "digest", "sent"): 1,
        ("qiaojin_outbox", "digest", "waiting"): 1, ("qiaojin_outbox_due", "digest"): 1,
        ("qiaojin_last_run_seconds",): 12.5, ("qiaojin_last_run_complete",): 1,
        ("qiaojin_last_run_papers", "arxiv-feed", "new"): 2, ("qiaojin_source_failures", "arxiv-api"): 1,
        ("qiaojin_source_failures", "huggingface"): 0, ("qiaojin_database_up",): 1,
    }  # fmt: skip
    assert {key: seen.get(key) for key in expected} == expected
    assert 3590 < seen["qiaojin_outbox_lag_seconds",] < 3700
    assert 590 < seen["qiaojin_source_waiting_seconds", "arxiv-api", "retry_after"] <= 600
    assert seen["qiaojin_database_bytes",] > 10_000


def test_what_the_process_did_is_told_as_it_was_counted(client: TestClient) -> None:
    counting.note("telegram_errors", kind="RetryAfter")
    counting.note("telegram_errors", kind="RetryAfter")
    for seconds in (0.02, 0.3, 1000.0):
        counting.observe("model_seconds", seconds)
    counting.put("holds_clock", 1)
    seen = told(client)
    assert seen["qiaojin_telegram_errors_total", "RetryAfter"] == 2
    assert seen["qiaojin_judged_papers_total",] == 0, "a count without labels is there from the start"
    buckets = [seen["qiaojin_model_seconds_bucket", bound] for bound in ("0.01", "0.05", "0.5", "300.0", "+Inf")]
    assert buckets == [0, 1, 2, 2, 3]
    assert (seen["qiaojin_model_seconds_count",], seen["qiaojin_holds_clock",]) == (3, 1)


def test_the_database_is_asked_at_most_every_few_seconds() -> None:
    now, asked = 0.0, 0

    def ask() -> None:
        nonlocal asked, now
        asked += 1
        now += 2 if asked == 2 else 0

    remembered = Remembered(ask, lambda: now)
    for now in (0.0, 4.9, 5.0, 46.9, 47.1):  # noqa: B007 - read by the clock
        remembered()
    assert asked == 3, "and less often where it takes long"


def test_the_size_is_the_files(open_stub: Any) -> None:
    with open_stub() as kit:
        with kit.store.write() as session:
            session.execute(text("create table filler (x)"))
        with kit.store.read() as session:
            told = figures.size(session)
        assert told >= Path(kit.settings.database.removeprefix("sqlite:///")).stat().st_size > 0


# --- counting ---------------------------------------------------------------------------------------------------------


def test_only_what_is_known_can_be_counted() -> None:
    counts = Counts()
    with pytest.raises(KeyError):
        counts.note("mistyped")
    with pytest.raises(KeyError):
        counts.note("telegram_errors")
    with pytest.raises(KeyError):
        counts.note("judged_papers", kind="x")
    with pytest.raises(KeyError):
        counts.observe("mistyped", 1)
    with pytest.raises(KeyError):
        counts.put("mistyped", 1)


def test_what_failed_was_not_timed() -> None:
    counts = Counts()
    with pytest.raises(ValueError), counts.timed("model_seconds"):
        raise ValueError
    with counts.timed("model_seconds"):
        pass
    assert sum(counts.snapshot().timings["model_seconds"][0]) == 1


# --- the examples -----------------------------------------------------------------------------------------------------

NAME = re.compile(r"\bqiaojin_\w+")
LABEL = re.compile(r"(?:by \(([\w, ]+)\))|\{(\w+)=")


@pytest.fixture
def exported(client: TestClient, kit: Kit) -> set[str]:
    """Every name that an expression may use."""
    names = set[str]()
    for family in text_string_to_metric_families(client.get("/metrics").text):
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
        names |= {family.name + end for end in ends}
    return names


def dashboard() -> list[str]:
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def rules() -> list[dict[str, str]]:
    """The alerts: what stands behind each key. A parser of YAML would be a library for one test."""
    blocks = (MONITORING / "alerts.yml").read_text().split("- alert: ")[1:]
    return [dict(re.findall(r"^\s*(expr|for|labels|summary|description): (.+)$", block, re.M)) for block in blocks]


@pytest.mark.parametrize("expression", [*dashboard(), *(rule["expr"] for rule in rules())])
def test_the_examples_ask_for_what_is_told(exported: set[str], expression: str) -> None:
    asked = set(NAME.findall(expression))
    assert asked
    assert asked <= exported
    labels = {name for pair in LABEL.findall(expression) for part in pair for name in part.split(", ") if name}
    known = {label for _, names in counting.COUNTERS.values() for label in names}
    known |= {"source", "direction", "state", "kind", "part", "why", "what", "le", "instance"}
    assert labels <= known
    assert expression.count("(") == expression.count(")")


def test_every_alert_says_how_grave_it_is_and_what_to_do() -> None:
    assert len(rules()) > 5
    for rule in rules():
        assert {"expr", "labels", "summary", "description"} <= set(rule)
        assert re.fullmatch(r"\{severity: (critical|warning|info)\}", rule["labels"])


def test_the_alerts_are_yaml_that_needs_no_luck() -> None:
    """Plain values begin with a letter, a figure or ``{`` of a label, and hold nothing that YAML reads as its own."""
    for line in (MONITORING / "alerts.yml").read_text().splitlines():
        assert "\t" not in line
        _, found, value = line.strip().partition(": ")
        if found and not line.strip().startswith("#") and not value.startswith(('"', "{severity")):
            assert re.match(r"[A-Za-z0-9]", value), line
            assert ": " not in value, line
            assert " #" not in value, line
