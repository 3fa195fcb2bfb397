"""How much machinery reproducing a paper takes: readable rules over phrases, weighed together with the words.

    text → phrases that a rule knows ("training-free", "70B", "from scratch") → learned weights → level, and the phrase

A rule says what to look for, never what it means: its weight for each level is learned from the gold labels.
``phrases`` is the readable way, ``phrases_in`` the same for many texts at once; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.classifier.cues import Cues
from bot.models import Compute

LEVELS = ("low", "medium", "high")
UNKNOWN = "unknown"


class Rule(NamedTuple):
    """A kind of phrase. ``cues``: literals of which one must occur; they spare most texts the pattern."""

    name: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]


def _rule(name: str, cues: str, *alternatives: str) -> Rule:
    return Rule(name, tuple(cues.split("|")), re.compile("|".join(alternatives)))


_TRAINING = r"(?:re-?|fine-?)?(?:training|tuning)\b"
_B = "0b|1b|2b|3b|4b|5b|6b|7b|8b|9b"
_WE_MAKE = r"\bwe (?:introduce|present|propose|construct|build|develop)"

RULES = (
    _rule(
        "no training",
        "-free|g free|without|no ",
        r"\b(?:training|tuning)[- ]free\b",
        rf"\bwithout (?:\w+[ -]){{0,3}}?{_TRAINING}",
        rf"\bno (?:\w+ )?{_TRAINING}",
    ),
    _rule("frozen model", "frozen|off-the-shelf", r"\bfrozen\b", r"\boff-the-shelf\b"),
    _rule("zero-shot", "-shot", r"\b(?:zero|few)-shot\b"),
    _rule(
        "API", "api|black-box|closed-s|propriet", r"\bapis?\b", r"\bblack-box\b", r"\bclosed-source\b", "proprietary"
    ),
    _rule(
        "one machine",
        "gpu|consumer|rtx|cpu|laptop|commodity|edge dev",
        r"\b(?:single|one) (?:[\w-]+ )?gpu\b",
        r"\bconsumer(?:-grade)?\b",
        r"\b(?:rtx|cpus?|laptops?|commodity|edge devices?)\b",
    ),
    _rule(
        "up to 3B", f"{_B}|m param|m model", r"(?<![\w.])(?:0\.\d+|[123](?:\.\d+)?)b\b", r"\b\d{2,3}m (?:param|model)"
    ),
    _rule("4B to 14B", _B, r"(?<![\w.])(?:[4-9]|1[0-4])(?:\.\d+)?b\b"),
    _rule("30B and up", _B, r"(?<![\w.])(?:[3-9]\d|[1-9]\d\d)b\b"),
    _rule("pre-training", "pretrain|pre-train", r"\bpre-?train(?:ing|ed from)\b"),
    _rule("from scratch", "from scratch", r"\bfrom scratch\b"),
    _rule("trillions", "trillion|t tokens", r"\b(?:[\d.]+ )?trillions?\b(?:[ -]tokens?)?", r"\b\d+(?:\.\d+)?t tokens"),
    _rule(
        "many GPUs", "00|gpu", r"\b[ah]\d00s?\b", r"\b\d+ ?x? gpus\b", r"\bmulti-gpu\b", r"\bgpu (?:clusters?|hours)\b"
    ),
    _rule("fine-tuning", "fine-tun|finetun", r"\bfine-?tun(?:e|es|ed|ing)\b"),
    _rule(
        "reinforcement learning",
        "reinforcement|rl|grpo|ppo|dpo|policy optim",
        r"\breinforcement learning\b",
        r"\b(?:rl|grpo|ppo|dpo|rlvr|rlhf)\b",
        r"\bpolicy optimi[sz]ation\b",
    ),
    _rule(
        "post-training", "sft|instruction|post-t|posttr", r"\bsft\b", r"\binstruction[- ]tun\w+", r"\bpost-?train\w+"
    ),
    _rule("a new benchmark", "benchmark", rf"{_WE_MAKE} [\w-]+, an? (?:[\w-]+ ){{0,4}}?benchmark\b"),
    _rule("prompting", "prompt", r"\bprompt(?:s|ing|ed)?\b"),
    _rule("light", "lightweight|plug-and", r"\blightweight\b", r"\bplug-and-play\b"),
    _rule(
        "models of others",
        "gpt|claude|gemini|deepseek|frontier",
        r"\bgpt-?[\d.]+\w*",
        r"\b(?:claude|gemini|deepseek)\b",
        r"\bfrontier (?:models|llms)\b",
    ),
    _rule("rewards", "reward", r"\breward(?:s|ing)?(?: model\w*)?\b"),
    _rule(
        "we train",
        "train|tune",
        r"\bwe (?:\w+ )?(?:train|fine-?tune)\b",
        r"\btrain(?:s|ed|ing) (?:a|on|with|our|the)\b",
    ),
    _rule(
        "a survey", "survey|position|argue|taxonomy", r"\bsurvey\b", r"\bposition paper\b", r"\bwe argue\b", "taxonomy"
    ),
    _rule("an analysis", "we ", r"\bwe (?:\w+ly )?(?:evaluate|analy[sz]e|investigate|study|examine|audit|benchmark)\b"),
    _rule("distillation", "distill", r"\bdistill\w*"),
    _rule(
        "agents at work", "multi-agent|workflow|orchestrat", r"\bmulti-agent\b", r"\bworkflows?\b", r"\borchestrat\w+"
    ),
)


BEFORE_CUE = 120
"""No phrase begins this many characters before the first of its rule's cues; the pattern need not look there."""


