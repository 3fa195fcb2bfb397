"""What leaves the program for others: the JSON that programs get, and papers for reference managers and notes."""

from bot.rules.export.records import (
    assignment_json,
    card_json,
    compute_json,
    digest_json,
    digest_paper_json,
    evidence_json,
    judgement_json,
    paper_json,
    report_json,
    run_json,
    source_json,
    status_json,
)
from bot.rules.export.references import (
    bibtex,
    bibtex_entry,
    bibtex_key,
    bibtex_text,
    markdown,
    markdown_text,
    year_of,
)

__all__ = [
    "assignment_json",
    "bibtex",
    "bibtex_entry",
    "bibtex_key",
    "bibtex_text",
    "card_json",
    "compute_json",
    "digest_json",
    "digest_paper_json",
    "evidence_json",
    "judgement_json",
    "markdown",
    "markdown_text",
    "paper_json",
    "report_json",
    "run_json",
    "source_json",
    "status_json",
    "year_of",
]
