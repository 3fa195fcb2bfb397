"""The static site, as it lies in its folder: with its types, how long it stays fresh, and its own page for 404."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.wording import LANGUAGES, Words

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
"""By ending; the machine's own table differs from one to the next. What is not here is not of the site."""
FEEDS, ATOM = "feed", "application/atom+xml; charset=utf-8"
"""The folders of the feeds, which end in ``.xml`` because static hosts know that ending."""
FRESH_FOR = 300
"""Seconds; a new day changes pages, and after that a client asks whether what it has is still so."""


def pending() -> Response:
    """For whoever looks before the first build has ended."""
    told = "".join(f"{Words(language)('web.pending')}\n" for language in LANGUAGES)
    return PlainTextResponse(told, 503, {"Retry-After": "60", "Cache-Control": "no-store"})


class Site(StaticFiles):
    """Serves a folder that may not be there yet."""

    def __init__(self, folder: Path):
        super().__init__(directory=folder, html=True, check_dir=False)
        self.folder = folder

    async def check_config(self) -> None:
        """Nothing to check: it is built later."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        parts = PurePosixPath(path).parts
        if any(part.startswith(".") for part in parts):  # what the building keeps for itself
            raise HTTPException(404)
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            is_wanted = not parts or parts[0] in LANGUAGES
            if error.status_code == 404 and is_wanted and not (self.folder / "index.html").exists():
                return pending()
            raise
        if isinstance(response, RedirectResponse):  # to a folder's page; by its name, for we may stand behind a proxy
            response.headers["Location"] = f"./{quote(parts[-1])}/"
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = Path(full_path)
        kind = ATOM if path.parent.name == FEEDS and path.suffix == ".xml" else TYPES.get(path.suffix)
        if kind is None:
            raise HTTPException(404)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
        if "content-type" in response.headers:
            response.headers["Content-Type"] = kind
        return response
