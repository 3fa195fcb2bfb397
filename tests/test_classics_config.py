"""The classics library is complete, bilingual, true to its papers' titles, and can be read in its own order."""

import gzip
import json
import re
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "config" / "classics.toml"
DATA = ROOT.parent / "shared" / "data"
CLASSICS = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["classic"]
DIRECTIONS = tomllib.loads((ROOT / "config" / "directions.toml").read_text(encoding="utf-8"))["direction"]
SHELVES = ["foundations", *(direction["slug"] for direction in DIRECTIONS)]
BY_ID = {classic["id"]: classic for classic in CLASSICS}
KEYS = ["id", "title", "year", "shelf", "difficulty", "after", "why"]

# The recorded data says something else for these. First versions' titles, which the authors changed later:
RENAMED = {"2303.11366", "2303.16634", "2303.17760", "2305.13300", "2306.13649", "2307.07697", "2308.00352"}
# Short forms, nicknames, and words beside a link that a topic list took for a title, such as "Tweet" or "Web":
MISQUOTED = {
    *("2005.11401", "2203.14465", "2211.00593", "2306.02707", "2308.09126"),
    *("2308.14508", "2309.17453", "2310.11324", "2404.14219"),
}

each_classic = pytest.mark.parametrize("classic", CLASSICS, ids=lambda classic: classic["id"])


def length_in_chinese(text):
    """Characters as a reader counts them: a Latin word or a number is one."""
    return len(re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9.+%&*-]+", text))


def plain(title):
    """A title without case, spaces and punctuation."""
    return re.sub(r"[\W_]", "", title.casefold())


def same_words(title, listed):
    """Whether a list gives the title, perhaps shortened or with a nickname or a venue around it."""
    return title in listed or (listed in title and len(listed) > len(title) // 2)


def recorded_titles(*patterns):
    """{id: titles} of the library's papers in the recorded data; the id is the first key of every line."""
    titles = {}
    for path in sorted(path for pattern in patterns for path in DATA.glob(pattern)):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as lines:
            for line in lines:
                if line.split(b'"', 4)[3].decode() in BY_ID:
                    record = json.loads(line)
                    titles.setdefault(record["id"], set()).add(plain(record["title"] or ""))
    return {paper_id: found - {""} for paper_id, found in titles.items() if found - {""}}


def test_there_are_as_many_as_the_founding_notes_recommend():
    assert len(CLASSICS) == 237


def test_a_paper_stands_there_once():
    assert [paper_id for paper_id, count in Counter(c["id"] for c in CLASSICS).items() if count > 1] == []
    assert [title for title, count in Counter(plain(c["title"]) for c in CLASSICS).items() if count > 1] == []


def test_keys_are_documented():
    header = CONFIG.read_text(encoding="utf-8").split("[[classic]]\n")[0]
    assert all(re.search(rf"^#   {key}\b", header, re.MULTILINE) for key in KEYS)


@each_classic
def test_form(classic):
    assert list(classic) == KEYS
    assert re.fullmatch(r"\d{4}\.\d{4,5}", classic["id"])
    assert classic["title"] == " ".join(classic["title"].split())
    assert classic["title"][-1] not in ".,:"
    assert classic["year"] == 2000 + int(classic["id"][:2])
    assert classic["shelf"] in SHELVES
    assert classic["difficulty"] in {1, 2, 3}
    assert len(classic["after"]) == len(set(classic["after"]))


@each_classic
def test_the_reason_is_one_line_in_each_language(classic):
    chinese, english = classic["why"]["zh"], classic["why"]["en"]
    assert set(classic["why"]) == {"zh", "en"}
    assert chinese[-1] in "。？"
    assert english[-1] in ".?"
    assert "\n" not in chinese + english
    assert 15 <= length_in_chinese(chinese) <= 40
    assert 10 <= len(english.split()) <= 25
    assert not re.search(r"[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]", english)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_papers_have_the_same_reason(language):
    assert len({classic["why"][language] for classic in CLASSICS}) == len(CLASSICS)


def test_shelves_stand_in_the_order_of_the_directions():
    assert list(dict.fromkeys(classic["shelf"] for classic in CLASSICS)) == SHELVES
    positions = [SHELVES.index(classic["shelf"]) for classic in CLASSICS]
    assert positions == sorted(positions)


def test_every_shelf_is_filled():
    sizes = Counter(classic["shelf"] for classic in CLASSICS)
    assert sizes["foundations"] >= 10
    assert [direction["slug"] for direction in DIRECTIONS if sizes[direction["slug"]] < 8] == []


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction["slug"])
def test_a_directions_classics_are_on_a_shelf(direction):
    assert [paper_id for paper_id in direction["classics"] if paper_id not in BY_ID] == []


def test_prerequisites_are_in_the_library_and_in_no_circle():
    assert {before for classic in CLASSICS for before in classic["after"]} <= set(BY_ID)
    # static_order raises CycleError where papers wait for each other
    assert len(list(TopologicalSorter({c["id"]: c["after"] for c in CLASSICS}).static_order())) == len(CLASSICS)


def test_a_shelf_can_be_read_from_top_to_bottom():
    """Prerequisites stand further up, on the same shelf or in the foundations."""
    read = []
    for classic in CLASSICS:
        assert set(classic["after"]) <= set(read)
        assert {BY_ID[before]["shelf"] for before in classic["after"]} <= {classic["shelf"], "foundations"}
        read.append(classic["id"])


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, the recorded papers, which are not published")
def test_titles_are_those_of_the_recorded_papers():
    """Equal up to case, punctuation and a short name before the colon; those that only lists give, roughly."""
    papers = recorded_titles("papers/*.jsonl.gz", "archive/*.jsonl.gz", "gold.jsonl.gz")
    lists = recorded_titles("classics.jsonl", "labels.jsonl.gz")
    ours = {paper_id: plain(classic["title"]) for paper_id, classic in BY_ID.items()}
    without_name = {paper_id: plain(c["title"].split(": ", 1)[-1]) for paper_id, c in BY_ID.items()}
    differ = {i for i, found in papers.items() if not {ours[i], without_name[i]} & found}
    differ |= {i for i in lists.keys() - papers.keys() if not any(same_words(ours[i], t) for t in lists[i])}
    assert len(papers.keys() | lists.keys()) > 200
    assert differ == RENAMED | MISQUOTED
