"""Atom feeds (RFC 4287): everything, each direction, each compute level."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from bot.models.papers import LEVELS
from bot.site import places
from bot.site.edition import Edition
from bot.site.templating import Voice
from bot.site.views import announced


def feeds(edition: Edition, voice: Voice) -> dict[str, str]:
    """The feeds of a language by their paths."""
    return {
        f"{voice.language}/{places.feed(name)}": feed(edition, voice, name, ids)
        for name, ids in edition.plan.feeds.items()
    }


def feed(edition: Edition, voice: Voice, name: str, ids: Sequence[str]) -> str:
    site, path = edition.site, places.feed(name)
    entries = edition.of(ids)
    page = places.direction_page(name) if name in site.slugs else "index.html"

    def address(place: str) -> str:
        return places.absolute(site.web_url, f"{voice.language}/{place}") if site.web_url else f"../{place}"

    return voice.render(
        "feed.xml", path, entries=entries, own=address(path), page=address(page), address=address, stable=stable,
        identity=f"{site.web_url}/{voice.language}/{path}", about=feed_title(voice, name), announced=announced,
        updated=max((entry.changed for entry in entries), default=edition.updated),
    )  # fmt: skip


def feed_title(voice: Voice, name: str) -> str:
    if name == "all":
        return voice.text("feed.all")
    level = name.removeprefix("compute-")
    return voice.text(f"level.{level}") if level in LEVELS and level != name else voice.names[name]


def stable(told: str) -> str:
    """An id that stays the same over all builds (RFC 4122, version 5)."""
    return uuid5(NAMESPACE_URL, f"qiaojin:{told}").urn
