"""Pictures from plain values: a matplotlib Figure, saved as PNG. Legible on a phone, in both languages.

``Figure`` and not ``pyplot``: the latter keeps every figure it ever made. matplotlib has no font with Chinese
characters, so one is looked for where systems keep theirs; where there is none, labels are English.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rules.trends import Trend, Trends

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CJK_FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)
"""Debian's fonts-wqy-microhei and fonts-noto-cjk, Arch, Fedora, macOS, Windows."""
WIDTH, DPI = 7.2, 150
"""Inches and dots an inch: 1,080 points, a phone's width."""
HEAD, ROW = 0.95, 1.05
"""Inches for the title, and for a row of charts."""
COLUMNS, LONGEST_NAME = 2, 31
TOLD_CHANGE = 0.15
"""A smaller change is a week's chance."""
INK, FAINT, RISING, FALLING = "#22303c", "#9aa7b1", "#c0392b", "#6c7a89"
BARS, LAST_BAR = "#b9cfe0", "#1f6f9f"
KINDS = ("#1f6f9f", "#8fb8d4", "#e0a458", "#7a9e7e")
"""Classics, new papers, source code, experiments; told apart in grey and by the colour-blind too."""
PLANNED = "#d5dde3"


def cjk_font() -> Path | None:
    """A font that knows Chinese characters, or None."""
    return next((Path(path) for path in CJK_FONTS if Path(path).exists()), None)


@cache
def font(path: str) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=path) if path else FontProperties()


def can_write(language: str) -> bool:
    """Whether labels of this language can be drawn here."""
    return language != "zh" or cjk_font() is not None


def drawn(chart: str) -> bytes:
    """The picture of a message: a chart's name and its facts as JSON; raises KeyError for a chart of another time."""
    facts = json.loads(chart)
    return DRAW[facts.pop("chart")](**facts)


# --- trends -----------------------------------------------------------------------------------------------------------


def trends_png(trends: Trends, names: Mapping[str, str], texts: Mapping[str, str]) -> bytes:
    """Small bar charts, one a direction, of its papers a week, the last week dark.

    ``names`` are labels by slug; ``texts`` holds ``title`` and ``span``. All in a language that ``can_write``.
    """
    from matplotlib.figure import Figure

    rows = -(-len(trends.trends) // COLUMNS)
    figure = Figure(figsize=(WIDTH, HEAD + ROW * rows), dpi=DPI, facecolor="white")
    chars = font(str(cjk_font() or ""))
    axes = figure.subplots(rows, COLUMNS, squeeze=False).flatten()
    for at, axis in enumerate(axes):
        if at < len(trends.trends):
            panel(axis, trends.trends[at], names[trends.trends[at].slug], chars)
        else:
            axis.set_axis_off()
    frame(figure, texts, chars)
    return saved(figure)


def panel(axis: Any, trend: Trend, name: str, chars: Any) -> None:
    """One direction: a bar a week, from zero, on a scale of its own; above it the last week's number and change."""
    colours = [BARS] * (len(trend.counts) - 1) + [LAST_BAR]
    axis.bar(range(len(trend.counts)), trend.counts, color=colours, width=0.78)
    axis.set_ylim(0, max(*trend.counts, 1) * 1.05)
    axis.set_xlim(-0.6, max(len(trend.counts), 4) - 0.4)
    axis.set_xticks([])
    axis.set_yticks([])
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)
    axis.set_title(shortened(name), fontproperties=chars, fontsize=11.5, color=INK, loc="left", pad=6)
    told, colour = str(trend.counts[-1]), LAST_BAR
    if trend.change is not None and abs(trend.change) >= TOLD_CHANGE:
        told, colour = f"{trend.change:+.0%}   {told}", RISING if trend.change > 0 else FALLING
    axis.set_title(told, fontproperties=chars, fontsize=11.5, color=colour, loc="right", pad=6)


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def frame(figure: Figure, texts: Mapping[str, str], chars: Any) -> None:
    """The title, and what the bars are."""
    height = figure.get_size_inches()[1]
    figure.subplots_adjust(left=0.04, right=0.96, top=1 - 1.02 / height, bottom=0.14 / height, hspace=0.75, wspace=0.12)
    style = {"fontproperties": chars, "va": "top"}
    figure.text(0.04, 1 - 0.14 / height, texts["title"], fontsize=16, color=INK, **style)
    figure.text(0.04, 1 - 0.47 / height, texts["span"], fontsize=10, color=FAINT, **style)


# --- weeks of reading -------------------------------------------------------------------------------------------------


