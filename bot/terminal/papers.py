"""A digest, a paper, and what a search found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.models import Digest, DigestPaper, DigestSection, Doubt, Judgement, Paper, Post, SourceState
from bot.rules.directions import Direction
from bot.rules.query.found import Found, Hit
from bot.rules.query.marking import Marked, marked, snippet
from bot.rules.query.tree import Field
from bot.rules.tex import prose
from bot.terminal.parts import COLOURS, about, clean, terms
from bot.wording import Words

MARKS = {SourceState.OK: "✓", SourceState.UNCHANGED: "✓", SourceState.PARTIAL: "◐", SourceState.FAILED: "✗"}
LONGEST_SNIPPET = 240
"""Characters of an abstract around the hits."""


def digest(digest: Digest, directions: Sequence[Direction], words: Words, links: Mapping[str, str]) -> RenderableType:
    names = {direction.slug: direction.label(words.language) for direction in directions}
    parts: list[RenderableType] = [*header(digest, words)]
    for section in digest.sections:
        if section.papers:
            parts += [Text(), heading(section, names[section.slug], words)]
            parts += [Padding(paper, (0, 0, 0, 2)) for paper in numbered(section.papers, words, links)]
    if not any(section.papers for section in digest.sections):
        parts += [Text(), Text(words("digest.nothing") if digest.papers_read else words("digest.no_papers"))]
    parts += list(posts(digest.posts, words))
    return Group(*parts)


def header(digest: Digest, words: Words) -> Iterator[RenderableType]:
    chosen = len({shown.paper.id for section in digest.sections for shown in section.papers})
    yield Text(f"{words('digest.title')} · {words.day(digest.day)}", style="bold")
    line = Text(words.count("digest.read", digest.papers_read, chosen=words.count("digest.chosen", chosen)))
    for report in digest.sources:
        line.append(f" · {clean(report.name)} ")
        line.append(MARKS[report.state], style=COLOURS[report.state])
    yield line
    if digest.missing:
        yield Text(words("digest.partial", missing=words("list.and").join(digest.missing)), style="yellow")


def heading(section: DigestSection, name: str, words: Words) -> Text:
    line = Text("▍", style="cyan").append(name, style="bold").append(f"  {section.slug}", style="dim")
    if section.total > len(section.papers):
        line.append(f"  {words('digest.best_of', shown=len(section.papers), total=section.total)}", style="dim")
    return line


def numbered(papers: Sequence[DigestPaper], words: Words, links: Mapping[str, str]) -> Iterator[RenderableType]:
    for number, shown in enumerate(papers, start=1):
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(justify="right", width=2, style="dim")
        grid.add_column(ratio=1, overflow="fold")
        grid.add_row(str(number), Group(*lines(shown, words, links)))
        yield grid


def lines(shown: DigestPaper, words: Words, links: Mapping[str, str]) -> Iterator[Text]:
    paper, address = shown.paper, links["abstract"].format(id=shown.paper.id)
    yield Text(clean(paper.title), style=f"bold link {address}")
    yield about(paper, shown.compute.level, words)
    if shown.key_sentence:
        yield Text(clean(shown.key_sentence))
    yield Text(words("digest.because", terms=terms(shown.assignment.evidence)), style="dim")
    yield Text(address, style="blue")


def posts(posts: Sequence[Post], words: Words) -> Iterator[RenderableType]:
    feed = ""
    for post in posts:
        if post.feed != feed:
            feed = post.feed
            yield Text.assemble("\n", ("▍", "cyan"), (clean(feed), "bold"))
        yield Padding(Text(clean(post.title), style=f"link {post.url}"), (0, 0, 0, 2))
        yield Padding(Text(post.url, style="blue"), (0, 0, 0, 2))


def card(paper: Paper, judgement: Judgement | None, directions: Sequence[Direction], words: Words,
         links: Mapping[str, str], doubts: Sequence[Doubt] = ()) -> RenderableType:  # fmt: skip
    """All that is known of one paper."""
    names = {direction.slug: direction.label(words.language) for direction in directions}
    parts: list[RenderableType] = [
        Text(clean(paper.title), style="bold"),
        about(paper, judgement.compute.level if judgement else "", words),
        Text(f"{paper.id}v{paper.version} · {' '.join(paper.categories)}", style="dim"),
    ]
    if paper.withdrawn:
        parts.append(Text(words("paper.withdrawn"), style="red"))
    parts += [Text(), Text(clean(prose(paper.abstract))), Text()]
    for assignment in judgement.directions if judgement else ():
        line = Text("▍", style="cyan").append(names.get(assignment.slug, assignment.slug), style="bold")
        line.append(f" {assignment.probability:.0%}  ").append(terms(assignment.evidence), style="dim")
        parts.append(line)
    if not (judgement and judgement.directions):
        parts.append(Text(words("paper.no_direction"), style="dim"))
    parts += [Text(doubted(doubt, names.get(doubt.slug, doubt.slug), words)) for doubt in doubts]
    parts.append(Text(links["abstract"].format(id=paper.id), style="blue"))
    return Group(*parts)


def doubted(doubt: Doubt, name: str, words: Words) -> str:
    """Why a paper does not stand under a direction, or what spoke against it although it does."""
    told = " · ".join(f"{clean(item.term)} {item.weight:+.2f}" for item in doubt.against)
    return words(f"why.{doubt.verdict}", name=name, probability=f"{doubt.probability:.0%}", terms=told)


def found(
    found: Found, words: Words, links: Mapping[str, str], names: Mapping[str, str], first: int = 1
) -> RenderableType:
    """What a search found, numbered from ``first``, the hits bold."""
    told = [Text(f"⚠ {words(f'search.fault.{one.fault}', said=clean(one.said))}", style="yellow")
            for one in found.query.remarks]  # fmt: skip
    total = words.count("search.more_than" if found.more else "page.papers", found.total)
    if not found.hits:
        return Group(*told, Text(no_hits(found, total, words)))
    blocks: list[RenderableType] = [*told, Text(total, style="dim")]
    blocks += [Text(words("search.loose"))] if found.is_loose else []
    for number, hit in enumerate(found.hits, first):
        blocks += [Text(), *hit_lines(number, hit, found, words, links, names)]
    return Group(*blocks)


def no_hits(found: Found, total: str, words: Words) -> str:
    if found.total:
        return words("search.beyond", total=total)
    return words("search.meant", query=clean(found.meant)) if found.meant else words("search.nothing")


def hit_lines(
    number: int, hit: Hit, found: Found, words: Words, links: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Text]:
    paper, address = hit.paper, links["abstract"].format(id=hit.paper.id)
    title = Text(f"{number}. ", style="dim")
    yield title.append_text(with_hits(marked(clean(paper.title), found.demands, Field.TITLE), "bold", "bold underline"))
    line = about(paper, hit.judgement.compute.level, words)
    line.append(f" · {words.day_and_year(paper.day)}" if paper.day else "", style="dim")
    for assignment in hit.judgement.directions[:2]:
        line.append(f" · {names.get(assignment.slug, assignment.slug)}", style="cyan")
    yield line
    if said := snippet(clean(prose(paper.abstract)), found.demands, LONGEST_SNIPPET):
        yield with_hits(said, "", "bold")
    yield Text(address, style="blue")


def with_hits(pieces: Marked, usual: str, hit: str) -> Text:
    return Text.assemble(*((text, hit if is_hit else usual) for text, is_hit in pieces))
