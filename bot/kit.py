"""What the steps of the pipeline work with; ``app.py`` puts it together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.rules.days import newest_announced
from bot.rules.directions import Direction
from bot.rules.terms import Terms
from bot.settings import Settings
from bot.store.engine import Store

if TYPE_CHECKING:
    from bot.classifier.judge import Judge
    from bot.sources.http import Web


Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much (0 where nobody knows)."""


@dataclass(frozen=True)
class Kit:
    """The parts of one installation."""

    settings: Settings
    clock: Clock
    store: Store
    web: Web
    judge: Callable[[], Judge]
    """Loads the classifier when it is first needed."""
    directions: tuple[Direction, ...]
    terms: Callable[[], Terms] = Terms
    """Reads the bilingual list when it is first needed."""
    arxiv_gate: Callable[[], AbstractContextManager[None]] = nullcontext
    progress: Progress = lambda *_: None
    patient: bool = False
    """A run of the clock: it also keeps to the back-off that we put on ourselves."""

    def newest_by_clock(self) -> date:
        return newest_announced(self.clock.now(), self.settings.arxiv_holidays)
