"""The web archive in a real browser: reading, searching, dark, by keyboard, without JavaScript, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.conftest import site  # noqa: F401 - the built site, a fixture

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKED_AT = (
    ("zh", "light", PHONE, ("index.html", "paper/2606/2606.00002.html", "trends.html", "search.html?q=retrieval")),
    ("en", "dark", DESK, ("index.html", "day/2026-06-17.html", "direction/rag/index.html", "classics.html")),
)
"""Each kind of page once or twice: axe takes its time."""

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Any]:  # noqa: F811
    """``visit(path, **context)``: the page, opened as a file, so that any request to elsewhere is seen and fails."""
    opened: list[Any] = []

    def go(path: str, **context: Any) -> Any:
        page = browser.new_context(**{"viewport": DESK} | context).new_page()
        opened.append(page.context)
        page.asked_for = []
        page.on("request", lambda request: page.asked_for.append(request.url))
        page.goto(f"{site.as_uri()}/{path}")
        return page

    yield go
    for context in opened:
        context.close()


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize(("language", "scheme", "viewport", "paths"), LOOKED_AT, ids=["phone", "desk"])
def test_pages_are_for_everybody_and_fit_the_screen(
    visit: Any, language: str, scheme: str, viewport: Any, paths: tuple[str, ...]
) -> None:
    page = visit(f"{language}/index.html", color_scheme=scheme, viewport=viewport)
    root = page.url.removesuffix("index.html")
    for path in paths:
        page.goto(f"{root}{path}")
        if "?q=" in path:
            page.wait_for_selector("#found li")
        assert (path, violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert all(url.startswith("file://") for url in page.asked_for)


def test_the_front_door_leads_to_the_visitors_language(visit: Any) -> None:
    for locale, title in (("zh-TW", "四两拨千斤"), ("en-GB", "Finesse"), ("de-DE", "Finesse")):
        page = visit("index.html", locale=locale)
        page.wait_for_url(re.compile("/(zh|en)/index.html"))
        assert title in page.title()


FOUND = {
    "retriev": "Retrieval that Knows",
    "检索": "Retrieval that Knows",
    "borel prun": "Pruning",
    "2606.00003": "A Cluster",
    "高效推理 zzz": "Nothing found",
    "ti:retrieval -zzz": "Retrieval that Knows",
    "zzz OR borel": "Pruning",
    "au:lovelace since:2026": "Retrieval that Knows",
    "borel prun -experts": "Nothing found",
    "retrieval cat:cs.CL": "cannot tell it: cat:cs.CL",
    "(((": "Searches titles",
}
SHOWS = "title => ['found', 'told'].some((id) => document.getElementById(id).textContent.includes(title))"


def test_search_finds_in_both_languages_as_one_types(visit: Any) -> None:
    page = visit("en/search.html")
    for words, title in FOUND.items():
        page.fill("#q", words)
        page.wait_for_function(SHOWS, arg=title)
    page.fill("#q", "")
    page.select_option("#compute", "high")
    page.wait_for_function("document.querySelectorAll('#found li').length === 1")


def test_a_hostile_title_does_nothing_in_the_results(visit: Any) -> None:
    page = visit("en/search.html?q=evil")
    page.wait_for_selector("#found li")
    assert '<script>alert("1")</script>' in page.inner_text("#found")
    assert page.query_selector("#found script, #found img") is None


def test_the_theme_follows_the_system_until_it_is_chosen_and_is_remembered(visit: Any) -> None:
    page = visit("en/about.html", color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("button.theme")
    light = page.evaluate(ground)
    assert light != dark
    page.reload()
    assert page.evaluate(ground) == light


def test_everything_can_be_reached_with_the_keyboard(visit: Any) -> None:
    page = visit("en/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.type("retrieval")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found li")


def test_without_javascript_pages_read_the_same_and_search_says_what_to_do(visit: Any) -> None:
    page = visit("index.html", java_script_enabled=False)
    page.click("text=English")
    page.click("text=All papers of this day")
    page.click("text=Retrieval that Knows when to Stop")
    assert "Ada Lovelace" in page.inner_text("main")
    assert not page.is_visible("button.theme")
    page.click("nav >> text=Search")
    assert "JavaScript" in page.inner_text("main")
    assert not page.is_visible("#search")
