"""What every test may ask for: settings that know nothing of the developer's machine, a real store, stub services."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot.kit import Kit
from bot.settings import Settings, load_settings
from bot.store.engine import Session, Store
from tests.fakes import Services, stub_kit

hypothesis_settings.register_profile(
    "calm",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("calm")


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the developer's settings nor their language reach a test."""
    for name in list(os.environ):
        if name.startswith(("QIAOJIN_", "LC_", "LANG")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QIAOJIN_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The least that a command needs to run by itself: noon of the sample day, folders of its own."""
    return {
        "QIAOJIN_CONFIG_DIR": str(tmp_path / "config"),
        "QIAOJIN_DATA_DIR": str(tmp_path / "data"),
        "QIAOJIN_NOW": "2026-06-17T16:00:00Z",
    }


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    return load_settings(environment)


@pytest.fixture
def store() -> Iterator[Store]:
    """A database in memory."""
    opened = Store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.write() as opened:
        yield opened


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def open_stub(settings: Settings, services: Services) -> Callable[..., Kit]:
    """``open_stub(setting=…)``: a context manager with a kit on the stub services."""
    return lambda patient=False, **changes: stub_kit(
        settings.model_copy(update=changes), services.transport(), patient=patient
    )


@pytest.fixture
def kit(settings: Settings, services: Services) -> Iterator[Kit]:
    with stub_kit(settings, services.transport()) as tools:
        yield tools
