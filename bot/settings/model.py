"""Every setting, with its type."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.settings.allowed import (
    Category,
    Link,
    Web,
    database_address,
    empty_is_none,
    feed_tables,
    host_and_port,
    proxy_address,
    web_address,
    webhook_secret,
    words_of,
)
from bot.settings.files import default_data_dir

WEBHOOK_LISTEN = "127.0.0.1:8443"
"""Where a webhook is listened for unless the settings say where."""


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
    proxy: Annotated[str, AfterValidator(proxy_address)] = Field(description="proxy")
    contact: Annotated[str, Field(pattern=r"^[\x20-\x7e]*$", max_length=120, description="contact")]
    now: Annotated[datetime | None, BeforeValidator(empty_is_none)] = Field(description="instant")
    database_url: Annotated[str, AfterValidator(database_address)] = Field(description="database")
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
        SecretStr, AfterValidator(webhook_secret), Field(description="webhook_secret")
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
