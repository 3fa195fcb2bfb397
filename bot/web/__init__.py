"""One small web application, off unless an address is set: webhook, health, metrics, calendars, search, the site."""

from bot.web.builder import Builder
from bot.web.front import Front

__all__ = ["Builder", "Front"]
