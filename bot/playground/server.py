"""The playground's server: on this machine alone, in a thread of its own beside the bot."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.errors import UsageError
from bot.playground import routes
from bot.playground.api import routes as api
from bot.playground.guard import Guard
from bot.playground.town import Town

HERE = "127.0.0.1"
LAST_CALLS = 2
"""Seconds that open connections have when we stop."""


class Server(uvicorn.Server):
    """Tells when it is ready, and lets the page know of the end."""

    def __init__(self, config: uvicorn.Config, town: Town):
        super().__init__(config)
        self.town, self.ready = town, threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        town = self.town
        town.updates.on_polling = lambda: town.tell("awake")
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.town.tell("end")
        self.town.updates.end()
        await super().shutdown(sockets)


def application(town: Town, port: int) -> Starlette:
    return Starlette(routes=[*routes.routes(town), *api.routes(town)], middleware=[Middleware(Guard, port=port)])


def bound(port: int) -> socket.socket:
    """A socket on ``port`` of this machine, 0 for any that is free; raises UsageError where it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HERE, port))
    except OSError as error:
        listener.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise UsageError("port {port} is taken", key="port_taken", port=port) from error
    return listener


@contextmanager
def running(town: Town, port: int) -> Iterator[str]:
    """The address of the running playground."""
    listener = bound(port)
    port = listener.getsockname()[1]
    config = uvicorn.Config(
        application(town, port), log_config=None, access_log=False, lifespan="off", ws="none", http="h11",
        loop="asyncio", timeout_graceful_shutdown=LAST_CALLS,
    )  # fmt: skip
    server = Server(config, town)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), name="playground", daemon=True)
    thread.start()
    try:
        server.ready.wait(10)
        yield f"http://{HERE}:{port}"
    finally:
        server.should_exit = True
        thread.join(LAST_CALLS + 3)
        listener.close()
