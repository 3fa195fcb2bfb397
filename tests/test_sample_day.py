"""The sample day is well-formed, of one day, covers every direction, and its abstracts are our own."""

import csv
import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import pytest

from tests.test_directions_config import ORDER as DIRECTIONS

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "bot" / "sample"
DATA = ROOT.parent / "shared" / "data"
DAY, STAMP = "2026-06-17", "Wed, 17 Jun 2026 00:00:00 -0400"
CATEGORIES = {"cs.CL", "cs.LG", "cs.AI", "cs.CV", "cs.IR", "cs.MA"}
NAMESPACES = {"arxiv": "http://arxiv.org/schemas/atom", "dc": "http://purl.org/dc/elements/1.1/"}
DESCRIPTION = re.compile(r"arXiv:(\d{4}\.\d{5})v(\d+) Announce Type: (new|cross|replace) \nAbstract: (.+)\Z", re.DOTALL)


@pytest.fixture(scope="module")
def items():
    return ElementTree.parse(SAMPLE / "arxiv-feed.xml").getroot().findall("channel/item")


@pytest.fixture(scope="module")
def listed():
    return json.loads((SAMPLE / "huggingface.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def labels():
    with (SAMPLE / "labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["directions"].split() for row in csv.DictReader(file)}


def described(item):
    """The id, version, kind and abstract in an item's description."""
    match = DESCRIPTION.match(item.findtext("description"))
    assert match, item.findtext("title")
    return match.groups()


def abstracts(items, listed):
    return [(described(item)[0], described(item)[3]) for item in items] + [
        (entry["paper"]["id"], entry["paper"]["summary"]) for entry in listed
    ]


def test_feed_items_agree_with_themselves(items):
    for item in items:
        paper_id, version, kind, _ = described(item)
        assert item.findtext("guid") == f"oai:arXiv.org:{paper_id}v{version}"
        assert item.findtext("link") == f"https://arxiv.org/abs/{paper_id}"
        assert item.findtext("arxiv:announce_type", namespaces=NAMESPACES) == kind
        assert (version == "1") == (kind != "replace")
        assert item.findtext("title")
        assert item.findtext("dc:creator", namespaces=NAMESPACES)


def test_feed_items_belong_to_the_default_categories(items):
    for item in items:
        categories = [element.text for element in item.findall("category")]
        assert CATEGORIES & set(categories)
        assert (described(item)[2] == "cross") == (categories[0] not in CATEGORIES)


def test_both_files_are_of_the_same_day(items, listed):
    channel = ElementTree.parse(SAMPLE / "arxiv-feed.xml").find("channel")
    assert {channel.findtext("pubDate"), *(item.findtext("pubDate") for item in items)} == {STAMP}
    assert {entry["paper"]["submittedOnDailyAt"][:10] for entry in listed} == {DAY}


def test_ids_are_unique_and_about_sixty(items, listed):
    in_feed = [described(item)[0] for item in items]
    in_list = [entry["paper"]["id"] for entry in listed]
    assert len(in_feed) == len(set(in_feed))
    assert len(in_list) == len(set(in_list))
    replaced = {described(item)[0] for item in items if described(item)[2] == "replace"}
    assert len(replaced) == 2
    assert 55 <= len((set(in_feed) | set(in_list)) - replaced) <= 70


def test_each_source_knows_papers_that_the_other_does_not(items, listed):
    in_feed = {described(item)[0] for item in items}
    in_list = {entry["paper"]["id"] for entry in listed}
    assert in_feed & in_list
    assert in_list - in_feed
    assert in_feed - in_list


def test_what_both_sources_know_is_one_paper(items, listed):
    in_feed = {described(item)[0]: (item.findtext("title"), described(item)[3]) for item in items}
    for entry in listed:
        paper = entry["paper"]
        assert in_feed.get(paper["id"], (paper["title"], paper["summary"])) == (paper["title"], paper["summary"])


def test_listed_papers_hold_the_useful_fields_and_no_others(listed):
    optional = {"githubRepo", "githubStars", "ai_keywords"}
    for entry in listed:
        assert set(entry) == {"paper", "publishedAt", "title", "summary", "numComments"}
        required = {"id", "authors", "publishedAt", "submittedOnDailyAt", "title", "summary", "upvotes"}
        assert set(entry["paper"]) - optional == required
        assert all(set(author) == {"name"} for author in entry["paper"]["authors"])


def test_every_direction_has_two_papers_and_some_papers_have_none(items, listed, labels):
    announced = {described(item)[0] for item in items if described(item)[2] != "replace"}
    assert set(labels) == announced | {entry["paper"]["id"] for entry in listed}
    counts = Counter(slug for directions in labels.values() for slug in directions)
    assert set(counts) == set(DIRECTIONS)
    assert min(counts.values()) >= 2
    assert 8 <= sum(not directions for directions in labels.values()) <= 10


def test_abstracts_are_short(items, listed):
    lengths = {paper_id: len(text.split()) for paper_id, text in abstracts(items, listed)}
    assert all(30 <= length <= 130 for length in lengths.values()), lengths


def runs(text, length=6):
    """The runs of `length` words in a text, without regard to case, punctuation and web addresses."""
    words = re.findall(r"\w+", re.sub(r"https?://\S+", " ", text.lower()))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, the recorded originals, which are not published")
def test_abstracts_share_no_six_words_with_the_originals(items, listed):
    ours = dict(abstracts(items, listed))
    compared = set()
    for path in (*sorted(DATA.glob("papers/*.jsonl.gz")), DATA / "gold.jsonl.gz", *sorted(DATA.glob("hf/*.jsonl.gz"))):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                paper = record["item"]["paper"] if "item" in record else record
                if paper.get("id") in ours:
                    original = " . ".join(paper.get(key) or "" for key in ("abstract", "summary", "ai_summary"))
                    common = runs(ours[paper["id"]]) & runs(original)
                    assert not common, (paper["id"], common)
                    compared.add(paper["id"])
    assert compared == set(ours)
