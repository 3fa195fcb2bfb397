"""How much machinery reproducing a paper takes: readable rules over phrases, weighed together with the words.

    text → phrases that a rule knows ("training-free", "70B", "from scratch") → learned weights → level, and the phrase

A rule says what to look for, never what it means: its weight for each level is learned from the gold labels.
``phrases`` is the readable way, ``phrases_in`` the same for many texts at once; a test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.classifier.cues import Cues
from bot.models import Compute

LEVELS = ("low", "medium", "high")
UNKNOWN = "unknown"


class Rule(NamedTuple):
    """A kind of phrase.

    ``cues``: every phrase begins with one of these literals (``cues.py`` has their form), which spare most texts the
    pattern; or, where ``before`` is not 0, has one of them so many characters after its beginning at most.
    """

    name: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    before: int


def _rule(name: str, cues: str, *alternatives: str, before: int = 0) -> Rule:
    return Rule(name, tuple(cues.split("|")), re.compile("|".join(alternatives)), before)


_TRAINING = r"(?:re-?|fine-?)?(?:training|tuning)\b"
_B = "0b|1b|2b|3b|4b|5b|6b|7b|8b|9b"
_WE_MAKE = r"\bwe (?:introduce|present|propose|construct|build|develop)"
_NUMBER = 12
"""No number in these patterns is longer, with what may stand between it and its cue."""

RULES = (
    _rule(
        "no training",
        "<train|<tuning|<without |<no ",
        r"\b(?:training|tuning)[- ]free\b",
        rf"\bwithout (?:\w+[ -]){{0,3}}?{_TRAINING}",
        rf"\bno (?:\w+ )?{_TRAINING}",
    ),
    _rule("frozen model", "<frozen|<off-the-", r"\bfrozen\b", r"\boff-the-shelf\b"),
    _rule("zero-shot", "<zero-sho|<few-shot", r"\b(?:zero|few)-shot\b"),
    _rule(
        "API", "<api|<black-bo|<closed-s|propriet", r"\bapis?\b", r"\bblack-box\b", r"\bclosed-source\b", "proprietary"
    ),
    _rule(
        "one machine",
        "<single |<one |<consumer|<rtx|<cpu|<laptop|<commodit|<edge dev",
        r"\b(?:single|one) (?:[\w-]+ )?gpu\b",
        r"\bconsumer(?:-grade)?\b",
        r"\b(?:rtx|cpus?|laptops?|commodity|edge devices?)\b",
    ),
    _rule(
        "up to 3B",
        f"{_B}|m param|m model",
        r"(?<![\w.])(?:0\.\d{1,8}|[123](?:\.\d{1,8})?)b\b",
        r"\b\d{2,3}m (?:param|model)",
        before=_NUMBER,
    ),
    _rule("4B to 14B", _B, r"(?<![\w.])(?:[4-9]|1[0-4])(?:\.\d{1,8})?b\b", before=_NUMBER),
    _rule("30B and up", _B, r"(?<![\w.])(?:[3-9]\d|[1-9]\d\d)b\b", before=_NUMBER),
    _rule("pre-training", "<pretrain|<pre-trai", r"\bpre-?train(?:ing|ed from)\b"),
    _rule("from scratch", "<from scr", r"\bfrom scratch\b"),
    _rule(
        "trillions",
        "trillion|t tokens",
        r"\b(?:[\d.]{1,8} )?trillions?\b(?:[ -]tokens?)?",
        r"\b\d{1,4}(?:\.\d{1,4})?t tokens",
        before=_NUMBER,
    ),
    _rule(
        "many GPUs",
        "00|gpu",
        r"\b[ah]\d00s?\b",
        r"\b\d{1,8} ?x? gpus\b",
        r"\bmulti-gpu\b",
        r"\bgpu (?:clusters?|hours)\b",
        before=_NUMBER,
    ),
    _rule("fine-tuning", "<fine-tun|<finetun", r"\bfine-?tun(?:e|es|ed|ing)\b"),
    _rule(
        "reinforcement learning",
        "<reinforc|<rl|<grpo|<ppo|<dpo|<policy o",
        r"\breinforcement learning\b",
        r"\b(?:rl|grpo|ppo|dpo|rlvr|rlhf)\b",
        r"\bpolicy optimi[sz]ation\b",
    ),
    _rule(
        "post-training",
        "<sft|<instruct|<post-t|<posttr",
        r"\bsft\b",
        r"\binstruction[- ]tun\w+",
        r"\bpost-?train\w+",
    ),
    _rule("a new benchmark", "<we ", rf"{_WE_MAKE} [\w-]+, an? (?:[\w-]+ ){{0,4}}?benchmark\b"),
    _rule("prompting", "<prompt", r"\bprompt(?:s|ing|ed)?\b"),
    _rule("light", "<lightwei|<plug-and", r"\blightweight\b", r"\bplug-and-play\b"),
    _rule(
        "models of others",
        "<gpt|<claude|<gemini|<deepseek|<frontier",
        r"\bgpt-?[\d.]+\w*",
        r"\b(?:claude|gemini|deepseek)\b",
        r"\bfrontier (?:models|llms)\b",
    ),
    _rule("rewards", "<reward", r"\breward(?:s|ing)?(?: model\w*)?\b"),
    _rule(
        "we train",
        "<we |<train",
        r"\bwe (?:\w+ )?(?:train|fine-?tune)\b",
        r"\btrain(?:s|ed|ing) (?:a|on|with|our|the)\b",
    ),
    _rule(
        "a survey",
        "<survey|<position|<argue|taxonomy",
        r"\bsurvey\b",
        r"\bposition paper\b",
        r"\bwe argue\b",
        "taxonomy",
        before=len("we "),
    ),
    _rule(
        "an analysis", "<we ", r"\bwe (?:\w+ly )?(?:evaluate|analy[sz]e|investigate|study|examine|audit|benchmark)\b"
    ),
    _rule("distillation", "<distill", r"\bdistill\w*"),
    _rule("agents at work", "<multi-ag|<workflow|<orchestr", r"\bmulti-agent\b", r"\bworkflows?\b", r"\borchestrat\w+"),
)

AFTER_CUE = 32
"""Where ``before`` is not 0, a phrase ends sooner than so many characters after its cue begins."""


class Phrase(NamedTuple):
    """A phrase that a rule found: the rule's number and the words as they stand."""

    rule: int
    text: str


