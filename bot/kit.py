"""What the steps of the pipeline work with; ``app.py`` puts it together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.models import Classic
from bot.rules.days import newest_announced
from bot.rules.directions import Direction
from bot.rules.query.lexis import Lexis
from bot.rules.tasks import Tasks
from bot.rules.terms import Terms
from bot.settings import Settings
from bot.store.engine import Store

if TYPE_CHECKING:
    from bot.classifier.judge import Judge
    from bot.matching.archive import Memory
    from bot.nearness import Nearness
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
    nearness: Callable[[], Nearness]
    """Loads the engine of the ideas when it is first needed."""
    memory: Memory
    """What it keeps of the archive between two questions."""
    terms: Callable[[], Terms] = Terms
    """Reads the bilingual list when it is first needed."""
    lexis: Callable[[], Lexis] = Lexis
    """Reads what search knows of language when it is first needed."""
    classics: Callable[[], tuple[Classic, ...]] = tuple
    tasks: Callable[[], Tasks] = Tasks
    """Both read the reading plan's library when it is first needed."""
    arxiv_gate: Callable[[], AbstractContextManager[None]] = nullcontext
    progress: Progress = lambda *_: None
    patient: bool = False
    """A run of the clock: it also keeps to the back-off that we put on ourselves."""

    def newest_by_clock(self) -> date:
        return newest_announced(self.clock.now(), self.settings.arxiv_holidays)
