"""The verbs about the classifier: judge papers, train it, measure it."""

from __future__ import annotations

import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.verbs import Json, verb, words
from bot.console import kit, opened, print_json, show
from bot.errors import UsageError


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
    from bot.settings import configured
    from bot.training import measure, measure_anew

    with kit(words, quiet=json_) as tools:
        if cross_validate:
            report = measure_anew(tools, gold, configured("labels.csv"), files or [])
        else:
            report, seen = measure(tools, gold, configured("labels.csv"))
            if seen:
                typer.echo(words.count("evaluate.seen", seen), err=True)
    if json_:
        from bot.classifier.evaluate import as_json

        print_json(as_json(report))
    else:
        from bot import terminal

        show(terminal.quality(report, words))
