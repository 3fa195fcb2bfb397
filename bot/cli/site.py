"""The verb that writes the web archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.verbs import Sample, verb_of, words
from bot.console import kit


@verb_of("site")
def build(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="option.site_folder", show_default=False)],
    sample: Sample = False,
) -> None:
    from bot import pipeline, site

    with kit(words, sample=sample) as tools:
        if sample:
            pipeline.collect(tools)
        built = site.build(tools, folder)
    typer.echo(words.count("site.built", built.papers, days=built.days, path=folder, **built.files._asdict()))
    if not built.has_address:
        typer.secho(words("site.no_address"), err=True)
