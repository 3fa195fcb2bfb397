"""Reads messages as strictly as Telegram does: https://core.telegram.org/bots/api#html-style"""

from __future__ import annotations

import re
from html import unescape

from bot.models import Message

PIECE = re.compile(r"<(/?)([a-z-]+)((?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\s*>|([^<>]+)")
TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot);|#\d+;)")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def text_of(html: str) -> str:
    """What a reader sees; fails for what Telegram would refuse, or what would disturb the rest of the message."""
    opened: list[str] = []
    text, at = "", 0
    while at < len(html):
        piece = PIECE.match(html, at)
        assert piece, f"cannot be read: {html[at : at + 60]!r}"
        closing, tag, _, plain = piece.groups()
        if plain is not None:
            assert not ENTITY.search(plain), plain
            text += unescape(plain)
        elif closing:
            assert opened, f"</{tag}> closes nothing"
            assert opened.pop() == tag, html
        else:
            assert tag in TAGS, tag
            assert not (tag == "blockquote" and tag in opened), "nested quotation"
            opened.append(tag)
        at = piece.end()
    assert not opened, opened
    assert not CONTROL.search(text), repr(text)
    return text


def check(message: Message) -> str:
    """The text of a message that Telegram takes."""
    text = text_of(message.html)
    assert text.strip()
    assert len(text.encode("utf-16-le")) // 2 <= 4096
    assert len(re.findall("<[a-z]", message.html)) <= 100, "Telegram drops what comes after a hundred entities"
    buttons = [button for row in message.buttons for button in row]
    assert len(buttons) <= 100
    assert all(1 <= len(row) <= 8 for row in message.buttons)
    for button in buttons:
        assert button.text.strip()
        assert bool(button.data) != bool(button.url)
        assert len(button.data.encode()) <= 64
        assert not button.url or button.url.startswith(("http://", "https://"))
    return text


def texts_of(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]
