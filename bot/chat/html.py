"""Telegram's HTML: foreign text made harmless, lengths counted as Telegram counts them, cuts where they do no harm.

Telegram counts UTF-16 units, after the tags and entities are taken out: https://core.telegram.org/api/entities
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import unescape

from bot.rules.foreign import clean

MOST = 4096
"""Units of one message."""
LONGEST_CLUSTER = 32
"""Code points that are kept together as one character; what piles more marks on it is not writing."""

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
ATOM = re.compile(r"(</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)")
JOINER = "\u200d"


def escape(text: str) -> str:
    """Foreign text as it may stand in a message, between tags or inside an attribute."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def plain(html: str) -> str:
    """What a reader sees of ``html``."""
    return unescape(TAG.sub("", html))


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """Plain ``text`` within ``limit`` units: shortened between words, with an ellipsis, never inside a character."""
    if units(text) <= limit:
        return text
    head = whole(text, limit - 1)
    space = head.rfind(" ")
    return ((head[:space] if space > len(head) // 2 else head).rstrip(" ,;:，、；：") + "…")[: max(limit, 0)]


def whole(text: str, limit: int) -> str:
    """The longest beginning of ``text`` within ``limit`` units that ends between two characters."""
    rough = text[: max(limit, 0)]
    if text[: len(rough) + 1].isascii() and not rough.endswith("\r"):
        return rough  # every character is one of its own, as most are
    while (over := units(rough) - limit) > 0 and rough:
        rough = rough[: len(rough) - (over + 1) // 2]
    # Only the last word is looked at closely: a blank always begins a character of its own.
    start = max(rough.rfind(" "), 0) if JOINER not in rough else 0
    end = start
    for cluster in clusters(text[start : len(rough) + LONGEST_CLUSTER]):
        if end + len(cluster) > len(rough):
            break
        end += len(cluster)
    return text[:end]


def clusters(text: str) -> Iterator[str]:
    """What a reader takes for one character: a letter with its marks, a flag, a family of emoji."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or at - start >= LONGEST_CLUSTER or not belongs(text, start, at):
            yield text[start:at]
            start = at


def belongs(text: str, start: int, at: int) -> bool:
    """Whether the character at ``at`` belongs to the one that begins at ``start``."""
    char, before = text[at], text[at - 1]
    if before == JOINER or char == JOINER or (before, char) == ("\r", "\n"):
        return True
    if is_flag(char):
        return is_flag(before) and (at - start) % 2 == 1
    return unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f"  # fmt: skip  # noqa: E501


def is_flag(char: str) -> bool:
    """Whether it is half of a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def split(html: str, limit: int = MOST) -> list[str]:
    """``html`` in pieces of at most ``limit`` units, each well-formed; cut at a line's end where one is near.

    Never inside a tag, an entity or a character; tags that are open at a cut are closed and opened again.
    """
    if units(plain(html)) <= limit:
        return [html]
    atoms, start, opened = list(atoms_of(html)), 0, list[str]()
    pieces: list[str] = []
    while start < len(atoms):
        end = fitting(atoms, start, limit)
        before, opened = opened, still_open(opened, atoms[start:end])
        pieces.append("".join([*before, *atoms[start:end], *(f"</{name_of(tag)}>" for tag in reversed(opened))]))
        start = end
    return [piece for piece in pieces if plain(piece).strip()]


def atoms_of(html: str) -> Iterator[str]:
    """Tags, entities and characters, in order: what a cut must not go through."""
    for number, part in enumerate(ATOM.split(html)):
        if number % 2:
            yield part
        else:
            yield from clusters(part)


def fitting(atoms: Sequence[str], start: int, limit: int) -> int:
    """Where the piece that begins at ``start`` ends best."""
    size, line, word = 0, start, start
    for at in range(start, len(atoms)):
        size += units(plain(atoms[at]))
        if size > limit and at > start:
            return line if line > start else word if word > start else at
        if atoms[at] == "\n" and size > limit // 3:
            line = at + 1
        elif atoms[at] == " " and size > limit // 2:
            word = at + 1
    return len(atoms)


def still_open(opened: Sequence[str], atoms: Sequence[str]) -> list[str]:
    """The opening tags that are not closed after ``atoms``."""
    stack = list(opened)
    for atom in atoms:
        if TAG.fullmatch(atom) and not atom.endswith("/>"):
            if not atom.startswith("</"):
                stack.append(atom)
            elif stack:
                stack.pop()
    return stack


def name_of(tag: str) -> str:
    return re.split(r"[\s/>]", tag[1:], maxsplit=1)[0]
