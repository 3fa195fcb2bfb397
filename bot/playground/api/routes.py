"""The Bot API over HTTP: ``/bot<token>/<method>`` and ``/file/bot<token>/<path>``."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.api.errors import Refused
from bot.playground.api.forms import Call, read_call
from bot.playground.api.methods import METHODS
from bot.playground.town import Town


def routes(town: Town) -> list[Route]:
    async def call(request: Request) -> Response:
        try:
            check_token(town, request)
            kind = request.headers.get("content-type", "")
            asked = read_call(request.url.query, kind, await request.body())
            result = await answer(town, request.path_params["method"].lower(), asked)
        except Refused as error:
            told = {"ok": False, "error_code": error.code, "description": error.description}
            return JSONResponse(told, error.code)
        return JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        file = town.files.get(request.path_params["file"])
        if file is None or not is_token(town, request):
            return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return Response(file.content, media_type="application/octet-stream")

    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/files/{file}", download),
    ]


def is_token(town: Town, request: Request) -> bool:
    return secrets.compare_digest(request.path_params["token"].encode(), town.token.encode())


def check_token(town: Town, request: Request) -> None:
    if not is_token(town, request):
        raise Refused("", 401)


async def answer(town: Town, name: str, call: Call) -> Any:
    """What the method ``name`` gives; polling is the only one that waits."""
    if name == "getupdates":
        allowed, seconds = call.json("allowed_updates"), call.number("timeout")
        return await town.updates.get(call.number("offset"), call.number("limit", 100), seconds, allowed)
    if name not in METHODS:
        raise Refused("", 404)
    return METHODS[name](town, call)
