"""What the bot's log looks like, for people or for programs, and that no secret ever stands in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit

from bot.settings import Settings

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
LEVELS = {
    "httpx": logging.WARNING, "httpcore": logging.WARNING, "apscheduler": logging.WARNING, "alembic": logging.WARNING,
    "uvicorn": logging.WARNING, "asyncio": logging.WARNING, "matplotlib": logging.WARNING,
    # The library tells of each outage with a whole trace, under these names; one line of ours does.
    "telegram": logging.INFO, "telegram.ext": logging.CRITICAL + 1, "telegram.request": logging.CRITICAL + 1,
    "telegram.ext.Application": logging.WARNING,
}  # fmt: skip
"""From which level on these are heard, however much is asked for."""
MASK = "***"
OURS = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "color_message", "taskName"}
"""What every record has, and uvicorn's second message with colours; anything else is a field of this one."""


class Discreet(logging.Formatter):
    """Writes a record on a line for people, its trace below it, without any of ``secrets``."""

    def __init__(self, secrets: Collection[str], form: str = FORMAT):
        super().__init__(form)
        self.secrets = masks(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return without(super().format(record), self.secrets)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """One line, whatever foreign words the message holds, with its fields behind it."""
        fields = "".join(f" {name}={value}" for name, value in fields_of(record).items())
        return (super().formatMessage(record) + fields).replace("\r", "\\r").replace("\n", "\\n")


class JsonLines(Discreet):
    """Writes a record as one JSON object: time, level, logger, message, the trace if there is one, its own fields."""

    def format(self, record: logging.LogRecord) -> str:
        always = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            always["trace"] = self.formatException(record.exc_info)
        told = {**always, **fields_of(record), **always}
        return json.dumps({name: self.masked(value) for name, value in told.items()}, ensure_ascii=False)

    def masked(self, value: object) -> object:
        """Masked before it is quoted, for a quoted secret is not recognised."""
        return value if isinstance(value, int | float | None) else without(str(value), self.secrets)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was logged with ``extra=``."""
    return {name: value for name, value in vars(record).items() if name not in OURS}


# --- secrets ----------------------------------------------------------------------------------------------------------


def secrets_of(settings: Settings) -> list[str]:
    """All that must not stand in a log."""
    passwords = [urlsplit(address).password or "" for address in (settings.proxy, settings.database_url)]
    path = urlsplit(settings.telegram_webhook_url).path
    return [settings.telegram_token.get_secret_value(), settings.webhook_secret, settings.proxy, path, *passwords]


def masks(secrets: Collection[str]) -> list[str]:
    """All that gives a secret away: itself, the part of a token behind its colon, and both as addresses write them."""
    parts = {part for secret in secrets if secret for part in (secret, secret.partition(":")[2]) if len(part) > 5}
    quoted = {form(part) for part in parts for form in (unquote, lambda part: quote(part, safe=""))}
    return sorted(parts | quoted, key=len, reverse=True)


def without(text: str, parts: Collection[str]) -> str:
    for part in parts:
        text = text.replace(part, MASK)
    return text


# --- setting up -------------------------------------------------------------------------------------------------------


def log_to_stderr(secrets: Collection[str], form: Literal["text", "json"] = "text", level: str = "info") -> None:
    """Set up logging for a service: one handler, on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(secrets) if form == "json" else Discreet(secrets))
    asked = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=asked, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name, least in LEVELS.items():
        logging.getLogger(name).setLevel(max(least, asked))
