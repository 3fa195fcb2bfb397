"""The schema's history, applied by the program itself on start; Alembic is imported only where there is work for it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import StoreError
from bot.store import postgresql

HERE = Path(str(files("bot.store"))) / "migrations"


def revisions() -> list[str]:
    """Every revision that this program knows, oldest first: the names of the files."""
    return sorted(path.name[:4] for path in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(connection: Connection) -> str:
    """The revision that the database stands at; "" for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("select version_num from alembic_version")).scalar() or ""


def name_of(engine: Engine) -> str:
    """The database as a person knows it, without a password."""
    url = engine.url
    return postgresql.shown(url) if engine.dialect.name == "postgresql" else (url.database or "").removeprefix("file:")


def upgrade(engine: Engine) -> None:
    """Bring the schema up to date; raises StoreError for a database that a newer program made."""
    with engine.connect() as connection:
        now, known = current(connection), revisions()
    if now == known[-1]:
        return
    if now and now not in known:
        raise StoreError("made by a newer version", key="newer_database", path=name_of(engine), found=now)
    with engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
        if current(connection) != known[-1]:  # another process may have done it while we waited for the lock
            run_alembic(connection)


def run_alembic(connection: Connection, revision: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


UNSORTED = """
select table_name, column_name from information_schema.columns
where table_schema = current_schema() and data_type = 'character varying' and collation_name is null
order by table_name, ordinal_position
"""


def order_by_bytes(connection: Connection) -> None:
    """On PostgreSQL, let text be ordered by its bytes, as on SQLite, whatever language the server was set up in."""
    if connection.dialect.name != "postgresql":
        return
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(text(UNSORTED)):
        columns.setdefault(table, []).append(column)
    for table, names in columns.items():
        changes = ", ".join(f'alter "{name}" type varchar collate "C"' for name in names)
        connection.execute(text(f'alter table "{table}" {changes}'))
