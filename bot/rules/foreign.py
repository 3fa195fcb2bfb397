"""Foreign text and addresses made harmless, whatever shows them: messages, pages, feeds."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters, halves of surrogates, what XML forbids, and marks that turn the direction of what follows."""
LONGEST_ADDRESS = 400


def clean(text: str) -> str:
    """``text`` without what can be neither sent nor written, or would change how what stands around it looks."""
    return text if text.isprintable() else HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(4096)
def web_address(address: str) -> str:
    """``address`` if a link or a button may open it (http or https, nothing odd in it), else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    odd = not address.isprintable() or any(char in address for char in " <>\"'`") or len(address) > LONGEST_ADDRESS
    return address if parts.scheme in {"http", "https"} and parts.hostname and not odd else ""
