"""What a query says in the other language."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.app import load_terms
from bot.errors import SettingsError
from bot.rules.terms import MOST_GROUPS, MOST_PHRASES, Phrase, Terms, expand, read_terms
from bot.rules.tokens import tokens

SHIPPED = load_terms()
TERMS = read_terms(
    [
        {"zh": "大语言模型|大模型", "en": "large language model|LLM"},
        {"zh": "思维链", "en": "chain of thought|CoT"},
        {"zh": "压缩", "en": "compression"},
        {"zh": "思维链压缩", "en": "CoT compression"},
        {"zh": "键值缓存|KV 缓存", "en": "KV cache"},
        {"zh": "智能体", "en": "agent"},
        {"zh": "记忆", "en": "memory"},
    ]
)


def said(query: str, terms: Terms = TERMS, *, fine: bool = False) -> list[set[str]]:
    """The phrases of each group, written as people do; ``…`` where the last word may go on."""
    groups = expand(query, terms, fine=fine)
    return [{" ".join(phrase.words) + "…" * phrase.open for phrase in group} for group in groups]


def first_words(query: str, terms: Terms = TERMS, *, fine: bool = False) -> list[str]:
    return [" ".join(group[0].words) for group in expand(query, terms, fine=fine)]


def test_a_chinese_term_is_itself_or_one_of_its_english_forms():
    assert said("大模型 7") == [{"大模 模型", "large language model…", "llm", "llms"}, {"7…"}]


def test_an_english_term_is_itself_or_its_chinese_forms_and_its_words_need_not_stand_together():
    assert said("chain of thought") == [{"chain", "思维 维链"}, {"of", "思维 维链"}, {"thought…", "思维 维链"}]


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("思维链压缩", ["思维 维链 链压 压缩"]),  # the longest term
        ("思维链 压缩", ["思维 维链", "压缩"]),  # a space divides
        ("思维链，压缩", ["思维 维链", "压缩"]),
        ("KV缓存", ["kv 缓存"]),
        ("kv  缓存", ["kv 缓存"]),
        ("大模型的思维链", ["大模 模型", "思维 维链"]),
        ("如何压缩大模型", ["压缩", "大模 模型"]),
        ("LoRA 压缩", ["lora", "压缩"]),
        ("用LoRA压缩", ["lora", "压缩"]),  # one character alone says too little
        ("量子压缩", ["量子", "压缩"]),
        ("量子色", ["量子", "子色"]),
        ("甲", ["甲"]),  # unless it is all there is
        ("方法", ["方法"]),
        ("压缩 压缩", ["压缩"]),
        ("", []),
        ("?!", []),
    ],
)
def test_how_a_query_is_divided(query: str, groups: list[str]):
    assert first_words(query) == groups


def test_a_term_can_be_taken_apart_where_nothing_is_left_over():
    assert first_words("思维链压缩", fine=True) == ["思维 维链", "压缩"]
    assert first_words("智能体记忆") == first_words("智能体记忆", fine=True) == ["智能 能体", "记忆"]
    assert first_words("大语言模型", fine=True) == ["大语 语言 言模 模型"]


def test_only_the_last_word_may_be_unfinished():
    assert [group[0].open for group in expand("low rank adapt")] == [False, False, True]
    assert expand("检索 增") == [(Phrase(("检索",), open=True),)]


@pytest.mark.parametrize(
    ("form", "phrases"),
    [
        ("agent", {"agent…"}),  # agents, agentic
        ("RAG", {"rag", "rags"}),  # not rage
        ("ability", {"ability…", "abilities"}),
        ("survey", {"survey…"}),
        ("1-bit", {"1 bit", "1 bits"}),
        ("System 2", {"system 2"}),
    ],
)
def test_plurals_are_found_too(form: str, phrases: set[str]):
    (group,) = said("术语", read_terms([{"zh": "术语", "en": form}]))
    assert group == {"术语…", *phrases}


def test_what_a_shorter_form_finds_too_is_not_asked_twice():
    terms = read_terms([{"zh": "遗忘", "en": "forget|forgetting|catastrophic forgetting"}])
    assert said("遗忘", terms) == [{"遗忘…", "forget…", "catastrophic forgetting…"}]


def test_a_form_in_two_rows_means_both():
    terms = read_terms([{"zh": "推理", "en": "reasoning"}, {"zh": "推理", "en": "inference"}])
    assert said("推理", terms) == [{"推理…", "reasoning…", "inference…"}]


@pytest.mark.parametrize(
    "row", [{"zh": "甲", "en": ""}, {"zh": "|", "en": "a"}, {"zh": "甲"}, {"zh": "甲", "en": None}]
)
def test_a_wrong_row_is_named(row: dict[str, str | None]):
    with pytest.raises(SettingsError) as refused:
        read_terms([{"zh": "甲", "en": "a"}, row])
    assert refused.value.key == "bad_term"
    assert refused.value.values["number"] == 3


def test_without_a_list_every_word_stands_for_itself():
    assert said("检索增强 LoRA", Terms()) == [{"检索"}, {"索增"}, {"增强"}, {"lora…"}]
    assert expand("检索增强 LoRA") == expand("检索增强 LoRA", Terms())


@settings(max_examples=300)
@given(st.text(max_size=500) | st.text("大语言模型思维链压缩的KV 缓存llm, ", max_size=500))
@example("大模型" * 200)
@example("ﷺ" * 400)
@example("a " * 400)
@example("甲 " * 400)
@example("\x00\ud800\"'*()^:-")
def test_any_query_gives_a_bounded_answer_of_plain_words(query: str):
    for fine in (False, True):
        groups = expand(query, SHIPPED, fine=fine)
        assert groups == expand(query, SHIPPED, fine=fine)
        assert len(groups) <= MOST_GROUPS
        assert bool(groups) == bool(tokens(query[:400]))
        for group in groups:
            assert 1 <= len(group) <= MOST_PHRASES
            for phrase in group:
                assert phrase.words
                assert all(word.isalnum() for word in phrase.words)
