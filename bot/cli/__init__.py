"""The ``qiaojin`` command: each verb a few lines; what is heavy is imported inside the verb that needs it."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any

import typer
import typer.main

from bot import __version__
from bot.cli import database, doctor, ideas, library, model, papers, plan, playground, serving, site
from bot.cli.verbs import VERBS, Queried, complain, words
from bot.errors import UsageError
from bot.wording import LANGUAGES, Words, preferred_language

ROOMS = (papers, plan, ideas, library, model, serving, database, playground, site, doctor)
"""In the order in which ``--help`` lists their verbs."""


def command_in(words: Words) -> Any:
    """The command with its help in one language."""
    app = typer.Typer(
        name="qiaojin",
        help=words("help.qiaojin"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # rich's help tables cut Chinese off, and are slow to import
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(common)
    groups: dict[str, typer.Typer] = {"": app}
    order = [room.__name__ for room in ROOMS]
    for name, function in sorted(VERBS.items(), key=lambda one: order.index(one[1].__module__)):
        group, _, last = name.rpartition(" ")
        if group not in groups:
            groups[group] = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
            app.add_typer(groups[group], name=group, help=words(f"help.{group}"))
        key = name.replace(" ", ".")
        kind = Queried if name == "search" else None
        groups[group].command(last, cls=kind, help=words(f"help.{key}"), epilog=words(f"example.{key}"))(function)
    command: Any = typer.main.get_command(app)
    put_words(command, words)
    return command


def put_words(command: Any, words: Words) -> None:
    """Texts of the catalogue in the place of the keys that options carry."""
    for parameter in command.params:
        if (parameter.help or "").startswith("option."):
            parameter.help = words(parameter.help)
    for part in getattr(command, "commands", {}).values():
        put_words(part, words)


def show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"qiaojin {__version__}")
        raise typer.Exit


def common(
    language: Annotated[str | None, typer.Option("--language", metavar="zh|en", help="option.language")] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=show_version, help="option.version")] = (
        False
    ),
) -> None:
    """The options that stand before a verb; ``--language`` has been read before the command was built."""


def take_language(arguments: list[str]) -> tuple[str, list[str]]:
    """The value of ``--language``, wherever it stands, and the arguments without it."""
    asked, queue = "", iter(arguments)
    rest: list[str] = []
    for argument in queue:
        if argument == "--":
            return asked, [*rest, argument, *queue]
        if argument == "--language":
            asked = next(queue, "")
        elif argument.startswith("--language="):
            asked = argument.partition("=")[2]
        else:
            rest.append(argument)
            continue
        if asked not in LANGUAGES:
            raise UsageError("--language: zh or en", key="unknown_language", asked=asked[:20])
    return asked, rest


def main() -> None:
    """Entry of the console script."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write a character shows a question mark for it
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words.language = preferred_language(os.environ.get("QIAOJIN_LANGUAGE", ""))
    try:
        asked, arguments = take_language(sys.argv[1:])
    except UsageError as error:
        complain(error)
        sys.exit(error.exit_status)
    if asked:
        words.language = preferred_language(asked)
    try:
        command_in(words)(arguments, prog_name="qiaojin")
    except BrokenPipeError:  # `qiaojin today | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
