"""Is the process alive, and is it of use: for whoever restarts it, and for whoever sends it work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot import counting
from bot.errors import StoreError
from bot.kit import Kit
from bot.store import figures


async def alive(request: Request) -> Response:
    """``/healthz``: whoever gets an answer knows that the loop turns."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


def readiness(kit: Kit) -> Callable[[Request], Response]:
    def ready(request: Request) -> Response:
        """``/readyz``: each check by name; 503 where one fails."""
        found = {**database(kit), **signs_of_life()}
        fine = all(check["ok"] for check in found.values())
        return JSONResponse({"ready": fine, "checks": found}, 200 if fine else 503, {"Cache-Control": "no-store"})

    return ready


def database(kit: Kit) -> dict[str, dict[str, Any]]:
    """Does it answer, and is its schema the one that this program knows?"""
    try:
        with kit.store.read() as session:
            is_current = figures.is_current(session)
    except StoreError as error:
        return {"database": {"ok": False, "error": str(error)}}
    return {"database": {"ok": True}, "schema": {"ok": is_current}}


def signs_of_life() -> dict[str, dict[str, Any]]:
    """Of the parts that run in this process: the clock's ticks, the polls, the rounds of the outbox."""
    return {
        part: {"ok": silent <= most, "silent_seconds": round(silent, 1), "at_most": most}
        for part, (silent, most) in counting.snapshot().silences.items()
    }
