"""The map of the site for search engines, a file a month: https://www.sitemaps.org/protocol.html"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from bot.site import places
from bot.site.plan import Plan
from bot.site.templating import Site
from bot.wording import LANGUAGES

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap_paths(site: Site, plan: Plan) -> list[str]:
    parts = ("pages", *plan.months) if site.web_url else ()
    return [*(f"sitemap/{part}.xml" for part in parts), *(["sitemap.xml"] if parts else [])]


def sitemaps(site: Site, plan: Plan) -> dict[str, str]:
    """The files by their paths; only absolute addresses may stand in them, so there are none without ours."""
    if not site.web_url:
        return {}
    own = [*places.SINGLE, *(places.direction_page(slug) for slug in site.slugs)]
    maps = {"sitemap/pages.xml": sitemap(site, own)}
    for month, days in plan.months.items():
        lists = [places.direction_page(slug, month) for slug in site.slugs if month in plan.by_month[slug]]
        papers = [places.paper_page(mark.id) for day in days for mark in plan.days[day]]
        maps[f"sitemap/{month}.xml"] = sitemap(site, [*lists, *map(places.day_page, days), *papers])
    parts = "".join(f"<sitemap><loc>{location(site, path)}</loc></sitemap>" for path in maps)
    return maps | {"sitemap.xml": f"{XML}<sitemapindex {SCHEMA}>{parts}</sitemapindex>\n"}


def sitemap(site: Site, pages: Iterable[str]) -> str:
    """One file of it; 50,000 addresses may stand there at most, so that a month of both languages fits."""
    both = (f"{language}/{page}" for page in pages for language in LANGUAGES)
    return (
        f"{XML}<urlset {SCHEMA}>{''.join(f'<url><loc>{location(site, path)}</loc></url>' for path in both)}</urlset>\n"
    )


def location(site: Site, path: str) -> Markup:
    return Markup("{}").format(places.absolute(site.web_url, path))
