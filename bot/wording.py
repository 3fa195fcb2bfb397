"""What the program says, in Chinese and English: gettext catalogues, read as they stand (``locales/zh/*.po``).

Keys are names (``digest.nothing``), so that both languages are edited side by side and long texts stay out of the
code; values are ``str.format`` templates. Dates and numbers are written by Babel.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from bot.errors import Phrase, QiaojinError

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@cache
def catalogue(language: Language) -> gettext.GNUTranslations:
    folder = Path(str(files("bot").joinpath("locales", language)))
    return gettext.GNUTranslations(io.BytesIO(compiled(folder)))


def compiled(folder: Path) -> bytes:
    """One language's catalogues in gettext's binary form, kept beside their sources as Python keeps its own: where it
    may, and not where it may not."""
    sources, kept = sorted(folder.glob("*.po")), folder / "all.mo"
    with suppress(OSError):
        if kept.stat().st_mtime_ns >= max(source.stat().st_mtime_ns for source in sources):
            return kept.read_bytes()
    binary = together(folder.name, sources)
    with suppress(OSError):
        unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
        unfinished.write_bytes(binary)
        unfinished.replace(kept)
    return binary


def together(language: str, sources: Sequence[Path]) -> bytes:
    from babel.messages import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(locale=language, charset="utf-8")
    for source in sources:
        with source.open("rb") as lines:
            for message in read_po(lines, locale=language):
                if message.id:
                    whole[message.id] = message
    binary = io.BytesIO()
    write_mo(binary, whole)
    return binary.getvalue()


class Words:
    """One language's voice: ``words("key", name=value)``."""

    def __init__(self, language: Language):
        self.language = language

    @property
    def _catalogue(self) -> gettext.GNUTranslations:
        return catalogue(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of ``key``; raises KeyError where the catalogue lacks it."""
        text = self._catalogue.gettext(key)
        if text == key:
            raise KeyError(key)
        return text.format_map(values)

    def count(self, key: str, n: int, **values: object) -> str:
        """The text of ``key`` in the plural form for ``n``, which it may use as ``{n}``."""
        text = self._catalogue.ngettext(key, key, n)
        if text == key:
            raise KeyError(key)
        return text.format(n=n, **values)

    def day(self, day: date) -> str:
        """``6月17日 周三`` or ``Wednesday 17 June``."""
        from babel.dates import format_date

        return format_date(day, "M月d日 EEE" if self.language == "zh" else "EEEE d MMMM", locale=self.language)

    def day_and_year(self, day: date) -> str:
        """``2026年6月17日`` or ``17 June 2026``: of a paper, which may be years old."""
        from babel.dates import format_date

        return format_date(day, "y年M月d日" if self.language == "zh" else "d MMMM y", locale=self.language)

    def error(self, error: QiaojinError) -> str:
        """What went wrong, told to a person; an error of a service speaks for itself, in English."""
        if not error.key:
            return str(error)
        told = {name: self(value.key) if isinstance(value, Phrase) else value for name, value in error.values.items()}
        return self(f"error.{error.key}", **told)


def preferred_language(asked: str = "", environment: Mapping[str, str] = os.environ) -> Language:
    """``asked`` if it is one of ours, else the locale's: Chinese for ``zh…``, English for every other."""
    for language in LANGUAGES:
        if asked == language:
            return language
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
