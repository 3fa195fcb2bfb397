"""What an index is asked for, and what each kind of index answers: the newest papers that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlmodel import Session

from bot.rules.query.demands import Sought
from bot.rules.query.scoring import Candidate


class Condition(NamedTuple):
    """SQL over the number of a paper, which stands in it as ``{number}``, and its values."""

    sql: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """Papers up to the number ``upto`` that fit all of it; with no words, all but those that say ``unwanted``."""

    wanted: Sought | None
    share: float
    """About what part of papers fits: good enough to choose a way of looking for them."""
    upto: int
    unwanted: tuple[Sought, ...] = ()
    limits: tuple[Condition, ...] = ()
    besides: tuple[int, ...] = ()
    """Numbers of papers that are known already, and left out."""


class Index(Protocol):
    """What a kind of database has to say in its own language."""

    def newest(self, session: Session, asked: Asked, most: int) -> list[Candidate]:
        """The newest papers that fit, at most ``most``, the newest first, without authors and texts."""

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        """That a paper's number is one of ``numbers``: what follows it in SQL, and the value of ``:numbers`` there."""
