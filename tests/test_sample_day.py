"""The sample day and the weeks around it are well-formed, cover every direction, and their abstracts are our own."""

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


def feed_of(day):
    return ElementTree.parse(SAMPLE / day / "feed.xml").getroot().findall("channel/item")


def list_of(day):
    path = SAMPLE / day / "huggingface.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


WEEKS = sorted(path.parent.name for path in SAMPLE.glob("*/feed.xml"))
EVERY_ITEM = [item for day in WEEKS for item in feed_of(day)]
EVERY_ENTRY = [entry for path in SAMPLE.glob("*/huggingface.json") for entry in list_of(path.parent.name)]


@pytest.fixture(scope="module")
def items():
    return feed_of(DAY)


@pytest.fixture(scope="module")
def listed():
    return list_of(DAY)


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


def test_feed_items_agree_with_themselves():
    for item in EVERY_ITEM:
        paper_id, version, kind, _ = described(item)
        assert item.findtext("guid") == f"oai:arXiv.org:{paper_id}v{version}"
        assert item.findtext("link") == f"https://arxiv.org/abs/{paper_id}"
        assert item.findtext("arxiv:announce_type", namespaces=NAMESPACES) == kind
        assert (version == "1") == (kind != "replace")
        assert item.findtext("title")
        assert item.findtext("dc:creator", namespaces=NAMESPACES)


def test_feed_items_belong_to_the_default_categories():
    for item in EVERY_ITEM:
        categories = [element.text for element in item.findall("category")]
        assert CATEGORIES & set(categories)
        assert (described(item)[2] == "cross") == (categories[0] not in CATEGORIES)


def test_both_files_are_of_the_same_day(items, listed):
    channel = ElementTree.parse(SAMPLE / DAY / "feed.xml").find("channel")
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


def test_what_both_sources_know_is_one_paper():
    in_feed = {described(item)[0]: (item.findtext("title"), described(item)[3]) for item in EVERY_ITEM}
    for entry in EVERY_ENTRY:
        paper = entry["paper"]
        assert in_feed.get(paper["id"], (paper["title"], paper["summary"])) == (paper["title"], paper["summary"])


def test_the_weeks_are_three_and_each_other_day_has_five_papers():
    assert (WEEKS[0], WEEKS[-1], len(WEEKS)) == ("2026-06-15", "2026-07-03", 14)
    new = {day: sum(described(item)[2] != "replace" for item in feed_of(day)) for day in WEEKS if day != DAY}
    assert set(new.values()) == {5}
    ids = [described(item)[0] for item in EVERY_ITEM if described(item)[2] != "replace"]
    assert len(ids) == len(set(ids))


def test_what_is_replaced_later_says_something_else_than_before(items):
    first = {described(item)[0]: described(item)[3] for item in items}
    later = [described(item) for day in WEEKS if day > DAY for item in feed_of(day) if described(item)[2] == "replace"]
    assert [(paper_id, version) for paper_id, version, *_ in later] == [("2606.14875", "2")]
    assert all(first[paper_id] != abstract for paper_id, _, _, abstract in later)


def test_listed_papers_hold_the_useful_fields_and_no_others():
    optional = {"githubRepo", "githubStars", "ai_keywords"}
    for entry in EVERY_ENTRY:
        assert set(entry) == {"paper", "publishedAt", "title", "summary", "numComments"}
        required = {"id", "authors", "publishedAt", "submittedOnDailyAt", "title", "summary", "upvotes"}
        assert set(entry["paper"]) - optional == required
        assert all(set(author) == {"name"} for author in entry["paper"]["authors"])


def test_every_direction_has_two_papers_and_some_papers_have_none(items, listed, labels):
    announced = {described(item)[0] for item in items if described(item)[2] != "replace"}
    labels = {paper_id: labels[paper_id] for paper_id in announced | {entry["paper"]["id"] for entry in listed}}
    counts = Counter(slug for directions in labels.values() for slug in directions)
    assert set(counts) == set(DIRECTIONS)
    assert min(counts.values()) >= 2
    assert 8 <= sum(not directions for directions in labels.values()) <= 10


def test_every_paper_is_labelled(labels):
    announced = {described(item)[0] for item in EVERY_ITEM if described(item)[2] != "replace"}
    assert set(labels) == announced | {entry["paper"]["id"] for entry in EVERY_ENTRY}


def test_abstracts_are_short():
    lengths = {paper_id: len(text.split()) for paper_id, text in abstracts(EVERY_ITEM, EVERY_ENTRY)}
    assert all(30 <= length <= 130 for length in lengths.values()), lengths


def runs(text, length=6):
    """The runs of `length` words in a text, without regard to case, punctuation and web addresses."""
    words = re.findall(r"\w+", re.sub(r"https?://\S+", " ", text.lower()))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, the recorded originals, which are not published")
def test_abstracts_share_no_six_words_with_the_originals():
    ours = dict(abstracts(EVERY_ITEM, EVERY_ENTRY))
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
