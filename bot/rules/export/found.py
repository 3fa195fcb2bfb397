"""What a search found, for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.rules.export.records import assignment_json, compute_json, paper_json
from bot.rules.query.found import Found, Hit
from bot.rules.query.marking import Marked, marked, snippet
from bot.rules.query.tree import Field
from bot.rules.tex import prose

LONGEST_SNIPPET = 240
"""Characters."""


def found_json(found: Found, links: Mapping[str, str]) -> dict[str, Any]:
    """A page: the query as it was understood, what was left out of it, the papers with the hits between ``**``."""
    return {
        "query": str(found.query),
        "left_out": [{"fault": one.fault.value, "said": one.said} for one in found.query.remarks],
        "total": found.total,
        "more": found.more,
        "upto": found.upto,
        "did_you_mean": found.meant or None,
        "papers": [hit_json(hit, found, links) for hit in found.hits],
    }


def hit_json(hit: Hit, found: Found, links: Mapping[str, str]) -> dict[str, Any]:
    said = {
        "title": starred(marked(hit.paper.title, found.demands, Field.TITLE)),
        "text": starred(snippet(prose(hit.paper.abstract), found.demands, LONGEST_SNIPPET)),
    }
    directions = [assignment_json(assignment) for assignment in hit.judgement.directions]
    judged = {"directions": directions, "compute": compute_json(hit.judgement.compute)}
    return {**paper_json(hit.paper, links), **judged, "score": hit.score, "loose": hit.loose, "marked": said}


def starred(pieces: Marked) -> str:
    return "".join(f"**{text}**" if is_hit else text for text, is_hit in pieces)
