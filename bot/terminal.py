"""What a person sees in the terminal: values in, rich renderables out. Foreign text is never read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.models import (
    Digest,
    DigestPaper,
    DigestSection,
    Doubt,
    Evidence,
    Judgement,
    Paper,
    PastRun,
    Post,
    Room,
    SourceReport,
    SourceStanding,
    SourceState,
    Status,
)
from bot.rules.directions import Direction
from bot.rules.query.found import Found, Hit
from bot.rules.query.marking import Marked, marked, snippet
from bot.rules.query.tree import Field
from bot.rules.tex import prose
from bot.wording import Words

if TYPE_CHECKING:
    from bot.classifier.evaluate import Quality, Report

MARKS = {SourceState.OK: "✓", SourceState.UNCHANGED: "✓", SourceState.PARTIAL: "◐", SourceState.FAILED: "✗"}
COLOURS = {
    SourceState.OK: "green",
    SourceState.UNCHANGED: "green",
    SourceState.PARTIAL: "yellow",
    SourceState.FAILED: "red",
}
BADGES = {"low": "green", "medium": "yellow", "high": "red"}
SHOWN_AUTHORS = 3
LONGEST_SNIPPET = 240
"""Characters of an abstract around the hits."""
COUNTS = ("fetched", "new", "updated", "skipped")
MEASURES = ("support", "average_precision", "precision_at_5", "precision", "recall", "f1")
FIGURES = {*COUNTS, *MEASURES, "seconds", "papers"}


def clean(text: str) -> str:
    """Foreign text without the control characters that would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


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


def about(paper: Paper, level: str, words: Words) -> Text:
    line = Text(authors(paper, words), style="dim")
    if level in BADGES:
        line.append(" · ").append(words(f"compute.{level}"), style=BADGES[level])
    if paper.upvotes:
        line.append(f" · ♥ {paper.upvotes}", style="magenta")
    if paper.code_url:
        line.append(" · ").append(words("paper.code"), style=f"link {paper.code_url}").append(f" {paper.code_url}")
    return line


def authors(paper: Paper, words: Words) -> str:
    shown = words("list.comma").join(clean(name) for name in paper.authors[:SHOWN_AUTHORS])
    more = len(paper.authors) > SHOWN_AUTHORS
    return words("paper.and_others", names=shown) if more else shown or words("paper.no_authors")


def terms(evidence: Iterable[Evidence]) -> str:
    return " · ".join(clean(item.term) for item in evidence) or "–"


def posts(posts: Sequence[Post], words: Words) -> Iterator[RenderableType]:
    feed = ""
    for post in posts:
        if post.feed != feed:
            feed = post.feed
            yield Text.assemble("\n", ("▍", "cyan"), (clean(feed), "bold"))
        yield Padding(Text(clean(post.title), style=f"link {post.url}"), (0, 0, 0, 2))
        yield Padding(Text(post.url, style="blue"), (0, 0, 0, 2))


def reports(reports: Sequence[SourceReport], words: Words) -> Table:
    table = headed(words, "source", *COUNTS, "seconds", "state")
    for report in reports:
        state = Text(words(f"state.{report.state.value}"), style=COLOURS[report.state])
        if report.error:
            state.append(f"  {clean(report.error)}", style="dim")
        figures = (str(getattr(report, name)) for name in COUNTS)
        table.add_row(clean(report.name), *figures, f"{report.seconds:.1f}", state)
    return table


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


def direction_table(directions: Sequence[Direction], counts: Mapping[str, int], words: Words) -> Table:
    table = headed(words, "slug", "direction", "papers")
    table.add_column(words("column.about"), overflow="fold")
    for direction in directions:
        papers = str(counts.get(direction.slug, 0))
        table.add_row(direction.slug, direction.label(words.language), papers, direction.about[words.language])
    return table


def moment(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "–"


def status(now: Status, words: Words) -> RenderableType:
    """How the installation stands: papers, sources, last runs."""
    first, last = (day.isoformat() if day else "–" for day in (now.first_day, now.last_day))
    parts: list[RenderableType] = [Text(words.count("status.papers", now.papers, first=first, last=last), style="bold")]
    if now.sources:
        parts += [Text(), source_table(now.sources, words)]
    if now.runs:
        parts += [Text(), run_table(now.runs, words)]
    return Group(*parts)


def room(taken: Room, total: int, words: Words) -> RenderableType:
    """What takes how much room, and how fast it grows."""
    parts = [f"{words(f'room.{group}')} {megabytes(size)}" for group, size in taken.groups.items() if size]
    year = megabytes(taken.growth.papers * 365)
    return Group(
        Text(),
        Text(words("room.total", size=megabytes(total), free=megabytes(taken.free))),
        *([Text(" · ".join(parts), style="dim")] if parts else []),
        *([Text(words("room.growth", year=year), style="dim")] if taken.growth.papers else []),
    )


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def source_table(sources: Sequence[SourceStanding], words: Words) -> Table:
    table = headed(words, "source", "newest", "last_success", "state")
    for source in sources:
        state = Text(words("status.well"), style="green")
        if source.failures:
            state = Text(words.count("status.failing", source.failures), style="red")
            state.append(f"  {clean(source.last_error)}", style="dim")
        newest = source.watermark.isoformat() if source.watermark else "–"
        table.add_row(clean(source.name), newest, moment(source.last_success), state)
    return table


def run_table(runs: Sequence[PastRun], words: Words) -> Table:
    table = headed(words, "run", "days", "new", "seconds", "state")
    for run in runs:
        days = " – ".join(dict.fromkeys((run.first_day.isoformat(), run.last_day.isoformat())))
        new = str(sum(report.new for report in run.reports))
        state = ("status.whole", "green") if run.complete else ("state.partial", "yellow")
        table.add_row(moment(run.started), days, new, f"{run.seconds:.1f}", Text(words(state[0]), style=state[1]))
    return table


def headed(words: Words, *names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        justify: Literal["left", "right"] = "right" if name in FIGURES else "left"
        table.add_column(words(f"column.{name}"), justify=justify, no_wrap=name != "state", overflow="fold")
    return table


def quality(report: Report, words: Words) -> RenderableType:
    """How good the classifier is: a row a direction, a row a compute level, the means."""
    table = headed(words, "direction", *MEASURES)
    for one in (*report.directions, *report.compute):
        table.add_row(*measured(one))
    means = {
        "map": report.mean_average_precision,
        "precision_at_5": report.mean_precision_at_5,
        "macro_f1": report.macro_f1,
        "micro_f1": report.micro_f1,
        "compute_f1": report.compute_macro_f1,
        "calibration": report.calibration_error,
    }
    told = [Text(f"{words(f'quality.{name}')} {value:.3f}") for name, value in means.items()]
    if report.digest:
        shown = {"precision": f"{report.digest.precision:.0%}", "recall": f"{report.digest.recall:.0%}"}
        told.append(Text(words.count("quality.digest", report.digest.papers, **shown)))
    return Group(table, Text(), *told, *likeness(report.new, words))


def likeness(new: Sequence[Quality], words: Words) -> list[RenderableType]:
    """How directions without training data do."""
    if not new:
        return []
    table = headed(words, "direction", *MEASURES)
    for one in new:
        table.add_row(*measured(one))
    return [Text(), Text(words("quality.new")), table]


def measured(one: Quality) -> list[str]:
    """A row of figures; where no paper belongs to it, there are none."""
    figures = (one.average_precision, one.precision_at_5, one.precision, one.recall, one.f1)
    told = ("–" if figure is None or not one.support else f"{figure:.3f}" for figure in figures)
    return [one.name, str(one.support), *told]
