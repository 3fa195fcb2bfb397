"""The language of search: what is understood, what is put right, and that it is told in one form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.app import load_directions, load_lexis
from bot.rules.query import clauses_of, read_query
from bot.rules.query.demands import Reach, demands_in, sought
from bot.rules.query.marking import marked, snippet
from bot.rules.query.spelling import corrected, distance
from bot.rules.query.tree import written

TODAY = date(2026, 6, 17)  # a Wednesday
DIRECTIONS = load_directions()
ODD = st.text(st.sampled_from('ab 检索增强"“”「」()（）-−:：|或ORtiausncedr,，.#%0123é\u0301ſﬁ '), max_size=60)


def understood(text: str) -> str:
    return str(read_query(text, TODAY, DIRECTIONS))


def faults(text: str) -> list[str]:
    return [f"{one.fault}:{one.said}" for one in read_query(text, TODAY, DIRECTIONS).remarks]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Low-Rank  ADAPTATION", "low-rank adaptation"),
        ("“低秩 适配” 遗忘", '"低秩 适配" 遗忘'),
        ("「思维链」", '"思维链"'),
        ("ti:LoRA au:“Edward Hu” -survey", 'ti:lora au:"edward hu" -survey'),
        ("quantization OR pruning llm", "(quantization OR pruning) llm"),
        ("量化 或 剪枝", "量化 OR 剪枝"),
        ("trust or not", "trust or not"),
        ("NOT survey AND agents", "-survey agents"),
        ("（检索 或 RAG） 标题：综述", "(检索 OR rag) ti:综述"),
        ("ti:(lora OR qlora)", "ti:lora OR ti:qlora"),
        ("TI: lora", "ti:lora"),
        ("dir:高效微调 方向:PEFT", "dir:peft"),
        ("cat:CS.cl 分类:q-bio.NC", "cat:cs.cl cat:q-bio.nc"),
        ("since:7d", "since:2026-06-10"),
        ("since:2w", "since:2026-06-03"),
        ("since:上周", "since:2026-06-08"),
        ("since:2026-06", "since:2026-06-01"),
        ("since:2026年6月5日", "since:2026-06-05"),
        ("compute:LOW 算力：低 has:代码", "compute:low has:code"),
        ("saved: lora", "saved: lora"),
        ("saved:#LoRA", "saved:lora"),
        ("https://arxiv.org/abs/2106.09685v2", "id:2106.09685"),
        ("arXiv:2106.09685 lora", "id:2106.09685 lora"),
        ("-(a b)", "-(a b)"),
        ("foo:bar", "foo-bar"),
        ("KV缓存", "kv缓存"),
        ("peft, lora；qlora", "peft lora qlora"),
        ("!? 。", ""),
    ],
)
def test_what_is_understood(text: str, meant: str) -> None:
    assert understood(text) == meant
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "meant", "told"),
    [
        ('"low rank', "low rank", ['quote:"']),
        ("((a b", "a b", ["bracket:("]),
        ("a) b", "a b", ["bracket:)"]),
        ("a OR", "a", ["or:OR"]),
        ("OR a", "a", ["or:OR"]),
        ("a OR OR b", "a OR b", ["or:OR"]),
        ("ti:", "", ["field:ti:"]),
        ("lora since:soon", "lora", ["value:since:soon"]),
        ("since:2026-13", "", ["value:since:2026-13"]),
        ("compute:lots", "", ["value:compute:lots"]),
        ("dir:zebras lora", "lora", ["value:dir:zebras"]),
        ("a" * 500, "a" * 400, [f"length:{'a' * 20}…"]),
    ],
)
def test_what_is_wrong_is_put_right_and_told(text: str, meant: str, told: list[str]) -> None:
    assert (understood(text), faults(text)) == (meant, told)


@given(st.text(max_size=80) | ODD)
@example("ti:" * 130)
@example("-" * 399 + "a")
@example("(" * 300 + "a OR b" + ")" * 90)
@example("or:ti:İ")
@example("'或")
def test_anything_is_understood_and_its_one_form_means_the_same(text: str) -> None:
    query = read_query(text, TODAY, DIRECTIONS)
    again = read_query(str(query), TODAY, DIRECTIONS)
    if len(str(query)) <= 400:
        assert again.node == query.node
        assert str(again) == str(query)
    clauses_of(query.node)


def test_filters_come_out_of_alternatives_and_words_stay_in_them() -> None:
    node = read_query("(lora OR cat:cs.CL) forgetting -survey (a OR b)", TODAY).node
    clauses = clauses_of(node)
    assert [written(clause.wanted) for clause in clauses] == ["lora forgetting (a OR b)", "forgetting (a OR b)"]
    assert [[one.value for one, _ in clause.filters] for clause in clauses] == [[], ["cs.cl"]]
    assert all([one.text for one in clause.unwanted] == ["survey"] for clause in clauses)


def test_alternatives_do_not_grow_without_bound() -> None:
    assert len(clauses_of(read_query(" ".join(f"(a{n} OR has:code)" for n in range(9)), TODAY).node)) <= 8


def phrases(text: str, reach: Reach = Reach.EXACT) -> list[list[str]]:
    node = read_query(text, TODAY, DIRECTIONS).node
    assert node
    found = sought(node, load_lexis(), reach, node)
    assert found
    return [[" ".join(one.words) + "*" * one.open for one in demand.phrases] for demand in demands_in(found)]


def test_words_are_meant_in_both_numbers_and_chinese_ones_in_english() -> None:
    assert phrases("agents") == [["agents", "agent"]]
    assert "hallucination" in phrases("幻觉")[0]
    assert phrases("gpt-4") == [["gpt 4"]]
    assert phrases('"large language"') == [["large language"]]
    assert phrases("au:agents") == [["agents"]]
    assert "lora" in phrases("高效微调")[0]


def test_the_last_word_may_be_unfinished_if_it_is_long_enough() -> None:
    assert phrases("vasw", Reach.OPEN) == [["vasw*"]]
    assert phrases("au:wan", Reach.OPEN) == [["wan*"]]
    assert phrases("qu", Reach.OPEN) == [["qu"]]


def test_a_common_beginning_stands_for_the_commonest_words_that_begin_so() -> None:
    [meant] = phrases("quan", Reach.OPEN)
    assert meant[0] == "quan"
    assert {"quantum", "quantization", "quantized"} <= set(meant)
    assert not any("*" in one for one in meant)
    assert len(meant) < 20


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("reasonning", "reasoning"),
        ("retreival augmented", "retrieval augmented"),
        ("transfomer -atention", "transformer -attention"),
        ("检索增墙", "检索增强"),
        ("au:reasonning", ""),
        ("reasoning", ""),
        ("zzzzzzzz", ""),
    ],
)
def test_what_was_meant(text: str, meant: str) -> None:
    node, lexis = read_query(text, TODAY).node, load_lexis()
    assert node
    assert written(corrected(node, lexis.vocabulary, lexis.terms)) == meant


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_distance_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert distance(one, other, 2) == distance(other, one, 2)
    assert (distance(one, other, 2) == 0) == (one == other)


def test_hits_are_marked_where_they_stand() -> None:
    demands = list(demands_in(sought(read_query("低秩适配 gödel", TODAY).node, load_lexis())))  # type: ignore[arg-type]
    text = "We say that Godel’s low-rank adapters, LoRA and 低秩适配 are one. " + "And more. " * 40
    hits = [piece for piece, is_hit in marked(text, demands) if is_hit]
    assert hits == ["Godel", "low-rank adapters", "LoRA", "低秩适配"]
    shown = snippet("Before. " * 40 + text, demands, 100)
    assert [piece for piece, is_hit in shown if is_hit] == hits
    assert sum(len(piece) for piece, _ in shown) <= 102
    assert shown[0] == ("…", False)


@given(ODD, ODD, st.integers(1, 50))
def test_a_marked_text_is_the_text(text: str, asked: str, longest: int) -> None:
    node = read_query(asked, TODAY).node
    found = sought(node, load_lexis()) if node else None
    demands = list(demands_in(found)) if found else []
    assert "".join(piece for piece, _ in marked(text, demands)) == text
    assert "".join(piece for piece, _ in snippet(text, demands, longest)).strip("…") in text
