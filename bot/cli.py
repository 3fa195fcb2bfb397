"""The ``qiaojin`` command: each verb a few lines; what is heavy is imported inside the verb that needs it."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main

from bot import __version__
from bot.console import as_day, asked_days, chosen, kit, links, opened, print_json, show
from bot.errors import QiaojinError, UsageError
from bot.wording import LANGUAGES, Words, preferred_language

# Help texts are keys of the catalogues; `command_in` puts the words of the language in their place.
Day = Annotated[str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="option.day")]
Since = Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="option.since")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="option.until")]
Json = Annotated[bool, typer.Option("--json", help="option.json")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, max=1000, metavar="N", help="option.limit")]
Chosen = Annotated[list[str] | None, typer.Option("--direction", metavar="NAME", help="option.direction")]
Sample = Annotated[bool, typer.Option("--sample", help="option.sample")]

COMPLETE, NOTHING, PARTIAL = 0, 1, 3
"""Exit statuses; 2 is wrong usage."""
VERBS: list[Callable[..., None]] = []
words: Words
"""The voice of this run; set once by ``main``."""


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Make ``function`` a verb of the command; an error that we know becomes one sentence and an exit status."""

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except QiaojinError as error:
            complain(error)
            raise typer.Exit(error.exit_status) from error

    VERBS.append(told)
    return told


def complain(error: QiaojinError) -> None:
    typer.secho(f"qiaojin: {words.error(error)}", err=True, fg="red")


@verb
def today(
    day: Day = None, direction: Chosen = None, limit: Limit = None, sample: Sample = False, json_: Json = False
) -> None:
    from bot.pipeline import check_days, collect, digest_of
    from bot.rules import export

    with kit(words, sample=sample, quiet=json_) as tools:
        asked = as_day(day)
        check_days(asked, asked, tools.clock.now())
        slugs = chosen(tools.directions, direction)
        collected = collect(tools, asked, asked)
        digest = digest_of(tools, collected.days[-1], slugs, limit, collected.reports)
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
def classify(file: Annotated[Path | None, typer.Argument(help="option.file", show_default=False)] = None) -> None:
    from bot.classifying import answers
    from bot.settings import configured, load_settings

    load_settings()  # a wrong setting stops every verb, this one too
    # It dies of Ctrl-C as every filter does, and its workers with it: a KeyboardInterrupt that arises in a callback of
    # the pool would only be reported. https://docs.python.org/3/library/sys.html#sys.unraisablehook
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    bad = good = 0
    with opened(file) as lines, closing(answers(lines, configured("model.npz"))) as told:
        for answer in told:
            for complaint in answer.complaints:
                why = words(f"line.{complaint.why}")
                typer.secho(words("classify.bad_line", number=complaint.number, why=why), err=True)
            sys.stdout.write(answer.text)
            bad, good = bad + len(answer.complaints), good + answer.papers
    if bad and not good:
        raise UsageError("not JSON lines", key="not_json_lines", path=file or "-")


@verb
def search(
    asked: Annotated[list[str], typer.Argument(metavar="WORDS...", help="option.words")],
    limit: Limit = None, json_: Json = False,
) -> None:  # fmt: skip
    from bot.rules import export
    from bot.store.search import search as find

    with kit(words, quiet=True) as tools:
        with tools.store.read() as session:
            hits = find(session, " ".join(asked), limit or 10, tools.terms())
        if json_:
            shown = [export.paper_json(hit.paper, links(tools.settings)) for hit in hits]
            scored = [{**paper, "score": hit.score, "loose": hit.loose} for paper, hit in zip(shown, hits, strict=True)]
            print_json({"papers": scored})
        else:
            from bot import terminal

            if any(hit.loose for hit in hits):
                typer.echo(words("search.loose"))
            show(terminal.found([hit.paper for hit in hits], words, links(tools.settings)))


@verb
def paper(asked: Annotated[str, typer.Argument(metavar="ID", help="option.paper")], json_: Json = False) -> None:
    from bot.pipeline import look_up
    from bot.rules import export
    from bot.rules.ids import find_ids

    ids = find_ids(asked)
    if len(ids) != 1:
        raise UsageError("not an arXiv id", key="not_an_id", asked=asked[:80])
    with kit(words, quiet=json_) as tools:
        known, judgement = look_up(tools, ids[0])
        if json_:
            record = export.paper_json(known, links(tools.settings))
            print_json({**record, **export.card_json(known, judgement)})
        else:
            from bot import terminal

            show(terminal.card(known, judgement, tools.directions, words, links(tools.settings)))


