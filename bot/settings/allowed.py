"""What a setting may hold: how it is checked, and how that is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

ALLOWED = {
    "path": "the path of a folder",
    "language": "zh, en, or nothing for the terminal's own",
    "categories": "arXiv categories such as cs.CL, separated by spaces or commas, at least one",
    "proxy": "http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
    "contact": "an e-mail or web address in plain ASCII, at most 120 characters",
    "compute": "low, medium, high, or nothing for all",
    "instant": "an ISO instant such as 2026-06-17T12:00:00Z",
    "database": "sqlite:////srv/qiaojin.sqlite3, or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE (in the password "
    "@ is written %40, / %2F, # %23, ? %3F, % %25)",
    "web": "an address that starts with http:// or https://",
    "folder": "the path of a folder, or nothing for the folder backups in data_dir",
    "backups": "a whole number from 0 to 366; of daily ones at least 1",
    "pace": "a number of seconds from 0 to 60",
    "days": "days written YYYY-MM-DD, separated by spaces or commas",
    "link": "an http(s) address that holds {id}",
    "limit": "a whole number from 1 to 50",
    "token": "the bot's token as BotFather gave it, 123456:ABC…",
    "rate": "a number from 0 to 1000, 0 for no limit",
    "webhook": "a public https:// address, or nothing to poll",
    "listen": "HOST:PORT, or nothing to keep the web part off",
    "web_or_none": "an address that starts with http:// or https://, or nothing",
    "log_format": "text or json",
    "log_level": "debug, info, warning or error",
    "webhook_secret": "1 to 256 of the characters A-Z a-z 0-9 _ -",
    "ids": "Telegram ids (whole numbers), separated by spaces or commas",
    "registration": "open, list, or nothing: open until there are owners, then list",
    "months": "a whole number from 1 to 120",
    "yes_or_no": "true or false",
    "title": "at most 80 characters",
    "feeds": "addresses of RSS or Atom feeds, http:// or https://",
}
"""By the kind of a setting, which is the description of its field."""


def words_of(value: object) -> object:
    """``"cs.CL, cs.LG"`` as a list; anything else as it is."""
    return [word for word in re.split(r"[\s,]+", value) if word] if isinstance(value, str) else value


def address(schemes: set[str]) -> AfterValidator:
    def check(value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError("not an address")
        return value.rstrip("/")

    return AfterValidator(check)


def holding_id(value: str) -> str:
    if "{id}" not in value:
        raise ValueError("no {id}")
    return value


def utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def empty_is_none(value: object) -> object:
    return None if value == "" else value


def feed_tables(value: object) -> object:
    """Addresses from the environment as the tables that the file has."""
    return [{"url": word} for word in value.split()] if isinstance(value, str) else value


def proxy_address(value: str) -> str:
    """Raises ValueError too where the port is no number."""
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https", "socks5", "socks5h"} or not parts.hostname):
        raise ValueError("not a proxy")
    _ = parts.port
    return value


def web_address(value: str) -> str:
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ValueError("not an address")
    return value


def host_and_port(value: str) -> str:
    parts = urlsplit(f"//{value}")
    if not re.fullmatch(r"([\w.-]+|\[[0-9a-fA-F:.]+\]):\d{1,5}", value) or parts.port is None:
        raise ValueError("not HOST:PORT")
    return value


def webhook_secret(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("not a secret that Telegram takes")
    return value


def database_address(value: str) -> str:
    """Raises ValueError too where the port of a server is no number, and for a password that ends at no one place."""
    if value and not re.fullmatch(r"sqlite:///.+|postgresql\+psycopg://.+", value):
        raise ValueError("not a database")
    if value.startswith("postgresql"):
        _ = urlsplit(value).port
        if value.count("@") > 1:  # half of the password would be taken for the host, and told to whoever reads the log
            raise ValueError("an @ that is not written %40")
    return value


Web = Annotated[str, address({"http", "https"})]
Link = Annotated[str, AfterValidator(holding_id), address({"http", "https"})]
Category = Annotated[str, Field(pattern=r"^[a-z][a-z-]*(\.[A-Za-z][A-Za-z-]*)?$")]
