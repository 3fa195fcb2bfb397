"""The static archive: a page a day, a direction and a paper, with a search and Atom feeds; no request leaves it.

    plan      from marks alone: which days, which months, what stands where   (plan, places, manifest)
      │
    days      read, rendered and written on every core                        (making, views)
      │
    lists     and feeds, index, front page; then what fell out is removed     (edition, pages, feeds, index, sitemap)

``build`` has the story in code; ``templates/`` and ``assets/`` are what people see.
"""

from bot.site.building import Built, build

__all__ = ["Built", "build"]
