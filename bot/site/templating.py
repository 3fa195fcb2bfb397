"""Pages from templates, in one language: what comes out is cleaned and escaped, and a missing value is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.rules.directions import Direction
from bot.rules.foreign import clean, web_address
from bot.wording import LANGUAGES, Language, Words

TEMPLATES, ASSETS = (Path(__file__).parent / name for name in ("templates", "assets"))


@dataclass(frozen=True)
class Site:
    """What is the same on every page; it travels to the processes that make pages."""

    title: str
    """The owner's own, or "" for the product's name."""
    web_url: str
    links: Mapping[str, str]
    """Addresses with ``{id}`` in them, by name."""
    directions: tuple[Direction, ...]
    version: str

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(direction.slug for direction in self.directions)


class Voice:
    """A site in one language: its templates and its texts."""

    def __init__(self, site: Site, language: Language):
        self.site, self.language, self.words = site, language, Words(language)
        self.names = {direction.slug: direction.label(language) for direction in site.directions}
        self.environment = environment()
        self.environment.filters["t"] = lru_cache(4096)(self.text)  # a filter of a constant is worked out only once
        self.environment.globals |= {
            "n": lru_cache(4096)(self.count),
            "day": lru_cache(2048)(self.words.day_and_year),
            "weekday": lru_cache(2048)(self.words.day),
            "language": language,
            "other": next(one for one in LANGUAGES if one != language),
            "site": site,
            "site_title": site.title or self.text("name"),
            "names": self.names,
            "web_address": web_address,
            "percent": percent,
        }

    def text(self, key: str, **values: object) -> str:
        return self.words(f"site.{key}", **values)

    def count(self, key: str, n: int, **values: object) -> str:
        return self.words.count(f"site.{key}", n, **values)

    def render(self, template: str, path: str, **values: Any) -> str:
        """The page at ``path``, which is counted from the language's own folder."""
        depth = path.count("/")
        return self.environment.get_template(template).render(
            path=path, home="../" * depth, root="../" * (depth + 1), **values
        )


def percent(change: float) -> str:
    """A change as ``+12%``, with a minus and no hyphen."""
    return f"{change:+.0%}".replace("-", "−")


def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=harmless,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def harmless(value: object) -> object:
    """What templates put out: text of others without what no page should hold."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
