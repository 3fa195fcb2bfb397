"""The verb that is the bot in a browser."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.verbs import verb, words
from bot.errors import UsageError

PORT = 8765


@verb
def playground(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="option.port")] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="option.no_browser")] = False,
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="option.keep")] = None,
    data: Annotated[bool, typer.Option("--data", help="option.data")] = False,
) -> None:
    from bot import app
    from bot.settings import load_settings

    def opened(address: str) -> None:
        typer.echo(words("playground.address", address=address))
        if not no_browser:
            open_browser(address)

    if data:
        typer.echo(words("playground.copied"), err=True)
    with folder_of(keep) as folder:
        app.playground(load_settings(), port, folder, words, opened, own_data=data)


@contextmanager
def folder_of(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, made where it is not there, or one that is removed in the end."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="qiaojin-playground-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError("cannot use {path}", key="keep_folder", path=keep, why=error.strerror) from error
    yield keep


def open_browser(address: str) -> None:
    """Show the page; some browsers come back only when they are closed."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
