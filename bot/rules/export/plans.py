"""A reading plan as programs get it."""

from __future__ import annotations

from typing import Any

from bot.models import Figures, Item, ItemState, Week
from bot.models.summaries import Summary


def week_json(week: Week) -> dict[str, Any]:
    items = [item_json(item) for item in week.items]
    return {"week": f"{week.monday:%G-W%V}", "budget_minutes": week.budget_minutes, "items": items}


def item_json(item: Item) -> dict[str, Any]:
    return {
        "number": item.number,
        "kind": str(item.kind),
        "id": item.id,
        "title": item.title,
        "day": item.day.isoformat() if item.day else None,
        "minutes": item.minutes,
        "state": str(item.state),
    }


def summary_json(summary: Summary) -> dict[str, Any]:
    """A week in review: the week, the figures so far, and the next one."""
    done = [item for item in summary.week.items if item.state is ItemState.DONE]
    liked = [{"id": paper.id, "title": paper.title, "likes": likes} for paper, likes in summary.liked]
    return {
        **week_json(summary.week),
        "done": len(done),
        "takeaways": [{"id": item.id, "title": item.title, "text": item.takeaway} for item in done if item.takeaway],
        "figures": figures_json(summary.figures),
        "liked": liked,
        "next": week_json(summary.following) if summary.following else None,
    }


def figures_json(figures: Figures) -> dict[str, Any]:
    return {
        "planned": figures.planned,
        "done": figures.done,
        "minutes": figures.minutes,
        "streak": figures.streak,
        "longest_streak": figures.longest,
        "by_kind": {str(kind): number for kind, number in figures.by_kind.items()},
        "by_direction": dict(figures.by_direction),
    }
