"""Papers for reference managers, notes and tables: BibTeX, RIS, Markdown, CSV."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from bot.errors import UsageError
from bot.models import Paper, ReadingState, SavedPaper
from bot.rules.tokens import IS_CJK, tokens

FORMATS = {"bib": "BibTeX", "ris": "RIS", "md": "Markdown", "csv": "CSV"}
"""What a library can be exported as, by the ending of the file's name."""
Library = Mapping[str, SavedPaper]
"""What a reader says of papers, by their ids; papers that are not in it are told without."""


def format_of(name: str) -> str:
    """``bib``, ``BibTeX``, ``.md``, ``mark`` … as the ending of a file; raises UsageError for no format of ours."""
    asked = name.strip().lower().lstrip(".")
    for ending, full in FORMATS.items():
        if asked == ending or (len(asked) > 2 and full.lower().startswith(asked)):
            return ending
    raise UsageError("{name} is no format", key="unknown_format", name=name[:20])


def exported(form: str, papers: Iterable[Paper], links: Mapping[str, str], title: str, library: Library) -> bytes:
    """The content of a file in one of ``FORMATS``; ``title`` stands above the list where there is a place for it."""
    match form:
        case "bib":
            return bibtex(papers, links, library).encode()
        case "ris":
            return ris(papers, links, library).encode()
        case "md":
            return markdown(papers, links, title, library).encode()
        case _:
            return csv_table(papers, links, library).encode("utf-8-sig")  # by the mark, Excel knows UTF-8


def year_of(paper: Paper) -> int:
    """The year of submission; else the one in the id."""
    if moment := paper.submitted or paper.day:
        return moment.year
    number = int(paper.id.partition("/")[2][:2] or paper.id[:2])
    return 1900 + number if number > 90 else 2000 + number


def one_line(text: str) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


# --- BibTeX -----------------------------------------------------------------------------------------------------------

BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&",
    "%": r"\%", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
"""BibTeX counts a brace even behind a backslash, so that one alone would swallow the rest of the file."""


def bibtex(papers: Iterable[Paper], links: Mapping[str, str], library: Library = {}) -> str:  # noqa: B006
    """The papers as BibTeX entries, in the form that arXiv itself recommends."""
    return "\n\n".join(bibtex_entry(paper, links, library.get(paper.id)) for paper in papers) + "\n"


def bibtex_entry(paper: Paper, links: Mapping[str, str], saved: SavedPaper | None = None) -> str:
    fields = {
        "title": f"{{{bibtex_text(paper.title)}}}",
        "author": " and ".join(bibtex_name(name) for name in paper.authors),
        "year": str(year_of(paper)),
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.categories[0] if paper.categories else "",
        "url": links["abstract"].format(id=paper.id),
        "keywords": ", ".join(bibtex_text(tag) for tag in saved.tags) if saved else "",
        "annote": bibtex_text(saved.note) if saved else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{bibtex_key(paper)},", *lines, "}"])


def bibtex_text(text: str) -> str:
    return "".join(BIBTEX_SPECIAL.get(char, char) for char in one_line(text))


def bibtex_name(name: str) -> str:
    """A name; one that BibTeX would take apart, such as a team's, is held together by braces."""
    text = bibtex_text(name)
    return f"{{{text}}}" if "," in text or re.search(r"\band\b", text, re.IGNORECASE) else text


def bibtex_key(paper: Paper) -> str:
    """``vaswani2017attention`` and the id, so that no two papers share it."""
    family = (tokens(paper.authors[0]) or ["anonymous"])[-1] if paper.authors else "anonymous"
    word = next((word for word in tokens(paper.title) if len(word) > 3), "paper")
    key = f"{family}{year_of(paper)}{word}_{paper.id}"
    return re.sub(r"[^a-z0-9_]", "", unicodedata.normalize("NFKD", key.replace(".", "_").replace("/", "_")))


# --- RIS --------------------------------------------------------------------------------------------------------------


