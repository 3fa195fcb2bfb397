"""Both languages say the same things, in whole, and nothing is said that nobody asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bot.errors import Phrase, QiaojinError, StoreError, UsageError
from bot.wording import LANGUAGES, Words, preferred_language

BOT = Path(__file__).resolve().parents[1] / "bot"


def catalogues(language: str) -> Iterator[Catalog]:
    for path in sources(language):
        with path.open("rb") as lines:
            yield read_po(lines, locale=language, abort_invalid=True)


def sources(language: str) -> list[Path]:
    return sorted((BOT / "locales" / language).glob("*.po"))


def messages(language: str) -> dict[str, tuple[str, ...]]:
    """Every text of a language by its key, in all its plural forms."""
    texts = {}
    for message in chain.from_iterable(catalogues(language)):
        if message.id:
            key, forms = (message.id[0], message.string) if message.pluralizable else (message.id, (message.string,))
            texts[key] = tuple(forms)
    return texts


ZH, EN = messages("zh"), messages("en")
KEYS = sorted(EN)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    assert sorted(ZH) == KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_there_twice(language: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources(language))
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert len(keys) == len(set(keys))


def test_both_languages_use_the_same_values() -> None:
    differing = {
        key: (ZH.get(key), EN[key])
        for key in KEYS
        if set().union(*map(placeholders, ZH.get(key, ()))) - {"n"} != set().union(*map(placeholders, EN[key])) - {"n"}
    }
    assert differing == {}


def test_each_key_stands_in_the_same_file_in_both_languages() -> None:
    def places(language: str) -> dict[str, str]:
        return {key: path.name for path in sources(language)
                for key in re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)}  # fmt: skip

    assert places("zh") == places("en")


def test_no_text_is_empty_and_plurals_are_complete() -> None:
    for key in KEYS:
        assert all(text.strip() or key.startswith("list.") for text in (*ZH[key], *EN[key])), key
        if len(EN[key]) > 1:
            assert (len(EN[key]), len(ZH[key])) == (2, 1), key
            assert "{n}" in ZH[key][0] + "".join(EN[key]), key
        else:
            assert len(ZH[key]) == 1, key


def test_chinese_is_chinese() -> None:
    latin = {key: texts for key, texts in ZH.items() if not re.search(r"[\u3000-\u9fff\uff00-\uffef]", "".join(texts))}
    assert not [key for key in latin if key.startswith(("help.", "option.", "error.", "column."))]


# --- the words in the source --------------------------------------------------------------------------------------

TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in BOT.rglob("*.py")}


def nodes(kind: type) -> Iterator[ast.AST]:
    for tree in TREES.values():
        yield from (node for node in ast.walk(tree) if isinstance(node, kind))


LITERALS = {node.value for node in nodes(ast.Constant) if isinstance(node.value, str)}
PATTERNS = [
    "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.+-]+" for part in node.values)
    for node in nodes(ast.JoinedStr)
    if isinstance(node.values[0], ast.Constant) and re.match(r"[a-z]+\.", str(node.values[0].value))
]
"""``f"state.{…}"`` as an expression that its keys match."""
STRICT = ("error.", "column.", "option.", "allowed.")
"""Families in which the last part of a key must itself stand in the source."""


def asked_for() -> set[str]:
    """Keys that the source names in full."""
    found = set()
    for node in nodes(ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"words", "count", "Phrase"} and node.args and isinstance(node.args[0], ast.Constant):
            found.add(node.args[0].value)
        if name.endswith(("Error", "BackOff")):
            found |= {f"error.{word.value.value}" for word in node.keywords
                      if word.arg == "key" and isinstance(word.value, ast.Constant)}  # fmt: skip
    return {key for key in found if isinstance(key, str) and re.fullmatch(r"[a-z]+(\.[\w-]+)+", key)}


def test_every_key_that_the_source_names_has_a_text() -> None:
    assert sorted(asked_for() - set(KEYS)) == []
    assert sorted(text for text in LITERALS if text.startswith("option.") and text not in EN and text[-1] != ".") == []


def test_every_text_is_asked_for() -> None:
    unused = []
    for key in KEYS:
        last = key.rpartition(".")[2]
        dynamic = any(re.fullmatch(pattern, key) for pattern in PATTERNS)
        if key in LITERALS or (dynamic and (not key.startswith(STRICT) or last in LITERALS)):
            continue
        unused.append(key)
    assert unused == []


def test_every_kind_of_setting_says_what_it_allows() -> None:
    from bot.settings import Settings
    from bot.settings.allowed import ALLOWED

    kinds = {field.description for field in Settings.model_fields.values()}
    assert kinds == set(ALLOWED)
    assert {f"allowed.{kind}" for kind in ALLOWED} <= set(KEYS)


# --- the voice ----------------------------------------------------------------------------------------------------


def test_values_are_put_in_and_plurals_chosen() -> None:
    assert Words("en").count("status.failing", 1) == "failed once"
    assert Words("en").count("status.failing", 3) == "failed 3 times in a row"
    assert "3" in Words("zh").count("status.failing", 3)
    assert Words("en")("digest.best_of", shown=5, total=9) == "best 5 of 9"


def test_an_unknown_key_is_a_fault_of_the_program() -> None:
    for language in LANGUAGES:
        with pytest.raises(KeyError):
            Words(language)("no.such.key")
        with pytest.raises(KeyError):
            Words(language).count("no.such.key", 2)


def test_days_are_written_as_people_write_them() -> None:
    assert Words("zh").day(date(2026, 6, 17)) == "6月17日 周三"
    assert Words("en").day(date(2026, 6, 17)) == "Wednesday 17 June"


def test_an_error_is_told_in_the_readers_language_with_its_values() -> None:
    error = UsageError("{value} is not a day", key="not_a_day", value="{tomorrow}")
    assert str(error) == "{tomorrow} is not a day"
    assert "{tomorrow}" in Words("zh").error(error)
    assert "{tomorrow}" in Words("en").error(error)
    assert Words("zh").error(QiaojinError("host: said {something}")) == "host: said {something}"
    assert "/a/b" in Words("zh").error(StoreError("cannot open {path}", key="unopenable", path="/a/b"))


def test_a_phrase_within_an_error_has_its_own_text() -> None:
    error = UsageError(
        "{allowed}", key="wrong_setting", name="a", value="b", allowed=Phrase("allowed.path", "a folder")
    )
    assert str(error) == "a folder"
    assert "文件夹" in Words("zh").error(error)


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        ("", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", {"LANG": "zh_TW"}, "zh"),
        ("", {"LANG": "de_DE.UTF-8"}, "en"),
        ("", {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ("", {"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
        ("", {}, "en"),
        ("fr", {}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_the_locales(
    asked: str, environment: dict[str, str], language: str
) -> None:
    assert preferred_language(asked, environment) == language
