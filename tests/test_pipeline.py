"""The story on stub services: a day comes in, becomes known once, gets its directions, and the truth is told of it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlmodel import SQLModel, select

from bot.collecting.run import KEPT_AT_ONCE
from bot.errors import SourceError, UsageError
from bot.models import SourceState
from bot.pipeline import BATCH, check_days, classify, collect, digest_of, look_up
from bot.settings import FeedSetting
from bot.store import figures, judgements, papers, state
from bot.store.tables import CoverageRow
from tests.databases import both_databases
from tests.fakes import DAY, HOLIDAYS, Services, Written, listing
from tests.sources.bodies import atom, rss

pytestmark = both_databases

BEFORE, AFTER, FRIDAY = date(2026, 6, 16), date(2026, 6, 18), date(2026, 6, 19)
DOWN = httpx.Response(500)
LORA = Written(
    "2606.00001", "LoRA with Less Memory", "We propose low-rank adaptation, a parameter-efficient fine-tuning."
)
RAG = Written(
    "2606.00002", "Better Retrieval", "We improve retrieval-augmented generation.", categories=("cs.IR", "cs.CL")
)
CROSSED = Written("2606.00003", "Proofs", "We prove things.", categories=("math.CO", "cs.LG"))
YESTERDAY = Written("2606.00004", "Old News", submitted=datetime(2026, 6, 15, 12, tzinfo=UTC))
BY_HF = Written("2605.00009", "Only Listed", "Everyone likes it.", datetime(2026, 5, 1, tzinfo=UTC))
SAME_DAY = [LORA, RAG, CROSSED]


@pytest.fixture(autouse=True)
def ordinary_day(services: Services) -> None:
    services.papers = [*SAME_DAY, YESTERDAY]
    services.listed = {DAY: [listing(LORA, upvotes=12), listing(BY_HF, upvotes=3)]}


def ids(kit, day: date = DAY) -> set[str]:
    with kit.store.read() as session:
        return {paper.id for paper in papers.of_day(session, day)}


def known(kit, paper: Written):
    with kit.store.read() as session:
        return papers.by_id(session, [paper.id]).get(paper.id)


def reports(collected) -> dict[str, SourceState]:
    return {report.name: report.state for report in collected.reports}


def everything(kit) -> list:
    """All papers, their old versions and judgements: what a second run must not change."""
    tables = [SQLModel.metadata.tables[name] for name in ("paper", "paper_version", "assignment", "post", "coverage")]
    with kit.store.read() as session:
        return [session.execute(select(table).order_by(*table.primary_key)).all() for table in tables]


# --- an ordinary day ----------------------------------------------------------------------------------------------


def test_a_day_comes_in_whole_from_feed_and_list_without_the_api(kit, services) -> None:
    collected = collect(kit)
    assert collected.days == (DAY,)
    assert collected.complete
    assert services.calls == ["feed", "hf"]
    assert ids(kit) == {paper.id for paper in (*SAME_DAY, BY_HF)}
    assert [(report.name, report.fetched, report.new) for report in collected.reports] == [
        ("arxiv-feed", 3, 3),
        ("huggingface", 2, 1),
    ]
    assert known(kit, LORA).upvotes == 12
    assert known(kit, LORA).sources == ("arxiv-feed", "huggingface")


def test_a_second_run_adds_and_changes_nothing(kit, services) -> None:
    collect(kit)
    before = everything(kit)
    again = collect(kit)
    assert again.complete
    assert sum(report.new + report.updated for report in again.reports) == 0
    assert everything(kit) == before


def test_an_unchanged_feed_is_not_sent_again(kit, services) -> None:
    services.etag = '"today"'
    collect(kit)
    again = collect(kit)
    assert reports(again)["arxiv-feed"] is SourceState.UNCHANGED
    assert again.complete
    assert again.days == (DAY,)
    assert len(ids(kit)) == 4


def test_every_new_paper_gets_its_directions(kit) -> None:
    collect(kit)
    with kit.store.read() as session:
        assert judgements.count_unjudged(session, kit.judge().id) == 0
    digest = digest_of(kit, DAY)
    found = {section.slug: {shown.paper.id for shown in section.papers} for section in digest.sections}
    assert LORA.id in found["peft"]
    assert RAG.id in found["rag"]
    assert digest.papers_read == 4
    assert digest.complete


def test_more_papers_than_one_batch_are_all_judged(kit) -> None:
    batch = [Written(f"2606.1{number:04}", f"LoRA {number}") for number in range(BATCH + 5)]
    kit_services = Services(papers=batch)
    from tests.fakes import stub_kit

    with stub_kit(kit.settings.model_copy(update={"database_url": "sqlite://"}), kit_services.transport()) as other:
        collect(other)
        with other.store.read() as session:
            assert judgements.count_unjudged(session, other.judge().id) == 0
        classify(other)


def test_the_digest_holds_what_was_asked_for(kit) -> None:
    collect(kit)
    digest = digest_of(kit, DAY, ["rag", "peft"], limit=1)
    assert [section.slug for section in digest.sections] == ["rag", "peft"]
    assert all(len(section.papers) <= 1 for section in digest.sections)


def test_a_day_before_is_asked_of_the_api(kit, services) -> None:
    collected = collect(kit, BEFORE, BEFORE)
    assert collected.days == (BEFORE,)
    assert collected.complete
    assert "api" in services.calls
    assert ids(kit, BEFORE) == {YESTERDAY.id}
    assert ids(kit, DAY) == set()
    assert "arxiv-feed" not in reports(collected)


def test_feed_and_api_give_the_same_day(kit, services, open_stub) -> None:
    collect(kit)
    services.weather["feed"] = DOWN
    with open_stub(database_url="sqlite://") as other:
        collected = collect(other)
        assert collected.complete
        assert ids(other) == ids(kit)


def test_a_span_of_days_is_filled(kit, services) -> None:
    services.listed[BEFORE] = [listing(YESTERDAY, upvotes=2)]
    collected = collect(kit, date(2026, 6, 12))
    assert collected.days == tuple(date(2026, 6, 12) + timedelta(days=number) for number in range(6))
    assert collected.complete
    assert ids(kit, BEFORE) == {YESTERDAY.id}
    assert len(ids(kit, DAY)) == 4
    again = collect(kit, date(2026, 6, 12))
    assert sum(report.new + report.updated for report in again.reports) == 0


# --- many papers at once ------------------------------------------------------------------------------------------


def crowd(services: Services) -> int:
    """More papers than one transaction takes; how many."""
    services.papers = [Written(f"2606.1{number:04}", f"LoRA {number}") for number in range(2 * KEPT_AT_ONCE + 5)]
    services.listed = {}
    return len(services.papers)


def test_many_papers_come_in_pieces_that_let_others_write_in_between(kit, services, monkeypatch) -> None:
    count, sizes, keep_told = crowd(services), [], papers.keep_told
    monkeypatch.setattr(papers, "keep_told", lambda session, told: sizes.append(len(told)) or keep_told(session, told))
    collected = collect(kit)
    assert [report.new for report in collected.reports if report.name == "arxiv-feed"] == [count]
    assert sizes[:3] == [KEPT_AT_ONCE, KEPT_AT_ONCE, 5]


def test_a_run_that_dies_between_two_pieces_has_made_nothing_whole_and_the_next_goes_on(
    kit, services, monkeypatch
) -> None:
    count, kept, keep_told = crowd(services), [], papers.keep_told

    def die(session, told):
        kept.append(told)
        if len(kept) == 2:
            raise KeyboardInterrupt
        return keep_told(session, told)

    monkeypatch.setattr(papers, "keep_told", die)
    with pytest.raises(KeyboardInterrupt):
        collect(kit)
    monkeypatch.setattr(papers, "keep_told", keep_told)
    assert len(ids(kit)) == KEPT_AT_ONCE
    with kit.store.read() as session:
        assert state.missing(session, DAY, ["arxiv"], kit.settings.categories) == ["arxiv"]
        assert state.source(session, "arxiv-feed").last_success is None
    collected = collect(kit)
    assert collected.complete
    assert reports(collected)["arxiv-feed"] is SourceState.OK
    assert len(ids(kit)) == count


# --- hard weather -------------------------------------------------------------------------------------------------

RATE_LIMITS = {
    "429": httpx.Response(429, content=b"Rate exceeded."),
    "503": httpx.Response(503),
    "406": httpx.Response(406),
    "rate exceeded in a 200": httpx.Response(200, content=b"Rate exceeded."),
}
FAILURES = {**RATE_LIMITS, "500": DOWN, "404": httpx.Response(404), "reset": httpx.ReadError("broken off"),
            "html": b"<!DOCTYPE html><html><body>back soon</body></html>"}  # fmt: skip


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_list_leaves_the_day_partial_and_the_next_run_fills_it(kit, services, failure) -> None:
    services.weather["hf"] = FAILURES[failure]
    collected = collect(kit)
    assert collected.missing == ("huggingface",)
    assert reports(collected) == {"arxiv-feed": SourceState.OK, "huggingface": SourceState.FAILED}
    assert ids(kit) == {paper.id for paper in SAME_DAY}
    digest = digest_of(kit, DAY)
    assert (digest.complete, digest.missing) == (False, ("huggingface",))
    services.weather.clear()
    assert collect(kit).complete
    assert digest_of(kit, DAY).complete
    assert BY_HF.id in ids(kit)


@pytest.mark.parametrize("failure", FAILURES)
def test_the_api_takes_the_place_of_a_failed_feed(kit, services, failure) -> None:
    services.weather["feed"] = FAILURES[failure]
    collected = collect(kit)
    assert collected.complete
    assert reports(collected)["arxiv-feed"] is SourceState.FAILED
    assert reports(collected)["arxiv-api"] is SourceState.OK
    assert len(ids(kit)) == 4


@pytest.mark.parametrize("failure", FAILURES)
def test_without_feed_and_api_the_day_is_partial_never_empty(kit, services, failure) -> None:
    services.weather |= {"feed": FAILURES[failure], "api": FAILURES[failure]}
    collected = collect(kit)
    assert collected.missing == ("arxiv",)
    assert not collected.nothing
    assert ids(kit) == {LORA.id, BY_HF.id}
    services.weather.clear()
    assert collect(kit).complete
    assert len(ids(kit)) == 4
    assert known(kit, LORA).day_source == "arxiv-feed"


def test_where_nothing_can_be_had_it_says_so(kit, services) -> None:
    services.weather |= {"feed": DOWN, "api": DOWN, "hf": DOWN}
    collected = collect(kit)
    assert collected.nothing
    assert collected.missing == ("arxiv", "huggingface")
    services.weather.clear()
    assert collect(kit).complete
    assert len(ids(kit)) == 4


def test_failures_are_remembered_and_forgotten_after_a_success(kit, services) -> None:
    services.weather["hf"] = DOWN
    for failures in (1, 2):
        collect(kit)
        with kit.store.read() as session:
            standing = state.source(session, "huggingface")
            assert standing.failures == failures
            assert "500" in standing.last_error
    services.weather.clear()
    collect(kit)
    with kit.store.read() as session:
        assert state.source(session, "huggingface").failures == 0


def test_a_person_asks_afresh_and_the_clock_keeps_its_back_off(kit, services, open_stub) -> None:
    services.weather["hf"] = DOWN
    collect(kit)
    services.weather.clear()
    services.calls.clear()
    with open_stub(patient=True) as clock:
        assert collect(clock).missing == ("huggingface",)
    assert "hf" not in services.calls
    assert collect(kit).complete


def test_a_retry_after_that_is_still_running_binds_a_person_too(kit, services) -> None:
    services.weather["hf"] = httpx.Response(429, headers={"Retry-After": "3600"})
    assert collect(kit).missing == ("huggingface",)
    services.weather.clear()
    services.calls.clear()
    collected = collect(kit)
    assert collected.missing == ("huggingface",)
    assert reports(collected)["huggingface"] is SourceState.FAILED
    assert "hf" not in services.calls


def test_not_asking_is_no_further_failure(kit, services) -> None:
    services.weather["hf"] = httpx.Response(429, headers={"Retry-After": "3600"})
    collect(kit)
    with kit.store.read() as session:
        before = state.source(session, "huggingface")
    collect(kit)
    with kit.store.read() as session:
        assert state.source(session, "huggingface") == before


def test_a_failed_source_is_not_asked_for_every_day_of_a_span(kit, services) -> None:
    services.weather["hf"] = httpx.Response(404)
    collected = collect(kit, date(2026, 6, 8))
    assert services.calls.count("hf") == 1
    assert collected.missing == ("huggingface",)
    services.weather.clear()
    assert collect(kit, date(2026, 6, 8)).complete


def test_a_source_that_fails_half_way_through_a_span_is_not_asked_again_either(kit, services) -> None:
    services.listed[date(2026, 6, 8)] = [listing(BY_HF)]
    services.weather["hf"] = lambda asked: None if asked.url.params["date"] == "2026-06-08" else httpx.Response(404)
    collected = collect(kit, date(2026, 6, 8))
    assert services.calls.count("hf") == 2
    (report,) = [report for report in collected.reports if report.name == "huggingface"]
    assert (report.state, report.fetched) == ("partial", 1)


def test_an_item_that_cannot_be_read_is_counted_and_the_rest_kept(kit, services) -> None:
    services.listed[DAY] = [{"paper": None}, listing(BY_HF), {"paper": {"id": "nonsense"}}]
    collected = collect(kit)
    (report,) = [report for report in collected.reports if report.name == "huggingface"]
    assert (report.skipped, report.fetched) == (2, 1)


def test_a_source_whose_items_are_all_bad_has_failed(kit, services) -> None:
    services.listed[DAY] = [{"paper": None}, {}]
    collected = collect(kit)
    assert reports(collected)["huggingface"] is SourceState.FAILED
    assert collected.missing == ("huggingface",)


def test_a_page_of_the_api_that_stays_short_leaves_the_day_partial(kit, services) -> None:
    from tests.fakes import api_entry
    from tests.sources.bodies import api_page

    services.weather |= {"feed": DOWN, "api": api_page(api_entry(LORA), total=3)}
    collected = collect(kit)
    assert collected.missing == ("arxiv",)
    assert reports(collected)["arxiv-api"] is SourceState.PARTIAL
    services.weather.clear()
    assert collect(kit).complete
    assert len(ids(kit)) == 4


# --- days without an announcement ---------------------------------------------------------------------------------


def test_at_the_weekend_today_is_friday_and_comes_from_the_api(services, open_stub) -> None:
    friday = Written("2606.00007", submitted=datetime(2026, 6, 18, 12, tzinfo=UTC))
    services.papers.append(friday)
    services.today = date(2026, 6, 20)
    with open_stub(now=datetime(2026, 6, 20, 16, tzinfo=UTC)) as kit:
        collected = collect(kit)
        assert collected.days == (FRIDAY,)
        assert collected.complete
        assert ids(kit, FRIDAY) == {friday.id}


def test_a_holiday_that_is_known_gives_the_day_before_it(services, open_stub) -> None:
    assert HOLIDAYS[0] == date(2026, 6, 22)
    friday = Written("2606.00007", submitted=datetime(2026, 6, 18, 12, tzinfo=UTC))
    services.papers.append(friday)
    services.today = HOLIDAYS[0]
    with open_stub(now=datetime(2026, 6, 22, 16, tzinfo=UTC)) as kit:
        collected = collect(kit)
        assert collected.days == (FRIDAY,)
        assert ids(kit, FRIDAY) == {friday.id}


def test_a_holiday_that_nobody_told_us_of_is_confirmed_by_the_api(services, open_stub) -> None:
    services.papers = [YESTERDAY]
    services.listed = {}
    with open_stub() as kit:
        collected = collect(kit)
        assert collected.days == (BEFORE,)
        assert collected.complete
        assert ids(kit, BEFORE) == {YESTERDAY.id}


def test_an_empty_feed_on_a_working_day_is_not_believed_while_the_api_is_down(services, open_stub) -> None:
    services.papers = [YESTERDAY]
    services.listed = {}
    services.weather["api"] = DOWN
    with open_stub() as kit:
        collected = collect(kit)
        assert not collected.complete
        assert "arxiv" in collected.missing


def test_an_empty_feed_served_by_mistake_is_mended_by_the_api(kit, services) -> None:
    services.weather["feed"] = rss(stamp="Wed, 17 Jun 2026 00:00:00 -0400")
    collected = collect(kit)
    assert collected.days == (DAY,)
    assert len(ids(kit)) == 4
    assert collected.complete


def test_a_day_at_the_weekend_asks_arxiv_for_nothing_and_is_whole(services, open_stub) -> None:
    with open_stub(now=datetime(2026, 6, 23, 16, tzinfo=UTC)) as kit:
        services.today = date(2026, 6, 23)
        collected = collect(kit, date(2026, 6, 20), date(2026, 6, 21))
        assert collected.complete
        assert "api" not in services.calls


# --- a feed that serves an earlier batch --------------------------------------------------------------------------


def stale(services: Services) -> bytes:
    return services.feed_of(BEFORE, {"cs.CL", "cs.LG"}, dated=DAY)


def test_a_batch_that_we_know_is_recognised_under_its_fresh_date(kit, services) -> None:
    collect(kit, BEFORE, BEFORE)
    services.weather["feed"] = stale(services)
    collected = collect(kit)
    assert reports(collected)["arxiv-feed"] is SourceState.FAILED
    assert collected.complete  # by the API
    assert ids(kit, BEFORE) == {YESTERDAY.id}
    assert len(ids(kit, DAY)) == 4


def test_a_stale_batch_is_never_stored_as_a_whole_day(kit, services) -> None:
    collect(kit, BEFORE, BEFORE)
    services.weather |= {"feed": stale(services), "api": DOWN}
    collected = collect(kit)
    assert collected.missing == ("arxiv",)
    services.weather.clear()
    assert collect(kit).complete
    assert len(ids(kit, DAY)) == 4


def test_a_stale_batch_that_we_could_not_know_is_mended_by_the_true_feed(kit, services) -> None:
    services.weather["feed"] = stale(services)
    collect(kit)
    assert YESTERDAY.id in ids(kit, DAY)
    services.weather.clear()
    collect(kit)
    assert ids(kit, DAY) == {paper.id for paper in (*SAME_DAY, BY_HF)}
    collect(kit, BEFORE, BEFORE)
    assert ids(kit, BEFORE) == {YESTERDAY.id}


# --- settings that change -----------------------------------------------------------------------------------------


def test_categories_that_are_added_later_are_fetched_for_the_same_day(services, open_stub) -> None:
    with open_stub(categories=["cs.CL"]) as kit:
        assert collect(kit).complete
        assert CROSSED.id not in ids(kit)
    with open_stub(categories=["cs.CL", "cs.LG"]) as kit:
        collected = collect(kit)
        assert collected.complete
        assert CROSSED.id in ids(kit)
    services.weather |= {"feed": DOWN, "api": DOWN}
    with open_stub(categories=["cs.CL"]) as kit:
        assert collect(kit).complete


def test_categories_that_are_added_while_all_is_down_make_the_day_partial(services, open_stub) -> None:
    with open_stub(categories=["cs.CL"]) as kit:
        assert collect(kit).complete
    services.weather |= {"feed": DOWN, "api": DOWN}
    with open_stub(categories=["cs.CL", "cs.LG"]) as kit:
        assert collect(kit).missing == ("arxiv",)
    services.weather.clear()
    with open_stub(categories=["cs.CL", "cs.LG"]) as kit:
        assert collect(kit).complete
        assert CROSSED.id in ids(kit)


# --- versions -----------------------------------------------------------------------------------------------------


def test_a_new_version_keeps_the_old_abstract(kit, services) -> None:
    collect(kit, BEFORE, BEFORE)
    services.replaced = [replace(YESTERDAY, version=2, abstract="We ask even less.")]
    collected = collect(kit)
    assert known(kit, YESTERDAY).abstract == "We ask even less."
    assert known(kit, YESTERDAY).day == BEFORE
    with kit.store.read() as session:
        (old,) = papers.versions(session, YESTERDAY.id)
    assert (old.version, old.abstract, old.day) == (1, YESTERDAY.abstract, DAY)
    assert collected.complete
    before = everything(kit)
    collect(kit)
    assert everything(kit) == before


def test_a_new_version_of_a_paper_that_hugging_face_names_in_the_same_run_is_applied(kit, services) -> None:
    services.replaced = [replace(BY_HF, version=2, abstract="Now with proofs.")]
    collect(kit)
    assert known(kit, BY_HF).version == 2
    assert known(kit, BY_HF).abstract == "Now with proofs."
    assert known(kit, BY_HF).day == DAY
    before = everything(kit)
    collect(kit)
    assert everything(kit) == before


def test_a_new_version_of_a_paper_that_we_do_not_follow_is_ignored(kit, services) -> None:
    services.replaced = [Written("2501.00001", version=3)]
    collected = collect(kit)
    assert collected.complete
    with kit.store.read() as session:
        assert figures.status(session, kit.clock.now()).papers == 4


# --- blogs --------------------------------------------------------------------------------------------------------

BLOG = FeedSetting(url="https://lab.example/feed", title="The Lab")


def blog(*entries: tuple[str, str]) -> bytes:
    return atom(*(
        f"<entry><title>{title}</title><link href='{link}'/><id>{link}</id>"
        "<published>2026-06-17T10:00:00Z</published></entry>" for title, link in entries
    ))  # fmt: skip


def test_posts_stand_in_their_own_section_and_are_no_papers(services, open_stub) -> None:
    services.blogs[BLOG.url] = blog(("News", "https://lab.example/news"))
    with open_stub(feeds=[BLOG]) as kit:
        collected = collect(kit)
        assert collected.complete
        assert reports(collected)["The Lab"] is SourceState.OK
        digest = digest_of(kit, DAY)
        assert [(post.feed, post.title) for post in digest.posts] == [("The Lab", "News")]
        assert digest.papers_read == 4
        assert sum(report.new for report in collect(kit).reports) == 0


def test_a_paper_that_a_post_links_to_is_looked_up_and_treated_as_a_paper(services, open_stub) -> None:
    told = Written(
        "2506.00005", "Told in a Blog", submitted=datetime(2026, 6, 16, 13, tzinfo=UTC), categories=("cs.DC",)
    )
    services.papers.append(told)
    services.blogs[BLOG.url] = blog(("Our paper", f"https://arxiv.org/abs/{told.id}v1"))
    with open_stub(feeds=[BLOG]) as kit:
        collected = collect(kit)
        assert collected.complete
        assert known(kit, told).title == "Told in a Blog"
        assert known(kit, told).day == DAY
        services.calls.clear()
        collect(kit)
        assert "api" not in services.calls


def test_a_blog_that_fails_is_named_and_the_rest_goes_on(services, open_stub) -> None:
    with open_stub(feeds=[BLOG, FeedSetting(url="https://other.example/rss")]) as kit:
        services.blogs["https://other.example/rss"] = blog(("Fine", "https://other.example/1"))
        collected = collect(kit)
        assert reports(collected)["The Lab"] is SourceState.FAILED
        assert reports(collected)["https://other.example/rss"] is SourceState.OK
        assert "The Lab" in digest_of(kit, DAY).missing
        assert len(ids(kit)) == 4
        services.blogs[BLOG.url] = blog(("News", "https://lab.example/news"))
        collect(kit)
        assert digest_of(kit, DAY).complete


def test_a_run_is_as_complete_as_its_digest(services, open_stub) -> None:
    with open_stub(feeds=[BLOG]) as kit:
        collected = collect(kit)
        assert set(collected.missing) == set(digest_of(kit, DAY).missing)


# --- cut off at any moment ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program catches it."""


