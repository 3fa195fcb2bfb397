"""The sample day: the services' addresses answered from two bundled bodies, so that ``make demo`` needs no network."""

from __future__ import annotations

from importlib.resources import files

import httpx

DAY = "2026-06-17"
NOTHING_FOUND = b"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/sample</id>
  <opensearch:totalResults>0</opensearch:totalResults>
</feed>
"""


def transport(feed: bytes | None = None, huggingface: bytes | None = None) -> httpx.MockTransport:
    """A transport for ``Web`` that knows three paths on any host; without bodies, the bundled ones."""
    bodies = {"feed": feed or bundled("arxiv-feed.xml"), "huggingface": huggingface or bundled("huggingface.json")}

    def answer(request: httpx.Request) -> httpx.Response:
        path, asked = request.url.path, request.url.params
        if "/rss/" in path:
            return httpx.Response(200, content=bodies["feed"])
        if path.endswith("/api/daily_papers"):
            is_listed = asked.get("date") == DAY and asked.get("p", "0") == "0"
            return httpx.Response(200, content=bodies["huggingface"] if is_listed else b"[]")
        if path.endswith("/api/query"):
            return httpx.Response(200, content=NOTHING_FOUND)
        return httpx.Response(404)

    return httpx.MockTransport(answer)


def bundled(name: str) -> bytes:
    return files("bot").joinpath("sample", name).read_bytes()
