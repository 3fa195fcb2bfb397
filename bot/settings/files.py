"""Where settings and data are kept: the user's own folders, and what is shipped."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.errors import SettingsError

CONFIG_DIR = "QIAOJIN_CONFIG_DIR"


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
    return own if is_there(own) else shipped(name)


def is_there(path: Path) -> bool:
    """Whether a file of the user's is there; raises SettingsError where its folder may not be entered."""
    try:
        return path.exists()
    except OSError as error:
        raise unreadable(path, error.strerror) from error


def unreadable(path: Path, why: object) -> SettingsError:
    return SettingsError("{path}: {error}", key="file", path=path, error=why)


def read_toml(path: Path) -> dict[str, Any]:
    """The file's content; raises SettingsError that names the file and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error.strerror) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
