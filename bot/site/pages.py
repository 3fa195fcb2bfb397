"""Every page but those of days and papers, in terms of what its template needs; each function gives texts by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup

from bot.models import FOUNDATIONS, Classic
from bot.models.papers import LEVELS
from bot.rules.foreign import clean
from bot.rules.trends import Trend
from bot.site import places
from bot.site.edition import Edition
from bot.site.figures import bars
from bot.site.index import shard_text, terms_text
from bot.site.templating import ASSETS, Voice
from bot.site.views import Listed
from bot.wording import Words

PICKS, RECENT_DAYS = 10, 12
"""Papers of the newest day, and days, that the front page lists."""


class ChartedTrend(NamedTuple):
    """A direction's weeks, as numbers and as a picture."""

    slug: str
    trend: Trend
    picture: Markup


# --- pages in a language ----------------------------------------------------------------------------------------------


def language_pages(edition: Edition, voice: Voice) -> dict[str, str]:
    """Lists before what leads to them, the front page last."""
    pages: dict[str, str] = {}
    for month in sorted(edition.changed_months & edition.plan.months.keys()):
        pages |= month_pages(edition, voice, month)
    charts = charted(edition, voice)
    for slug in edition.site.slugs:
        pages[places.direction_page(slug)] = direction_page(edition, voice, slug, charts[slug])
    pages |= single_pages(edition, voice, charts)
    return {f"{voice.language}/{path}": text for path, text in pages.items()}


def month_pages(edition: Edition, voice: Voice, month: str) -> dict[str, str]:
    """A direction's papers of a month, for each direction that has any."""
    papers, pages = edition.of_month(month), {}
    for direction in edition.site.directions:
        months = list(edition.plan.by_month[direction.slug])
        if month not in months:
            continue
        at, path = months.index(month), places.direction_page(direction.slug, month)
        pages[path] = voice.render(
            "month.html", path, direction=direction, month=month, month_name=month_name(voice.words, month),
            days=by_day(paper for paper in papers if direction.slug in paper.slugs),
            before=months[at + 1] if at + 1 < len(months) else "", after=months[at - 1] if at else "",
        )  # fmt: skip
    return pages


def direction_page(edition: Edition, voice: Voice, slug: str, chart: ChartedTrend) -> str:
    months = [(month, month_name(voice.words, month), n) for month, n in edition.plan.by_month[slug].items()]
    direction = next(one for one in edition.site.directions if one.slug == slug)
    newest = sorted(edition.of(edition.plan.newest_of[slug]), key=lambda one: (-one.day.toordinal(), -one.rank, one.id))
    classics = sum(classic.shelf == slug for classic in edition.classics)
    return voice.render(
        "direction.html", places.direction_page(slug), direction=direction, chart=chart, months=months,
        days=by_day(newest), shown=len(newest), total=sum(n for *_, n in months), classics=classics,
    )  # fmt: skip


def single_pages(edition: Edition, voice: Voice, charts: Mapping[str, ChartedTrend]) -> dict[str, str]:
    values: dict[str, dict[str, Any]] = {
        "days.html": {"months": month_days(edition, voice)},
        "trends.html": {"charts": charts, "mondays": edition.trends.mondays},
        "classics.html": {"shelves": shelves(edition), "pages": classic_pages(edition)},
        "search.html": {"shards": sorted(edition.plan.months, reverse=True), "levels": LEVELS},
        "about.html": {"total": len(edition.plan.newest_first), "days": len(edition.plan.days), "levels": LEVELS},
        "index.html": front(edition, voice, charts),
    }
    return {path: voice.render(path, path, **told) for path, told in values.items()}


