"""The verbs about the database: what they print, what they change, with which status they end."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import backups
from bot.models import Reader
from bot.store import papers, readers
from bot.store.batons import alone_on
from bot.store.engine import Store
from bot.store.migrations import revisions
from tests.databases import Server
from tests.fakes import fetched
from tests.test_cli import Run, run  # noqa: F401

NEWEST = revisions()[-1]


@pytest.fixture
def path(environment: dict[str, str]) -> Path:
    return Path(environment["QIAOJIN_DATA_DIR"]) / "qiaojin.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The command's own database: a paper and a reader."""
    opened = Store(f"sqlite:///{path}")
    with opened.write() as session:
        papers.keep(session, [fetched("2606.00001", title="Sparse Attention")])
        readers.save(session, Reader("5", title="Ada"))
    yield opened
    opened.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "verb", ["db", "db upgrade", "db current", "db check", "backup", "restore", "migrate-data", "my-data"]
)
def test_help_shows_an_example_and_leaves_no_key_untranslated(run: Run, verb: str, language: str) -> None:  # noqa: F811
    told = run(*verb.split(), "--help", "--language", language)
    assert told.status == 0
    assert f"qiaojin {verb}" in told.out
    assert not re.search(r"\b(option|help|example)\.\w+", told.out)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_of_somebody_elses_installation_is_told_in_one_sentence(
    run: Run,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    def refuse(folder: Path) -> list[backups.Backup]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(backups, "listed", refuse)
    told = run("backup", "--list", "--language", language)
    assert told.status == 1
    assert "backups" in told.err
    assert "Traceback" not in told.err


def test_the_tables_that_are_not_there_yet_are_told_of(run: Run) -> None:  # noqa: F811
    assert "nothing in the database yet" in run("db", "current").out
    assert "have been made" in run("db", "upgrade").out


def test_the_schema_is_told_and_brought_up_to_date(run: Run, path: Path) -> None:  # noqa: F811
    assert run("db", "current", "--json").json == {"current": None, "newest": NEWEST}
    assert not path.exists()
    assert NEWEST in run("db", "upgrade").out
    assert run("db", "current", "--json").json == {"current": NEWEST, "newest": NEWEST}
    assert run("db", "current").status == 0
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("update alembic_version set version_num = '9999'")
    ahead = run("db", "current")
    assert (ahead.status, "9999" in ahead.out) == (1, True)
    run("db", "upgrade").assert_told(1, "9999")
    run("db", "check").assert_told(1, "9999")


def test_a_whole_database_is_called_so(run: Run, store: Store) -> None:  # noqa: F811
    told = run("db", "check")
    assert (told.status, told.out.strip()) == (0, "The database is whole.")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("insert into saved (reader_id, paper_id, at) values ('nobody', '2606.00001', '2026-06-17')", "saved"),
        ("insert into paper_version values ('none', 1, '', '', '', null)", "paper_version"),
        ("insert into paper_search(paper_search) values ('delete-all')", "paper_search"),
    ],
)
def test_what_is_at_fault_is_told_a_line_each(run: Run, store: Store, path: Path, damage: str, told: str) -> None:  # noqa: F811
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(damage)
    checked = run("db", "check")
    assert checked.status == 1
    assert told in checked.out
    assert "Traceback" not in checked.out + checked.err


def test_backing_up_listing_and_restoring(run: Run, store: Store, path: Path) -> None:  # noqa: F811
    told = run("backup", "--json").json
    (listed,) = run("backup", "--list", "--json").json["backups"]
    assert (listed["path"], listed["bytes"]) == (told["path"], told["bytes"])
    assert told["path"] in run("backup", "--list").out
    with store.write() as session:
        readers.forget(session, "5")
    store.close()
    run("restore", told["path"]).assert_told(2, "--yes")
    done = run("restore", told["path"], "--yes")
    assert (done.status, done.out.count("before-")) == (0, 1)
    assert run("my-data", "--reader", "5").json["settings"][0]["title"] == "Ada"
    assert run("db", "check").status == 0


def test_what_is_wrong_is_told_in_one_sentence(run: Run, store: Store, path: Path, tmp_path: Path) -> None:  # noqa: F811
    run("backup", str(path)).assert_told(2, "there already")
    run("backup", str(tmp_path / "a"), "--folder", str(tmp_path)).assert_told(2, "--folder")
    run("restore", str(tmp_path / "none"), "--yes").assert_told(2, "none")
    run("migrate-data", "mysql://x", "sqlite:////y").assert_told(2, "postgresql+psycopg")
    run("migrate-data", f"sqlite:///{tmp_path / 'none'}", f"sqlite:///{tmp_path / 'new'}").assert_told(1, "none")
    assert not (tmp_path / "none").exists()
    with alone_on(str(path)):
        run("migrate-data", f"sqlite:///{path}", f"sqlite:///{tmp_path / 'new'}").assert_told(2, "qiaojin.sqlite3")


def test_an_installation_moves_to_postgresql_and_back(
    run: Run, store: Store, path: Path, tmp_path: Path, postgresql: Server  # noqa: F811
) -> None:  # fmt: skip
    store.close()
    there, back = postgresql.empty_database("moved"), f"sqlite:///{tmp_path / 'back.sqlite3'}"
    before = path.read_bytes()
    moved = run("migrate-data", f"sqlite:///{path}", there)
    assert moved.status == 0, moved.err
    assert "QIAOJIN_DATABASE_URL" in moved.out
    assert path.read_bytes() == before
    assert run("search", "attention", "--json", QIAOJIN_DATABASE_URL=there).json["papers"][0]["id"] == "2606.00001"
    assert run("db", "check", QIAOJIN_DATABASE_URL=there).status == 0
    run("migrate-data", f"sqlite:///{path}", there).assert_told(1, "paper")
    assert run("migrate-data", there, back).status == 0
    assert json.loads(run("my-data", "--reader", "5", QIAOJIN_DATABASE_URL=back).out)["settings"][0]["title"] == "Ada"
