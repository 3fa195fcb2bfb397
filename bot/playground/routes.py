"""The page's own addresses: its files and texts, the stream of what happens, and what people do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib.resources import files
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.errors import UsageError
from bot.playground import acts
from bot.playground.acts import ACTS, Act
from bot.playground.models import File, Record
from bot.playground.texts import texts
from bot.playground.town import Town
from bot.wording import Language, Words

KINDS = {"index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
STILL_THERE = 15.0
"""Seconds after which a silent stream says so: a page that is gone is noticed then."""


def routes(town: Town) -> list[Route]:
    async def asset(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        if name not in KINDS:
            return Response(status_code=404)
        return Response(files("bot").joinpath("playground", "page", name).read_bytes(), media_type=KINDS[name])

    async def words(request: Request) -> Response:
        language: Language = "zh" if request.path_params["language"] == "zh" else "en"
        return JSONResponse(texts(Words(language)))

    async def menu(request: Request) -> Response:
        return JSONResponse(list(town.commands_for(request.path_params["language"])))

    async def events(request: Request) -> Response:
        return StreamingResponse(stream(town), media_type="text/event-stream")

    async def file(request: Request) -> Response:
        known = town.files.get(request.path_params["file"])
        return handed_over(known) if known else Response(status_code=404)

    async def act(request: Request) -> Response:
        fields = await fields_of(request)
        if request.path_params["name"] not in ACTS:
            return Response(status_code=404)
        try:
            return JSONResponse(await ACTS[request.path_params["name"]](Act(town, fields)))
        except UsageError as error:
            return complaint(town, fields, error)

    async def attach(request: Request) -> Response:
        fields = dict(request.query_params)
        try:
            return JSONResponse(acts.attach(town, fields, await request.body()))
        except UsageError as error:
            return complaint(town, fields, error)

    return [
        Route("/", asset),
        Route("/page/{name}", asset),
        Route("/texts/{language}", words),
        Route("/menu/{language}", menu),
        Route("/events", events),
        Route("/files/{file}", file),
        Route("/attach", attach, methods=["POST"]),
        Route("/act/{name}", act, methods=["POST"]),
    ]


async def fields_of(request: Request) -> Record:
    """The JSON object of a request; an empty one where it is none."""
    with suppress(ValueError):
        fields = json.loads(await request.body())
        if isinstance(fields, dict):
            return fields
    return {}


def complaint(town: Town, fields: Record, error: UsageError) -> Response:
    """What somebody did wrong, told in their language."""
    person = town.people.get(Act(town, fields).number("person"))
    language: Language = "zh" if person and person.language == "zh" else "en"
    return JSONResponse({"error": Words(language).error(error)}, 400)


def handed_over(file: File) -> Response:
    """A picture to be looked at; any other file is only ever saved."""
    name = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(
        file.content, media_type=file.kind, headers={} if file.is_picture else {"Content-Disposition": name}
    )


async def stream(town: Town) -> AsyncIterator[str]:
    """The present state, then everything that happens: https://html.spec.whatwg.org/#server-sent-events"""
    listener: asyncio.Queue[Record] = asyncio.Queue()
    town.listeners.add(listener)
    try:
        event: Record = {"kind": "state", **acts.state(town)}
        while event["kind"] != "end":
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
            event = await following(listener)
        yield 'data: {"kind": "end"}\n\n'
    finally:
        town.listeners.discard(listener)


async def following(listener: asyncio.Queue[Record]) -> Record:
    try:
        return await asyncio.wait_for(listener.get(), STILL_THERE)
    except TimeoutError:
        return {"kind": "still"}
