"""Both languages say the same things, in whole, and nothing is said that nobody asks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bot.errors import Phrase, QiaojinError, StoreError, UsageError
from bot.wording import LANGUAGES, Words, preferred_language

BOT = Path(__file__).resolve().parents[1] / "bot"
Texts = dict[str, tuple[str, ...]]

# What is read stands in fixtures and behind ``cache``: every worker imports this file, but only one runs it.


def catalogues(language: str) -> Iterator[Catalog]:
    for path in sources(language):
        with path.open("rb") as lines:
            yield read_po(lines, locale=language, abort_invalid=True)


def sources(language: str) -> list[Path]:
    return sorted((BOT / "locales" / language).glob("*.po"))


def messages(language: str) -> Texts:
    """Every text of a language by its key, in all its plural forms."""
    texts = {}
    for message in chain.from_iterable(catalogues(language)):
        if message.id:
            key, forms = (message.id[0], message.string) if message.pluralizable else (message.id, (message.string,))
            texts[key] = tuple(forms)
    return texts


@pytest.fixture(scope="module")
def zh() -> Texts:
    return messages("zh")


@pytest.fixture(scope="module")
def en() -> Texts:
    return messages("en")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys(zh: Texts, en: Texts) -> None:
    assert sorted(zh) == sorted(en)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_there_twice(language: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources(language))
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert len(keys) == len(set(keys))


def test_both_languages_use_the_same_values(zh: Texts, en: Texts) -> None:
    differing = {
        key: (zh.get(key), en[key])
        for key in en
        if set().union(*map(placeholders, zh.get(key, ()))) - {"n"} != set().union(*map(placeholders, en[key])) - {"n"}
    }
    assert differing == {}


def test_each_key_stands_in_the_same_file_in_both_languages() -> None:
    def places(language: str) -> dict[str, str]:
        return {key: path.name for path in sources(language)
                for key in re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)}  # fmt: skip

    assert places("zh") == places("en")


def test_no_text_is_empty_and_plurals_are_complete(zh: Texts, en: Texts) -> None:
    for key in en:
        assert all(text.strip() or key.startswith("list.") for text in (*zh[key], *en[key])), key
        if len(en[key]) > 1:
            assert (len(en[key]), len(zh[key])) == (2, 1), key
            assert "{n}" in zh[key][0] + "".join(en[key]), key
        else:
            assert len(zh[key]) == 1, key


def test_chinese_is_chinese(zh: Texts) -> None:
    latin = {key: texts for key, texts in zh.items() if not re.search(r"[\u3000-\u9fff\uff00-\uffef]", "".join(texts))}
    assert not [key for key in latin if key.startswith(("help.", "option.", "error.", "column."))]


# --- the words in the source --------------------------------------------------------------------------------------


@cache
def nodes() -> list[ast.AST]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in BOT.rglob("*.py"))
    return [node for tree in trees for node in ast.walk(tree)]


@cache
def literals() -> set[str]:
    return {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def patterns() -> list[str]:
    """``f"state.{…}"`` as an expression that its keys match."""
    return [
        "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.+-]+" for part in node.values)
        for node in nodes()
        if isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.match(r"[a-z]+\.", str(node.values[0].value))
    ]


STRICT = ("error.", "column.", "option.", "allowed.")
"""Families in which the last part of a key must itself stand in the source."""


def asked_for() -> set[str]:
    """Keys that the source names in full."""
    found = set()
    for node in nodes():
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in {"words", "count", "Phrase"} and node.args and isinstance(node.args[0], ast.Constant):
            found.add(node.args[0].value)
        if name.endswith(("Error", "BackOff")):
            found |= {f"error.{word.value.value}" for word in node.keywords
                      if word.arg == "key" and isinstance(word.value, ast.Constant)}  # fmt: skip
    return {key for key in found if isinstance(key, str) and re.fullmatch(r"[a-z]+(\.[\w-]+)+", key)}


def test_every_key_that_the_source_names_has_a_text(en: Texts) -> None:
    assert sorted(asked_for() - set(en)) == []
    options = {text for text in literals() if text.startswith("option.") and text[-1] != "."}
    assert sorted(options - set(en)) == []


def test_every_text_is_asked_for(en: Texts) -> None:
    unused, dynamically = [], [re.compile(pattern) for pattern in patterns()]
    for key in en:
        last = key.rpartition(".")[2]
        dynamic = any(pattern.fullmatch(key) for pattern in dynamically)
        if key in literals() or (dynamic and (not key.startswith(STRICT) or last in literals())):
            continue
        unused.append(key)
    assert unused == []


def test_every_kind_of_setting_says_what_it_allows(en: Texts) -> None:
    from bot.settings import Settings
    from bot.settings.allowed import ALLOWED

    kinds = {field.description for field in Settings.model_fields.values()}
    assert kinds == set(ALLOWED)
    assert {f"allowed.{kind}" for kind in ALLOWED} <= set(en)


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
