"""Papers written for the tests of nearness, and the engine that the project ships."""

from __future__ import annotations

from datetime import date
from functools import cache

from bot.app import load_terms
from bot.models.papers import Judgement, Paper
from bot.nearness import Nearness
from bot.settings import configured


@cache
def engine() -> Nearness:
    return Nearness.load(configured("nearness.npz"), load_terms())


def paper(id_: str, title: str, abstract: str) -> Paper:
    return Paper(id_, 1, title, abstract, (), ("cs.CL",), date(2026, 6, 17))


RANK = paper(
    "rank",
    "Spectral Rank Selection for LoRA",
    "We pick the rank of each low-rank adapter from the singular values of the layer's gradient. Layers whose gradient "
    "spectrum decays fast get a small rank. On two fine-tuning tasks this matches full-rank adapters with half of the "
    "trainable parameters.",
)
MERGE = paper(
    "merge",
    "Merging LoRA Adapters Without Data",
    "We add low-rank adapters of several tasks in weight space, and study when their ranks interfere.",
)
PRUNE = paper(
    "prune",
    "Pruned Models Keep Facts That They Cannot Say",
    "After pruning, a language model still ranks the right option in multiple-choice questions, but open-ended "
    "generation fails. Sampling several answers brings the knowledge back.",
)
GAME = paper(
    "game",
    "Liars at the Table",
    "Agents play Werewolf in groups of nine. We code each claim as true or false and ask when deception emerges.",
)
WEATHER = paper(
    "weather",
    "Rain on a Coarse Grid",
    "A diffusion model downscales precipitation from satellite images to the scale of a city.",
)
CACHE = paper(
    "cache",
    "What Can Leave the KV Cache",
    "We evict keys and values of long reasoning chains by the change of hidden states, without training and with "
    "FlashAttention.",
)
SHELF = (RANK, MERGE, PRUNE, GAME, WEATHER, CACHE)
JUDGED = {
    "rank": Judgement({"peft": 0.97, "simulation": 0.01}),
    "merge": Judgement({"peft": 0.9, "simulation": 0.01}),
    "game": Judgement({"peft": 0.01, "simulation": 0.98}),
}
