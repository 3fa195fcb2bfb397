"""How the Bot API says no."""

from __future__ import annotations


class Refused(Exception):
    """An answer that is not ``ok``, with Telegram's code and words."""

    def __init__(self, description: str, code: int = 400):
        super().__init__(description)
        self.code = code
        self.description = f"{PREFIXES[code]}{': ' if description else ''}{description}"


PREFIXES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
