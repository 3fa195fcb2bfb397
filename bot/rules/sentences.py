"""The one sentence of an abstract that tells what the paper did."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.rules.tex import prose

LONGEST = 260
"""Characters of a key sentence; a longer one is cut at a word."""

SPACE = re.compile(r"\s+")
END = re.compile(r"(?<=[.!?。！？])[\"')\]”’]*\s+(?=[\"'(\[“‘]*[A-Z0-9\u4e00-\u9fff])|(?<=[。！？])(?=\S)")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|resp|al|Fig|Eq|Sec|Tab|approx|w\.r\.t|Dr|Prof|No|St)|\b[A-Z])\.$"
)
DEED = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|our)\b[^.]{0,40}?\b(?:propos|introduc|present|develop|show|demonstrat|"
    r"find|found|investigat|study|stud(?:y|ies)|design|build|train|release|reveal|analy[sz]|argue|prove|formali[sz]|"
    r"evaluat|examin|address|describ|offer|provid)\w*", re.IGNORECASE,
)  # fmt: skip
FINDING = re.compile(
    r"\b(?:outperform|improv|reduc|achiev|surpass|match|results show|we (?:find|show)|speed-?up)\w*", re.IGNORECASE
)
BARE_CODE = re.compile(r"\b(?:code|data|models?|project page)\b[^.]*\b(?:available|released|github|https?:)", re.I)


def sentences(text: str) -> list[str]:
    """``text`` in its sentences; abbreviations and initials do not end one."""
    pieces: list[str] = []
    for piece in END.split(text):
        if pieces and ABBREVIATION.search(pieces[-1]):
            pieces[-1] += " " + piece
        elif piece:
            pieces.append(piece)
    return pieces


def key_sentence(abstract: str, telling: Iterable[str] = ()) -> str:
    """The sentence that says what was done, the one with most of the ``telling`` terms among equals; "" for none."""
    terms = [term.lower() for term in telling]
    candidates = sentences(SPACE.sub(" ", abstract).strip())
    if not candidates:
        return ""
    best = max(enumerate(candidates), key=lambda item: (worth(item[1], terms), -item[0]))[1]
    return shortened(prose(best))


def worth(sentence: str, terms: list[str]) -> float:
    low = sentence.lower()
    deed = 3.0 if DEED.search(sentence) else 0.0
    finding = 1.0 if FINDING.search(sentence) else 0.0
    off = 4.0 if BARE_CODE.search(sentence) else 0.0
    far = max(0, len(sentence) - LONGEST) / 100 + (1.5 if len(sentence) < 40 else 0.0)
    return deed + finding + 0.5 * sum(term in low for term in terms) - off - far


def shortened(sentence: str, longest: int = LONGEST) -> str:
    """``sentence`` within ``longest`` characters, cut between words and marked with an ellipsis."""
    if len(sentence) <= longest:
        return sentence
    head = sentence[: longest - 1]
    return (head[: head.rfind(" ")] if " " in head[longest // 2 :] else head).rstrip(" ,;:") + "…"