def ris(papers: Iterable[Paper], links: Mapping[str, str], library: Library = {}) -> str:  # noqa: B006
    """The papers as RIS records, as Zotero writes preprints. https://en.wikipedia.org/wiki/RIS_(file_format)"""
    records = ("\r\n".join(ris_lines(paper, links, library.get(paper.id))) for paper in papers)
    return "".join(f"{record}\r\nER  - \r\n\r\n" for record in records)


def ris_lines(paper: Paper, links: Mapping[str, str], saved: SavedPaper | None) -> Iterator[str]:
    fields = [
        ("TY", "GEN"),
        ("TI", paper.title),
        *(("AU", ris_name(name)) for name in paper.authors),
        ("PY", str(year_of(paper))),
        ("AB", paper.abstract),
        ("PB", "arXiv"),
        ("DO", f"10.48550/arXiv.{paper.id}"),
        ("UR", links["abstract"].format(id=paper.id)),
        *(("KW", tag) for tag in (saved.tags if saved else ())),
        ("N1", saved.note if saved else ""),
    ]
    return (f"{tag}  - {one_line(text)}" for tag, text in fields if text)


def ris_name(name: str) -> str:
    """``Lovelace, Ada``: the last word is taken for the family's; a Chinese name stays whole."""
    given, _, family = one_line(name).rpartition(" ")
    return f"{family}, {given}" if given and "," not in name and not IS_CJK.search(name) else one_line(name)


# --- Markdown ---------------------------------------------------------------------------------------------------------

MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#|&~$])")
BEGINS_A_BLOCK = re.compile(r"^(\d{1,9})?([-+.)=])")
"""What a line must not begin with, or it is no text any more: a list, a heading's underline."""
SHOWN_AUTHORS = 6


def markdown(papers: Iterable[Paper], links: Mapping[str, str], title: str, library: Library = {}) -> str:  # noqa: B006
    """The papers as a Markdown list, each with its link, its authors and a box, ticked where it has been read."""
    lines = [f"# {markdown_text(title)}", ""]
    for paper in papers:
        lines += markdown_lines(paper, links, library.get(paper.id))
    return "\n".join(lines) + "\n"


def markdown_lines(paper: Paper, links: Mapping[str, str], saved: SavedPaper | None) -> list[str]:
    box = "x" if saved and saved.state is ReadingState.READ else " "
    address = links["abstract"].format(id=paper.id)
    more = " et al." if len(paper.authors) > SHOWN_AUTHORS else ""
    authors = ", ".join(markdown_text(name) for name in paper.authors[:SHOWN_AUTHORS]) + more
    tags = "".join(f" `#{tag}`" for tag in (saved.tags if saved else ()))
    note = [text for text in saved.note.splitlines() if text.strip()] if saved else []
    line = f"- [{box}] [{markdown_text(paper.title)}]({address}) ({year_of(paper)}). {authors}".rstrip() + tags
    return [line, *(f"  > {markdown_text(text)}" for text in note)]


def markdown_text(text: str) -> str:
    return BEGINS_A_BLOCK.sub(r"\1\\\2", MARKDOWN_SPECIAL.sub(r"\\\1", one_line(text)))


# --- CSV --------------------------------------------------------------------------------------------------------------

COLUMNS = ("id", "title", "authors", "year", "categories", "url", "state", "saved", "tags", "note")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What a spreadsheet would take for the start of a formula: https://owasp.org/www-community/attacks/CSV_Injection"""


def csv_table(papers: Iterable[Paper], links: Mapping[str, str], library: Library = {}) -> str:  # noqa: B006
    """The papers as a table for spreadsheets, with a heading."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(table_row(paper, links, library.get(paper.id)) for paper in papers)
    return text.getvalue()


def table_row(paper: Paper, links: Mapping[str, str], saved: SavedPaper | None) -> list[str]:
    about = [saved.state, f"{saved.at:%Y-%m-%d}", " ".join(saved.tags), saved.note] if saved else [""] * 4
    address = links["abstract"].format(id=paper.id)
    cells = [paper.title, "; ".join(paper.authors), str(year_of(paper)), " ".join(paper.categories), address, *about]
    return [paper.id, *(cell_text(cell) for cell in cells)]


def cell_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula, without what cannot stand in a file of text."""
    text = "".join(char for char in text if char.isprintable() or char in "\n\t")
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
