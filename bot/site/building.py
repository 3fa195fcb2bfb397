"""A site's story: plan it from the database, make what changed, put it in the folder, take away what fell out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from bot import __version__
from bot.errors import UsageError
from bot.kit import Kit, Progress
from bot.rules.days import announcement_day_before
from bot.site import manifest as manifests
from bot.site.edition import Edition
from bot.site.feeds import feeds
from bot.site.files import Count, remove_all, write_all
from bot.site.making import DayTask, Workshop, made
from bot.site.manifest import Manifest
from bot.site.pages import language_pages, shards, shared_pages
from bot.site.plan import Plan, Work, first_day, gone, work_of
from bot.site.sitemap import sitemap_paths, sitemaps
from bot.site.templating import ASSETS, TEMPLATES, Site, Voice
from bot.site.views import Listed
from bot.store import archive, state
from bot.wording import LANGUAGES


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to."""

    days: int
    papers: int
    files: Count
    """None of any kind: all was up to date already."""
    has_address: bool
    """Whether feeds know where they are; they need an absolute address to be valid (the setting ``web_url``)."""


def build(kit: Kit, folder: Path, progress: Progress | None = None, workers: int | None = None) -> Built:
    """Bring the site in ``folder`` up to date, both languages; only what changed is made anew.

    Raises UsageError for a folder that holds something else or cannot be written. A build that is cut off leaves a site
    that works, and the next one makes it whole.
    """
    site, plan = site_of(kit), plan_of(kit)
    old = manifests.read(folder)
    new = plan.manifest(key_of(site, kit), sitemap_paths(site, plan))
    count = Count()
    if new != old:
        try:
            count = renew(kit, site, plan, folder, old, new, progress or kit.progress, workers)
        except OSError as error:
            why = error.strerror or str(error)
            raise UsageError("cannot write {path}: {why}", key="site_unwritable", path=folder, why=why) from error
    return Built(len(plan.days), sum(map(len, plan.days.values())), count, bool(site.web_url))


def renew(
    kit: Kit, site: Site, plan: Plan, folder: Path, old: Manifest, new: Manifest, progress: Progress,
    workers: int | None,
) -> Count:  # fmt: skip
    """Papers before lists, lists before what fell out is removed: at no moment does a page lead to nothing."""
    work, workshop = work_of(plan, old, new), Workshop(site, folder)
    manifests.save(folder, manifests.under_way(old, new))
    papers: dict[str, Listed] = {}
    count = Count()
    pages = sum(len(plan.days[day]) for day in work.papers)
    results = made(workshop, work.needed, reader(kit, plan, work), pages, workers)
    for done, one in enumerate(results, start=1):
        count = count.plus(one.files)
        papers |= {paper.id: paper for paper in one.papers}
        progress("site", done, len(work.needed))
    edition = Edition(site, plan, papers, kit.classics(), kit.terms(), work.months, kit.clock.now())
    for texts in lists(edition, workshop.voices):
        count = count.plus(write_all(folder, texts))
    count = count.plus(remove_all(folder, gone(old, new)))
    manifests.save(folder, new)
    return count


def lists(edition: Edition, voices: Sequence[Voice]) -> Iterator[dict[str, str]]:
    """All that is made from papers as lists show them, what leads to other pages last."""
    yield shards(edition)
    for voice in voices:
        yield language_pages(edition, voice)
        yield feeds(edition, voice)
    yield shared_pages(edition, voices)
    yield sitemaps(edition.site, edition.plan)


def reader(kit: Kit, plan: Plan, work: Work) -> Callable[[date], DayTask]:
    """What reads a day from the store when its turn has come, so that few are held at once."""

    def read(day: date) -> DayTask:
        with kit.store.read() as session:
            entries = tuple(archive.entries(session, day))
        return DayTask(
            day, entries, plan.posts.get(day, ()), plan.around(day), day in work.papers, with_page=day in work.pages
        )

    return read


def site_of(kit: Kit) -> Site:
    settings = kit.settings
    links = {"abstract": settings.links_abstract, "pdf": settings.links_pdf, "huggingface": settings.links_huggingface}
    return Site(settings.site_title.strip(), settings.web_url, links, kit.directions, __version__)


def plan_of(kit: Kit) -> Plan:
    slugs = tuple(direction.slug for direction in kit.directions)
    with kit.store.read() as session:
        last = archive.newest_day(session)
        if last is None:
            return Plan(slugs, {}, {})
        days: dict[date, tuple[archive.Mark, ...]] = {}
        held: list[archive.Mark] = []
        for mark in archive.marks(session, first_day(last, kit.settings.site_months), last):
            if held and held[-1].day != mark.day:
                days[held[-1].day], held = tuple(held), []
            held.append(mark)
        days[last] = tuple(held)
        posts = {day: tuple(state.posts_between(session, announcement_day_before(day), day)) for day in days}
    return Plan(slugs, days, {day: found for day, found in posts.items() if found})


def key_of(site: Site, kit: Kit) -> str:
    """Of what every page depends on: settings, directions and classics, our templates, texts and code."""
    told = blake2b(repr((site, kit.classics(), sorted(kit.terms().english.items()))).encode(), digest_size=16)
    for path in sources():
        told.update(path.read_bytes())
    return told.hexdigest()


def sources() -> Iterable[Path]:
    here = Path(__file__).parent
    texts = [Path(str(files("bot"))) / "locales" / language / "site.po" for language in LANGUAGES]
    return [*sorted(here.glob("*.py")), *sorted(TEMPLATES.iterdir()), *sorted(ASSETS.iterdir()), *texts]
