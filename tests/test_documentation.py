"""README says only what is so, in both languages alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import bot.cli  # noqa: F401 - it knows every verb
from bot.cli.verbs import VERBS
from bot.settings import PREFIX, Settings
from tests.test_cli import Run, run  # noqa: F401

ROOT = Path(__file__).parent.parent
ENGLISH, CHINESE = (ROOT / name for name in ("README.md", "README.zh-CN.md"))
GUIDES = [ROOT / "docs" / name for name in ("operations.md", "operations.zh-CN.md")]
DEPLOYED = sorted(path for path in (ROOT / "deploy").iterdir() if path.is_file())
FENCE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def commands(path: Path) -> list[str]:
    """The shell lines of a page, comments left out, for those are in its own language."""
    blocks = [body for kind, body in FENCE.findall(path.read_text(encoding="utf-8")) if kind == "sh"]
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.split("#")[0].strip()]


def heading_levels(path: Path) -> list[int]:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


def named_settings(path: Path) -> set[str]:
    return set(re.findall(rf"\b({PREFIX}[A-Z_]+)\b", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("english", "chinese"), [(ENGLISH, CHINESE), GUIDES], ids=["readme", "operations"])
def test_both_languages_have_the_same_sections_and_the_same_commands(english: Path, chinese: Path):
    assert heading_levels(english) == heading_levels(chinese)
    assert commands(english) == commands(chinese)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_verb_that_the_guide_uses_exists(page: Path):
    found = (re.search(r"(?:^|/)qiaojin ((?:[a-z][a-z-]* ?)+)", line) for line in commands(page))
    used = {match[1].strip() for match in found if match}
    known = {verb.replace("_", "-") for verb in VERBS}
    assert used
    assert all(any(f"{words} ".startswith(f"{verb} ") for verb in known) for words in used), used


def test_what_is_deployed_is_one_of_three_things_and_tells_secrets_by_files_only():
    assert {path.suffix for path in DEPLOYED} == {"", ".dockerignore", ".service", ".yaml"}
    for path in DEPLOYED:
        assert not re.search(r"QIAOJIN_(TELEGRAM_TOKEN|DATABASE_URL)[:=]", path.read_text(encoding="utf-8"))


def named(verb: str) -> str:
    """What a verb looks like in a table; one of a group stands in the group's line."""
    group, _, last = verb.rpartition(" ")
    return rf"`qiaojin {group}`.*`{last}`" if group else rf"`qiaojin {last}\b"


@pytest.mark.parametrize("page", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_readme_names_every_verb(page: Path):
    text = page.read_text(encoding="utf-8")
    missing = [verb for verb in VERBS if not re.search(named(verb), text)]
    assert not missing


@pytest.mark.parametrize("page", [ENGLISH, CHINESE, *GUIDES, *DEPLOYED], ids=lambda page: page.name)
def test_every_setting_that_is_named_exists(page: Path):
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {f"{PREFIX}CONFIG_DIR"}
    unknown = {name for name in named_settings(page) if name.removesuffix("_FILE") not in known and name not in known}
    assert not unknown
    assert named_settings(ENGLISH) == named_settings(CHINESE)


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    pages = [ENGLISH, CHINESE, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8"))}
    assert named <= targets


def test_every_link_between_our_pages_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), (page.name, target)


def test_lock_files_hold_hashes_and_no_registry():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_lock_holds_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = {
        name.lower() for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    }
    wanted = {re.match(r"[\w.-]+", line)[0].lower() for line in project["dependencies"]}  # type: ignore[index]
    assert wanted <= locked


@pytest.mark.parametrize(("page", "language"), [(ENGLISH, "en"), (CHINESE, "zh")], ids=["en", "zh"])
def test_the_digest_that_readme_shows_is_the_one_that_the_sample_gives(
    run: Run,  # noqa: F811
    page: Path,
    language: str,
) -> None:
    printed = {line.rstrip() for line in run("today", "--sample", "--language", language).out.splitlines()}
    shown = next(body for kind, body in FENCE.findall(page.read_text(encoding="utf-8")) if kind == "text")
    assert [line for line in shown.splitlines() if line not in printed and line != "…"] == []
