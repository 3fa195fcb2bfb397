"""What programs get: the JSON of every verb, from values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.models import (
    Assignment,
    Compute,
    Digest,
    DigestPaper,
    Evidence,
    Judgement,
    Paper,
    PastRun,
    SourceReport,
    SourceStanding,
    Status,
)
from bot.rules.directions import Direction
from bot.rules.tokens import tokens
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


def card_json(paper: Paper, judgement: Judgement) -> dict[str, Any]:
    """What ``paper`` adds to a paper's usual record."""
    return {
        "abstract": paper.abstract,
        "withdrawn": paper.withdrawn,
        "directions": [assignment_json(assignment) for assignment in judgement.directions],
        "compute": compute_json(judgement.compute),
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


def status_json(status: Status) -> dict[str, Any]:
    return {
        "papers": status.papers,
        "first_day": status.first_day.isoformat() if status.first_day else None,
        "last_day": status.last_day.isoformat() if status.last_day else None,
        "directions": status.by_direction,
        "sources": [source_json(source) for source in status.sources],
        "runs": [run_json(run) for run in status.runs],
    }


# --- for reference managers and notes ---------------------------------------------------------------------------------

BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def bibtex(papers: Iterable[Paper], links: Mapping[str, str]) -> str:
    """The papers as BibTeX entries, in the form that arXiv itself recommends."""
    return "\n\n".join(bibtex_entry(paper, links) for paper in papers) + "\n"


def bibtex_entry(paper: Paper, links: Mapping[str, str]) -> str:
    fields = {
        "title": f"{{{bibtex_text(paper.title)}}}",
        "author": " and ".join(bibtex_text(name) for name in paper.authors),
        "year": str(year_of(paper)),
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.categories[0] if paper.categories else "",
        "url": links["abstract"].format(id=paper.id),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{bibtex_key(paper)},", *lines, "}"])


def bibtex_text(text: str) -> str:
    return "".join(BIBTEX_SPECIAL.get(char, char) for char in " ".join(text.split()) if char.isprintable())


def bibtex_key(paper: Paper) -> str:
    """``vaswani2017attention`` and the id, so that no two papers share it."""
    family = (tokens(paper.authors[0]) or ["anonymous"])[-1] if paper.authors else "anonymous"
    word = next((word for word in tokens(paper.title) if len(word) > 3), "paper")
    key = f"{family}{year_of(paper)}{word}_{paper.id}"
    return re.sub(r"[^a-z0-9_]", "", unicodedata.normalize("NFKD", key.replace(".", "_").replace("/", "_")))


def year_of(paper: Paper) -> int:
    """The year of submission; else the one in the id."""
    if moment := paper.submitted or paper.day:
        return moment.year
    number = int(paper.id.partition("/")[2][:2] or paper.id[:2])
    return 1900 + number if number > 90 else 2000 + number


def markdown(papers: Iterable[Paper], links: Mapping[str, str], title: str) -> str:
    """The papers as a Markdown list, each with its link, its authors and a box to tick."""
    lines = [f"# {title}", ""]
    for paper in papers:
        address = links["abstract"].format(id=paper.id)
        authors = ", ".join(markdown_text(name) for name in paper.authors[:6]) + (
            " et al." if len(paper.authors) > 6 else ""
        )
        lines.append(f"- [ ] [{markdown_text(paper.title)}]({address}) ({year_of(paper)}). {authors}".rstrip())
    return "\n".join(lines) + "\n"


def markdown_text(text: str) -> str:
    return MARKDOWN_SPECIAL.sub(r"\\\1", "".join(char for char in " ".join(text.split()) if char.isprintable()))
