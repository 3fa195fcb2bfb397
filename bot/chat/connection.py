"""The line to Telegram: addresses, times, limits, and what is done with each update."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, BotCommand
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest

from bot.chat.commands import menu
from bot.chat.handlers import register
from bot.chat.inbox import Inbox
from bot.chat.limits import limits_of
from bot.chat.updates import WANTED, InTurn, Polls
from bot.kit import Kit
from bot.settings import Settings
from bot.wording import LANGUAGES

log = logging.getLogger(__name__)

TIMES: dict[str, Any] = {"connect_timeout": 10.0, "read_timeout": 20.0, "write_timeout": 20.0, "pool_timeout": 20.0}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to reach Telegram at the start."""

NO_TOKEN = "0:none"  # noqa: S105 - what it says
"""The library wants one, also of the clock, which calls nobody."""

App = Application[Any, Any, Any, Any, Any, Any]


def application_of(
    kit: Kit, inbox: Inbox, after: Callable[[], Awaitable[None]], on_conflict: Callable[[], None],
    on_revoked: Callable[[], None],
) -> App:  # fmt: skip
    """The library's application, which knows all commands; ``after`` is called after each update, the others when
    Telegram will have none of us."""
    settings = kit.settings
    proxy, base = settings.proxy or None, api_address(settings)
    polls = Polls(inbox, on_conflict, on_revoked, proxy=proxy, connection_pool_size=2, **TIMES)
    app = (
        ApplicationBuilder()
        .token(settings.telegram_token.get_secret_value() or NO_TOKEN)
        .base_url(base)
        .base_file_url(base.removesuffix("/bot") + "/file/bot")
        .request(HTTPXRequest(proxy=proxy, connection_pool_size=128, **TIMES))
        .get_updates_request(polls)
        .rate_limiter(limits_of(kit))
        .concurrent_updates(InTurn(inbox, after))
        .build()
    )
    register(app, kit)
    return app


def api_address(settings: Settings) -> str:
    """What stands before the token; the address of a server alone will do."""
    base = settings.telegram_api_url.rstrip("/")
    return base if base.endswith("/bot") else f"{base}/bot"


async def insist(trouble: str, call: Callable[[], Awaitable[Any]]) -> None:
    """Make a call at the start as often as it takes; ``trouble`` is what the log says meanwhile.

    Raises InvalidToken, which waiting does not mend.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            await call()
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("%s (%s); trying again in %.0f s", trouble, error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


async def set_webhook(bot: Bot, settings: Settings) -> None:
    """Tell Telegram where to bring updates."""
    await bot.set_webhook(
        settings.telegram_webhook_url, allowed_updates=WANTED, secret_token=settings.webhook_secret
    )  # fmt: skip


async def set_menus(bot: Bot) -> None:
    """The client's menu of commands: Chinese for Chinese clients, English for all others."""
    for language in LANGUAGES:
        commands = [BotCommand(name, about) for name, about in menu(language)]
        try:
            await bot.set_my_commands(commands, language_code="zh" if language == "zh" else None)
        except TelegramError as error:
            log.warning("the menu could not be set: %s", error)
