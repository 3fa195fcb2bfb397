"""What holds for every answer: headers that keep browsers careful, bounds of time, a line in the log.

A line names the route and never the address: calendars and webhooks are secret by their path.
"""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import counting

log = logging.getLogger(__name__)

LONGEST_WAIT, LONGEST_ANSWER = 20.0, 300.0
"""Seconds until an answer begins, and until it ends: a telephone may be slow."""
QUIET = {"healthz", "readyz", "metrics"}
"""Routes that machines ask all the time."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Stands before an application."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await Exchange(scope, receive, send).through(self.app)


class Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send):
        self.scope, self.receive, self._send = scope, receive, send
        self.began = time.monotonic()
        self.status = 0
        """Of the answer, once it has begun."""
        self.bounds = asyncio.timeout(LONGEST_WAIT)

    async def through(self, app: ASGIApp) -> None:
        try:
            async with self.bounds:
                await app(self.scope, self.receive, self.send)
        except TimeoutError:
            await self.fail(503, "This takes too long.\n")
        except Exception:  # the job's boundary: one bad request harms no other
            log.exception("a request for %s could not be answered", self.route)
            await self.fail(500, "Something went wrong here.\n")
        self.note()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.bounds.reschedule(asyncio.get_running_loop().time() + LONGEST_ANSWER)
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def fail(self, status: int, text: str) -> None:
        """Say so, unless an answer has begun: that one is broken off."""
        if not self.status:
            self.status = status
            await PlainTextResponse(text, status, HEADERS)(self.scope, self.receive, self._send)

    @property
    def route(self) -> str:
        return getattr(self.scope.get("route"), "name", None) or "nothing"

    def note(self) -> None:
        seconds = time.monotonic() - self.began
        counting.note("web_requests", route=self.route, status=str(self.status))
        counting.observe("web_seconds", seconds)
        level = logging.WARNING if self.status >= 500 else logging.DEBUG if self.route in QUIET else logging.INFO
        fields = {"method": self.scope["method"], "route": self.route, "status": self.status}
        log.log(level, "answered", extra={**fields, "milliseconds": round(seconds * 1000)})
