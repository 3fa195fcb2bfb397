"""Papers made up for these tests; none is a real one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The least that the classifier wants of a paper."""

    title: str
    abstract: str


QUANTIZATION = Text(
    "Four Bits Are Plenty: Outlier-Aware Weight Quantization of Language Models",
    "We study post-training quantization of large language models. A handful of outlier channels spoils low-bit "
    "weights; we store them apart and quantize the rest to 4-bit integers. On a single RTX 4090, with no retraining, "
    "the quantized model keeps its perplexity at a quarter of the memory.",
)
JAILBREAK = Text(
    "Nursery Rhymes as Jailbreaks",
    "Aligned language models refuse harmful requests. We show that a jailbreak attack hidden in a children's rhyme "
    "raises the attack success rate on five models, and that a simple guardrail against such adversarial prompts "
    "restores refusal. Our red-teaming needs only API access.",
)
VIDEO = Text(
    "Which Frames Matter? Training-Free Frame Selection for Long Video Understanding",
    "Video language models read hundreds of frames, most of them idle. We select key frames without training and "
    "improve long-video question answering on three benchmarks.",
)
OFF_TOPIC = Text(
    "Tidal Currents in a Shallow Bay",
    "We measure the salinity of a bay over two winters and fit a hydrodynamic equation to the currents.",
)
EVERYTHING = (QUANTIZATION, JAILBREAK, VIDEO, OFF_TOPIC)
