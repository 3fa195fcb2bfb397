"""What search knows of language: terms in both languages, how rare words are, what directions are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.rules.directions import Direction
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.terms import Terms
from bot.rules.tokens import IS_CJK


@dataclass(frozen=True)
class Lexis:
    """Immutable; made once for a process."""

    terms: Terms = field(default_factory=Terms)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    directions: Sequence[Direction] = ()


def rows_of(directions: Iterable[Direction]) -> list[dict[str, str | None]]:
    """The directions as rows ``zh,en`` of the list of terms: whoever writes a Chinese name means all it goes by."""
    return [{"zh": known.name["zh"], "en": "|".join(english_names(known))} for known in directions
            if IS_CJK.search(known.name["zh"])]  # fmt: skip


def english_names(known: Direction) -> list[str]:
    return [name for name in (known.name["en"], *known.aliases) if not IS_CJK.search(name)]
