"""Charts as SVG, written by hand: they take the page's colours, light or dark, and weigh a few hundred bytes."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, GAP = 240, 64, 0.22
"""Units of the picture, and the part of a bar's place that stays free."""


def bars(counts: Sequence[int], label: str) -> Markup:
    """A bar a week from zero, the last one dark; ``label`` says in words what is seen."""
    most = max(*counts, 1) if counts else 1
    place = WIDTH / max(len(counts), 8)
    shapes = Markup("").join(
        bar(at * place, count / most * (HEIGHT - 2), place * (1 - GAP), last=at == len(counts) - 1)
        for at, count in enumerate(counts)
    )
    return Markup(
        '<svg class="bars" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/></svg>'
    ).format(WIDTH, HEIGHT, label, shapes, WIDTH, HEIGHT - 0.5, HEIGHT - 0.5)


def bar(x: float, height: float, width: float, *, last: bool) -> Markup:
    height = max(height, 1.0)
    return Markup('<rect{} x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        Markup(' class="last"') if last else "", x, HEIGHT - 1 - height, width, height
    )
