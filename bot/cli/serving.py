"""The verb that is the bot."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.verbs import verb

Role = Annotated[str, typer.Option("--role", metavar="all|chat|worker|clock", help="option.role")]


@verb
def serve(role: Role = "all") -> None:
    from bot import app
    from bot.settings import load_settings

    app.serve(load_settings(), role)
