"""arXiv's query API: papers by the time of their submission, and by id. https://info.arxiv.org/help/api/user-manual.html

    a window | its pages (in two halves where it holds more than the API serves) | each page counted | papers

The ``arxiv`` package writes the questions and reads the answers; its own HTTP is not used (no time-outs, deaf to
``Retry-After``). Two private seams of it are: ``Client._format_url`` and ``_feed.parse``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from xml.etree.ElementTree import Element, tostring

import arxiv  # type: ignore[import-untyped]
from arxiv import _feed

from bot.errors import BadBody, SourceError
from bot.models import Fetched, FetchedPaper, SourceState
from bot.rules.ids import is_id, split_version
from bot.rules.tokens import tokens
from bot.sources.fields import instant, text
from bot.sources.http import Body, Gate, Web
from bot.sources.xml import well_formed

SOURCE = "arxiv-api"
ACCEPT = "application/atom+xml"
PAGE_SIZE, MOST_SERVED, IDS_AT_ONCE = 2_000, 30_000, 100
"""The API's own limits on a page and on all pages of a query, and ours on the length of an address."""

ATOM = "{http://www.w3.org/2005/Atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
SHORTEST_WINDOW = timedelta(minutes=2)
DATES = ("published", "updated")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the API."""

    total: int
    """How many papers the whole query has."""
    papers: tuple[FetchedPaper, ...] = ()
    skipped: int = 0
    """Entries that could not be read."""

    @property
    def entries(self) -> int:
        return len(self.papers) + self.skipped


class ShortPage(BadBody):
    """A page with fewer entries than its own ``totalResults`` promises, which the API gives now and then."""

    def __init__(self, page: Page, promised: int):
        super().__init__(f"a page with {page.entries} of {promised} papers")
        self.page = page


Ask = Callable[[arxiv.Search, int, int], Page]
"""Gets the page of a search that starts at the first number and has at most as many entries as the second."""


def fetch_window(
    web: Web,
    url: str,
    categories: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    gate: Gate | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """The papers submitted in [start, end); PARTIAL where pages are missing, SourceError where nothing came.

    ``progress`` is told after every page how many papers came and about how many there are.
    """
    found = Found(lambda paper: paper.submitted is not None and start <= paper.submitted < end, progress)
    return found.gathered(window_pages(partial(ask, web, url, gate), categories, start, end))


def fetch_ids(web: Web, url: str, ids: Sequence[str], *, gate: Gate | None = None) -> Fetched:
    """The newest versions of the papers with these ids, without those that arXiv does not know."""
    known = list(dict.fromkeys(split_version(id_)[0] for id_ in ids if is_id(id_)))
    chunks = [known[at : at + IDS_AT_ONCE] for at in range(0, len(known), IDS_AT_ONCE)]
    return Found().gathered(ask(web, url, gate, arxiv.Search(id_list=chunk), 0, IDS_AT_ONCE) for chunk in chunks)


def fetch_search(
    web: Web, url: str, phrases: Sequence[str], categories: Sequence[str], most: int, *, gate: Gate | None = None
) -> Fetched:
    """The papers that say any of ``phrases``, at most ``most``, in arXiv's own order of relevance; one request."""
    return Found().gathered(ask(web, url, gate, one, 0, most) for one in [phrase_search(phrases, categories)])


def phrase_search(phrases: Sequence[str], categories: Sequence[str]) -> arxiv.Search:
    """Papers that hold all words of a phrase, wherever: the order of relevance puts those that say it first."""
    said = " OR ".join(f"({' AND '.join(f'all:{word}' for word in tokens(phrase))})" for phrase in phrases)
    listed = " OR ".join(f"cat:{category}" for category in categories)
    return arxiv.Search(query=f"({said}) AND ({listed})", sort_by=arxiv.SortCriterion.Relevance)


class Found:
    """What several pages gave, each paper once."""

    def __init__(
        self,
        is_wanted: Callable[[FetchedPaper], bool] = lambda paper: True,
        progress: Callable[[int, int], None] | None = None,
    ):
        self.is_wanted, self.progress = is_wanted, progress or (lambda came, total: None)
        self.papers: dict[str, FetchedPaper] = {}
        self.skipped = self.total = 0

    def gathered(self, pages: Iterator[Page]) -> Fetched:
        """All of them as one; where one fails for good, what came until then."""
        state, error = SourceState.OK, ""
        try:
            for page in pages:
                self.add(page)
        except SourceError as failure:
            if isinstance(failure, ShortPage):
                self.add(failure.page)
            if not self.papers:
                raise
            state, error = SourceState.PARTIAL, str(failure)
        return Fetched(SOURCE, tuple(self.papers.values()), skipped=self.skipped, state=state, error=error)

    def add(self, page: Page) -> None:
        for paper in filter(self.is_wanted, page.papers):
            self.papers.setdefault(paper.id, paper)
        self.skipped += page.skipped
        self.total = max(self.total, page.total)
        self.progress(len(self.papers), self.total)


