"""The defaults in ``config/settings.toml`` < the user's own file < the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import Phrase, SettingsError
from bot.settings.allowed import ALLOWED, utc
from bot.settings.files import CONFIG_DIR, config_dir, is_there, read_toml, shipped
from bot.settings.model import Settings

PREFIX = "QIAOJIN_"
SECRETS = {"telegram_token", "telegram_webhook_secret"}


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
    if is_there(own):
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
