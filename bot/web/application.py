"""What is answered at which address, from the top: what is ours by name, then the site for all the rest."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from bot.errors import QiaojinError, StoreError
from bot.kit import Kit
from bot.web.calendars import Subscribed, calendars
from bot.web.guard import Guard
from bot.web.health import alive, readiness
from bot.web.metrics import metrics
from bot.web.pages import Site
from bot.web.search import search
from bot.web.webhook import Take, webhook


def application(kit: Kit, take: Take, calendar: Subscribed) -> ASGIApp:
    """Everything, behind the guard."""
    settings = kit.settings
    routes: list[Route | Mount] = [
        Route("/healthz", alive, name="healthz"),
        Route("/readyz", readiness(kit), name="readyz"),
        Route("/metrics", metrics(kit), name="metrics"),
        Route("/calendar/{token}.ics", calendars(calendar), name="calendar"),
        Route("/search.json", search(kit), name="search"),
    ]
    if settings.site_serve:
        site = GZipMiddleware(Site(settings.site_folder), minimum_size=1000, compresslevel=6)
        routes.append(Mount("/", site, name="site"))
    if settings.telegram_webhook_url:
        path = urlsplit(settings.telegram_webhook_url).path or "/"
        routes.insert(0, Route(path, webhook(settings.webhook_secret, take), methods=["POST"], name="webhook"))
    return Guard(Starlette(routes=routes, exception_handlers={QiaojinError: told}))


def told(request: Request, error: Exception) -> Response:
    """An error of ours, in its one sentence."""
    status = 503 if isinstance(error, StoreError) else 400
    return JSONResponse({"error": str(error)}, status)
