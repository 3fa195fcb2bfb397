"""Words for searching, in Chinese and English alike: what is indexed and what is asked go through the same sieve.

NFKC, case folded, accents off; Latin words and numbers as they are, Chinese, Japanese and Korean runs as pairs of
neighbouring characters. Only letters and digits come out, so that every full-text index reads the words as we do.
"""

from __future__ import annotations

import re
import unicodedata

CJK = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
PIECE = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
WORD = re.compile(r"[^\W_]+")
IS_CJK = re.compile(rf"[{CJK}]")
LONGEST = 64
"""Characters of a token; the rest of a longer one says nothing to anyone."""


def tokens(text: str) -> list[str]:
    """The searchable words of ``text``, in order."""
    if text.isascii():  # as most are
        return pieces(text)
    found: list[str] = []
    for piece in pieces(text):
        found += pairs(piece) if IS_CJK.match(piece) else [piece]
    return found


def pieces(text: str) -> list[str]:
    """The Latin words and the unbroken Chinese runs of ``text``, in order."""
    if text.isascii():
        return [word[:LONGEST] for word in WORD.findall(text.lower())]
    return [piece if IS_CJK.match(piece) else piece[:LONGEST] for piece in PIECE.findall(plain(text))]


def plain(text: str) -> str:
    """``text`` in compatibility form, its case folded and its accents off."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in folded if not unicodedata.combining(c)))


def pairs(run: str) -> list[str]:
    """``检索增强`` as ``检索 索增 增强``; one character alone stays alone."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