@pytest.mark.parametrize("moment", range(12))
def test_killed_before_any_write_the_next_run_ends_the_same(services, open_stub, monkeypatch, moment) -> None:
    services.replaced = [replace(BY_HF, version=2, abstract="Now with proofs.")]
    with open_stub(database_url="sqlite://") as kit:
        collect(kit, BEFORE)
        undisturbed = comparable(everything(kit))
    with open_stub() as kit:
        write, done = kit.store.write, 0

        def counted():
            nonlocal done
            done += 1
            if done > moment:
                raise Killed
            return write()

        monkeypatch.setattr(kit.store, "write", counted)
        with contextlib.suppress(Killed):
            collect(kit, BEFORE)
        monkeypatch.undo()
    with open_stub() as kit:
        collect(kit, BEFORE)
        assert comparable(everything(kit)) == undisturbed


def comparable(tables: list) -> list:
    """Without the numbers of rows, which follow from the order in which papers came."""
    return [sorted(row[1:] for row in tables[0]), *map(sorted, tables[1:4]), sorted(map(str, tables[4]))]


# --- looking up, and days that cannot be --------------------------------------------------------------------------


def test_a_paper_that_is_not_here_is_fetched_and_judged(kit, services) -> None:
    known_now, judgement = look_up(kit, LORA.id)
    assert known_now.title == LORA.title
    assert "peft" in {assignment.slug for assignment in judgement.directions}
    services.calls.clear()
    look_up(kit, LORA.id)
    assert services.calls == []


