"""The bot as a service: what is started, in which order, and how it ends.

connect → menus → updates (polls or a webhook) + clock + outbox → a signal, or nothing to go on for → a clean stop
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from telegram import BotCommand, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext
from telegram.request import HTTPXRequest

from bot.chat.clockwork import Clockwork
from bot.chat.commands import menu
from bot.chat.deliver import Postman
from bot.chat.handlers import register
from bot.chat.limits import Limits
from bot.chat.updates import WANTED, InTurn, Polls
from bot.chat.voices import renderer
from bot.errors import UsageError
from bot.kit import Kit
from bot.settings import Settings
from bot.store import deliveries
from bot.wording import LANGUAGES

log = logging.getLogger(__name__)

TIMES: dict[str, Any] = {"connect_timeout": 10.0, "read_timeout": 20.0, "write_timeout": 20.0, "pool_timeout": 20.0}
POLL_SECONDS = 20
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries to reach Telegram at the start."""
LAST_RESORT = 9.0
"""Seconds after which the process ends, whatever it is waiting for; every step is a transaction."""
STOP_UPDATES, STOP_HANDLERS, STOP_REST = 2.5, 5.0, 1.0
"""Seconds that each part of the stop may take; together less than ten."""

App = Application[Any, Any, Any, Any, Any, Any]


