"""The schema's history, applied by the program itself on start; Alembic is imported only where there is work for it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import StoreError

HERE = Path(str(files("bot.store"))) / "migrations"


def revisions() -> list[str]:
    """Every revision that this program knows, oldest first: the names of the files."""
    return sorted(path.name[:4] for path in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(connection: Connection) -> str:
    """The revision that the database stands at; "" for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("select version_num from alembic_version")).scalar() or ""


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date; raises StoreError for a database that a newer program made."""
    with engine.connect() as connection:
        now, known = current(connection), revisions()
    if now == known[-1]:
        return
    if now and now not in known:
        raise StoreError("made by a newer version", key="newer_database", path=engine.url.database or "", found=now)
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        if current(connection) != known[-1]:  # another process may have done it while we waited for the lock
            run_alembic(connection)


def run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
