"""Each kind of trouble that the stand-in knows, once, for ever and mixed: the right papers come, the truth is told."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.models import SourceState
from bot.pipeline import collect, digest_of
from bot.store import papers, state
from bot.store.state import Pace
from tests.e2e.conftest import OpenKit, hasty_opener
from tests.world import DAY, World

pytestmark = pytest.mark.world
ARXIV = (
    "429",
    "503",
    "406",
    "rate_200",
    "reset",
    "hang",
    "html",
    "bomb",
    "huge",
    "bad_bytes",
    "truncate",
    "cut",
    "empty_page",
)
HF = ("429", "500", "reset", "hang", "html", "truncate", "shape", "nulls")
FOR_EVER = 1000
OFTEN = {"429", "503", "rate_200", "hang", "cut", "shape"}
"""Those that are tried each time; `make long` tries the others."""
BEFORE = date(2026, 6, 16)
PASSING = {"retry_after": 1}
"""What makes a fault end within the patience of these tests."""


def tried(kinds: Sequence[str]) -> list[Any]:
    return [pytest.param(kind, marks=[] if kind in OFTEN else [pytest.mark.long]) for kind in kinds]


@pytest.fixture
def world(few_days: World) -> World:
    few_days.reset()
    return few_days


@pytest.fixture
def on(world: World, tmp_path: Path) -> OpenKit:
    return hasty_opener(world, tmp_path)


@pytest.fixture(scope="module")
def right(few_days: World, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The papers of the day in fair weather."""
    few_days.reset()
    with hasty_opener(few_days, tmp_path_factory.mktemp("right"))() as kit:
        assert collect(kit).complete
        return ids(kit)


def ids(kit) -> set[str]:
    with kit.store.read() as session:
        listed = [paper.id for paper in papers.of_day(session, DAY)]
    assert len(listed) == len(set(listed))
    return set(listed)


def day_before(kit) -> set[str]:
    """Papers of the day before, which Hugging Face may list on our day too: they stay where arXiv put them."""
    with kit.store.read() as session:
        return {paper.id for paper in papers.of_day(session, BEFORE)}


def states(collected) -> dict[str, SourceState]:
    return {report.name: report.state for report in collected.reports}


def fault(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "bytes": 4_000_000 if kind == "huge" else 2000, "seconds": 2, **PASSING, **fields}


def well(world) -> None:
    """Fair weather again, and no ``Retry-After`` that still runs."""
    world.arxiv_faults()
    world.hf_faults()


def forget_waiting(kit) -> None:
    """As if the time that a service asked for were over."""
    with kit.store.write() as session:
        session.connection().exec_driver_sql("update source set retry_after = null")


@pytest.mark.parametrize("kind", tried(ARXIV))
def test_a_feed_that_fails_once_is_no_matter(on, world, right, kind) -> None:
    world.arxiv_faults(fault(kind, where="feed"))
    with on() as kit:
        collected = collect(kit)
        assert collected.complete
        assert ids(kit) == right


@pytest.mark.parametrize("kind", tried(ARXIV))
def test_a_feed_that_fails_for_ever_is_replaced_by_the_api(on, world, right, kind) -> None:
    world.arxiv_faults(fault(kind, where="feed", times=FOR_EVER))
    with on() as kit:
        collected = collect(kit)
        assert states(collected)["arxiv-feed"] in {SourceState.FAILED, SourceState.PARTIAL}
        assert states(collected)["arxiv-api"] is SourceState.OK
        assert collected.complete
        assert ids(kit) == right


@pytest.mark.parametrize("kind", tried(ARXIV))
def test_an_api_that_fails_once_is_no_matter(on, world, kind) -> None:
    world.arxiv_faults(fault(kind, where="api"))
    with on() as kit:
        collected = collect(kit, BEFORE, BEFORE)
        assert collected.complete
        assert states(collected)["arxiv-api"] is SourceState.OK


