"""What programs get of a reader's library, and of what a file of references came to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.models import Import, Paper, Reference, SavedPaper
from bot.rules.export.records import paper_json


def saved_json(paper: Paper, saved: SavedPaper, links: Mapping[str, str]) -> dict[str, Any]:
    return {
        **paper_json(paper, links),
        "state": saved.state.value,
        "tags": list(saved.tags),
        "note": saved.note or None,
        "saved": saved.at.isoformat(),
    }


def import_json(done: Import) -> dict[str, Any]:
    """What ``import --json`` prints."""
    return {
        "added": [paper.id for paper in done.added],
        "already_saved": [paper.id for paper in done.here],
        "not_found": [reference_json(reference) for reference in done.missing],
        "not_asked": [reference_json(reference) for reference in done.unasked],
    }


def reference_json(reference: Reference) -> dict[str, Any]:
    return {
        "title": reference.title or None,
        "id": reference.arxiv_id or None,
        "authors": list(reference.authors),
        "year": reference.year,
        "key": reference.key or None,
    }
