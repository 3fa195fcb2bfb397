"""Telegram's HTML as plain text with entities: https://core.telegram.org/bots/api#html-style

Offsets and lengths are in UTF-16 units. What Telegram would refuse is refused here, so that mistakes show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from bot.playground.api.errors import Refused
from bot.playground.models import Record

TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
PIECE = re.compile(r"<(?P<end>/?)(?P<name>[^\s<>/]*)(?P<rest>[^<>]*)>|<|(?P<text>[^<]+)")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
"""The named entities that Telegram knows; others stand as they are."""
FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?(?![\w/]))"
    r"|(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]，。；：！？）、])"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w&/])#(?!\d+\b)\w{1,64})"
)
"""What Telegram marks without being asked."""
UNMARKED = ("code", "pre", "text_link")
"""Within these nothing is marked."""


@dataclass
class Open:
    """A tag that is not closed yet."""

    name: str
    start: int
    record: Record


@dataclass
class Reading:
    """An HTML text on its way to plain text."""

    text: str = ""
    units: int = 0
    stack: list[Open] = field(default_factory=list)
    entities: list[Record] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.text += text
        self.units += units(text)

    def open(self, name: str, rest: str, at: int) -> None:
        record = record_of(name, rest, at, inside_pre=bool(self.stack) and self.stack[-1].name == "pre")
        if record["type"] == "blockquote" and any(tag.name == "blockquote" for tag in self.stack):
            raise unreadable("Nested blockquotes are not supported")
        self.stack.append(Open(name, self.units, record))

    def close(self, name: str, at: int) -> None:
        if not self.stack:
            raise unreadable(f"Unexpected end tag at byte offset {at}")
        tag = self.stack.pop()
        if name not in ("", tag.name):
            raise unreadable(f'Unmatched end tag at byte offset {at}, expected "</{tag.name}>", found "</{name}>"')
        if tag.record["type"] == "language":  # <pre><code class="language-…">: the outer one carries it
            self.stack[-1].record["language"] = tag.record["language"]
        elif self.units > tag.start and is_kept(tag.record) and not self.is_literal():
            self.entities.append({"offset": tag.start, "length": self.units - tag.start, **tag.record})

    def is_literal(self) -> bool:
        """Whether what is read stands in code, which holds no other formatting."""
        return any(tag.name in ("code", "pre") for tag in self.stack)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unreadable(why: str) -> Refused:
    return Refused(f"can't parse entities: {why}")


def read_html(html: str) -> tuple[str, list[Record]]:
    """The text of ``html`` and its entities, in the order in which they begin; raises Refused as Telegram does."""
    reading, at = Reading(), 0
    for piece in PIECE.finditer(html):
        if piece["text"] is not None:
            reading.add(ENTITY.sub(lambda found: unescape(found[0]), piece["text"]))
        elif piece["name"] is None:
            raise unreadable(f"Unclosed start tag at byte offset {at}")
        elif piece["end"]:
            reading.close(piece["name"].lower(), at)
        else:
            reading.open(start_tag(piece["name"], at), piece["rest"], at)
        at += len(piece[0].encode())
    if reading.stack:
        tag = reading.stack[-1].name
        raise unreadable(f'Can\'t find end tag corresponding to start tag "{tag}"')
    return trimmed(reading.text, reading.entities)


def start_tag(name: str, at: int) -> str:
    if name.lower() not in TYPES:
        raise unreadable(f'Unsupported start tag "{name}" at byte offset {at}')
    return name.lower()


def record_of(name: str, rest: str, at: int, *, inside_pre: bool) -> Record:
    """The entity that a start tag stands for, without its place."""
    values = {key.lower(): unescape(a or b or c) for key, a, b, c in ATTRIBUTE.findall(rest)}
    if name == "span" and values.get("class") != "tg-spoiler":
        raise unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if name == "a":
        return {"type": "text_link", "url": values.get("href", "")}
    if name == "code" and inside_pre and values.get("class", "").startswith("language-"):
        return {"type": "language", "language": values["class"].removeprefix("language-")}
    if name == "blockquote" and "expandable" in values:
        return {"type": "expandable_blockquote"}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": values.get("emoji-id", "")}
    return {"type": TYPES[name]}


def is_kept(record: Record) -> bool:
    """Whether Telegram keeps an entity: it drops links that lead nowhere, without a word."""
    if record["type"] != "text_link":
        return True
    parts = urlsplit(record["url"])
    return (parts.scheme in {"http", "https"} and "." in (parts.hostname or "")) or parts.scheme == "tg"


def trimmed(text: str, entities: list[Record]) -> tuple[str, list[Record]]:
    """Without blanks at both ends, which Telegram takes off; the entities moved along."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, units(text))
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, in_order(kept)


def in_order(entities: list[Record]) -> list[Record]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def marked(text: str, entities: list[Record]) -> list[Record]:
    """``entities`` and what Telegram finds by itself: commands, addresses, mentions, hashtags."""
    closed = [(one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in UNMARKED]
    return in_order(entities + [new for new in found(text) if not overlaps(new, closed)])


def found(text: str) -> Iterator[Record]:
    for match in FOUND.finditer(text):
        assert match.lastgroup
        yield {"type": match.lastgroup, "offset": units(text[: match.start()]), "length": units(match[0])}


def overlaps(entity: Record, spans: list[tuple[int, int]]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(start < to and from_ < end for from_, to in spans)