def front(edition: Edition, voice: Voice, charts: Mapping[str, ChartedTrend]) -> dict[str, Any]:
    """The newest day with the best paper of each direction, and what there is besides."""
    plan, day = edition.plan, edition.newest
    papers = edition.of(mark.id for mark in plan.days[day]) if day else []
    totals = {slug: sum(plan.by_month[slug].values()) for slug in plan.slugs}
    recent = [(one, len(plan.days[one])) for one in sorted(plan.days, reverse=True)[:RECENT_DAYS]]
    return {
        "date": day, "read": len(papers), "filed": sum(bool(paper.slugs) for paper in papers), "picks": picks(papers),
        "today": {slug: plan.counts[slug, day] if day else 0 for slug in plan.slugs}, "totals": totals,
        "charts": charts, "recent": recent, "weeks": len(edition.trends.mondays),
    }  # fmt: skip


def picks(papers: Iterable[Listed]) -> list[Listed]:
    """The best papers of a day, one at most of those that belong first of all to the same direction."""
    found: dict[str, Listed] = {}
    for paper in sorted(papers, key=lambda one: (-one.rank, one.id)):
        if paper.slugs:
            found.setdefault(paper.slugs[0], paper)
    return list(found.values())[:PICKS]


def charted(edition: Edition, voice: Voice) -> dict[str, ChartedTrend]:
    return {trend.slug: ChartedTrend(trend.slug, trend, bars(trend.counts, told(trend, voice)))
            for trend in edition.trends.trends}  # fmt: skip


def told(trend: Trend, voice: Voice) -> str:
    """A chart in words, for whoever cannot see it."""
    numbers = ", ".join(map(str, trend.counts))
    return voice.text("chart", name=clean(voice.names[trend.slug]), numbers=numbers or "0")


def by_day(papers: Iterable[Listed]) -> dict[date, list[Listed]]:
    days: dict[date, list[Listed]] = {}
    for paper in papers:
        days.setdefault(paper.day, []).append(paper)
    return days


def month_days(edition: Edition, voice: Voice) -> dict[str, list[tuple[date, int, int]]]:
    """Days with their papers and how many of those have a direction, by the month's name, newest first."""
    days = edition.plan.days
    return {
        month_name(voice.words, month): [
            (day, len(days[day]), sum(bool(mark.directions) for mark in days[day])) for day in reversed(found)
        ]
        for month, found in reversed(edition.plan.months.items())
    }


def month_name(words: Words, month: str) -> str:
    """``2026年6月`` or ``June 2026``."""
    from babel.dates import format_date

    return format_date(
        date.fromisoformat(f"{month}-01"), "y年M月" if words.language == "zh" else "MMMM y", words.language
    )


def shelves(edition: Edition) -> dict[str, list[Classic]]:
    """The classics by shelf, foundations first; in the order of the file, which is the one to read them in."""
    order = (FOUNDATIONS, *edition.site.slugs)
    found = {shelf: [classic for classic in edition.classics if classic.shelf == shelf] for shelf in order}
    return {shelf: classics for shelf, classics in found.items() if classics}


def classic_pages(edition: Edition) -> dict[str, str]:
    """Our own pages of those classics that have one."""
    here = {mark.id for mark in edition.plan.newest_first}
    return {classic.id: places.paper_page(classic.id) for classic in edition.classics if classic.id in here}


# --- what both languages share ----------------------------------------------------------------------------------------


def shards(edition: Edition) -> dict[str, str]:
    """The search index, a file a month."""
    months = sorted(edition.changed_months & edition.plan.months.keys())
    return {places.shard(month): shard_text(month, edition.of_month(month), edition.site.slugs) for month in months}


def shared_pages(edition: Edition, voices: Sequence[Voice]) -> dict[str, str]:
    names = {voice.language: voice for voice in voices}
    address = edition.site.web_url
    lines = ["User-agent: *", "Allow: /", *([f"Sitemap: {address}/sitemap.xml"] if address else [])]
    assets = {f"assets/{path.name}": path.read_text(encoding="utf-8") for path in sorted(ASSETS.iterdir())}
    return assets | {
        "search/terms.js": terms_text(edition.terms, edition.site.directions),
        "robots.txt": "\n".join(lines) + "\n",
        "index.html": names["en"].render("root.html", "", voices=names),
        "404.html": names["en"].render("missing.html", "", voices=names, top=places.top(address)),
    }
