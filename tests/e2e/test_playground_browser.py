"""The playground as people meet it: the command itself, and its page in a real browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.wording import Words

CHROMIUM = "/usr/bin/chromium"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
PATIENCE = 60_000.0
pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"{CHROMIUM} is not on this machine")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a running ``qiaojin playground``, which ends cleanly and leaves nothing."""
    folder = tmp_path_factory.mktemp("playground")
    (folder / "tmp").mkdir()
    environment = {
        "PATH": os.defpath, "HOME": str(folder), "TMPDIR": str(folder / "tmp"), "QIAOJIN_LANGUAGE": "zh",
        "QIAOJIN_CONFIG_DIR": str(folder / "none"),
    }  # fmt: skip
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", "--no-browser"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as run:
        assert run.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+", run.stdout.readline())
        assert found
        yield found[0]
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 0
    assert list((folder / "tmp").glob("qiaojin-*")) == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def asked() -> list[str]:
    """The addresses that the page has asked for."""
    return []


@pytest.fixture
def context(browser: Browser, asked: list[str]) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    opened.set_default_timeout(PATIENCE)
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    shown = context.new_page()
    shown.goto(address)
    shown.wait_for_selector("body[data-ready]")
    return shown


def press(page: Page, label: str) -> None:
    page.locator(".key", has_text=label).last.click()


def hear(page: Page, text: str) -> None:
    expect(page.locator(".message", has_text=text).last).to_be_visible(timeout=PATIENCE)


def complaints(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def begin(page: Page, words: Words) -> None:
    """The first conversation, all by clicking."""
    page.get_by_role("button", name=words("playground.start"), exact=True).click()
    hear(page, "1/4")
    press(page, words("start.next"))
    hear(page, "2/4")
    page.locator(".keyboard").last.locator(".key").first.click()
    hear(page, "✅")
    press(page, words("start.next"))
    hear(page, "3/4")
    press(page, words("start.next"))
    hear(page, "4/4")
    press(page, words("start.finish"))
    hear(page, words("digest.title"))


def read_and_plan(page: Page, words: Words) -> None:
    """A card in the place of the digest, a like, and a plan with its first answers taken as they are."""
    page.get_by_role("button", name="1", exact=True).last.click()
    hear(page, "v1 ·")
    press(page, words("card.like"))
    expect(page.locator(".key", has_text=words("card.liked"))).to_be_visible()
    page.get_by_label(words("playground.message")).fill("/plan")
    page.keyboard.press("Enter")
    for step in ("1/4", "2/4", "3/4", "4/4"):
        hear(page, step)
        page.locator(".keyboard").last.locator(".key").last.click()
    hear(page, "📅")


def test_the_first_two_days_in_chinese(page: Page, address: str, asked: list[str]) -> None:
    """Onboarding, digest, card, like, plan; then the clock is moved, and a paper has come near the idea."""
    words = Words("zh")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert complaints(page) == []
    begin(page, words)
    read_and_plan(page, words)
    page.locator("#idea").click()
    page.keyboard.press("Enter")
    hear(page, words("idea.arxiv_nothing", covered="").partition("（")[0])
    page.get_by_role("button", name=words("playground.morning"), exact=True).click()
    expect(page.locator("#now")).to_contain_text("6月19日 周五 08:00")
    hear(page, words("idea.alert"))
    assert complaints(page) == []
    page.get_by_role("button", name=words("playground.theme")).click()
    assert complaints(page) == []
    assert [url for url in asked if not url.startswith(f"{address}/")] == []


def test_the_second_person_speaks_english(page: Page) -> None:
    words = Words("en")
    page.get_by_role("button", name="Ada", exact=True).click()
    expect(page.get_by_role("button", name=words("playground.start"), exact=True)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    begin(page, words)
    read_and_plan(page, words)
    page.get_by_label(words("playground.message")).fill("@qiaojin_bot mamba")
    page.locator("#offer [role=option]").first.click()
    expect(page.locator(".mine .via").last).to_have_text("via @qiaojin_bot")


def test_a_group_a_menu_by_keyboard_and_files(page: Page) -> None:
    words = Words("zh")
    page.get_by_role("button", name=words("playground.group")).click()
    page.get_by_role("button", name=words("playground.add_bot")).click()
    hear(page, "👋")
    text = page.get_by_label(words("playground.message"))
    text.press_sequentially("/pri")
    expect(page.locator("#offer [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".mine").last).to_contain_text("/privacy")
    content = b"@misc{a, eprint={2606.18114}}"
    page.locator("#file").set_input_files({"name": "a.bib", "mimeType": "text/plain", "buffer": content})
    text.fill("/import")
    page.keyboard.press("Enter")
    expect(page.locator(".document").last).to_contain_text("a.bib")


def test_it_fits_a_telephone(browser: Browser, address: str) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark", reduced_motion="reduce"
    )  # what is still moving in has too little contrast
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    assert complaints(page) == []
    page.locator(".entry").first.click()
    expect(page.locator("#text")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints(page) == []
    page.locator("#back").click()
    expect(page.locator("#text")).to_be_hidden()
    context.close()


def test_formatting_is_drawn_and_never_run(page: Page) -> None:
    """Every kind of entity by the page's own drawing; what looks like HTML in a text stays text."""
    drawn = page.evaluate(
        """() => {
        const text = "<img src=x onerror=alert(1)> bold secret quote";
        const entities = [{type: "bold", offset: 29, length: 4}, {type: "spoiler", offset: 34, length: 6},
                          {type: "expandable_blockquote", offset: 41, length: 5}];
        const box = document.createElement("div");
        box.append(written(text, entities));
        const lines = document.createElement("div");
        lines.append(written("above\\n\\nquote\\n\\nbelow", [{type: "blockquote", offset: 7, length: 5}]));
        return [box.querySelectorAll("img").length, box.querySelector("strong").textContent,
                box.querySelector(".spoiler").textContent, box.querySelector("blockquote .folded").textContent,
                lines.textContent];
        }"""
    )
    assert drawn == [0, "bold", "secret", "quote", "above\nquote\nbelow"]  # a block's own line ends are not drawn