def weeks_png(
    title: str, subtitle: str, mark: str, legend: Sequence[str], labels: Sequence[str], planned: Sequence[int],
    done: Sequence[Sequence[int]],
) -> bytes:  # fmt: skip
    """Items done in each of some weeks (oldest first), piled up by kind, in front of what was planned.

    ``done`` has the numbers of each week in the order of ``legend``; ``mark`` stands in the corner, large.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, 4.8), dpi=DPI, facecolor="white")
    chars = font(str(cjk_font() or ""))
    axis = figure.subplots()
    pile(axis, legend, planned, done)
    axis.set_xlim(-0.6, max(len(labels), 4) - 0.4)
    axis.set_ylim(0, max(*planned, *map(sum, done), 4) * 1.12)
    axis.set_yticks([])
    axis.set_xticks(range(len(labels)), labels, fontproperties=chars, fontsize=min(12, 108 / len(labels)), color=INK)
    axis.tick_params(length=0, pad=6)
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)
    figure.subplots_adjust(left=0.04, right=0.96, top=0.79, bottom=0.2)
    figure.legend(loc="lower center", ncols=len(legend) + 1, frameon=False, prop=sized(chars, 11.5),
                  handlelength=1.0, handletextpad=0.4, columnspacing=1.1)  # fmt: skip
    style = {"fontproperties": chars, "va": "top"}
    figure.text(0.04, 0.965, title, fontsize=17, color=INK, **style)
    figure.text(0.04, 0.885, subtitle, fontsize=12, color=FALLING, **style)
    figure.text(0.96, 0.965, mark, fontsize=17, color=LAST_BAR, ha="right", **style)
    return saved(figure)


def pile(axis: Any, legend: Sequence[str], planned: Sequence[int], done: Sequence[Sequence[int]]) -> None:
    """The bars, and over each what was done of what was planned."""
    places = range(len(planned))
    axis.bar(places, planned, width=0.78, color="none", edgecolor=PLANNED, linewidth=1.6, label=None)
    floor = [0] * len(planned)
    for at, name in enumerate(legend):
        heights = [week[at] for week in done]
        axis.bar(places, heights, width=0.78, bottom=floor, color=KINDS[at], label=name)
        floor = [low + height for low, height in zip(floor, heights, strict=True)]
    for place, total, plan in zip(places, floor, planned, strict=True):
        told = f"{total}/{plan}" if plan else ""
        axis.text(place, max(total, plan) + 0.12, told, ha="center", va="bottom", fontsize=12.5, color=INK)


def sized(chars: Any, size: float) -> Any:
    """The font in another size."""
    other = chars.copy()
    other.set_size(size)
    return other


# --- weeks of an idea -------------------------------------------------------------------------------------------------

GRADES = ("#c0392b", "#e0a458", "#8fb8d4")
"""Very close, close, perhaps useful; told apart in grey too."""


def nearness_png(
    title: str, subtitle: str, legend: Sequence[str], labels: Sequence[str], counts: Sequence[Sequence[int]]
) -> bytes:
    """The papers that came near an idea in each of some weeks (oldest first), piled up by grade, nearest at the bottom.

    ``counts`` has the numbers of each week in the order of ``legend``, all in a language that ``can_write``.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, 4.2), dpi=DPI, facecolor="white")
    chars = font(str(cjk_font() or ""))
    axis = figure.subplots()
    below = [0] * len(labels)
    for at, (name, colour) in enumerate(zip(legend, GRADES, strict=True)):
        heights = [week[at] for week in counts]
        axis.bar(range(len(labels)), heights, bottom=below, color=colour, width=0.7, label=name)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    for place, total in enumerate(below):
        axis.annotate(str(total or ""), (place, total), ha="center", va="bottom", fontsize=11, color=INK)
    axis.set_ylim(0, max(*below, 4) * 1.15)
    axis.set_xlim(-0.6, len(labels) - 0.4)
    axis.set_yticks([])
    axis.set_xticks(range(len(labels)), labels, fontproperties=chars, fontsize=11, color=INK)
    axis.tick_params(length=0, pad=6)
    for side in ("left", "right", "top"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)
    figure.subplots_adjust(left=0.04, right=0.96, top=0.78, bottom=0.22)
    figure.legend(loc="lower center", ncols=len(legend), frameon=False, prop=sized(chars, 11.5), handlelength=1.0)
    style = {"fontproperties": chars, "va": "top"}
    figure.text(0.04, 0.965, title, fontsize=16, color=INK, **style)
    figure.text(0.04, 0.88, subtitle, fontsize=11, color=FALLING, **style)
    return saved(figure)


DRAW = {"weeks": weeks_png}


def saved(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()
