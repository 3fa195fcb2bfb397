"""A reader's plan at a secret address, for the calendar of a telephone to subscribe to."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.rules.calendar import Feed

FRESH_FOR = 900
"""Seconds for which a calendar need not ask again."""

Subscribed = Callable[[str], Feed | None]
"""The calendar of a token, if it is anybody's."""


def calendars(subscribed: Subscribed) -> Callable[[Request], Response]:
    def calendar(request: Request) -> Response:
        found = subscribed(request.path_params["token"])
        if found is None:
            return PlainTextResponse("There is no such calendar.\n", 404, {"Cache-Control": "no-store"})
        etag = f'"{found.version}"'
        headers = {"ETag": etag, "Cache-Control": f"private, max-age={FRESH_FOR}", "X-Robots-Tag": "noindex"}
        if is_known(request.headers.get("If-None-Match", ""), etag):
            return Response(status_code=304, headers=headers)
        return Response(found.text.encode(), headers=headers, media_type="text/calendar; charset=utf-8")

    return calendar


def is_known(told: str, etag: str) -> bool:
    """Whether a client that sends If-None-Match has this version."""
    return etag in (tag.strip().removeprefix("W/") for tag in told.split(","))
