"""Files that people send: fetched from Telegram, looked up at arXiv, told of; and what is no file for us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import pipeline
from bot.kit import Kit
from bot.rules.export import bibtex
from bot.rules.references import MOST_BYTES
from bot.store import library, papers
from tests.e2e.conftest import opener
from tests.e2e.test_chat_world import TOKENS, Person, errors_of, serving
from tests.world import DAY, World

pytestmark = pytest.mark.world
EARLIER = "2606.07524"
"""Announced on 9 June, which is not collected here."""


@pytest.fixture
def kit(few_days: World, tmp_path: Path) -> Iterator[Kit]:
    settings = {"telegram_token": SecretStr(f"{next(TOKENS)}:files"), "telegram_api_url": f"{few_days.url}/bot",
                "telegram_rate": 0, "registration": "open"}  # fmt: skip
    with opener(few_days, tmp_path)(**settings) as opened:
        pipeline.collect(opened, DAY, DAY)
        yield opened


async def sends(person: Person, name: str, text: str, caption: str = "") -> str:
    """What stands in the chat after a file."""
    await person.does("say", text=caption, document={"name": name, "text": text})
    shown = await person.shown()
    return str(shown[-1].get("text", shown[-1].get("caption", ""))) if shown else ""


async def test_a_file_becomes_a_library_and_the_library_a_file(kit: Kit, few_days: World) -> None:
    with kit.store.read() as session:
        here = papers.of_day(session, DAY)[:5]
    written = bibtex(here, {"abstract": "https://arxiv.org/abs/{id}"}) + "@book{x, title = {A Book of Nobody}}"
    async with serving(kit) as service:
        person = Person(few_days, service, 31, 31, "zh-hans")
        person.act("chat", language="zh-hans")
        told = await sends(person, "文献.bib", written)
        assert "文献.bib · 共 6 条" in told
        assert "新加入收藏 5 篇" in told
        assert "• A Book of Nobody" in told
        assert "早已收藏 5 篇" in await sends(person, "again.bib", written)
        await person.says("/export ris")
        document = (await person.shown())[-1]["document"]
        assert document["file_name"].endswith(".ris")
        with kit.store.read() as session:
            assert set(library.ids(session, "31")) == {paper.id for paper in here}
        assert errors_of(person) == {}


async def test_papers_of_other_days_are_fetched_from_arxiv(kit: Kit, few_days: World) -> None:
    with kit.store.read() as session:
        assert papers.by_id(session, [EARLIER]) == {}
    many = " ".join(f"2601.{number:05d}" for number in range(1, 60))
    async with serving(kit) as service:
        person = Person(few_days, service, 32, 32, "en")
        assert "All entries that were not found" in await sends(person, "old.txt", many)
        begun, told, _ = await person.shown()
        assert "59 entries received" in begun["text"]
        assert "59 not found" in told["text"]
        assert "1 paper added" in await sends(person, "list.txt", f"https://arxiv.org/abs/{EARLIER}")
        assert f"{EARLIER}v1" in await sends(person, f"{EARLIER}.pdf", "%PDF", caption=f"{EARLIER} is good")


async def test_what_cannot_be_read_is_told_and_a_groups_own_files_are_left_alone(kit: Kit, few_days: World) -> None:
    async with serving(kit) as service:
        person, group = Person(few_days, service, 33, 33, "en"), Person(few_days, service, -1033, 33, "en")
        group.act("chat", type="supergroup", language="en")
        assert "thesis.pdf is not a file that can be imported" in await sends(person, "thesis.pdf", "%PDF-1.7")
        assert "larger than 1 MB" in await sends(person, "big.bib", "x" * (MOST_BYTES + 1))
        assert "no references in it" in await sends(person, "empty.bib", "nothing")
        assert await sends(group, "minutes.txt", "2606.00001") == ""
        assert await sends(group, "minutes.txt", "2606.00001", caption="our minutes") == ""
        assert "not found" in await sends(group, "list.txt", "2606.99999", caption="/import")
        assert errors_of(person) == errors_of(group) == {}
