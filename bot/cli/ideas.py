"""The verbs about ideas: keep them, see what is near them, take them elsewhere; and ``link``, which joins a chat."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import idea_tables as tables
from bot.cli.verbs import Chosen, Json, ReaderId, verb, verb_of, words
from bot.console import as_day, chosen, kit, links, print_json, reader, show
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.kit import Kit
    from bot.models.tracking import Entry, Tracked

Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=999_999, help="option.idea")]
Text = Annotated[list[str], typer.Argument(metavar="TEXT", help="option.idea_text")]
Since = Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="option.near_since")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="option.near_until")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, metavar="N", help="option.near_limit")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="option.reason")]


@verb_of("ideas")
def list_(name: ReaderId = "local", json_: Json = False) -> None:
    from bot.rules import export
    from bot.store import ideas

    with kit(words, quiet=True) as tools:
        own = reader(tools, name, words)
        with tools.store.read() as session:
            found = ideas.listed(session, own.id)
    if json_:
        print_json({"ideas": [export.idea_json(idea) for idea in found]})
    else:
        show(tables.table(found))


@verb_of("ideas")
def add(text: Text, direction: Chosen = None, name: ReaderId = "local", json_: Json = False) -> None:
    from bot import matching
    from bot.rules import export

    with kit(words, quiet=json_) as tools:
        slugs = chosen(tools.directions, direction)
        birth = matching.create(tools, reader(tools, name, words), said(text), directions=slugs)
        if json_:
            print_json(export.idea_json(birth.idea))
        else:
            show(tables.born(birth.idea, birth.found, links(tools.settings)))


@verb_of("ideas")
def show_(number: Number, name: ReaderId = "local", json_: Json = False) -> None:
    with kit(words, quiet=True) as tools:
        tracked, entries = known(tools, name, number)
    tell(tracked, entries, json_)


@verb_of("ideas")
def near(
    asked: Annotated[list[str], typer.Argument(metavar="NUMBER|TEXT", help="option.near")],
    since: Since = None, until: Until = None, limit: Limit = 10, name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot import matching
    from bot.models.ideas import Asked
    from bot.rules import export
    from bot.rules import ideas as rules

    first, last, text = as_day(since), as_day(until), said(asked)
    if first and last and last < first:
        raise UsageError("{last} is before {first}", key="days_reversed", first=first, last=last)
    with kit(words, quiet=json_) as tools:
        is_number = text.isascii() and text.isdigit() and len(text) < 7
        question = rules.asked(known(tools, name, int(text))[0]) if is_number else Asked(rules.checked(text))
        found = matching.search(tools, question, first, last, limit)
        if json_:
            print_json({"papers": [export.near_json(one) for one in found.near]})
        else:
            show(tables.nearest(found.near, links(tools.settings)))


@verb_of("ideas")
def note(
    number: Number,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="option.note")],
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot.models.tracking import Entry, EntryKind
    from bot.rules.ideas import LONGEST_NOTE, checked
    from bot.store import ideas

    with kit(words, quiet=True) as tools:
        tracked, _ = known(tools, name, number)
        entry = Entry(EntryKind.NOTE, tools.clock.now(), checked(said(text), LONGEST_NOTE))
        with tools.store.write() as session:
            ideas.note(session, tracked.idea.reader_id, number, entry)
        tracked, entries = known(tools, name, number)
    tell(tracked, entries, json_)


@verb_of("ideas")
def status(
    number: Number,
    new: Annotated[str, typer.Argument(metavar="STATUS", help="option.status")],
    reason: Reason = "", name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot.rules.ideas import status_of
    from bot.store import ideas

    value = status_of(new)
    with kit(words, quiet=True) as tools:
        tracked, _ = known(tools, name, number)
        with tools.store.write() as session:
            ideas.decide(session, tracked.idea.reader_id, number, value, tools.clock.now(), reason.strip())
        tracked, entries = known(tools, name, number)
    tell(tracked, entries, json_)


@verb_of("ideas")
def edit(
    number: Number,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help="option.new_text")] = None,
    direction: Annotated[
        list[str] | None, typer.Option("--direction", metavar="NAME", help="option.idea_direction")
    ] = None,
    must: Annotated[str | None, typer.Option("--must", metavar="PHRASES", help="option.must")] = None,
    must_not: Annotated[str | None, typer.Option("--must-not", metavar="PHRASES", help="option.must_not")] = None,
    name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot import matching
    from bot.rules import ideas as rules

    with kit(words, quiet=json_) as tools:
        own = reader(tools, name, words)
        changes: dict[str, Any] = {
            "text": rules.checked(text) if text is not None else None,
            "directions": tuple(chosen(tools.directions, direction)) if direction else None,
            "must": rules.phrases(must) if must is not None else None,
            "must_not": rules.phrases(must_not) if must_not is not None else None,
        }
        changed = {field: value for field, value in changes.items() if value is not None}
        if not changed:
            raise UsageError("nothing to change", key="nothing_to_edit")
        birth = matching.rewrite(tools, own, number, **changed)
        if json_:
            tell(*known(tools, name, number), json_)
        else:
            show(tables.born(birth.idea, birth.found, links(tools.settings)))


@verb_of("ideas")
def delete(number: Number, name: ReaderId = "local") -> None:
    from bot.store import ideas

    with kit(words, quiet=True) as tools:
        tracked, _ = known(tools, name, number)
        with tools.store.write() as session:
            ideas.remove(session, tracked.idea.reader_id, number)
    typer.echo(words("idea.deleted", number=number))


@verb_of("ideas")
def export(
    number: Number,
    form: Annotated[str, typer.Option("--format", metavar="md|bib|ris", help="option.idea_format")] = "md",
    name: ReaderId = "local",
) -> None:
    from bot.rules import export as files

    if form not in files.IDEA_FORMATS:
        raise UsageError("{name} is no format", key="idea_format", name=form[:20])
    with kit(words, quiet=True) as tools:
        tracked, entries = known(tools, name, number)
        sys.stdout.write(files.idea_file(form, tracked, entries, links(tools.settings)))


@verb
def link(code: Annotated[str, typer.Argument(metavar="CODE", help="option.code")], name: ReaderId = "local") -> None:
    from bot.store import terminals

    with kit(words, quiet=True) as tools, tools.store.write() as session:
        joined = terminals.join(session, name, code.strip().upper(), tools.clock.now())
    if joined is None:
        raise UsageError("no such code", key="bad_code", code=code[:20])
    typer.echo(words("link.joined", reader=joined.id))


# --- what the verbs share ---------------------------------------------------------------------------------------------


def said(parts: Sequence[str]) -> str:
    """The words of the call as one text; of "-", what stands in standard input."""
    return sys.stdin.read() if list(parts) == ["-"] else " ".join(parts)


def known(tools: Kit, name: str, number: int) -> tuple[Tracked, list[Entry]]:
    """An idea of this reader with its journal; raises UsageError where there is none."""
    from bot.store import ideas

    own = reader(tools, name, words)
    with tools.store.read() as session:
        tracked = ideas.tracked(session, own.id, number)
        if tracked is None:
            raise UsageError("no idea {number}", key="unknown_idea", number=number)
        return tracked, ideas.journal(session, own.id, number)


def tell(tracked: Tracked, entries: Sequence[Entry], json_: bool) -> None:
    from bot.rules import export

    if json_:
        print_json(export.idea_record(tracked, entries))
    else:
        show(tables.card(tracked, entries))
