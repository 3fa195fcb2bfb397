"""Building again: only what changed is made anew, what fell out goes, what is not ours stays."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kit import Kit
from bot.site import build
from bot.site import building as story
from tests.site.conftest import opened
from tests.site.papers import TITLES, add


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def built(site: Path, tmp_path: Path) -> Path:
    """A folder of one's own with the site of the archive in it, as a build has left it."""
    return shutil.copytree(site, tmp_path / "site")


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_a_build_without_news_writes_nothing(archive: Kit, tmp_path: Path) -> None:
    first = build(archive, tmp_path / "site")
    again = build(archive, tmp_path / "site")
    assert first.files.written > 100
    assert sum(again.files) == 0
    assert (again.days, again.papers) == (3, len(TITLES))


def test_a_new_day_touches_only_what_shows_it(archive: Kit, built: Path) -> None:
    before = contents(built)
    add(archive, "2606.00100", "A New Day Has Come", date(2026, 6, 18), ("video",), "low")
    again = build(archive, built)
    touched = changed(before, contents(built))
    assert again.files.removed == 0
    assert {path for path in touched if "/paper/" in path} == {
        "zh/paper/2606/2606.00100.html", "en/paper/2606/2606.00100.html"}  # fmt: skip
    assert {path.rpartition("/")[2] for path in touched if "/day/" in path} == {"2026-06-17.html", "2026-06-18.html"}
    lists = {path.partition("/")[2] for path in touched if "/direction/" in path}
    assert lists == {"direction/video/index.html", "direction/video/2026-06.html"}
    assert "search/2026-05.js" not in touched
    assert "search/2026-06.js" in touched


def test_building_step_by_step_comes_to_the_same_as_building_at_once(archive: Kit, built: Path, tmp_path: Path) -> None:
    add(archive, "2606.00100", "A New Day Has Come", date(2026, 6, 18), ("rag",), "low")
    add(archive, "2606.00101", "Late for Tuesday", date(2026, 6, 16), ("peft",), "")
    build(archive, built)
    build(archive, tmp_path / "once")
    assert changed(contents(built), contents(tmp_path / "once")) == set()


def test_months_that_are_too_old_fall_out(archive: Kit, built: Path) -> None:
    add(archive, "2612.00001", "Half a Year Later", date(2026, 12, 1), ("rag",), "low")
    again = build(archive, built)
    paths = set(contents(built))
    assert again.files.removed > 0
    assert not {path for path in paths if "2605" in path or "2026-05" in path}
    assert "zh/paper/2606/2606.00004.html" in paths
    assert not (built / "zh" / "paper" / "2605").exists()


def test_another_title_makes_every_page_anew(built: Path, tmp_path: Path) -> None:
    for kit in opened(tmp_path, site_title="Our <Group>"):
        build(kit, built)
    pages = [text for path, text in contents(built).items() if path.endswith(".html")]
    assert all(b"Our &lt;Group&gt;" in page for page in pages)


def test_a_build_that_is_cut_off_leaves_whole_files_and_is_made_good(
    archive: Kit, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(story, "language_pages", fail)
        with pytest.raises(KeyboardInterrupt):
            build(archive, tmp_path / "site")
    half = contents(tmp_path / "site")
    assert half
    assert not [path for path in half if path.endswith(".new")]
    build(archive, tmp_path / "site")
    assert changed(contents(tmp_path / "site"), contents(site)) == set()


def test_other_processes_make_the_same_pages(archive: Kit, site: Path, tmp_path: Path) -> None:
    build(archive, tmp_path / "there", workers=2)
    assert changed(contents(site), contents(tmp_path / "there")) == set()


@pytest.mark.parametrize("content", [None, "{}", "not JSON"])
def test_a_folder_of_somebody_else_is_left_alone(archive: Kit, tmp_path: Path, content: str | None) -> None:
    theirs = tmp_path / "thesis.tex"
    theirs.write_text("years of work")
    if content is not None:
        (tmp_path / ".qiaojin-site.json").write_text(content)
    before = contents(tmp_path)
    with pytest.raises(UsageError) as told:
        build(archive, tmp_path)
    assert told.value.key == "site_foreign_folder"
    assert contents(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_refused(archive: Kit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError) as told:
        build(archive, tmp_path / "file")
    assert told.value.key == "site_foreign_folder"


def test_files_that_were_put_beside_ours_stay(archive: Kit, built: Path) -> None:
    (built / "CNAME").write_text("papers.example.org")
    add(archive, "2606.00100", "A New Day Has Come", date(2026, 6, 18), ("rag",), "low")
    build(archive, built)
    assert (built / "CNAME").exists()


def test_without_an_address_feeds_are_relative_and_there_is_no_map(tmp_path: Path) -> None:
    for kit in opened(tmp_path, web_url=""):
        built = build(kit, tmp_path / "site")
    assert not built.has_address
    assert not (tmp_path / "site" / "sitemap.xml").exists()
    assert 'href="../paper/2606/2606.00002.html"' in (tmp_path / "site" / "en" / "feed" / "peft.xml").read_text()


def test_an_empty_database_makes_a_site_that_says_so(tmp_path: Path) -> None:
    from bot.app import open_kit
    from bot.settings import load_settings

    settings = load_settings({"QIAOJIN_DATA_DIR": str(tmp_path / "data"), "QIAOJIN_CONFIG_DIR": str(tmp_path / "none")})
    with open_kit(settings.model_copy(update={"database_url": "sqlite://"})) as kit:
        built = build(kit, tmp_path / "site")
    assert (built.days, built.papers) == (0, 0)
    assert "No papers yet" in (tmp_path / "site" / "en" / "index.html").read_text(encoding="utf-8")


def test_the_search_index_is_compact_and_says_what_is_found(site: Path) -> None:
    text = (site / "search" / "2026-06.js").read_text(encoding="utf-8")
    told = json.loads(text.removeprefix("qiaojin(").removesuffix(");\n"))
    rows = {row[0]: row for row in told["papers"]}
    assert rows["2606.00004"][1:5] == ["Retrieval that Knows when to Stop", 17, [14], 1]
    assert "lovelace wei borel luzin" in rows["2606.00004"][5]
    terms = json.loads((site / "search" / "terms.js").read_text(encoding="utf-8").removeprefix("qiaojin(")[:-3])[
        "terms"
    ]
    assert any(one.startswith("hallucination") for one in terms["幻觉"])


def test_the_map_names_every_page_once(site: Path) -> None:
    from defusedxml.ElementTree import parse

    from tests.site.conftest import ADDRESS

    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    parts = [one.text.removeprefix(f"{ADDRESS}/") for one in parse(site / "sitemap.xml").iter(f"{space}loc")]
    pages = [one.text.removeprefix(f"{ADDRESS}/") for part in parts for one in parse(site / part).iter(f"{space}loc")]
    written = {str(path.relative_to(site)) for path in site.glob("*/**/*.html")}
    assert sorted(pages) == sorted(written)
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (site / "robots.txt").read_text()