def phrases(text: str) -> Iterator[Phrase]:
    """The first phrase of every rule that finds one in an ASCII text."""
    lower = text.lower()
    for number, rule in enumerate(RULES):
        if match := rule.pattern.search(lower):
            yield _phrase(number, text, match)


def _phrase(number: int, text: str, match: re.Match[str]) -> Phrase:
    return Phrase(number, " ".join(text[match.start() : match.end()].split()))


def _look(rule: Rule) -> Callable[[str, int], re.Match[str] | None]:
    """What finds a rule's phrase at its cue, or about it, in a lower-case text."""
    if not rule.before:
        return rule.pattern.match

    def about(lower: str, cue: int) -> re.Match[str] | None:
        match = rule.pattern.search(lower, max(0, cue - rule.before), cue + AFTER_CUE)
        return match if match and match.start() <= cue else None

    return about


_LITERALS = sorted({cue for rule in RULES for cue in rule.cues})
_LOOKS = [[(number, _look(rule)) for number, rule in enumerate(RULES) if cue in rule.cues] for cue in _LITERALS]
_CUES = Cues(_LITERALS)


def phrases_in(texts: Sequence[str]) -> list[list[Phrase]]:
    """``phrases`` of each text."""
    lowers = [text.lower() for text in texts]
    found: list[dict[int, Phrase]] = [{} for _ in texts]
    for row, cue, literal in zip(*(column.tolist() for column in _CUES.find(lowers)), strict=True):
        known, lower = found[row], lowers[row]
        for number, look in _LOOKS[literal]:
            if number not in known and (match := look(lower, cue)):
                known[number] = _phrase(number, texts[row], match)
    return [[known[number] for number in sorted(known)] for known in found]


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