class Service:
    """One running bot."""

    def __init__(self, kit: Kit):
        self.kit = kit
        self.over = asyncio.Event()
        self.failure: UsageError | None = None
        """Why there is no point in going on, if so."""
        self.app = self.build()
        self.postman = Postman(kit, self.app.bot, self.on_revoked)
        self.clockwork = Clockwork(kit, renderer(kit), self.postman.ring)
        self.tasks: list[asyncio.Task[Any]] = []

    async def run(self) -> None:
        """Serve until a signal comes; raises UsageError where Telegram will have none of us."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.over.set)
        try:
            if await self.unless_over(self.connect()) and await self.unless_over(self.listen()):
                log.info("serving @%s", self.app.bot.username)
                self.clockwork.start()
                self.tasks = [asyncio.create_task(part) for part in (self.postman.run(), self.set_menus())]
                await self.over.wait()
        finally:
            await self.stop()
        if self.failure:
            raise self.failure

    # --- building -------------------------------------------------------------------------------------------------

    def build(self) -> App:
        settings = self.kit.settings
        proxy = settings.proxy or None
        base = api_address(settings)
        polls = Polls(self.on_conflict, self.on_revoked, proxy=proxy, connection_pool_size=2, **TIMES)
        app = (
            ApplicationBuilder()
            .token(settings.telegram_token.get_secret_value())
            .base_url(base)
            .base_file_url(base.removesuffix("/bot") + "/file/bot")
            .request(HTTPXRequest(proxy=proxy, connection_pool_size=128, **TIMES))
            .get_updates_request(polls)
            .rate_limiter(Limits(settings.telegram_rate))
            .concurrent_updates(InTurn(self.after_update))
            .build()
        )
        register(app, self.kit)
        app.add_error_handler(self.on_error)
        return app

    async def after_update(self) -> None:
        await self.clockwork.greet()

    # --- starting -------------------------------------------------------------------------------------------------

    async def connect(self) -> bool:
        """Introduce ourselves to Telegram, as long as it takes."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.app.initialize()
            except InvalidToken:
                self.on_revoked()
                return False
            except TelegramError as error:
                log.warning("Telegram does not answer (%s); trying again in %.0f s", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return True

    async def listen(self) -> bool:
        """Begin to take updates."""
        settings, updater = self.kit.settings, self.app.updater
        assert updater
        await self.app.start()
        if settings.telegram_webhook_url:
            host, _, port = settings.telegram_webhook_listen.rpartition(":")
            await updater.start_webhook(
                host, int(port), urlsplit(settings.telegram_webhook_url).path.strip("/"),
                webhook_url=settings.telegram_webhook_url, secret_token=webhook_secret(settings),
                allowed_updates=WANTED, bootstrap_retries=-1,
            )  # fmt: skip
        else:
            await updater.start_polling(
                timeout=POLL_SECONDS, bootstrap_retries=-1, allowed_updates=WANTED, error_callback=poll_failed
            )
        return True

    async def set_menus(self) -> None:
        """The client's menu of commands: Chinese for Chinese clients, English for all others."""
        for language in LANGUAGES:
            commands = [BotCommand(name, about) for name, about in menu(language)]
            try:
                await self.app.bot.set_my_commands(commands, language_code="zh" if language == "zh" else None)
            except TelegramError as error:
                log.warning("the menu could not be set: %s", error)

    async def unless_over(self, part: Coroutine[Any, Any, bool]) -> bool:
        """What ``part`` says; False where it is over first."""
        work, end = asyncio.create_task(part), asyncio.create_task(self.over.wait())
        await asyncio.wait((work, end), return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        if not work.done():
            work.cancel()
            return False
        return work.result() and not self.over.is_set()

    # --- ending ---------------------------------------------------------------------------------------------------

    def on_revoked(self) -> None:
        self.give_up(UsageError("Telegram refuses the token", key="token_refused"))

    def on_conflict(self) -> None:
        self.give_up(UsageError("another instance uses the same token", key="token_shared"))

    def give_up(self, why: UsageError) -> None:
        self.failure = self.failure or why
        self.over.set()

    async def stop(self) -> None:
        """No more updates; what came is answered, what is on its way arrives, the rest waits in the outbox."""
        app, updater = self.app, self.app.updater
        self.clockwork.stop()
        if updater and updater.running:
            await within(STOP_UPDATES, updater.stop())
        handlers = [app.stop()] if app.running else []
        await within(STOP_HANDLERS, asyncio.gather(self.postman.stop(), *handlers))
        for task in self.tasks:
            task.cancel()
        await within(STOP_REST, app.shutdown())

    # --- errors ---------------------------------------------------------------------------------------------------

    async def on_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """What a handler could not deal with: told in the log, and to the person where they wait for an answer."""
        error = context.error
        if isinstance(error, ChatMigrated) and isinstance(update, Update) and update.effective_chat:
            await asyncio.to_thread(self.follow, update.effective_chat.id, error.new_chat_id)
        elif isinstance(error, NetworkError | Forbidden) and not isinstance(error, BadRequest):
            log.warning("an answer did not get through: %s", error)
        else:
            log.error("an update could not be handled", exc_info=error)

    def follow(self, old: int, new: int) -> None:
        with self.kit.store.write() as session:
            deliveries.move_reader(session, str(old), str(new))


# --- the parts' settings ----------------------------------------------------------------------------------------------


def api_address(settings: Settings) -> str:
    """What stands before the token; the address of a server alone will do."""
    base = settings.telegram_api_url.rstrip("/")
    return base if base.endswith("/bot") else f"{base}/bot"


def webhook_secret(settings: Settings) -> str:
    """The secret that Telegram sends along, by default one that follows from the token."""
    own = settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value()
    return own or hashlib.sha256(f"webhook of {token}".encode()).hexdigest()


def poll_failed(error: TelegramError) -> None:
    log.warning("Telegram does not give updates: %s", error)


async def within(seconds: float, part: Awaitable[Any]) -> None:
    """Do ``part``, but do not wait longer for it, and do not let it stop what comes after it."""
    try:
        await asyncio.wait_for(part, seconds)
    except TimeoutError:
        log.warning("a part did not stop within %.1f s", seconds)
    except TelegramError as error:  # it has been told already
        log.debug("while stopping: %s", error)
    except Exception:  # the stop goes on whatever fails
        log.exception("a part did not stop cleanly")


def serve(kit: Kit) -> None:
    """Serve until told to stop; raises UsageError where Telegram will have none of us."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(whole_life(kit))
    finally:
        # Not asyncio.run: it would wait for threads that still talk to a slow service.
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def whole_life(kit: Kit) -> None:
    service = Service(kit)
    watch = asyncio.create_task(leave_in_time(service))
    await service.run()
    watch.cancel()


async def leave_in_time(service: Service) -> None:
    """See to it that the process ends: a thread that waits for a slow service would keep it."""
    await service.over.wait()
    ending = threading.Timer(LAST_RESORT, lambda: os._exit(2 if service.failure else 0))
    ending.daemon = True
    ending.start()
