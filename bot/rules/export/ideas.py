"""Ideas for programs and for notes: JSON, and a Markdown page with front matter and wiki links as Obsidian reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.models.ideas import Idea, Near
from bot.models.papers import Paper
from bot.models.tracking import Entry, EntryKind, Link, Relation, Tracked
from bot.rules.export.references import bibtex, markdown_text, one_line, ris, year_of

IDEA_FORMATS = ("md", "bib", "ris")
NOT_IN_A_LINK = re.compile(r"[\[\]|#^\\/:]+")
"""What a wiki link cannot hold: https://help.obsidian.md/Linking+notes+and+files/Internal+links"""


def idea_json(idea: Idea) -> dict[str, Any]:
    return {
        "number": idea.number,
        "text": idea.text,
        "status": idea.status.value,
        "directions": list(idea.directions),
    }


def idea_record(tracked: Tracked, entries: Sequence[Entry]) -> dict[str, Any]:
    """An idea with all that belongs to it."""
    idea = tracked.idea
    return {
        **idea_json(idea),
        "must": list(idea.must),
        "must_not": list(idea.must_not),
        "created": idea.created.isoformat() if idea.created else None,
        "muted_until": idea.muted_until.isoformat() if idea.muted_until else None,
        "papers": [
            {"id": one.paper.id, "title": one.paper.title, "relation": one.relation.value} for one in tracked.links
        ],
        "notes": [entry_json(one) for one in entries if one.kind is EntryKind.NOTE],
        "history": [entry_json(one) for one in entries if one.kind is not EntryKind.NOTE],
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    record = {"at": entry.at.isoformat(), "text": entry.text}
    return (
        record if entry.kind is EntryKind.NOTE else {**record, "what": entry.kind.value, "status": entry.status or None}
    )


def near_json(near: Near) -> dict[str, Any]:
    """A paper held against an idea; ``grade`` is null for one that is not near."""
    return {
        "id": near.paper.id,
        "title": near.paper.title,
        "grade": near.grade.value if near.grade else None,
        "score": round(near.score, 4),
        "shared": list(near.shared),
        "announced": near.paper.day.isoformat() if near.paper.day else None,
    }


def idea_file(form: str, tracked: Tracked, entries: Sequence[Entry], links: Mapping[str, str]) -> str:
    """An idea in one of ``IDEA_FORMATS``: as a page of notes, or its papers for a reference manager."""
    kept = tracked.papers(Relation.LINKED, Relation.USEFUL)
    match form:
        case "bib":
            return bibtex(kept, links)
        case "ris":
            return ris(kept, links)
    return idea_markdown(tracked, entries, links)


def idea_markdown(tracked: Tracked, entries: Sequence[Entry], links: Mapping[str, str]) -> str:
    """An idea as a page: front matter, its text, its papers as wiki links, its notes, its decisions."""
    idea = tracked.idea
    kept = [link for link in tracked.links if link.relation is not Relation.UNRELATED]
    parts = [
        "\n".join(["---", *front_matter(idea), "---"]),
        "\n\n".join(markdown_text(part) for part in idea.text.split("\n") if part.strip()),
        section("Papers", (paper_line(link, links) for link in kept)),
        section("Notes", (entry_line(one) for one in entries if one.kind is EntryKind.NOTE)),
        section("Decisions", (entry_line(one) for one in entries if one.kind is not EntryKind.NOTE)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def front_matter(idea: Idea) -> Iterator[str]:
    """YAML; JSON's way of writing texts and lists is YAML's too."""
    yield f"idea: {idea.number}"
    yield f"status: {idea.status.value}"
    yield f"tags: {json.dumps(['idea', *idea.directions], ensure_ascii=False)}"
    if idea.created:
        yield f"created: {idea.created.date()}"
    for name, phrases in (("must", idea.must), ("must_not", idea.must_not)):
        if phrases:
            yield f"{name}: {json.dumps(phrases, ensure_ascii=False)}"


def section(title: str, lines: Iterable[str]) -> str:
    found = list(lines)
    return "\n".join([f"## {title}", "", *found]) if found else ""


def paper_line(link: Link, links: Mapping[str, str]) -> str:
    paper, useful = link.paper, " (useful)" if link.relation is Relation.USEFUL else ""
    address = links["abstract"].format(id=paper.id)
    return f"- {wiki_link(paper)} ({year_of(paper)}), [arXiv:{paper.id}]({address}){useful}"


def wiki_link(paper: Paper) -> str:
    """``[[2606.01234 A Title]]``: the name that a note about the paper may have."""
    name = NOT_IN_A_LINK.sub(" ", f"{paper.id} {one_line(paper.title)}")
    return f"[[{' '.join(name.split())[:120].rstrip()}]]"


def entry_line(entry: Entry) -> str:
    what = f"**{entry.status}** " if entry.status else "rewritten; before: " if entry.kind is EntryKind.TEXT else ""
    return f"- {entry.at.date()} {what}{markdown_text(' '.join(entry.text.split()))}".rstrip()
