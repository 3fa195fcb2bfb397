"""Typed settings: the defaults in ``config/settings.toml`` < the user's own file < the environment.

A wrong value or an unknown name stops the command before anything else happens, with the name and what is allowed.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import Phrase, SettingsError

PREFIX = "QIAOJIN_"
CONFIG_DIR = "QIAOJIN_CONFIG_DIR"
SECRETS = {"telegram_token", "telegram_webhook_secret"}
WEBHOOK_LISTEN = "127.0.0.1:8443"
"""Where a webhook is listened for unless the settings say where."""


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


Web = Annotated[str, address({"http", "https"})]
Link = Annotated[str, AfterValidator(holding_id), address({"http", "https"})]
Category = Annotated[str, Field(pattern=r"^[a-z][a-z-]*(\.[A-Za-z][A-Za-z-]*)?$")]


class FeedSetting(BaseModel):
    """A blog to read along."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: Web
    title: str = Field(default="", max_length=80)


class Settings(BaseModel):
    """Every setting, checked. The names in brackets of ``settings.toml`` come first: ``[arxiv] api_url``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Annotated[Path, BeforeValidator(lambda value: value or default_data_dir())] = Field(description="path")
    language: Literal["", "zh", "en"] = Field(description="language")
    categories: Annotated[list[Category], BeforeValidator(words_of), Field(min_length=1, description="categories")]
    proxy: Annotated[str, AfterValidator(lambda value: proxy_address(value))] = Field(description="proxy")
    contact: Annotated[str, Field(pattern=r"^[\x20-\x7e]*$", max_length=120, description="contact")]
    now: Annotated[datetime | None, BeforeValidator(empty_is_none)] = Field(description="instant")
    database_url: Annotated[str, AfterValidator(lambda value: database_address(value))] = Field(description="database")
    backup_daily: bool = Field(description="yes_or_no")
    backup_folder: Annotated[Path | None, BeforeValidator(empty_is_none)] = Field(description="folder")
    backup_keep_daily: Annotated[int, Field(ge=1, le=366, description="backups")]
    backup_keep_weekly: Annotated[int, Field(ge=0, le=366, description="backups")]
    arxiv_api_url: Web = Field(description="web")
    arxiv_feed_url: Web = Field(description="web")
    arxiv_pace_seconds: Annotated[float, Field(ge=0, le=60, description="pace")]
    arxiv_holidays: Annotated[list[date], BeforeValidator(words_of), Field(description="days")]
    hf_url: Web = Field(description="web")
    links_abstract: Link = Field(description="link")
    links_pdf: Link = Field(description="link")
    links_huggingface: Link = Field(description="link")
    digest_compute: Literal["", "low", "medium", "high"] = Field(description="compute")
    digest_limit: Annotated[int, Field(ge=1, le=50, description="limit")]
    telegram_api_url: Web = Field(description="web")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="token")
    telegram_rate: Annotated[float, Field(ge=0, le=1000, description="rate")]
    telegram_webhook_url: Annotated[str, AfterValidator(lambda value: value and web_address(value))] = Field(
        description="webhook"
    )
    telegram_webhook_secret: Annotated[
        SecretStr, AfterValidator(lambda value: webhook_secret(value)), Field(description="webhook_secret")
    ] = SecretStr("")
    web_listen: Annotated[str, AfterValidator(lambda value: value and host_and_port(value))] = Field(
        description="listen"
    )
    web_url: Annotated[str, AfterValidator(lambda value: value and web_address(value).rstrip("/"))] = Field(
        description="web_or_none"
    )
    log_format: Literal["text", "json"] = Field(description="log_format")
    log_level: Literal["debug", "info", "warning", "error"] = Field(description="log_level")
    owners: Annotated[list[int], BeforeValidator(words_of), Field(description="ids")]
    registration: Literal["", "open", "list"] = Field(description="registration")
    allowed: Annotated[list[int], BeforeValidator(words_of), Field(description="ids")]
    site_months: Annotated[int, Field(ge=1, le=120, description="months")]
    site_serve: bool = Field(description="yes_or_no")
    site_title: Annotated[str, Field(max_length=80, description="title")]
    feeds: Annotated[list[FeedSetting], BeforeValidator(feed_tables)] = Field(default=[], description="feeds")

    def admits(self, user_id: int) -> bool:
        """Whether this person may become a reader."""
        listed = self.registration == "list" or (self.registration == "" and bool(self.owners))
        return not listed or user_id in self.owners or user_id in self.allowed

    @property
    def webhook_secret(self) -> str:
        """What Telegram sends along to the webhook, by default something that follows from the token."""
        own, token = self.telegram_webhook_secret.get_secret_value(), self.telegram_token.get_secret_value()
        return own or hashlib.sha256(f"webhook of {token}".encode()).hexdigest()

    @property
    def listens_on(self) -> str:
        """Where the web part listens, HOST:PORT; "" for nowhere. A webhook cannot do without it."""
        return self.web_listen or (WEBHOOK_LISTEN if self.telegram_webhook_url else "")

    @property
    def site_folder(self) -> Path:
        """Where `serve` keeps the archive that it shows."""
        return self.data_dir / "site"

    @property
    def database(self) -> str:
        """The database's address with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'qiaojin.sqlite3'}"

    @property
    def backups(self) -> Path:
        """The folder of the kept backups with the default filled in."""
        return self.backup_folder or self.data_dir / "backups"