def window_pages(ask: Ask, categories: Sequence[str], start: datetime, end: datetime) -> Iterator[Page]:
    """Every page of a window, earliest papers first; one with more than the API serves goes on in two halves."""
    search = window_search(categories, start, end)
    first = ask(search, 0, PAGE_SIZE)
    yield first
    if first.total > MOST_SERVED:
        if end - start < SHORTEST_WINDOW:
            raise SourceError(f"{first.total} papers in one minute are more than arXiv serves")
        middle = start + (end - start) / 2
        yield from window_pages(ask, categories, start, middle)
        yield from window_pages(ask, categories, middle, end)
        return
    for offset in range(PAGE_SIZE, first.total, PAGE_SIZE):
        yield ask(search, offset, PAGE_SIZE)


def window_search(categories: Sequence[str], start: datetime, end: datetime) -> arxiv.Search:
    """The API's bounds are whole minutes, both included: the minute of ``end`` is asked for, and left out later."""
    low, high = (f"{moment.astimezone(UTC):%Y%m%d%H%M}" for moment in (start, end))
    listed = " OR ".join(f"cat:{category}" for category in categories)
    return arxiv.Search(
        query=f"({listed}) AND submittedDate:[{low} TO {high}]",
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=arxiv.SortOrder.Ascending,
    )


def ask(web: Web, url: str, gate: Gate | None, search: arxiv.Search, start: int, size: int) -> Page:
    """One page, counted: a short, empty or cut one is asked for again, and raises ShortPage or BadBody in the end."""

    def counted(body: Body) -> Page:
        page = parse(body.content)
        promised = min(size, max(page.total - start, 0))
        if page.entries < promised:
            raise ShortPage(page, promised)
        return page

    return web.get(address(url, search, start, size), accept=ACCEPT, parse=counted, gate=gate, explain=explain)


def address(url: str, search: arxiv.Search, start: int, size: int) -> str:
    client = arxiv.Client()
    client.query_url_format = "{}"
    return f"{url}?{client._format_url(search, start, size)}"


def parse(body: bytes) -> Page:
    """One page; raises BadBody for what is none, SourceError with arXiv's own words for its error feed."""
    root = well_formed(body, "feed")
    if root.find(TOTAL) is None:
        raise BadBody("a feed without totalResults, which is not the API's")
    entries = root.findall(f"{ATOM}entry")
    if words := error_words(entries):
        raise SourceError(words)
    feed = _feed.parse(readable(root, entries, body))
    papers = tuple(paper for result in feed.results if (paper := read_result(result)))
    if entries and not papers:
        raise SourceError(f"none of its {len(entries)} entries can be read")
    return Page(feed.header.total_results, papers, skipped=len(entries) - len(papers))


def error_words(entries: Sequence[Element]) -> str:
    """What arXiv's error entry says, or nothing."""
    for entry in entries:
        if "/api/errors" in entry.findtext(f"{ATOM}id", ""):
            return text(entry.findtext(f"{ATOM}summary", ""))[:200] or "arXiv reports an error"
    return ""


def explain(content: bytes) -> str:
    """The words of the error feed that comes with status 400."""
    try:
        return error_words(well_formed(content, "feed").findall(f"{ATOM}entry"))
    except BadBody:
        return ""


def readable(root: Element, entries: Sequence[Element], body: bytes) -> bytes:
    """``body`` without the entries that have no readable date: one of them stops the package's parser."""
    bad = [entry for entry in entries if not all(instant(entry.findtext(f"{ATOM}{name}")) for name in DATES)]
    for entry in bad:
        root.remove(entry)
    return tostring(root) if bad else body


def read_result(result: arxiv.Result) -> FetchedPaper | None:
    """The paper of one entry, or None if it lacks an id or a title."""
    short_id, title = result.get_short_id(), text(result.title)
    if not is_id(short_id) or not title:
        return None
    arxiv_id, version = split_version(short_id)
    return FetchedPaper(
        id=arxiv_id,
        version=version,
        title=title,
        abstract=text(result.summary),
        source=SOURCE,
        authors=tuple(filter(None, (text(author.name) for author in result.authors))),
        categories=tuple(dict.fromkeys(filter(None, [result.primary_category, *result.categories]))),
        submitted=result.published,
        updated=result.updated,
        comment=text(result.comment),
    )
