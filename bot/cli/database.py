"""The verbs about the database itself: its schema, its soundness, its backups, its move to another one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.verbs import COMPLETE, NOTHING, Json, ReaderId, verb, verb_of, words
from bot.console import kit, print_json, progress_bar, reader
from bot.errors import UsageError

MEGABYTE = 1e6


# --- the schema -------------------------------------------------------------------------------------------------------


@verb_of("db")
def upgrade() -> None:
    from contextlib import closing

    from bot.settings import load_settings
    from bot.store.engine import Store
    from bot.store.migrations import revisions

    settings = load_settings()
    before = revision_of(settings.database)
    with closing(Store(settings.database)):
        newest = revisions()[-1]
    key = "db.current" if before == newest else "db.upgraded" if before else "db.made"
    typer.echo(words(key, revision=before, newest=newest))


@verb_of("db")
def current(json_: Json = False) -> None:
    from bot.settings import load_settings
    from bot.store.migrations import revisions

    found, newest = revision_of(load_settings().database), revisions()[-1]
    if json_:
        print_json({"current": found or None, "newest": newest})
    else:
        behind = "db.behind" if found else "db.empty"
        key = "db.current" if found == newest else behind if found < newest else "db.ahead"
        typer.echo(words(key, revision=found, newest=newest))
    raise typer.Exit(COMPLETE if found == newest else NOTHING)


@verb_of("db")
def check() -> None:
    from bot.settings import load_settings
    from bot.store.checks import faults
    from bot.store.transfer import reading, refuse_other_revision

    with reading(load_settings().database) as connection:
        refuse_other_revision(connection)
        found = faults(connection, thorough=True)
    for fault in found:
        typer.echo(words("db.fault", fault=fault))
    if not found:
        typer.echo(words("db.sound"))
    raise typer.Exit(NOTHING if found else COMPLETE)


def revision_of(address: str) -> str:
    """The revision of a database; "" for one that is empty or not there."""
    from bot.store import sqlite
    from bot.store.migrations import current
    from bot.store.transfer import reading

    if address.startswith("sqlite") and not sqlite.is_there(Path(sqlite.shown(address))):
        return ""
    with reading(address) as connection:
        return current(connection)


# --- backups ----------------------------------------------------------------------------------------------------------


@verb
def backup(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="option.backup_file")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", metavar="DIR", help="option.backup_folder")] = None,
    list_: Annotated[bool, typer.Option("--list", help="option.backup_list")] = False,
    json_: Json = False,
) -> None:
    from bot import backups
    from bot.settings import load_settings

    if file and (folder or list_):
        raise UsageError("FILE or --folder", key="file_or_folder")
    if list_:
        show_list(folder or load_settings().backups, json_)
        return
    with kit(words, quiet=json_) as tools:
        path = backups.write_to(tools, file) if file else backups.make(tools, folder)
    size = path.stat().st_size
    if json_:
        print_json({"path": str(path), "bytes": size})
    else:
        typer.echo(words("backup.done", path=path, size=megabytes(size)))


def show_list(folder: Path, json_: bool) -> None:
    from bot import backups

    found = backups.listed(folder)
    if json_:
        print_json(
            {"backups": [{"at": one.at.isoformat(), "path": str(one.path), "bytes": one.bytes} for one in found]}
        )
        return
    for one in found:
        typer.echo(f"{one.at:%Y-%m-%d %H:%M} UTC  {megabytes(one.bytes):>8} MB  {one.path}")
    if not found:
        typer.echo(words("backup.none", folder=folder))


def megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"


@verb
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="option.restore_file")],
    yes: Annotated[bool, typer.Option("--yes", help="option.yes")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="option.replace")] = False,
) -> None:
    from bot import backups
    from bot.clock import Clock
    from bot.settings import load_settings
    from bot.store.engine import kind_of

    settings = load_settings()
    place = kind_of(settings.database).shown(settings.database)
    if not yes:
        ask(words("restore.sure", file=file, place=place))
    with progress_bar(words, hidden=False) as tell:
        aside = backups.restore(settings, file, Clock(settings.now).now(), tell, replace=replace)
    typer.echo(words("restore.done", place=place))
    if aside:
        typer.echo(words("restore.aside", path=aside))


def ask(question: str) -> None:
    """Go on only if a person says yes; where nobody can be asked, ``--yes`` must have been said."""
    if not sys.stdin.isatty():
        raise UsageError("--yes", key="say_yes")
    typer.confirm(question, abort=True)


@verb
def migrate_data(
    source: Annotated[str, typer.Argument(metavar="FROM", help="option.from")],
    target: Annotated[str, typer.Argument(metavar="TO", help="option.to")],
) -> None:
    from bot import backups
    from bot.settings.allowed import database_address

    with progress_bar(words, hidden=False) as tell:
        copied = backups.move(checked(source, database_address), checked(target, database_address), tell)
    typer.echo(words("migrate.done", tables=len(copied), rows=f"{sum(one.rows for one in copied):,}"))
    for one in copied:
        if one.cleaned:
            typer.echo(words.count("migrate.cleaned", one.cleaned, table=one.table))
    typer.echo(words("migrate.next"))


def checked(address: str, check: Callable[[str], str]) -> str:
    try:
        return check(address)
    except ValueError as error:
        raise UsageError("not a database's address", key="not_an_address") from error


# --- what is kept about a reader --------------------------------------------------------------------------------------


@verb
def my_data(name: ReaderId = "local") -> None:
    from bot.store import personal

    with kit(words, quiet=True) as tools:
        who = reader(tools, name, words)
        with tools.store.read() as session:
            print_json(personal.about(session, who.id, who.person))