ALLOWED = {
    "path": "the path of a folder",
    "language": "zh, en, or nothing for the terminal's own",
    "categories": "arXiv categories such as cs.CL, separated by spaces or commas, at least one",
    "proxy": "http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
    "contact": "an e-mail or web address in plain ASCII, at most 120 characters",
    "compute": "low, medium, high, or nothing for all",
    "instant": "an ISO instant such as 2026-06-17T12:00:00Z",
    "database": "sqlite:////srv/qiaojin.sqlite3, or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE",
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


def proxy_address(value: str) -> str:
    if value and (urlsplit(value).scheme not in {"http", "https", "socks5", "socks5h"} or not urlsplit(value).hostname):
        raise ValueError("not a proxy")
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
    """Raises ValueError too where the port of a server is no number."""
    if value and not re.fullmatch(r"sqlite:///.+|postgresql\+psycopg://.+", value):
        raise ValueError("not a database")
    if value.startswith("postgresql"):
        _ = urlsplit(value).port
    return value


def default_data_dir() -> Path:
    import platformdirs

    return platformdirs.user_data_path("qiaojin", appauthor=False)


def config_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the user's own configuration; it need not exist."""
    if folder := environment.get(CONFIG_DIR):
        return Path(folder).expanduser()
    import platformdirs

    return platformdirs.user_config_path("qiaojin", appauthor=False)


def shipped(name: str) -> Path:
    """A file of the default configuration: inside an installed package, or in ``config/`` of a checkout."""
    inside = Path(str(files("bot"))) / "_config" / name
    return inside if inside.exists() else Path(str(files("bot"))).parent / "config" / name


def configured(name: str, environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own ``name`` if there is one, else the shipped file."""
    own = config_dir(environment) / name
    return own if own.exists() else shipped(name)


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content; raises SettingsError that names the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("{path}: {error}", key="file", path=path, error=error) from error


def flat(tables: Mapping[str, Any]) -> dict[str, Any]:
    """``{"arxiv": {"api_url": …}}`` as ``{"arxiv_api_url": …}``."""
    pairs: dict[str, Any] = {}
    for name, value in tables.items():
        pairs |= {f"{name}_{key}": inner for key, inner in value.items()} if isinstance(value, dict) else {name: value}
    return pairs


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The ``QIAOJIN_…`` variables by setting name; ``…_FILE`` gives the content of the file that it names."""
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name == CONFIG_DIR:
            continue
        key = name.removeprefix(PREFIX).lower()
        if key.removesuffix("_file") in Settings.model_fields and key not in Settings.model_fields:
            key, value = key.removesuffix("_file"), read_secret(name, value)
        if key not in Settings.model_fields:
            raise unknown(name, [PREFIX + known.upper() for known in Settings.model_fields])
        found[key] = value
    return found


def read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("{name}: cannot read {path}", key="secret_file", name=name, path=path) from error


def unknown(name: str, known: list[str]) -> SettingsError:
    near = ", ".join(get_close_matches(name, known, n=3, cutoff=0.6) or known)
    return SettingsError("{name} is not a setting. Near it: {near}", key="unknown_setting", name=name, near=near)


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsError with the setting's name and what it allows."""
    origin: dict[str, str] = {}
    values = flat(read_toml(shipped("settings.toml")))
    own = config_dir(environment) / "settings.toml"
    if own.exists():
        for key, value in flat(read_toml(own)).items():
            if key in SECRETS:
                raise SettingsError("{name} is a secret", key="secret_in_file", name=PREFIX + key.upper(), path=own)
            if key not in Settings.model_fields:
                raise unknown(f"{key} ({own})", list(Settings.model_fields))
            values[key], origin[key] = value, f"{key} ({own})"
    for key, value in from_environment(environment).items():
        values[key], origin[key] = value, PREFIX + key.upper()
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise wrong_value(error, origin) from error
    return settings.model_copy(update={"now": utc(settings.now)}) if settings.now else settings


def wrong_value(error: ValidationError, origin: Mapping[str, str]) -> SettingsError:
    """The first complaint, in words of ours; the value itself is left out where it may hold a password."""
    first = error.errors()[0]
    key = str(first["loc"][0])
    kind = Settings.model_fields[key].description or ""
    shown = str(first["input"])[:80] if key not in {"proxy", "database_url", *SECRETS} else "…"
    return SettingsError(
        "{name}: {value!r} is not allowed; {allowed}",
        key="wrong_setting", name=origin.get(key, key), value=shown, allowed=Phrase(f"allowed.{kind}", ALLOWED[kind]),
    )  # fmt: skip
