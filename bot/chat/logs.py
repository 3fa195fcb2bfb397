"""What the bot's log looks like, and that no secret ever stands in it."""

from __future__ import annotations

import logging
from collections.abc import Collection

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
LEVELS = {
    "httpx": logging.WARNING, "httpcore": logging.WARNING, "apscheduler": logging.WARNING, "alembic": logging.WARNING,
    "tornado.access": logging.WARNING,
    # The library tells of each outage with a whole trace, under these names; one line of ours does.
    "telegram.ext": logging.CRITICAL + 1, "telegram.request": logging.CRITICAL + 1,
    "telegram.ext.Application": logging.WARNING,
}  # fmt: skip
"""From which level on these are heard."""
MASK = "***"


class Discreet(logging.Formatter):
    """Writes a record, its trace included, without any of ``secrets``."""

    def __init__(self, secrets: Collection[str], form: str = FORMAT):
        super().__init__(form)
        self.secrets = masks(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return without(super().format(record), self.secrets)


def masks(secrets: Collection[str]) -> list[str]:
    """All that gives a secret away: itself, the part of a token behind its colon, and both as addresses write them."""
    parts = {part for secret in secrets if secret for part in (secret, secret.partition(":")[2]) if len(part) > 5}
    return sorted(parts | {part.replace(":", "%3A") for part in parts}, key=len, reverse=True)


def without(text: str, parts: Collection[str]) -> str:
    for part in parts:
        text = text.replace(part, MASK)
    return text


def log_to_stderr(secrets: Collection[str]) -> None:
    """Set up logging for a service: one handler, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)
