"""The verbs about a reader's library: list it, search in it, bring references in, write them out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.verbs import COMPLETE, PARTIAL, Json, ReaderId, verb, words
from bot.console import kit, links, print_json, reader, show
from bot.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.models import Import, Paper, SavedPaper

State = Annotated[str, typer.Option("--state", metavar="STATE", help="option.state")]
Tag = Annotated[str, typer.Option("--tag", metavar="TAG", help="option.tag")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="option.format")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="option.export_to")]


@verb
def saved(
    asked: Annotated[list[str] | None, typer.Argument(metavar="WORDS", help="option.saved_words")] = None,
    state: State = "", tag: Tag = "", name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot.rules import export
    from bot.rules.library import Wanted, read_state, tag_of
    from bot.store import library, lists

    wanted = Wanted(" ".join(asked or ()), tag_of(tag), read_state(state) if state else None)
    with kit(words, quiet=True) as tools:
        reader_id = reader(tools, name, words).id
        with tools.store.read() as session:
            found = {one.paper_id: one for one in library.find(session, reader_id, wanted, tools.terms())}
            shown = [(paper, found[paper.id]) for paper in lists.in_order(session, list(found))]
        addresses = links(tools.settings)
    if json_:
        print_json({"papers": [export.saved_json(paper, one, addresses) for paper, one in shown]})
    else:
        show(listed(shown, addresses))


@verb
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="option.references")],
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot.console import content_of
    from bot.importing import import_references
    from bot.rules import export
    from bot.rules.references import MOST_BYTES

    content = content_of(file, MOST_BYTES + 1)
    with kit(words, quiet=json_) as tools:
        done = import_references(tools, reader(tools, name, words).id, content)
    if json_:
        print_json(export.import_json(done))
    else:
        typer.echo(told(done))
    raise typer.Exit(PARTIAL if done.unasked else COMPLETE)


@verb
def export(form: Format = "", output: Output = None, name: ReaderId = "local") -> None:
    from bot.rules import export as files
    from bot.store import library, lists

    ending = files.format_of(form or (output.suffix if output else "") or "bib")
    with kit(words, quiet=True) as tools:
        reader_id = reader(tools, name, words).id
        with tools.store.read() as session:
            kept = library.kept(session, reader_id)
            shown = lists.in_order(session, list(kept))
        content = files.exported(ending, shown, links(tools.settings), words("saved.title"), kept)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise UsageError("cannot write {path}", key="unwritable_file", path=output, why=error.strerror) from error
    typer.echo(words("export.done", path=output))


# --- for a person -----------------------------------------------------------------------------------------------------


def listed(shown: Sequence[tuple[Paper, SavedPaper]], addresses: Mapping[str, str]) -> RenderableType:
    """The saved papers, one block each."""
    from rich.console import Group
    from rich.text import Text

    blocks = [block for paper, one in shown for block in (*blocks_of(paper, one, addresses), Text())]
    return Group(*blocks[:-1]) if blocks else Text(words("library.nothing_fits"))


def blocks_of(paper: Paper, one: SavedPaper, addresses: Mapping[str, str]) -> Iterator[RenderableType]:
    from rich.text import Text

    from bot.terminal.parts import authors, clean

    tags = [f"#{clean(tag)}" for tag in one.tags]
    yield Text(clean(paper.title), style="bold")
    yield Text(" · ".join([words(f"library.{one.state.value}"), authors(paper, words), *tags]), style="dim")
    if one.note:
        yield Text(clean(one.note))
    yield Text(addresses["abstract"].format(id=paper.id), style="blue")


def told(done: Import) -> str:
    """What a file came to; every entry that was not found."""
    from bot.rules.references import label
    from bot.terminal.parts import clean

    lines = [
        words.count("import.entries", done.total),
        words.count("import.added", len(done.added)),
        words.count("import.here", len(done.here)) if done.here else "",
        words.count("import.missing", len(done.missing)) if done.missing else "",
        *(f"  • {clean(label(one))}" for one in done.missing),
        words("import.how_matched") if done.missing else "",
        words.count("import.unasked", len(done.unasked)) if done.unasked else "",
    ]
    return "\n".join(line for line in lines if line)
