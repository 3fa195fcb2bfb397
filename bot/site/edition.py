"""All that a build knows when it comes to lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from bot.models import Classic
from bot.rules.terms import Terms
from bot.rules.trends import Trends, weekly
from bot.site.plan import Plan
from bot.site.templating import Site
from bot.site.views import Listed, announced

WEEKS = 12
"""Of trends, as in the chat."""


@dataclass(frozen=True)
class Edition:
    """A plan with its papers, and the libraries that stand beside them."""

    site: Site
    plan: Plan
    papers: Mapping[str, Listed]
    """Those that were read for this build: all of the feeds, and all of the months that changed."""
    classics: Sequence[Classic]
    terms: Terms
    changed_months: frozenset[str]
    now: datetime

    @cached_property
    def newest(self) -> date | None:
        return max(self.plan.days, default=None)

    @cached_property
    def trends(self) -> Trends:
        return weekly(self.plan.counts, self.site.slugs, self.newest or self.now.date(), WEEKS)

    @cached_property
    def updated(self) -> datetime:
        """When the newest day came out."""
        return announced(self.newest) if self.newest else self.now.astimezone(UTC).replace(microsecond=0)

    def of(self, ids: Iterable[str]) -> list[Listed]:
        """Those of these papers that are still there: the database may have changed since it was planned."""
        return [self.papers[id_] for id_ in ids if id_ in self.papers]

    def of_month(self, month: str) -> list[Listed]:
        """Newest day first, best first in a day."""
        found = self.of(mark.id for day in self.plan.months[month] for mark in self.plan.days[day])
        return sorted(found, key=lambda one: (-one.day.toordinal(), -one.rank, one.id))
