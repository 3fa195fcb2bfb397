"""What one process at a time may do: the next one has it when the one before is gone, and not before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import UsageError
from bot.store import batons
from bot.store.batons import CLOCK, Baton, serving_alone
from bot.store.engine import Store
from tests.databases import Server


@pytest.fixture
def shared(postgresql: Server) -> Store:
    return postgresql.emptied()


@pytest.fixture(autouse=True)
def looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batons, "FRESH", 0.0)


def test_one_holds_it_at_a_time(shared: Store) -> None:
    one, other = Baton(shared, CLOCK), Baton(shared, CLOCK)
    assert (one.take(), one.take(), one.is_held()) == (True, True, True)
    assert (other.take(), other.is_held()) == (False, False)
    one.drop()
    assert (one.is_held(), other.take()) == (False, True)
    other.drop()


def test_whose_connection_dies_knows_it_at_once_and_another_may_take_it(shared: Store) -> None:
    one, other = Baton(shared, CLOCK), Baton(shared, CLOCK)
    assert one.take()
    assert one.connection
    pid = one.connection.scalar(text("select pg_backend_pid()"))
    with shared.engine.begin() as connection:
        connection.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    assert (one.is_held(), other.take()) == (False, True)
    assert not one.take()
    other.drop()


def test_a_server_that_is_gone_gives_it_to_nobody(postgresql: Server) -> None:
    gone = Baton(Store(postgresql.fresh_database("gone")), CLOCK)
    gone.store.close()
    gone.store.address = "postgresql+psycopg://nobody@127.0.0.1:9/nothing"
    assert not gone.take()


def test_on_sqlite_it_is_always_ours(store: Store) -> None:
    baton = Baton(store, CLOCK)
    assert (baton.is_held(), baton.take()) == (True, True)
    baton.drop()
    assert baton.is_held()


def test_one_process_serves_from_a_sqlite_file(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    with serving_alone(store):
        with pytest.raises(UsageError) as refused, serving_alone(store):
            pass
        assert refused.value.key == "served"
        assert refused.value.values["pid"] == str(os.getpid())
        assert refused.value.values["path"] == str(tmp_path / "a.sqlite3")
    with serving_alone(store):
        pass
    store.close()


def test_it_is_free_again_when_the_process_was_killed(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    child = os.fork()
    if not child:
        serving_alone(store).__enter__()
        os._exit(9)
    os.waitpid(child, 0)
    with serving_alone(store):
        pass
    store.close()


def test_several_serve_from_postgresql(shared: Store) -> None:
    with serving_alone(shared), serving_alone(shared):
        pass