class Phrase(NamedTuple):
    """A phrase that a rule found: the rule's number and the words as they stand."""

    rule: int
    text: str


def phrases(text: str) -> Iterator[Phrase]:
    """The first phrase of every rule that finds one in an ASCII text."""
    lower = text.lower()
    for number, rule in enumerate(RULES):
        places = [place for cue in rule.cues if (place := lower.find(cue)) >= 0]
        if places and (found := _phrase(number, text, lower, min(places))):
            yield found


def _phrase(number: int, text: str, lower: str, cue: int) -> Phrase | None:
    """What a rule finds in a text whose first cue stands at this place."""
    match = RULES[number].pattern.search(lower, max(0, cue - BEFORE_CUE))
    return Phrase(number, " ".join(text[match.start() : match.end()].split())) if match else None


_LITERALS = sorted({cue for rule in RULES for cue in rule.cues})
_RULES_OF = [[number for number, rule in enumerate(RULES) if cue in rule.cues] for cue in _LITERALS]
_CUES = Cues(_LITERALS)


def phrases_in(texts: Sequence[str]) -> list[list[Phrase]]:
    """``phrases`` of each text."""
    lowers = [text.lower() for text in texts]
    firsts: list[dict[int, int]] = [{} for _ in texts]
    for row, offset, literal in zip(*(column.tolist() for column in _CUES.find(lowers)), strict=True):
        for number in _RULES_OF[literal]:
            firsts[row].setdefault(number, offset)
    return [
        [found for number in sorted(first) if (found := _phrase(number, text, lower, first[number]))]
        for text, lower, first in zip(texts, lowers, firsts, strict=True)
    ]


def decide(probabilities: Sequence[float], thresholds: Sequence[float]) -> str:
    """The first of high, low, medium whose probability reaches its threshold, or ``unknown``."""
    low, medium, high = (chance >= limit for chance, limit in zip(probabilities, thresholds, strict=True))
    return "high" if high else "low" if low else "medium" if medium else UNKNOWN


def verdict(level: str, found: Sequence[Phrase], weights: Sequence[Sequence[float]]) -> Compute:
    """The level with the phrase that speaks most for it, if any does; ``weights`` by rule, then by level."""
    if level == UNKNOWN:
        return Compute()
    column = LEVELS.index(level)
    best = max(found, key=lambda phrase: weights[phrase.rule][column], default=None)
    return Compute(level, best.text if best is not None and weights[best.rule][column] > 0 else "")
