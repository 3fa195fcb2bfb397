"""The verb that is the bot."""

from __future__ import annotations

from bot.cli.verbs import verb


@verb
def serve() -> None:
    from bot import app
    from bot.settings import load_settings

    app.serve(load_settings())
