"""Forms of a word that are one, and words that are not."""

from __future__ import annotations

import pytest

from bot.nearness.stems import stem


@pytest.mark.parametrize(
    "forms",
    [
        "select selecting selection selected selective",
        "prune pruning pruned",
        "quantize quantization quantized",
        "verify verification verifier verified verifying",
        "retrieve retrieval retrieving",
        "spectrum spectral spectra",
        "tokenize tokenizer tokenization",
        "forget forgetting forgotten",
        "plan planning planned",
        "sparse sparsity",
    ],
)
def test_forms_of_one_word_have_one_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize("words", ["general generate", "persona personal", "rate ration", "adapter adapt", "rank ran"])
def test_other_words_keep_their_own(words: str) -> None:
    one, other = map(stem, words.split())
    assert one != other


@pytest.mark.parametrize("word", ["bias", "loss", "lora", "gpt4", "use", ""])
def test_short_words_stay(word: str) -> None:
    assert stem(word) == word
