"""What likes and dislikes do: they move papers visibly, say why, and bury nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Assignment, Evidence, Judgement, Paper
from bot.rules.ingest import first_seen
from bot.rules.relevance import MOST, Opinion, explored, learnt, lift, reasons, tastes
from tests.fakes import fetched

Judged = tuple[Paper, Judgement]


def judged(number: int, title: str, *terms: str, slug: str = "evaluation") -> Judged:
    paper = replace(first_seen(fetched(f"2606.{number:05d}")), title=title)
    return paper, Judgement({}, (Assignment(slug, 0.8, tuple(Evidence(term, 1.0) for term in terms)),))


def opinion(value: float, number: int, title: str, *terms: str, slug: str = "evaluation") -> Opinion:
    return Opinion(*judged(number, title, *terms, slug=slug), value)


BENCHMARKS = [opinion(-1, number, f"A Benchmark of Sorts {number}", "benchmark") for number in range(3)]
THEORIES = [opinion(1, number, f"A Theory of Sorts {number}", "theory") for number in range(10, 13)]
NEW_BENCHMARK, NEW_THEORY = judged(101, "Benchmark for Cats", "benchmark"), judged(102, "Theory of Dogs", "theory")
OTHER = judged(103, "Something Else", "else", slug="rag")


def test_without_opinions_nothing_moves() -> None:
    assert lift([NEW_BENCHMARK, NEW_THEORY], []) == {}


def test_three_likes_move_a_like_paper_visibly_and_leave_the_others() -> None:
    lifts = lift([NEW_THEORY, OTHER], THEORIES)
    assert lifts[NEW_THEORY[0].id] > 0.1
    assert lifts[OTHER[0].id] == 0


def test_dislikes_lower_what_is_like_them_below_what_is_liked() -> None:
    lifts = lift([NEW_BENCHMARK, NEW_THEORY], [*BENCHMARKS, *THEORIES])
    assert lifts[NEW_BENCHMARK[0].id] < -0.1 < 0.1 < lifts[NEW_THEORY[0].id]


def test_one_opinion_moves_less_than_three() -> None:
    one, three = (lift([NEW_THEORY], THEORIES[:count])[NEW_THEORY[0].id] for count in (1, 3))
    assert 0 < one < three / 2


def test_a_shared_reaction_moves_less_than_a_like() -> None:
    shared = [replace(liked, value=0.2) for liked in THEORIES]
    assert 0 < lift([NEW_THEORY], shared)[NEW_THEORY[0].id] < lift([NEW_THEORY], THEORIES)[NEW_THEORY[0].id] / 2


def test_one_paper_in_five_is_shown_as_if_nothing_were_held_against_it() -> None:
    papers = [judged(number, "Benchmark for Cats", "benchmark") for number in range(1000, 2000)]
    lifts = lift(papers, BENCHMARKS)
    spared = [paper.id for paper, _ in papers if lifts[paper.id] == 0]
    assert 150 < len(spared) < 250
    assert all(map(explored, spared))


def test_what_was_learnt_is_told_strongest_first_with_its_counts() -> None:
    taste = learnt([*BENCHMARKS, *THEORIES[:1]])[0]
    assert (taste.term, taste.dislikes, taste.likes, taste.weight < 0) == ("benchmark", 3, 0, True)


def test_reasons_concern_the_paper_alone() -> None:
    assert [taste.term for taste in reasons(*NEW_BENCHMARK, [*BENCHMARKS, *THEORIES])] == ["benchmark"]
    assert reasons(*OTHER, BENCHMARKS) == []


def test_directions_count_and_are_not_told_as_words() -> None:
    assert tastes(BENCHMARKS)["=evaluation"].weight < 0
    assert not any(taste.term.startswith("=") for taste in learnt(BENCHMARKS))


def test_common_words_say_nothing_of_a_taste() -> None:
    assert "a" not in tastes(BENCHMARKS)
    assert "of" not in tastes(BENCHMARKS)


def test_likes_and_dislikes_of_one_word_cancel() -> None:
    both = [opinion(1, 1, "X", "word"), opinion(-1, 2, "Y", "word")]
    assert tastes(both)["word"].weight == 0
    assert "word" not in [taste.term for taste in learnt(both)]


@given(st.lists(st.tuples(st.floats(-1, 1), st.text(max_size=30), st.text(max_size=10)), max_size=30))
def test_lifts_stay_within_their_bounds_and_are_the_same_every_time(said: list[tuple[float, str, str]]) -> None:
    opinions = [opinion(value, number, title, term) for number, (value, title, term) in enumerate(said)]
    papers = [judged(1000 + number, title, term) for number, (_, title, term) in enumerate(said)]
    lifts = lift(papers, opinions)
    assert all(abs(value) <= MOST for value in lifts.values())
    assert lifts == lift(papers, opinions)
