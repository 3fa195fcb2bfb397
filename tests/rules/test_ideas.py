"""What becomes of a paper that comes near an idea, and what a digest tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models import Paper
from bot.models.ideas import Grade, Idea, IdeaStatus, Near
from bot.models.tracking import Course, Link, Relation, Tracked
from bot.rules import ideas
from tests.fakes import DAY

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
IDEA = Idea("5", 1, "an idea", created=NOW, touched=NOW)


def paper(id_: str = "2606.00001", day: date | None = DAY) -> Paper:
    return Paper(id_, 1, "A Title", "Words.", (), (), day)


def near(grade: Grade | None = Grade.SCOOP, *shared: str, id_: str = "2606.00001", score: float = 0.5,
         day: date | None = DAY) -> Near:  # fmt: skip
    return Near(paper(id_, day), grade, score, shared or ("rank", "layer"))


def tracked(*links: Link, born: date = DAY - timedelta(1), **fields: object) -> Tracked:
    return Tracked(replace(IDEA, **fields), 1, born, 0, links)  # type: ignore[arg-type]


def course(one: Tracked, found: Near, *, may_alert: bool = True) -> Course:
    return ideas.course(one, found, DAY, may_alert=may_alert)


def refused(*phrases: str) -> Link:
    return Link(paper("2606.00009"), Relation.UNRELATED, NOW, phrases)


def test_a_scoop_is_told_at_once_and_the_rest_waits_for_the_digest() -> None:
    assert course(tracked(), near(Grade.SCOOP)) is Course.ALERT
    assert course(tracked(), near(Grade.CLOSE)) is Course.DIGEST
    assert course(tracked(), near(Grade.USEFUL)) is Course.DIGEST


def test_whoever_takes_no_alerts_finds_a_scoop_in_the_digest() -> None:
    assert course(tracked(), near(), may_alert=False) is Course.DIGEST


@pytest.mark.parametrize("day", [None, DAY - timedelta(1), DAY - timedelta(9)])
def test_a_paper_announced_before_the_idea_was_born_is_no_news(day: date | None) -> None:
    assert course(tracked(), near(day=day)) is Course.SILENT


def test_a_muted_idea_is_silent_until_its_day() -> None:
    assert course(tracked(muted_until=DAY + timedelta(1)), near()) is Course.SILENT
    assert course(tracked(muted_until=DAY), near()) is Course.ALERT


def test_the_same_phrases_alone_never_alert_again_after_not_related() -> None:
    one = tracked(refused("Rank", "layer", "token"))
    assert course(one, near(Grade.SCOOP, "rank", "Layer")) is Course.SILENT
    assert course(one, near(Grade.SCOOP, "rank", "layer", "token")) is Course.SILENT
    assert course(one, near(Grade.SCOOP, "rank", "gradient")) is Course.ALERT


def test_phrases_refused_apart_may_alert_together() -> None:
    assert course(tracked(refused("rank"), refused("layer")), near(Grade.SCOOP, "rank", "layer")) is Course.ALERT


def test_a_paper_that_the_reader_has_judged_is_not_told() -> None:
    assert course(tracked(Link(paper(), Relation.LINKED, NOW)), near()) is Course.SILENT


def test_done_and_dropped_are_silent() -> None:
    assert {status for status in IdeaStatus if not status.is_live} == {IdeaStatus.DONE, IdeaStatus.DROPPED}


def test_a_digest_tells_of_two_useful_papers_an_idea_and_of_the_nearest_first() -> None:
    waiting = [(IDEA, near(Grade.USEFUL, id_=f"2606.0000{at}", score=at / 10)) for at in range(5)]
    waiting += [(IDEA, near(Grade.CLOSE, id_="2606.00011", score=0.1)), (replace(IDEA, number=2), near(Grade.USEFUL))]
    first, second = ideas.told(waiting)
    assert [one.paper.id for one in first.near] == ["2606.00011", "2606.00004", "2606.00003"]
    assert first.more == 0
    assert len(second.near) == 1


def test_a_digest_is_not_flooded_by_one_idea() -> None:
    (one,) = ideas.told([(IDEA, near(Grade.CLOSE, id_=f"2606.{at:05}")) for at in range(40)])
    assert (len(one.near), one.more) == (ideas.MOST_TOLD, 40 - ideas.MOST_TOLD)


def test_the_answer_at_birth_is_ordered_by_grade_and_then_by_day() -> None:
    found = [near(None, score=0.9, id_="d"), near(Grade.CLOSE, score=0.9, id_="b", day=DAY - timedelta(3)),
             near(Grade.CLOSE, score=0.1, id_="c"), near(Grade.SCOOP, score=0.2, id_="a", day=None)]  # fmt: skip
    assert [one.paper.id for one in ideas.ranked(found)] == ["a", "c", "b", "d"]


@pytest.mark.parametrize("text", ["", " \n ", "。。", "🎉"])
def test_an_idea_without_words_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        ideas.checked(text)


def test_a_page_is_enough() -> None:
    assert ideas.checked(" 一 \n\n\n\n两 ") == "一 \n\n两"
    with pytest.raises(UsageError, match="4001"):
        ideas.checked("字" * 4001)


@pytest.mark.parametrize(("written", "number", "text"), [
    ("2 some words", 2, "some words"), ("#3: words", 3, "words"), ("12：中文", 12, "中文"), ("words", 0, "words"),
    ("2", 0, ""), ("0.5B first", 0, "0.5B first"), ("", 0, ""),
])  # fmt: skip
def test_a_note_names_its_idea(written: str, number: int, text: str) -> None:
    assert ideas.numbered(written) == (number, text)
    assert ideas.numbered("words", 7) == (7, "words")


def test_phrases_are_divided_by_commas_of_both_languages() -> None:
    assert ideas.phrases("LoRA,  rank per layer ，秩；LoRA\n") == ("LoRA", "rank per layer", "秩")
    assert ideas.phrases("-") == ()
    assert len(ideas.phrases(",".join(map(str, range(99))))) == ideas.MOST_PHRASES


@pytest.mark.parametrize(("name", "status"), [("Seed", "seed"), ("实验", "experiment"), (" 放弃 ", "dropped")])
def test_statuses_have_names_in_both_languages(name: str, status: str) -> None:
    assert ideas.status_of(name) == status


def test_only_the_sentences_that_changed_are_told() -> None:
    before = "We study ranks. It works on 3 tasks. Code is open."
    after = "We study  ranks. It works on 12 tasks, and fails on one. Code is open! We thank Ada."
    assert ideas.changed_sentences(before, after) == ("It works on 12 tasks, and fails on one.", "We thank Ada.")
    assert ideas.changed_sentences(before, before.replace(". ", ".  ")) == ()


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_can_be_compared(before: str, after: str) -> None:
    ideas.changed_sentences(before, after)
    assert ideas.changed_sentences(before, before) == ()


@pytest.mark.parametrize(("papers", "days", "young"), [(8000, 40, False), (8000, 20, True), (400, 40, True)])
def test_an_archive_is_young_until_it_has_a_month_and_some_thousand_papers(papers: int, days: int, young: bool) -> None:
    assert ideas.is_young(papers, DAY - timedelta(days), DAY) is young
    assert ideas.is_young(0, None, None)


def test_weeks_count_their_papers_by_grade() -> None:
    weeks = ideas.mondays(DAY, 2)
    assert weeks == (date(2026, 6, 8), date(2026, 6, 15))
    counts = ideas.by_week([(DAY, Grade.CLOSE), (DAY, Grade.CLOSE), (date(2026, 6, 14), Grade.SCOOP),
                            (date(2026, 5, 1), Grade.SCOOP)], weeks)  # fmt: skip
    assert counts == ({Grade.SCOOP: 1}, {Grade.CLOSE: 2})
