"""``/search.json?q=&page=&upto=``: what ``qiaojin search --json`` says, a page at a time.

``upto``, handed back with the next page, keeps papers that came meanwhile out of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.kit import Kit
from bot.rules import export
from bot.rules.query import read_query
from bot.store.search import find

LONGEST_QUERY = 200
PAGE, LAST_PAGE = 20, 50
LARGEST = 2**31 - 1
AT_ONCE = 4
"""Searches that run side by side: they must not keep the bot from its readers."""
FRESH_FOR = 60


def search(kit: Kit) -> Callable[[Request], Awaitable[Response]]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def answer(request: Request) -> Response:
        async with slots:
            return await run_in_threadpool(page_of, kit, request.query_params)

    return answer


def page_of(kit: Kit, asked: QueryParams) -> Response:
    query = read_query(asked.get("q", "")[:LONGEST_QUERY], kit.clock.now().date(), kit.directions)
    page, upto = number(asked.get("page", ""), LAST_PAGE) or 1, number(asked.get("upto", ""), LARGEST)
    with kit.store.read() as session:
        found = find(session, query, kit.lexis(), offset=(page - 1) * PAGE, limit=PAGE, upto=upto)
    links = {"abstract": kit.settings.links_abstract, "pdf": kit.settings.links_pdf}
    body = {**export.found_json(found, links), "page": page, "pages": min(-(-found.total // PAGE), LAST_PAGE)}
    return JSONResponse(body, headers={"Cache-Control": f"public, max-age={FRESH_FOR}"})


def number(told: str, most: int) -> int:
    """A whole number up to ``most``; 0 for anything else."""
    return min(int(told), most) if told.isascii() and told.isdigit() and len(told) <= 10 else 0
