"""Papers for reference managers and notes: BibTeX, RIS, Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.models import Paper
from bot.rules.tokens import tokens

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
