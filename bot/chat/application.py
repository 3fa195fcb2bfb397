"""The bot as a service: what is started, in which order, and how it ends.

connect → menus → updates (polls or a webhook) + clock + outbox → a signal, or nothing to go on for → a clean stop
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Protocol

from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.ext import CallbackContext

from bot import counting
from bot.chat.clockwork import Clockwork
from bot.chat.connection import application_of, insist, set_menus, set_webhook
from bot.chat.deliver import Postman
from bot.chat.greeting import Greeter
from bot.chat.inbox import Inbox
from bot.chat.roles import Role
from bot.chat.updates import WANTED
from bot.errors import UsageError
from bot.kit import Kit
from bot.store import moves

log = logging.getLogger(__name__)

POLL_SECONDS = 20
SIGN_OF_LIFE = 120.0
"""Seconds within which Telegram answers a poll, be it with nothing."""
LAST_RESORT = 9.0
"""Seconds after which the process ends, whatever it is waiting for; every step is a transaction."""
STOP_UPDATES, STOP_HANDLERS, STOP_REST = 2.5, 5.0, 1.0
"""Seconds that each part of the stop may take; together less than ten."""

Take = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes in one update as Telegram writes it; it is safe when this returns."""
Part = Callable[[], Coroutine[Any, Any, bool]]
"""Starts a part of the service; whether to go on."""


class Front(Protocol):
    """What listens for the outside world while the bot runs."""

    async def start(self, take: Take) -> None: ...

    async def stop(self) -> None: ...


class Service:
    """One running process of the bot."""

    def __init__(self, kit: Kit, role: Role = Role.ALL, front: Front | None = None):
        self.kit, self.role, self.front = kit, role, front
        self.over = asyncio.Event()
        self.failure: UsageError | None = None
        """Why there is no point in going on, if so."""
        self.inbox, self.greeter = Inbox(kit), Greeter(kit)
        self.app = application_of(kit, self.inbox, self.after_update, self.on_conflict, self.on_revoked)
        self.app.add_error_handler(self.on_error)
        self.postman = Postman(kit, self.app.bot, self.on_revoked)
        self.clockwork = Clockwork(kit, self.postman.ring)
        self.tasks: list[asyncio.Task[Any]] = []

    def parts(self) -> list[Part]:
        """What each role is made of, in the order in which it is started."""
        return {
            Role.ALL: [self.open, self.connect, self.listen, self.keep_clock, self.send],
            Role.CHAT: [self.open, self.connect, self.listen],
            Role.WORKER: [self.open, self.connect, self.send],
            Role.CLOCK: [self.open, self.keep_clock],
        }[self.role]

    async def run(self) -> None:
        """Serve until a signal comes; raises UsageError where Telegram will have none of us."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self.over.set)
        try:
            if await self.start():
                log.info("serving %s", f"@{self.app.bot.username}" if self.connect in self.parts() else self.role)
                await self.over.wait()
        finally:
            await self.stop()
        if self.failure:
            raise self.failure

    async def start(self) -> bool:
        """Start one part after the other; False where it is over before all of them run."""
        counting.expect("start", within=0.0)  # whoever asks hears that we are not ready yet
        for part in self.parts():
            if not await self.unless_over(part()):
                return False
        counting.dismiss("start")
        return True

    async def after_update(self) -> None:
        if await self.greeter.greet():
            self.postman.ring()
        await self.clockwork.complete_ideas()

    # --- the parts ------------------------------------------------------------------------------------------------

    async def open(self) -> bool:
        """Let the outside world see how we are, from the first moment on."""
        if self.front:
            await self.front.start(self.take)
        return True

    async def connect(self) -> bool:
        """Introduce ourselves to Telegram."""
        try:
            await insist("Telegram does not answer", self.app.initialize)
        except InvalidToken:
            self.on_revoked()
            return False
        return True

    async def listen(self) -> bool:
        """Begin to take updates: those that a process before us left, then what Telegram has."""
        updater, settings = self.app.updater, self.kit.settings
        assert updater
        left = await asyncio.to_thread(self.inbox.left)
        await self.app.start()
        for update in left:
            await self.pass_on(update)
        if settings.telegram_webhook_url:
            await insist("the webhook cannot be set", partial(set_webhook, self.app.bot, settings))
        else:
            counting.expect("updates", within=SIGN_OF_LIFE)
            await updater.start_polling(
                timeout=POLL_SECONDS, bootstrap_retries=-1, allowed_updates=WANTED, error_callback=poll_failed
            )
        self.tasks.append(asyncio.create_task(set_menus(self.app.bot)))
        return True

    async def take(self, update: dict[str, Any]) -> None:
        """Take in an update that was brought to us: kept when this returns, handled when its turn comes."""
        await self.inbox.keep([update])
        await self.pass_on(update)

    async def pass_on(self, update: dict[str, Any]) -> None:
        try:
            await self.app.update_queue.put(Update.de_json(update, self.app.bot))
        except (TypeError, ValueError, LookupError, AttributeError):  # newer than the library, or no update at all
            log.exception("update %s cannot be read, and is passed over", update["update_id"])
            await self.inbox.finish(update["update_id"])

    async def keep_clock(self) -> bool:
        self.clockwork.start()
        return True

    async def send(self) -> bool:
        self.tasks.append(asyncio.create_task(self.postman.run()))
        return True

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
        counting.dismiss("updates")
        fronts = [self.front.stop()] if self.front else []
        polls = [updater.stop()] if updater and updater.running else []
        await within(STOP_UPDATES, asyncio.gather(asyncio.to_thread(self.clockwork.stop), *fronts, *polls))
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
            moves.move_reader(session, str(old), str(new))


def poll_failed(error: TelegramError) -> None:
    log.warning("updates do not come in: %s", error)


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


def serve(kit: Kit, role: Role = Role.ALL, front: Front | None = None) -> None:
    """Serve until told to stop; raises UsageError where Telegram will have none of us."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(whole_life(kit, role, front))
    finally:
        # Not asyncio.run: it would wait for threads that still talk to a slow service.
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def whole_life(kit: Kit, role: Role, front: Front | None) -> None:
    service = Service(kit, role, front)
    watch = asyncio.create_task(leave_in_time(service))
    await service.run()
    watch.cancel()


async def leave_in_time(service: Service) -> None:
    """See to it that the process ends: a thread that waits for a slow service would keep it."""
    await service.over.wait()
    ending = threading.Timer(LAST_RESORT, lambda: os._exit(2 if service.failure else 0))
    ending.daemon = True
    ending.start()
