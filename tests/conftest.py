"""What every test may ask for: settings that know nothing of the developer's machine, a real store, stub services."""

from __future__ import annotations

import gc
import os
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot.kit import Kit
from bot.settings import Settings, load_settings
from bot.store import engine, sqlite
from bot.store.engine import Session, Store
from tests.databases import Server, open_engine, served, upgrade
from tests.fakes import Services, stub_kit

hypothesis_settings.register_profile(
    "calm",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("calm")


# Thousands of tests and all that they import are there to stay: collecting garbage need not go through them each time.
gc.set_threshold(50_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def what_is_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same for all tests: the schema of a new SQLite database, compiled statements, what a file of settings says,
    Matplotlib's list of fonts. ``tests/store`` looks at the migrations themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "upgrade", upgrade)
        patch.setattr(sqlite, "open_engine", open_engine)
        patch.setattr(tomllib, "loads", cache(tomllib.loads))
        patch.setenv("MPLCONFIGDIR", str(tmp_path_factory.getbasetemp().parent / "matplotlib"))
        yield


@pytest.fixture(autouse=True)
def nobodys_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the developer's settings nor their language reach a test."""
    for name in list(os.environ):
        if name.startswith(("QIAOJIN_", "LC_", "LANG")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("QIAOJIN_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))  # nobody speaks TLS, and each client would load all authorities


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The least that a command needs to run by itself: noon of the sample day, folders of its own."""
    return {
        "QIAOJIN_CONFIG_DIR": str(tmp_path / "config"),
        "QIAOJIN_DATA_DIR": str(tmp_path / "data"),
        "QIAOJIN_NOW": "2026-06-17T16:00:00Z",
    }


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    with served() as server:
        yield server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """The setting: nothing for a SQLite file in the data folder; under ``both_databases`` also PostgreSQL, emptied."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    return request.getfixturevalue("postgresql").emptied().address


@pytest.fixture
def settings(environment: dict[str, str], database_url: str) -> Settings:
    return load_settings(environment | {"QIAOJIN_DATABASE_URL": database_url})


@pytest.fixture
def store(database_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database in memory; under ``both_databases`` also one on PostgreSQL."""
    if database_url:
        yield request.getfixturevalue("postgresql").shared
    else:
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
