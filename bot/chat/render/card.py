"""One paper by itself: its card, and why it was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.chat.context import pressed
from bot.chat.html import escape, units
from bot.chat.render.library import card_row, remarks
from bot.chat.render.parts import (
    MOST_UNITS,
    Row,
    about,
    abstract,
    authors,
    day,
    lines,
    safe,
    size,
    terms,
    title,
)
from bot.models import Assignment, Button, Doubt, Judgement, Message, Paper, SavedPaper
from bot.rules.foreign import web_address
from bot.rules.ranking import rank_of
from bot.rules.relevance import Taste
from bot.wording import Words

CARD_AUTHORS = 6
LONG_ABSTRACT = 900
"""Units from which on an abstract is folded."""


def card(
    paper: Paper, judgement: Judgement, words: Words, links: Mapping[str, str], names: Mapping[str, str],
    opinion: float = 0, *, saved: SavedPaper | None = None, back: bool = False,
) -> Message:  # fmt: skip
    """All that is known of one paper, its abstract as far as it fits, and what can be done with it."""
    head = lines(
        f"<b>{title(paper, links)}</b>",
        authors(paper, words, CARD_AUTHORS),
        " · ".join(
            part
            for part in (f"{paper.id}v{paper.version}", safe(" ".join(paper.categories[:5]), 80), day(paper, words))
            if part
        ),
        about(paper, judgement.compute, words),
        f"⚠ {words('paper.withdrawn')}" if paper.withdrawn else "",
    )
    parts = [
        head,
        directions(judgement.directions, words, names),
        f"<i>{safe(paper.summary, 400)}</i>" if paper.summary else "",
        remarks(saved) if saved else "",
    ]
    html = "\n\n".join(part for part in parts if part)
    left = MOST_UNITS - size(html) - 2
    if told := abstract(paper.abstract):
        long = " expandable" if units(told) > LONG_ABSTRACT else ""
        html += f"\n\n<blockquote{long}>{safe(told, left)}</blockquote>"
    return Message(html, tuple(card_buttons(paper, words, links, opinion, saved=saved, back=back)), (paper.id,))


def directions(found: Sequence[Assignment], words: Words, names: Mapping[str, str]) -> str:
    if not found:
        return words("paper.no_direction")
    return "\n".join(
        lines(
            f"▍<b>{escape(names.get(one.slug, one.slug))}</b> {one.probability:.0%}",
            f"<i>{terms(one.evidence)}</i>" if one.evidence else "",
        )
        for one in found
    )


def card_buttons(
    paper: Paper, words: Words, links: Mapping[str, str], opinion: float, *, saved: SavedPaper | None, back: bool
) -> list[Row]:
    code = web_address(paper.code_url)
    opening = [
        Button(words("card.abstract"), url=links["abstract"].format(id=paper.id)),
        Button("PDF", url=links["pdf"].format(id=paper.id)),
        *([Button(words("card.code"), url=code)] if code else []),
    ]
    judging = (
        Button(words("card.liked" if opinion > 0 else "card.like"), pressed("like", paper.id)),
        Button(words("card.disliked" if opinion < 0 else "card.dislike"), pressed("dislike", paper.id)),
        Button(words("card.saved" if saved else "card.save"), pressed("save", paper.id)),
    )
    more = (
        Button(words("card.similar"), pressed("similar", paper.id, 0)),
        Button(words("card.why"), pressed("why", paper.id)),
    )
    rows = [tuple(opening), judging, *([card_row(saved, words)] if saved else []), more]
    return [*rows, (Button(words("card.back"), pressed("back")),)] if back else rows


def why(
    paper: Paper, judgement: Judgement, words: Words, links: Mapping[str, str], names: Mapping[str, str],
    tastes: Sequence[Taste], personal: float = 0.0,
) -> Message:  # fmt: skip
    """Which words decided, and what this reader's likes and dislikes added."""
    compute = judgement.compute
    parts = [
        lines(f"<b>{words('why.title')}</b>", title(paper, links)),
        *([words("why.none")] if not judgement.directions else [words("why.words")]),
        *(reasons(paper, one, judgement, personal, words, names) for one in judgement.directions),
        words("why.compute", badge=words(f"compute.{compute.level}"), phrase=safe(compute.evidence, 120))
        if compute.evidence and compute.level in ("low", "medium", "high")
        else "",
        lines(words("why.taste"), *(f"• {told_taste(taste, words)}" for taste in tastes)) if tastes else "",
    ]
    back = (Button(words("why.card"), pressed("card", paper.id)),)
    return Message("\n\n".join(part for part in parts if part), (back,), (paper.id,))


def doubted(paper: Paper, doubt: Doubt, words: Words, links: Mapping[str, str], names: Mapping[str, str]) -> Message:
    """Why a paper does not stand under a direction, or what spoke against it although it does."""
    name = f"<b>{escape(names.get(doubt.slug, doubt.slug))}</b>"
    told = " · ".join(f"{safe(item.term, 40)} {item.weight:+.2f}" for item in doubt.against)
    said = words(f"why.{doubt.verdict}", name=name, probability=f"{doubt.probability:.0%}", terms=told)
    back = (Button(words("why.card"), pressed("card", paper.id)),)
    return Message(lines(title(paper, links), said), (back,), (paper.id,))


def reasons(
    paper: Paper, one: Assignment, judgement: Judgement, personal: float, words: Words, names: Mapping[str, str]
) -> str:
    """Why a paper belongs to a direction, and what its place there is made of."""
    shown = " · ".join(f"{safe(item.term, 40)} {item.weight:+.2f}" for item in one.evidence)
    rank = asdict(rank_of(paper, one, judgement.compute, personal=personal))
    parts = " ".join(f"{words(f'rank.{name}')} {value:+.2f}" for name, value in rank.items() if abs(value) >= 0.005)
    heading = f"▍<b>{escape(names.get(one.slug, one.slug))}</b> {one.probability:.0%}"
    return lines(heading, shown, f"<i>{words('why.rank', parts=parts)}</i>" if parts else "")


def told_taste(taste: Taste, words: Words) -> str:
    """``“benchmark” lowered after 3 dislikes``."""
    term = safe(taste.term, 40)
    if taste.weight > 0:
        return words.count("taste.lifted", max(1, taste.likes), term=term)
    return words.count("taste.lowered", max(1, taste.dislikes), term=term)
