"""How good the classifier is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from bot.terminal.parts import MEASURES, headed
from bot.wording import Words

if TYPE_CHECKING:
    from bot.classifier.evaluate import Quality, Report


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
