"""A site of a dozen papers, built once for all tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import open_kit
from bot.kit import Kit
from bot.settings import load_settings
from bot.site import build
from tests.site.papers import fill, plant_secrets

ADDRESS = "https://papers.example.org/archive"


def opened(folder: Path, **changes: object) -> Iterator[Kit]:
    """A kit with the small archive, and the database in memory."""
    environment = {"QIAOJIN_CONFIG_DIR": str(folder / "config"), "QIAOJIN_DATA_DIR": str(folder / "data")}
    settings = load_settings(environment | {"QIAOJIN_NOW": "2026-06-17T16:00:00Z"})
    with open_kit(settings.model_copy(update={"database_url": "sqlite://", "web_url": ADDRESS, **changes})) as kit:
        fill(kit)
        plant_secrets(kit)
        yield kit


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Kit]:
    yield from opened(tmp_path)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built site; not to be changed."""
    folder = tmp_path_factory.mktemp("site")
    for kit in opened(folder):
        build(kit, folder / "public")
    return folder / "public"
