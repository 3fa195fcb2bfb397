"""Which papers stand under a direction, and in which order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Assignment, Compute, Evidence, Judgement, Paper
from bot.rules.digest import choose
from bot.rules.ingest import first_seen
from tests.fakes import fetched


def paper(id_: str, upvotes: int | None = None, *, withdrawn: bool = False) -> Paper:
    return replace(first_seen(fetched(id_, upvotes=upvotes)), withdrawn=withdrawn)


def judged(probability: float, slug: str = "peft", *, in_digest: bool = True) -> Judgement:
    return Judgement({}, (Assignment(slug, probability, (), in_digest),), Compute("low", "one GPU"))


def order(papers: list[Paper], judgements: dict[str, Judgement], limit: int = 10) -> list[str]:
    (section,) = choose(papers, judgements, ["peft"], limit)
    return [shown.paper.id for shown in section.papers]


def test_the_surest_paper_comes_first() -> None:
    judgements = {"1": judged(0.6), "2": judged(0.9), "3": judged(0.7)}
    assert order([paper(id_) for id_ in judgements], judgements) == ["2", "3", "1"]


def test_readers_votes_lift_a_paper_but_not_over_a_much_surer_one() -> None:
    judgements = {"1": judged(0.7), "2": judged(0.6), "3": judged(0.99)}
    assert order([paper("1"), paper("2", 50), paper("3")], judgements) == ["3", "2", "1"]


def test_ties_are_broken_by_id_whatever_order_papers_come_in() -> None:
    judgements = {id_: judged(0.5) for id_ in "3142"}
    for given_order in ("3142", "1234", "4321"):
        assert order([paper(id_) for id_ in given_order], judgements) == list("1234")


def test_withdrawn_papers_and_those_under_the_digests_threshold_are_left_out() -> None:
    judgements = {"1": judged(0.9), "2": judged(0.8, in_digest=False), "3": judged(0.7), "4": judged(0.9, "rag")}
    papers = [paper("1", withdrawn=True), paper("2"), paper("3"), paper("4")]
    assert order(papers, judgements) == ["3"]


def test_the_limit_counts_papers_of_one_direction_and_the_total_says_how_many_there_are() -> None:
    judgements = {str(n): judged(0.5 + n / 100) for n in range(8)}
    (section,) = choose([paper(id_) for id_ in judgements], judgements, ["peft"], 3)
    assert len(section.papers) == 3
    assert section.total == 8


def test_a_paper_stands_under_each_of_its_directions_in_the_order_asked_for() -> None:
    both = Judgement({}, (Assignment("rag", 0.9), Assignment("peft", 0.6)))
    sections = choose([paper("1")], {"1": both}, ["peft", "video", "rag"], 5)
    assert [(section.slug, len(section.papers)) for section in sections] == [("peft", 1), ("video", 0), ("rag", 1)]


def test_the_sentence_shown_is_the_one_that_the_evidence_is_in() -> None:
    text = "We propose a benchmark for planning in large worlds. We propose an adapter for tiny models of language."
    known = first_seen(fetched("1", abstract=text))
    judgement = Judgement({}, (Assignment("peft", 0.9, (Evidence("adapter", 1.0), Evidence("tiny", 0.5))),))
    (section,) = choose([known], {"1": judgement}, ["peft"], 5)
    assert "adapter" in section.papers[0].key_sentence


@given(st.dictionaries(st.text("123456789", min_size=1, max_size=3), st.tuples(st.floats(0, 1), st.integers(0, 500))))
def test_the_order_follows_from_the_papers_alone(known: dict[str, tuple[float, int]]) -> None:
    papers = [paper(id_, votes) for id_, (_, votes) in known.items()]
    judgements = {id_: judged(probability) for id_, (probability, _) in known.items()}
    assert order(papers, judgements, 1000) == order(papers[::-1], judgements, 1000)
