"""TeX in titles, names and abstracts as readable Unicode, never at the price of text.

pylatexenc does the reading. It takes ``%`` for a comment and every ``$`` for mathematics, so both are guarded here,
and whatever would lose a letter or a digit is left as it was written.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from functools import cache
from typing import Any

LOOKS_LIKE_TEX = re.compile(r"[\\$]|\{[^{}]*\}|``|''")
PERCENT = re.compile(r"(?<!\\)%")
# A dollar opens mathematics before a non-space and closes it after one, unless a digit follows: pandoc's rule,
# which tells "$k$-means" from "from $5 to $10". https://pandoc.org/MANUAL.html#math
MATHEMATICS = re.compile(r"(?<![\\$])\$(?!\s)([^$]*?[^\s\\$])\$(?!\d)")
DOLLAR = re.compile(r"(?<!\\)\$")
COMMAND = re.compile(r"\\([A-Za-z]+)\*?(?=(\s*\{[^}])?)|\\.")
RAISED = re.compile(r"([_^])(?:\{(\d+)\}|(\d))")
RAISE = {"^": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), "_": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")}
LINK = re.compile(r"\\href\{([^{}]*)\}\{([^{}]*)\}")
KEPT = ("texttt", "textsc", "textsf", "textrm", "textmd", "textnormal", "mathsf", "mathtt", "mathrm", "underline")
"""Commands that only style what they hold, and that the reader drops with it."""
OWN_COMMAND = re.compile(r"(?<![^\s({\[])\\([A-Za-z]++)(?:\{\}|(?!\s*\{))")
"""An abbreviation of the authors' own, such as ``\\ours``; it stands free, unlike the one in ``C:\\data``."""
SPACE = re.compile(r"\s+")
BEGINS_TEX = re.compile(r"[\\$]|[{}]|``|''")
DASH, DASHES = re.compile(r"(?<=[\w%)])-{2,3}(?=[\w(])|(?<= )-{2,3}(?= )"), {"--": "–", "---": "—"}
TIE = re.compile(r"(?:(?<=[A-Za-z]{2})|(?<=[.,)]))~(?=\w)|(?<=\d)~(?=[A-Za-z])")
"""A blank that TeX keeps in the line; before a number or after a single letter it says "about"."""


def readable(text: str) -> str:
    """``text`` in one line with its TeX resolved; as written where resolving would lose a letter or a digit."""
    text = SPACE.sub(" ", text).strip()
    if not LOOKS_LIKE_TEX.search(text):
        return text
    resolved = SPACE.sub(" ", resolve(guard(text))).strip()
    return resolved if resolved and not lost(text, resolved) else text


def prose(text: str) -> str:
    """An abstract as ``readable`` has it, a formula or a command at a time: that is slow, and most words have none."""
    told: list[str] = []
    held: list[str] = []
    for word in text.split():
        if held or BEGINS_TEX.search(word):
            held.append(word)
            run = " ".join(held)
            if is_closed(run):
                told.append(readable(run))
                held = []
        else:
            told.append(word)
    told += [readable(" ".join(held))] if held else []
    return TIE.sub(" ", DASH.sub(lambda dash: DASHES[dash[0]], " ".join(told)))


def is_closed(run: str) -> bool:
    """Whether no formula and no group goes on behind it."""
    return run.count("$") % 2 == 0 and run.count("{") <= run.count("}")


def guard(text: str) -> str:
    """Escape what TeX would read as a comment or as mathematics, and is neither."""
    text = OWN_COMMAND.sub(own_name, LINK.sub(r"\2 (\1)", text))
    pieces, at = [], 0
    for match in MATHEMATICS.finditer(text):
        pieces += [DOLLAR.sub(r"\\$", text[at : match.start()]), RAISED.sub(raised, match[0])]
        at = match.end()
    pieces.append(DOLLAR.sub(r"\\$", text[at:]))
    return PERCENT.sub(r"\\%", "".join(pieces))


def own_name(command: re.Match[str]) -> str:
    """The abbreviation's name: what it stands for nobody told us."""
    return command[0] if is_known(command[1]) else command[1]


def is_known(name: str) -> bool:
    return converter().latex_context.get_macro_spec(name) is not None


def raised(match: re.Match[str]) -> str:
    return (match[2] or match[3]).translate(RAISE[match[1]])


@cache
def converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # foreign text is no news, and this is no place for it
    known = get_default_latex_context_db()
    styles = [MacroTextSpec(name, simplify_repl="%s") for name in KEPT]
    known.add_context_category("styles", prepend=True, macros=styles)
    return LatexNodes2Text(known, math_mode="text", keep_comments=True, strict_latex_spaces=False)


def resolve(text: str) -> str:
    try:
        return str(converter().latex_to_text(text, tolerant_parsing=True))
    except Exception:  # noqa: BLE001 - a parser of foreign text: any trouble of its means "leave the text as it is"
        return ""


def lost(text: str, resolved: str) -> bool:
    """Whether a letter or digit that is text is missing in ``resolved``."""
    before = Counter(letters(COMMAND.sub(as_text, text)))
    return bool(before - Counter(letters(resolved)))


def as_text(command: re.Match[str]) -> str:
    r"""What a command says by itself: nothing, but for an unknown one without an argument (``C:\data``)."""
    name, argument = command[1], command[2]
    return " " if name is None or argument or is_known(name) else f" {name} "


def letters(text: str) -> str:
    """The letters and digits of ``text``, accents and styles taken off: ``é`` counts as ``e``, ``²`` as ``2``."""
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())
