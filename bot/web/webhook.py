"""Telegram's updates as it posts them: https://core.telegram.org/bots/api#setwebhook"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

Take = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes one raw update into the bot."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
LARGEST_UPDATE = 1_000_000
"""Bytes, far above what Telegram sends."""


def webhook(secret: str, take: Take) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        """200 once the update is ours; for anything else Telegram tries again, or was not Telegram."""
        given = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = await bounded_body(request)
        if body is None:
            return Response(status_code=413)
        update = parsed(body)
        if update is None:
            return Response(status_code=400)
        await take(update)
        return Response(status_code=200)

    return receive


async def bounded_body(request: Request) -> bytes | None:
    """The body; None as soon as it is too large."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_UPDATE:
            return None
    return bytes(body)


def parsed(body: bytes) -> dict[str, Any] | None:
    """An update, as far as one can tell without knowing Telegram's types."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and type(update.get("update_id")) is int else None
