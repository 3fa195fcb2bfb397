"""The pages of the site: they are all there, lead only to what is there, and show no more than they should."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from bot.app import load_classics, load_directions
from bot.site import places
from tests.site.papers import HOSTILE, SECRETS, TITLES

VOID = {"meta", "link", "input", "br", "img", "hr"}
SELF_CLOSED = {"path", "circle", "rect", "line"}


class Page(HTMLParser):
    """What a page holds: its ids, its links, what it loads, its text, and what is wrong with it."""

    def __init__(self, path: Path):
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.wrong += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        self.wrong += [f"{tag} twice" for _ in range(len(attrs) - len(values))]
        self.ids += [values["id"]] if "id" in values else []
        if tag == "a":
            self.links.append(values["href"])
        elif "src" in values:
            self.loads.append(values["src"])
        elif tag == "link":
            (self.loads if values["rel"] in {"stylesheet", "icon"} else self.links).append(values["href"])
        if tag not in VOID | SELF_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SELF_CLOSED:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, Page]:
    return {str(path.relative_to(site)): Page(path) for path in sorted(site.rglob("*.html"))}


def test_there_is_a_page_for_everything_in_both_languages(pages: dict[str, Page]) -> None:
    papers = {f"paper/{id_}.html" if "/" in id_ else f"paper/{id_[:4]}/{id_}.html" for id_ in TITLES}
    days = {f"day/{day}.html" for _, day, *_ in TITLES.values()}
    directions = {f"direction/{direction.slug}/index.html" for direction in load_directions()}
    single = {f"{name}.html" for name in ("index", "days", "trends", "classics", "search", "about")}
    chinese, english = (
        {path.partition("/")[2] for path in pages if path.startswith(f"{one}/")} for one in ("zh", "en")
    )
    assert papers | days | directions | single | {"direction/rag/2026-05.html"} <= chinese
    assert chinese == english


def test_pages_are_well_formed_and_ids_stand_once(pages: dict[str, Page]) -> None:
    assert {path: page.wrong for path, page in pages.items() if page.wrong} == {}
    assert {path for path, page in pages.items() if len(page.ids) != len(set(page.ids))} == set()


def placed(site: Path, path: str, address: str) -> Path:
    """The file at an address that stands on a page; only the page for nothing does not know where it is."""
    if path == "404.html":
        assert address.startswith("/archive/")
        return site / address.removeprefix("/archive/")
    return (site / path).parent / address


def test_every_link_leads_to_a_page_and_a_place_that_is_there(site: Path, pages: dict[str, Page]) -> None:
    lost = []
    for path, page in pages.items():
        for link in page.links + page.loads:
            address, fragment = urldefrag(link)
            if address.startswith(("http://", "https://")):
                continue
            target = placed(site, path, unquote(address)) if address else site / path
            known = pages.get(str(target.resolve().relative_to(site.resolve())))
            if not target.is_file() or (fragment and known and fragment not in known.ids):
                lost.append((path, link))
    assert lost == []


def test_every_page_can_be_reached_from_the_front_page(site: Path, pages: dict[str, Page]) -> None:
    found, waiting = set[str](), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in found or path not in pages:
            continue
        found.add(path)
        targets = ((site / path).parent / urldefrag(link)[0] for link in pages[path].links if "://" not in link)
        waiting += [str(target.resolve().relative_to(site.resolve())) for target in targets]
    assert found == set(pages) - {"404.html"}


def test_the_page_for_nothing_speaks_both_languages_and_works_at_any_depth(pages: dict[str, Page]) -> None:
    assert {"/archive/zh/index.html", "/archive/en/index.html"} <= set(pages["404.html"].links)
    assert places.top("https://example.org/papers/") == "/papers/"
    assert places.top("") == "/"


def test_the_switch_of_languages_keeps_the_page(pages: dict[str, Page]) -> None:
    path = "paper/2606/2606.00004.html"
    assert f"../../../zh/{path}" in pages[f"en/{path}"].links
    assert f"../../../en/{path}" in pages[f"zh/{path}"].links


def test_nothing_is_asked_of_any_other_site(site: Path, pages: dict[str, Page]) -> None:
    assert [load for page in pages.values() for load in page.loads if re.match(r"\w*:?//", load)] == []
    for asset in ("site.css", "site.js"):
        text = (site / "assets" / asset).read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|https?://", text), asset


def test_a_hostile_title_is_only_text(pages: dict[str, Page]) -> None:
    page = pages[f"en/paper/2606/{HOSTILE}.html"]
    assert '<script>alert("1")</script> & evil' in page.text
    assert "Ada <b>Lovelace</b>" in page.text
    assert not [link for one in pages.values() for link in one.links if link.lower().startswith("javascript")]
    assert not [path for path, one in pages.items() if re.search("[\x00-\x08\u202e]", one.text)]


def test_nothing_of_readers_is_told(site: Path) -> None:
    everything = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*") if path.is_file())
    assert [secret for secret in SECRETS if secret in everything] == []


def test_a_paper_is_told_in_whole(pages: dict[str, Page]) -> None:
    page = pages["en/paper/2606/2606.00002.html"]
    told = page.text
    parts = ("Pruning Experts by Half", "Ada Lovelace", "16 June 2026", "cs.CL cs.LG", "90%", "word of peft", "@misc{",
             "One GPU is enough", "a single GPU", "– it saves 10% of the work of Erdős")  # fmt: skip
    assert [part for part in parts if part not in told] == []
    assert {"https://arxiv.org/abs/2606.00002", "https://arxiv.org/pdf/2606.00002",
            "https://example.org/code?a=1&b=2"} <= set(page.links)  # fmt: skip


def test_each_direction_of_a_paper_lists_it(pages: dict[str, Page]) -> None:
    for slug in ("compression", "peft"):
        assert "../../paper/2606/2606.00002.html" in pages[f"zh/direction/{slug}/2026-06.html"].links


def test_a_paper_of_no_direction_has_its_page_and_stands_on_its_day(pages: dict[str, Page]) -> None:
    assert "Proteins and Their Folds" in pages["en/paper/2606/2606.00007.html"].text
    assert "1 more paper in none of these directions" in pages["en/day/2026-06-17.html"].text


def test_the_classics_stand_in_reading_order_and_lead_to_arxiv(pages: dict[str, Page]) -> None:
    links = [link for link in pages["zh/classics.html"].links if "arxiv.org/abs" in link]
    shelf = [f"https://arxiv.org/abs/{classic.id}" for classic in load_classics() if classic.shelf == "foundations"]
    assert links[: len(shelf)] == shelf
    assert len(links) == len(load_classics())


def test_numbers_of_the_trends_stand_beneath_the_charts(pages: dict[str, Page], site: Path) -> None:
    text = (site / "en" / "trends.html").read_text(encoding="utf-8")
    assert text.count('<svg class="bars"') == len(load_directions())
    assert "<table>" in text


def test_no_page_leads_to_an_address_that_is_no_web_address(pages: dict[str, Page]) -> None:
    assert not [link for link in pages["en/day/2026-06-17.html"].links if "alert" in link]
    assert "https://blog.example/post?a=1&b=2" in pages["en/day/2026-06-17.html"].links
