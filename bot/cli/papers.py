"""The verbs about papers: bring them in, show a day, search, look one up."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.verbs import (
    COMPLETE,
    NOTHING,
    PARTIAL,
    Chosen,
    Compute,
    Day,
    Json,
    Limit,
    ReaderId,
    Sample,
    Since,
    Until,
    verb,
    words,
)
from bot.console import as_day, asked_days, chosen, kit, links, print_json, show
from bot.errors import UsageError

Page = Annotated[int, typer.Option("--page", min=1, max=1000, metavar="N", help="option.page")]


@verb
def today(
    day: Day = None, direction: Chosen = None, compute: Compute = None, limit: Limit = None, sample: Sample = False,
    json_: Json = False,
) -> None:  # fmt: skip
    from bot.pipeline import check_days, collect, digest_of
    from bot.rules import export

    with kit(words, sample=sample, quiet=json_) as tools:
        asked = as_day(day)
        check_days(asked, asked, tools.clock.now())
        slugs = chosen(tools.directions, direction)
        collected = collect(tools, asked, asked)
        digest = digest_of(tools, collected.days[-1], slugs, limit, compute, collected.reports)
        if json_:
            print_json(export.digest_json(digest, tools.directions, words.language, links(tools.settings)))
        else:
            from bot import terminal

            show(terminal.digest(digest, tools.directions, words, links(tools.settings)))
    nothing = not digest.complete and not digest.papers_read
    raise typer.Exit(NOTHING if nothing else COMPLETE if digest.complete else PARTIAL)


@verb
def collect(day: Day = None, since: Since = None, until: Until = None, json_: Json = False) -> None:
    from bot import pipeline
    from bot.rules import export

    first, last = asked_days(day, since, until)
    with kit(words, quiet=json_) as tools:
        pipeline.check_days(first, last, tools.clock.now())
        collected = pipeline.collect(tools, first, last)
    if json_:
        reports = [export.report_json(report) for report in collected.reports]
        span = {"first_day": str(collected.days[0]), "last_day": str(collected.days[-1])}
        print_json({**span, "complete": collected.complete, "missing": list(collected.missing), "sources": reports})
    else:
        from bot import terminal

        show(terminal.reports(collected.reports, words))
        if collected.missing:
            typer.echo(words("digest.partial", missing=words("list.and").join(collected.missing)))
    raise typer.Exit(COMPLETE if collected.complete else NOTHING if collected.nothing else PARTIAL)


@verb
def search(
    asked: Annotated[list[str], typer.Argument(metavar="WORDS...", help="option.words")],
    limit: Limit = None, page: Page = 1, name: ReaderId = "local", json_: Json = False,
) -> None:  # fmt: skip
    from bot.pipeline import look_for
    from bot.rules import export

    shown = limit or 10
    with kit(words, quiet=True) as tools:
        found = look_for(tools, " ".join(asked), tools.clock.now().date(), name, (page - 1) * shown, shown)
        if json_:
            print_json({"page": page, **export.found_json(found, links(tools.settings))})
        else:
            from bot import terminal

            names = {known.slug: known.label(words.language) for known in tools.directions}
            show(terminal.found(found, words, links(tools.settings), names, (page - 1) * shown + 1))


@verb
def paper(
    asked: Annotated[str, typer.Argument(metavar="ID", help="option.paper")],
    direction: Annotated[list[str] | None, typer.Option("--direction", metavar="NAME", help="option.doubted")] = None,
    json_: Json = False,
) -> None:
    from bot.pipeline import look_up
    from bot.rules import export
    from bot.rules.ids import find_ids

    ids = find_ids(asked)
    if len(ids) != 1:
        raise UsageError("not an arXiv id", key="not_an_id", asked=asked[:80])
    with kit(words, quiet=json_) as tools:
        slugs = chosen(tools.directions, direction)
        known, judgement = look_up(tools, ids[0])
        doubts = [tools.judge().doubt(known, slug) for slug in slugs]
        if json_:
            record = export.paper_json(known, links(tools.settings))
            print_json({**record, **export.card_json(known, judgement, doubts)})
        else:
            from bot import terminal

            show(terminal.card(known, judgement, tools.directions, words, links(tools.settings), doubts))


@verb
def status(json_: Json = False) -> None:
    from bot.rules import export
    from bot.store import figures, sizes

    with kit(words, quiet=True) as tools, tools.store.read() as session:
        now = figures.status(session, tools.clock.now())
        taken = sizes.room(session, tools.clock.now(), tools.settings.data_dir)
    if json_:
        print_json({**export.status_json(now), **export.room_json(taken)})
    else:
        from bot import terminal

        show(terminal.status(now, words))
        show(terminal.room(taken, now.database_bytes, words))


@verb
def directions(json_: Json = False) -> None:
    from bot.store import judgements

    with kit(words, quiet=True) as tools, tools.store.read() as session:
        counts = judgements.counts_by_direction(session)
    if json_:
        listed = [{"slug": known.slug, "name": known.name, "about": known.about, "papers": counts.get(known.slug, 0)}
                  for known in tools.directions]  # fmt: skip
        print_json({"directions": listed})
    else:
        from bot import terminal

        show(terminal.direction_table(tools.directions, counts, words))
