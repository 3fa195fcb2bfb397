"""What one reader's digest holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Assignment, Compute, Evidence, Judgement, Paper, Reader
from bot.rules.edition import Shown, arrived_since, chosen_papers, edition
from bot.rules.shelf import FOLLOWED, Shelf

DAY = date(2026, 6, 17)
READER = Reader("1", directions=("peft", "rag"), per_direction=3)
NOTHING = Shown({}, {})


def paper(number: int, **fields: Any) -> Paper:
    said: dict[str, Any] = {
        "title": f"Title {number}", "abstract": f"Abstract {number}.", "authors": ("Ada Lovelace",), "day": DAY,
    }  # fmt: skip
    return Paper(id=f"2606.{number:05d}", version=1, categories=("cs.CL",), **{**said, **fields})


def judged(level: str = "unknown", **probabilities: float) -> Judgement:
    found = [Assignment(slug, p, (Evidence("adapter", 1.0),)) for slug, p in probabilities.items()]
    return Judgement({}, tuple(sorted(found, key=lambda a: -a.probability)), Compute(level))


def shelf(*pairs: tuple[Paper, Judgement]) -> Shelf:
    return Shelf([paper for paper, _ in pairs], {paper.id: judgement for paper, judgement in pairs})


def ids(shelf: Shelf, reader: Reader = READER, shown: Shown = NOTHING, **options: Any) -> dict[str, list[str]]:
    arrived = options.pop("arrived", set(shelf.papers))
    return {
        part.slug: [found.paper.id[-1] for found in part.papers]
        for part in edition(shelf, reader, shown, arrived, **options)
    }


def test_the_readers_directions_best_first() -> None:
    stock = shelf((paper(1), judged(peft=0.6)), (paper(2), judged(peft=0.9)), (paper(3), judged(agents=0.9)))
    assert ids(stock) == {"peft": ["2", "1"]}


def test_a_bound_topic_has_its_one_direction() -> None:
    stock = shelf((paper(1), judged(peft=0.6)), (paper(2), judged(agents=0.9)))
    assert ids(stock, replace(READER, bound_to="agents", followed_words=("title",))) == {"agents": ["2"]}


def test_each_paper_once_where_it_is_most_probable() -> None:
    stock = shelf((paper(1), judged(peft=0.6, rag=0.8)), (paper(2), judged(peft=0.7)))
    assert ids(stock) == {"peft": ["2"], "rag": ["1"]}


def test_no_more_than_the_reader_wants_but_the_total_is_told() -> None:
    stock = shelf(*((paper(n), judged(peft=0.9 - n / 100)) for n in range(1, 9)))
    (part,) = edition(stock, READER, NOTHING, set(stock.papers))
    assert (len(part.papers), part.total) == (3, 8)


def test_minimum_compute_and_muting() -> None:
    stock = shelf(
        (paper(1), judged(peft=0.5)),
        (paper(2), judged("high", peft=0.9)),
        (paper(3, title="A Benchmark for Adapters"), judged(peft=0.9)),
        (paper(4, authors=("Grace Brewster Hopper",)), judged(peft=0.9)),
        (paper(5), judged("low", peft=0.8)),
    )
    reader = replace(READER, minimum=0.6, compute="medium", muted_words=("benchmark",), muted_authors=("grace hopper",))
    assert ids(stock, reader) == {"peft": ["5"]}


def test_a_muted_word_is_a_whole_word() -> None:
    stock = shelf((paper(1, title="Graphene"), judged(peft=0.9)))
    assert ids(stock, replace(READER, muted_words=("graph",))) == {"peft": ["1"]}


def test_a_followed_word_lifts_what_is_there_and_adds_what_is_not() -> None:
    stock = shelf(
        (paper(1), judged(peft=0.9)),
        (paper(2, abstract="We merge low-rank adapters."), judged(peft=0.7)),
        (paper(3, abstract="Low-rank everything."), judged()),
    )
    reader = replace(READER, followed_words=("low rank",))
    assert ids(stock, reader) == {FOLLOWED: ["3"], "peft": ["2", "1"]}
    first = edition(stock, reader, NOTHING, set(stock.papers))[1].papers[0]
    assert first.assignment.evidence[0].term == "low rank"


def test_a_followed_author() -> None:
    stock = shelf((paper(1, authors=("A. Turing", "Alan M. Turing")), judged()))
    assert ids(stock, replace(READER, followed_authors=("Alan Turing",))) == {FOLLOWED: ["1"]}


def test_likes_move_the_order() -> None:
    stock = shelf((paper(1), judged(peft=0.9)), (paper(2), judged(peft=0.7)))
    assert ids(stock, lift={"2606.00002": 0.3}) == {"peft": ["2", "1"]}


def test_never_twice() -> None:
    stock = shelf((paper(1), judged(peft=0.9)), (paper(2), judged(peft=0.7)))
    assert ids(stock, shown=Shown({"2606.00001": 1}, {})) == {"peft": ["2"]}


def test_a_new_version_with_another_abstract_comes_again() -> None:
    stock = Shelf([replace(paper(1), version=2)], {"2606.00001": judged(peft=0.9)})
    before = {"2606.00001": 1}
    changed = Shown(before, {("2606.00001", 1): "Something else."})
    same = Shown(before, {("2606.00001", 1): "Abstract   1!"})
    assert ids(stock, shown=changed, arrived=set()) == {"peft": ["1"]}
    assert ids(stock, shown=same, arrived=set()) == {}
    assert ids(stock, shown=Shown({"2606.00001": 2}, {}), arrived=set()) == {}


def test_a_new_version_of_what_was_never_shown_is_no_news() -> None:
    stock = Shelf([replace(paper(1), version=2)], {"2606.00001": judged(peft=0.9)})
    assert ids(stock, arrived=set()) == {}


def test_withdrawn_papers_are_left_out() -> None:
    assert ids(shelf((paper(1, withdrawn=True), judged(peft=0.9)))) == {}


def test_nothing_chosen_is_nothing_shown() -> None:
    assert ids(shelf((paper(1), judged(peft=0.9))), replace(READER, directions=())) == {}


def test_what_came_late_for_a_covered_day_follows() -> None:
    yesterday = DAY - timedelta(days=1)
    known = {"new": (DAY, 10), "late": (yesterday, 9), "old": (yesterday, 5), "ancient": (DAY - timedelta(days=20), 8)}
    assert arrived_since(known, yesterday, 5, DAY - timedelta(days=7)) == {"new", "late"}
    assert arrived_since(known, yesterday, 0, DAY - timedelta(days=7)) == {"new"}


probabilities = st.dictionaries(st.sampled_from(["peft", "rag", "agents"]), st.floats(0.3, 1), max_size=3)


@given(st.lists(probabilities, max_size=12), st.sets(st.integers(0, 11)), st.integers(1, 4))
def test_no_edition_shows_a_paper_twice_or_again(
    papers: list[dict[str, float]], seen: set[int], per_direction: int
) -> None:
    stock = shelf(*((paper(n), judged(**scores)) for n, scores in enumerate(papers)))
    reader = replace(READER, per_direction=per_direction, followed_words=("title",))
    shown = Shown({f"2606.{n:05d}": 1 for n in seen}, {})
    found = [one.id for one in chosen_papers(edition(stock, reader, shown, set(stock.papers)))]
    assert len(found) == len(set(found))
    assert not set(found) & set(shown.versions)
