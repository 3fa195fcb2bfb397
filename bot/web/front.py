"""Listening: a socket of ours, and uvicorn in the bot's own loop, which handles the signals itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import uvicorn

from bot.errors import UsageError
from bot.kit import Kit
from bot.web.application import application
from bot.web.builder import Builder
from bot.web.calendars import Subscribed
from bot.web.webhook import Take

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 512
"""Above that, answers are 503; whatever ends TLS before us keeps slow clients away."""
LARGEST_HEAD = 16 * 1024
LAST_ANSWERS = 1
"""Seconds that answers under way have when we stop."""


class Server(uvicorn.Server):
    """uvicorn without its signal handlers: they would take the place of the bot's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Front:
    """Answers the outside world while the bot runs, where the settings say."""

    def __init__(self, kit: Kit, calendar: Subscribed, builder: Builder | None = None):
        self.kit, self.calendar, self.builder = kit, calendar, builder
        self.port = 0
        """Where it listens; known once it has started."""
        self.server: Server | None = None
        self.task: asyncio.Task[None] | None = None

    async def start(self, take: Take) -> None:
        """Listen, handing Telegram's updates to ``take``; raises UsageError where the address is taken."""
        listening = bound(self.kit.settings.listens_on)
        self.port = listening.getsockname()[1]
        self.server = Server(
            uvicorn.Config(
                application(self.kit, take, self.calendar),
                http="h11",
                ws="none",
                lifespan="off",
                loop="none",
                log_config=None,
                access_log=False,
                server_header=False,
                forwarded_allow_ips="127.0.0.1,::1",
                limit_concurrency=MOST_CONNECTIONS,
                h11_max_incomplete_event_size=LARGEST_HEAD,
                timeout_graceful_shutdown=LAST_ANSWERS,
            )
        )
        self.task = asyncio.create_task(self.server.serve([listening]))
        log.info("listening on %s", self.kit.settings.listens_on)
        if self.builder:
            self.builder.start()

    async def stop(self) -> None:
        """Take nothing new, finish what is under way."""
        if self.builder:
            self.builder.stop()
        if self.server and self.task:
            self.server.should_exit = True
            await self.task


def bound(address: str) -> socket.socket:
    """A listening socket at HOST:PORT."""
    parts = urlsplit(f"//{address}")
    host, port = parts.hostname or "", parts.port or 0
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(place[0]), port), family=family, backlog=128)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]  # the address is added there once more
        raise UsageError(
            "QIAOJIN_WEB_LISTEN: cannot listen on {address}: {why}", key="cannot_listen", address=address, why=why
        ) from error
