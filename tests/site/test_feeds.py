"""The Atom feeds: what RFC 4287 asks of each, and that they hold what they promise."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import feedparser
import pytest
from defusedxml.ElementTree import parse

from bot.app import load_directions
from tests.site.conftest import ADDRESS
from tests.site.papers import HOSTILE, TITLES

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = ["all", *(direction.slug for direction in load_directions()), "compute-low", "compute-medium", "compute-high"]


def feed(site: Path, language: str, name: str) -> Element:
    return parse(site / language / "feed" / f"{name}.xml").getroot()


def only(element: Element, name: str) -> str:
    found = element.findall(f"{ATOM}{name}")
    assert len(found) == 1, name
    return (found[0].text or "").strip()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_feed_has_what_the_standard_asks(site: Path, language: str, name: str) -> None:
    """Sections 4.1.1 and 4.1.2 of RFC 4287."""
    root = feed(site, language, name)
    assert root.tag == f"{ATOM}feed"
    assert only(root, "title")
    for element in (root, *root.findall(f"{ATOM}entry")):
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", only(element, "id"))
        assert datetime.fromisoformat(only(element, "updated")).tzinfo
        assert element.findall(f"{ATOM}author/{ATOM}name")
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert (alternates[0].get("href") or "").startswith(f"{ADDRESS}/{language}/")
        assert len(element.findall(f"{ATOM}summary")) <= 1
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"{ADDRESS}/{language}/feed/{name}.xml"
    ids = [only(entry, "id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_a_reader_of_feeds_has_nothing_to_complain_about(site: Path) -> None:
    for path in site.glob("*/feed/*.xml"):
        read = feedparser.parse(path.read_bytes())
        assert (read.bozo, read.version) == (0, "atom10"), path


def titles(site: Path, name: str) -> list[str]:
    return [entry.title for entry in feedparser.parse((site / "en" / "feed" / f"{name}.xml").read_bytes()).entries]


def test_feeds_hold_their_own_papers_newest_day_first(site: Path) -> None:
    assert len(titles(site, "all")) == len(TITLES)
    assert titles(site, "all")[-2:] == ["Older News about Retrieval", "Nothing of Ours"]
    assert titles(site, "peft") == ["Low-Rank Adaptation with k Ranks", "Pruning Experts by Half"]
    assert titles(site, "compute-high") == ["A Cluster for Everything"]
    assert titles(site, "video") == []


def test_what_is_hostile_stays_text(site: Path) -> None:
    found = [entry.findtext(f"{ATOM}title") for entry in feed(site, "zh", "rag").findall(f"{ATOM}entry")]
    assert any('<script>alert("1")</script>' in (title or "") for title in found), HOSTILE


def test_an_entry_is_the_same_in_every_feed_and_another_in_the_other_language(site: Path) -> None:
    def of(language: str, name: str) -> set[str]:
        return {only(entry, "id") for entry in feed(site, language, name).findall(f"{ATOM}entry")}

    assert of("en", "peft") < of("en", "all")
    assert not of("en", "all") & of("zh", "all")
