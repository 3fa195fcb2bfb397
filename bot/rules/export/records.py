"""The JSON of every verb, from values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.models import (
    Assignment,
    Compute,
    Digest,
    DigestPaper,
    Doubt,
    Evidence,
    Judgement,
    Outbox,
    Paper,
    PastRun,
    Room,
    SourceReport,
    SourceStanding,
    Status,
)
from bot.rules.directions import Direction
from bot.wording import Language


def evidence_json(evidence: Iterable[Evidence]) -> list[dict[str, Any]]:
    return [{"term": item.term, "weight": round(item.weight, 4)} for item in evidence]


def assignment_json(assignment: Assignment) -> dict[str, Any]:
    return {
        "slug": assignment.slug,
        "probability": round(assignment.probability, 4),
        "evidence": evidence_json(assignment.evidence),
    }


def judgement_json(id_: str | None, judgement: Judgement) -> dict[str, Any]:
    """A line of ``classify``: the directions that a paper belongs to, and the probability of every one."""
    return {
        "id": id_,
        "directions": [assignment_json(assignment) for assignment in judgement.directions],
        "scores": {slug: round(score, 6) for slug, score in judgement.scores.items()},
        "compute": compute_json(judgement.compute),
    }


def report_json(report: SourceReport) -> dict[str, Any]:
    return {
        **asdict(report),
        "state": report.state.value,
        "seconds": round(report.seconds, 2),
        "error": report.error or None,
    }


def paper_json(paper: Paper, links: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": paper.id,
        "version": paper.version,
        "title": paper.title,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "url": links["abstract"].format(id=paper.id),
        "upvotes": paper.upvotes,
        "code_url": paper.code_url or None,
        "announced": paper.day.isoformat() if paper.day else None,
        "sources": list(paper.sources),
    }


def compute_json(compute: Compute) -> dict[str, str]:
    return {"level": compute.level, "evidence": compute.evidence}


def doubt_json(doubt: Doubt) -> dict[str, Any]:
    return {
        "slug": doubt.slug,
        "probability": round(doubt.probability, 4),
        "belongs": doubt.belongs,
        "against": evidence_json(doubt.against),
    }


def card_json(paper: Paper, judgement: Judgement, doubts: Sequence[Doubt] = ()) -> dict[str, Any]:
    """What ``paper`` adds to a paper's usual record; ``doubts`` where somebody asked about a direction."""
    asked = {"doubts": [doubt_json(doubt) for doubt in doubts]} if doubts else {}
    return {
        "abstract": paper.abstract,
        "withdrawn": paper.withdrawn,
        "directions": [assignment_json(assignment) for assignment in judgement.directions],
        "compute": compute_json(judgement.compute),
        **asked,
    }


def digest_paper_json(shown: DigestPaper, links: Mapping[str, str]) -> dict[str, Any]:
    return {
        **paper_json(shown.paper, links),
        "probability": round(shown.assignment.probability, 4),
        "evidence": evidence_json(shown.assignment.evidence),
        "key_sentence": shown.key_sentence,
        "rank": {name: round(part, 4) for name, part in {**asdict(shown.rank), "total": shown.rank.total}.items()},
        "compute": compute_json(shown.compute),
    }


def digest_json(
    digest: Digest, directions: Sequence[Direction], language: Language, links: Mapping[str, str]
) -> dict[str, Any]:
    """The object that ``today --json`` prints."""
    names = {direction.slug: direction.label(language) for direction in directions}
    return {
        "day": digest.day.isoformat(),
        "complete": digest.complete,
        "missing": list(digest.missing),
        "sources": [report_json(report) for report in digest.sources],
        "papers_read": digest.papers_read,
        "directions": [
            {
                "slug": section.slug,
                "name": names[section.slug],
                "total": section.total,
                "papers": [digest_paper_json(shown, links) for shown in section.papers],
            }
            for section in digest.sections
        ],
        "posts": [{"feed": post.feed, "title": post.title, "url": post.url} for post in digest.posts],
    }


def source_json(source: SourceStanding) -> dict[str, Any]:
    return {
        "name": source.name,
        "watermark": source.watermark.isoformat() if source.watermark else None,
        "last_success": source.last_success.isoformat() if source.last_success else None,
        "failures_in_a_row": source.failures,
        "last_error": source.last_error or None,
        "retry_after": source.retry_after.isoformat() if source.retry_after else None,
        "back_off": source.back_off.isoformat() if source.back_off else None,
    }


def run_json(run: PastRun) -> dict[str, Any]:
    return {
        "started": run.started.isoformat(),
        "seconds": round(run.seconds, 2),
        "first_day": run.first_day.isoformat(),
        "last_day": run.last_day.isoformat(),
        "complete": run.complete,
        "sources": [report_json(report) for report in run.reports],
    }


def outbox_json(outbox: Outbox) -> dict[str, Any]:
    counts = asdict(outbox)
    lag = counts.pop("lag")
    return {**counts, "lag_seconds": round(lag, 1)}


def room_json(room: Room) -> dict[str, Any]:
    growth = {"papers": room.growth.papers, "messages": room.growth.messages}
    return {"bytes": room.groups, "growth_bytes_a_day": growth, "disk_free_bytes": room.free}


def status_json(status: Status) -> dict[str, Any]:
    return {
        "papers": status.papers,
        "first_day": status.first_day.isoformat() if status.first_day else None,
        "last_day": status.last_day.isoformat() if status.last_day else None,
        "directions": status.by_direction,
        "sources": [source_json(source) for source in status.sources],
        "runs": [run_json(run) for run in status.runs],
        "papers_by_source": status.by_source,
        "readers": status.readers,
        "outbox": outbox_json(status.outbox),
        "deliveries": status.deliveries,
        "due": status.due,
        "database_bytes": status.database_bytes,
    }