@pytest.mark.parametrize("kind", tried(ARXIV))
def test_where_arxiv_fails_for_ever_the_day_is_partial_and_filled_later(on, world, right, kind) -> None:
    world.arxiv_faults(fault(kind, times=FOR_EVER))
    with on() as kit:
        collected = collect(kit)
        assert collected.missing == ("arxiv",)
        assert states(collected)["huggingface"] is SourceState.OK
        digest = digest_of(kit, DAY)
        assert (digest.complete, digest.missing) == (False, ("arxiv",))
        with kit.store.read() as session:
            assert state.source(session, "arxiv-api").failures > 0
        well(world)
        forget_waiting(kit)
        assert collect(kit).complete
        assert ids(kit) == right


@pytest.mark.parametrize("kind", tried(HF))
def test_a_list_that_fails_once_then_well(on, world, right, kind) -> None:
    world.hf_faults(fault(kind))
    with on() as kit:
        collected = collect(kit)
        whole = states(collected)["huggingface"] is SourceState.OK
        assert collected.complete is whole
        assert (ids(kit) == right) is whole
        forget_waiting(kit)
        assert collect(kit).complete
        assert ids(kit) == right


@pytest.mark.parametrize("kind", tried(HF))
def test_a_list_that_fails_for_ever_leaves_the_day_partial_until_it_is_well(on, world, right, kind) -> None:
    world.hf_faults(fault(kind, times=FOR_EVER))
    with on() as kit:
        collected = collect(kit)
        assert collected.missing == ("huggingface",)
        assert states(collected) == {"arxiv-feed": SourceState.OK, "huggingface": SourceState.FAILED}
        assert ids(kit) < right
        well(world)
        forget_waiting(kit)
        assert collect(kit).complete
        assert ids(kit) == right


def test_yesterdays_batch_under_todays_date_is_recognised_by_who_knows_yesterday(on, world, right) -> None:
    with on(BEFORE) as kit:
        collect(kit)
    with on() as kit:
        with kit.store.write() as session:  # with its stamp, the stand-in would say that nothing changed
            session.connection().exec_driver_sql("update source set etag = '', last_modified = ''")
        world.arxiv_faults({"where": "feed", "kind": "stale", "times": 1})
        collected = collect(kit)
        assert states(collected)["arxiv-feed"] is SourceState.FAILED
        assert collected.complete
        assert day_before(kit) | ids(kit) >= right
        assert collect(kit).complete


def test_yesterdays_batch_is_mended_later_by_who_could_not_know(on, world, right) -> None:
    with on() as kit:
        world.arxiv_faults({"where": "feed", "kind": "stale", "times": 1})
        collect(kit)
        assert ids(kit) != right
        well(world)
        collect(kit)
        assert ids(kit) == right


def test_an_enforced_pace_is_kept_to(on, world, right) -> None:
    world.control("arxiv/pace", seconds=0.3)
    with on() as kit:
        paced = replace(kit, arxiv_gate=Pace(kit.store, "arxiv", 0.35))
        world.arxiv_faults({"where": "feed", "kind": "html", "times": FOR_EVER})
        for _ in range(2):
            collect(paced, BEFORE)
        well(world)
        assert collect(paced, BEFORE).complete
        assert day_before(kit) | ids(kit) >= right


def arxiv_fault(dice: random.Random) -> dict[str, Any]:
    kind = dice.choice([kind for kind in ARXIV if kind not in {"hang", "huge"}])
    return fault(kind, where=dice.choice(["feed", "api"]), times=dice.choice([1, FOR_EVER]), skip=dice.randrange(3))


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 6))])
def test_mixed_weather_then_well(on, world, right, seed) -> None:
    dice = random.Random(seed)
    with on() as kit:
        for _ in range(3):
            world.arxiv_faults(*(arxiv_fault(dice) for _ in range(3)))
            world.hf_faults(
                fault(dice.choice([kind for kind in HF if kind != "hang"]), times=dice.choice([1, FOR_EVER]))
            )
            collected = collect(kit)
            assert collected.complete is digest_of(kit, DAY).complete
            if collected.complete:
                assert ids(kit) == right
            assert ids(kit) <= right
            forget_waiting(kit)
        well(world)
        assert collect(kit).complete
        assert ids(kit) == right
        assert sum(report.new + report.updated for report in collect(kit).reports) == 0
