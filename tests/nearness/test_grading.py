"""An idea held against papers: order, grades, words in common, and what the reader demands."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.models.ideas import Asked, Grade, Near
from bot.nearness import suggested_directions
from tests.nearness.papers import GAME, JUDGED, MERGE, PRUNE, RANK, SHELF, WEATHER, engine, paper

IDEA = "choose the LoRA rank per layer from the gradient's spectrum"
CHINESE = "根据每一层梯度的谱来选择 LoRA 的秩"


def near(text: str, **asked: object) -> dict[str, Near]:
    question = engine().ask(Asked(text, **asked))  # type: ignore[arg-type]
    return {one.paper.id: one for one in engine().grade(question, SHELF)}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        (IDEA, "rank"),
        (CHINESE, "rank"),
        ("剪枝之后的大模型做选择题还行，自己写答案就不行了，多采样几次能找回知识吗？", "prune"),
        ("do language agents begin to deceive each other in social deduction games?", "game"),
        ("智能体玩狼人杀时什么时候开始欺骗？", "game"),
        ("丢掉键值缓存里的 token，看隐状态的变化，不训练", "cache"),
    ],
)
def test_the_paper_that_asks_the_same_comes_first(text: str, nearest: str) -> None:
    assert next(iter(near(text))) == nearest


@pytest.mark.parametrize("text", [IDEA, CHINESE])
def test_the_same_question_with_the_same_approach_is_a_scoop(text: str) -> None:
    assert near(text)["rank"].grade is Grade.SCOOP


def test_of_two_grades_the_weaker_is_given_where_only_a_part_is_the_same() -> None:
    assert near(IDEA)["merge"].grade in (Grade.CLOSE, Grade.USEFUL, None)
    assert near(IDEA)["weather"].grade is None


def test_an_idea_of_one_word_has_no_scoop() -> None:
    assert {one.grade for one in near("LoRA").values()} <= {Grade.USEFUL, None}


def test_words_in_common_are_the_papers_own_and_name_a_subject() -> None:
    found = near(IDEA)["rank"].shared
    text = f"{RANK.title} {RANK.abstract}".lower()
    assert found
    assert all(" ".join(word.lower().split()) in " ".join(text.split()) for word in found)
    assert {"LoRA", "Rank", "gradient"} <= set(found)
    assert not {"the", "model", "from"} & {word.lower() for word in found}


def test_what_differs_is_said_in_the_ideas_words() -> None:
    assert "gradient" in near(IDEA)["merge"].missing
    assert "梯度" in near(CHINESE)["merge"].missing
    assert "LoRA" not in near(IDEA)["merge"].missing


def test_other_forms_of_a_word_are_the_same_word() -> None:
    assert "Selection" in " ".join(near("selecting a rank for LoRA")["rank"].shared)


def test_a_paper_without_any_of_the_demanded_phrases_is_not_near() -> None:
    assert near(IDEA, must=("gradient spectrum", "singular values"))["rank"].grade is Grade.SCOOP
    assert near(IDEA, must=("quantization",))["rank"].grade is None


def test_a_demand_in_chinese_is_looked_for_in_english() -> None:
    assert near(IDEA, must=("奇异值",))["rank"].grade is Grade.SCOOP
    assert near(IDEA, must_not=("奇异值",))["rank"].grade is None


def test_a_paper_with_a_forbidden_phrase_is_not_near() -> None:
    assert near(IDEA, must_not=("low-rank adapter",))["rank"].grade is None


def test_the_same_shared_phrases_never_alert_again() -> None:
    again = paper("again", RANK.title, RANK.abstract)
    question = engine().ask(Asked(IDEA, unwanted=(RANK,)))
    assert engine().grade(question, [again])[0].grade is None
    assert engine().match([question], [again]) == [[]]


def test_wanted_papers_draw_their_like() -> None:
    like = paper("like", "Adapters That Interfere", "Low-rank adapters of several tasks interfere in weight space.")
    asked = Asked("ranks", wanted=()), Asked("ranks", wanted=(MERGE,))
    without, with_ = (next(one.score for one in engine().grade(engine().ask(a), [like, GAME]) if one.paper is like) for a in asked)  # noqa: E501  # fmt: skip
    assert with_ > without


def test_directions_are_suggested_by_the_nearest_papers() -> None:
    graded = engine().grade(engine().ask(Asked(IDEA)), SHELF, JUDGED)
    assert suggested_directions(graded, JUDGED) == ("peft",)


def test_a_direction_of_the_idea_lifts_papers_in_it() -> None:
    scores = [
        {one.paper.id: one.score for one in engine().grade(engine().ask(Asked("agents", slugs)), SHELF, JUDGED)}["game"]
        for slugs in (("simulation",), ("peft",))
    ]
    assert scores[0] > scores[1]


def test_matching_gives_what_grading_grades() -> None:
    questions = [engine().ask(Asked(text)) for text in (IDEA, CHINESE, "agents in Werewolf deceive", "疫苗接种")]
    for question, matched in zip(questions, engine().match(questions, SHELF), strict=True):
        graded = {one.paper.id: one.grade for one in engine().grade(question, SHELF) if one.grade}
        assert {one.paper.id: one.grade for one in matched} == graded


def test_the_best_grade_comes_first() -> None:
    order = [*Grade, None]
    grades = [order.index(one.grade) for one in near(IDEA).values()]
    assert grades == sorted(grades)


def test_nothing_is_near_to_nothing() -> None:
    assert engine().grade(engine().ask(Asked("")), []) == []
    assert engine().match([], SHELF) == []
    assert all(one.grade is None for one in near("").values())
    assert all(one.grade is None for one in near("的了吗呢 … !!").values())


def test_words_for_searching_are_english() -> None:
    question = engine().ask(Asked(CHINESE))
    assert question.language == "zh"
    assert question.words
    assert all(word.isascii() for word in question.words)
    assert {"lora", "gradient"} <= {word.lower() for word in question.words}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.text('LoRA 梯度谱选择 "*()-. 𝕏é\n', max_size=300))
@example("LoRA " * 4000)
@example("梯度" * 4000)
def test_no_text_makes_it_fail(text: str) -> None:
    question = engine().ask(Asked(text, must=(text[:40],), must_not=(text[-3:],), unwanted=(WEATHER,), wanted=(PRUNE,)))
    for one in engine().grade(question, [*SHELF, paper("odd", text, text)]):
        assert 0 <= one.score <= 1
        assert len(one.shared) <= 6