def test_looking_up_a_paper_makes_no_day_whole(kit) -> None:
    look_up(kit, LORA.id)
    with kit.store.read() as session:
        assert session.get(CoverageRow, (DAY, "arxiv")) is None
    assert collect(kit).complete
    assert len(ids(kit)) == 4


def test_a_paper_that_nobody_knows_is_refused(kit) -> None:
    with pytest.raises(UsageError) as refused:
        look_up(kit, "2606.99999")
    assert refused.value.key == "unknown_paper"


def test_a_paper_is_not_called_unknown_while_arxiv_is_down(kit, services) -> None:
    services.weather["api"] = DOWN
    with pytest.raises(SourceError):
        look_up(kit, LORA.id)


NOW = datetime(2026, 6, 18, 3, tzinfo=UTC)  # the evening of the 17th in New York


def test_a_day_in_the_future_is_new_yorks_future() -> None:
    check_days(DAY, DAY, NOW)
    with pytest.raises(UsageError) as refused:
        check_days(AFTER, AFTER, NOW)
    assert refused.value.key == "future_day"


def test_days_must_be_in_order() -> None:
    with pytest.raises(UsageError) as refused:
        check_days(DAY, BEFORE, NOW)
    assert refused.value.key == "days_reversed"
    check_days(None, None, NOW)
    check_days(BEFORE, None, NOW)
