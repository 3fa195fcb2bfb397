"""Where everything stands in the site. Links are relative, so that it works under any address and as files."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlsplit

from bot.wording import LANGUAGES

SHARED = (
    "index.html", "404.html", "robots.txt", "assets/site.css", "assets/site.js", "assets/icon.svg", "search/terms.js",
)  # fmt: skip
SINGLE = ("index.html", "days.html", "trends.html", "classics.html", "search.html", "about.html")
"""Pages of which there is one in each language."""


def paper_page(paper_id: str) -> str:
    """``paper/2606/2606.01234.html``: a folder a month, for some systems slow down over folders of ten thousands."""
    return f"paper/{paper_id}.html" if "/" in paper_id else f"paper/{paper_id[:4]}/{paper_id}.html"


def day_page(day: date | str) -> str:
    return f"day/{day}.html"


def direction_page(slug: str, month: str = "") -> str:
    return f"direction/{slug}/{month or 'index'}.html"


def feed(name: str) -> str:
    return f"feed/{name}.xml"


def shard(month: str) -> str:
    return f"search/{month}.js"


def in_both(path: str) -> list[str]:
    return [f"{language}/{path}" for language in LANGUAGES]


def up(path: str) -> str:
    """What leads from ``path`` to the top: ``../../`` from ``zh/day/x.html``."""
    return "../" * path.count("/")


def top(web_url: str) -> str:
    """What leads to the top from an address that nobody knows: ``/``, or the folder of ``web_url``."""
    return f"{urlsplit(web_url).path.rstrip('/')}/"


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def absolute(web_url: str, path: str) -> str:
    """The full address of a page; a path alone where the site does not know its own."""
    return f"{web_url.rstrip('/')}/{quote(path)}" if web_url else quote(path)