@verb
def status(json_: Json = False) -> None:
    from bot.rules import export
    from bot.store import figures

    with kit(words, quiet=True) as tools, tools.store.read() as session:
        now = figures.status(session)
    if json_:
        print_json(export.status_json(now))
    else:
        from bot import terminal

        show(terminal.status(now, words))


@verb
def directions(json_: Json = False) -> None:
    from bot.store import papers

    with kit(words, quiet=True) as tools, tools.store.read() as session:
        counts = papers.counts_by_direction(session)
    if json_:
        listed = [{"slug": known.slug, "name": known.name, "about": known.about, "papers": counts.get(known.slug, 0)}
                  for known in tools.directions]  # fmt: skip
        print_json({"directions": listed})
    else:
        from bot import terminal

        show(terminal.direction_table(tools.directions, counts, words))


@verb
def serve() -> None:
    from bot import app
    from bot.settings import load_settings

    app.serve(load_settings())


@verb
def train(
    labels: Annotated[Path | None, typer.Option("--labels", metavar="FILE", help="option.labels")] = None,
    files: Annotated[list[Path] | None, typer.Option("--papers", metavar="FILE", help="option.papers")] = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="option.output")] = None,
) -> None:
    from bot.settings import config_dir, configured
    from bot.training import train_model

    place = output or config_dir() / "model.npz"
    with kit(words) as tools:
        used = train_model(tools, labels or configured("labels.csv"), files or [], place)
    typer.echo(words.count("train.done", used, path=place))


@verb
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="option.gold")],
    cross_validate: Annotated[bool, typer.Option("--cross-validate", help="option.cross_validate")] = False,
    files: Annotated[list[Path] | None, typer.Option("--papers", metavar="FILE", help="option.papers")] = None,
    json_: Json = False,
) -> None:
    from bot.app import load_classifier
    from bot.classifier import evaluate as measure
    from bot.settings import configured
    from bot.training import texts_in

    rows = measure.read_gold(gold)
    if cross_validate:
        texts = {id_: text for file in files or [] for id_, text in texts_in(file).items()}
        folds = measure.cross_validate(configured("labels.csv"), texts | {row.id: row for row in rows})
        report = folds.pooled
    else:
        seen = len(measure.seen_in_training(configured("labels.csv"), rows))
        if seen:
            typer.echo(words.count("evaluate.seen", seen), err=True)
        report = measure.evaluate(load_classifier(), rows)
    if json_:
        print_json(measure.as_json(report))
    else:
        from bot import terminal

        show(terminal.quality(report, words))


# --- the command itself -----------------------------------------------------------------------------------------------


def command_in(words: Words) -> Any:
    """The command with its help in one language."""
    app = typer.Typer(
        name="qiaojin",
        help=words("help.qiaojin"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,  # rich's help tables cut Chinese off, and are slow to import
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
    )
    app.callback()(common)
    for function in VERBS:
        name = function.__name__
        app.command(name, help=words(f"help.{name}"), epilog=words(f"example.{name}"))(function)
    command: Any = typer.main.get_command(app)
    for part in (command, *command.commands.values()):
        for parameter in part.params:
            if (parameter.help or "").startswith("option."):
                parameter.help = words(parameter.help)
    return command


def show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"qiaojin {__version__}")
        raise typer.Exit


def common(
    language: Annotated[str | None, typer.Option("--language", metavar="zh|en", help="option.language")] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=show_version, help="option.version")] = (
        False
    ),
) -> None:
    """The options that stand before a verb; ``--language`` has been read before the command was built."""


def take_language(arguments: list[str]) -> tuple[str, list[str]]:
    """The value of ``--language``, wherever it stands, and the arguments without it."""
    asked, queue = "", iter(arguments)
    rest: list[str] = []
    for argument in queue:
        if argument == "--":
            return asked, [*rest, argument, *queue]
        if argument == "--language":
            asked = next(queue, "")
        elif argument.startswith("--language="):
            asked = argument.partition("=")[2]
        else:
            rest.append(argument)
            continue
        if asked not in LANGUAGES:
            raise UsageError("--language: zh or en", key="unknown_language", asked=asked[:20])
    return asked, rest


def main() -> None:
    """Entry of the console script."""
    global words
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write a character shows a question mark for it
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words = Words(preferred_language(os.environ.get("QIAOJIN_LANGUAGE", "")))
    try:
        asked, arguments = take_language(sys.argv[1:])
    except UsageError as error:
        complain(error)
        sys.exit(error.exit_status)
    if asked:
        words = Words(preferred_language(asked))
    try:
        command_in(words)(arguments, prog_name="qiaojin")
    except BrokenPipeError:  # `qiaojin today | head` is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
