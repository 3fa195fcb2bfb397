"""Lists of papers, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.context import pressed
from bot.chat.render.parts import Row, authors, day, lines, numbered, title
from bot.models import Button, Message, Paper
from bot.wording import Words

PER_PAGE = 6


def paper_page(
    heading: str, papers: Sequence[Paper], total: int, page: int, words: Words, links: Mapping[str, str],
    turn: tuple[str | int, ...], extra: Sequence[Row] = (),
) -> Message:  # fmt: skip
    """Page ``page`` (from 0) of a list that has ``total`` papers; ``turn`` is what a button says to turn to another."""
    first = page * PER_PAGE + 1
    entries = [entry(number, paper, words, links) for number, paper in enumerate(papers, start=first)]
    ids = tuple(paper.id for paper in papers)
    rows = [*numbered(first, ids), *pager(turn, page, pages(total)), *extra]
    return Message("\n\n".join([heading, *entries]), tuple(rows), ids)


def entry(number: int, paper: Paper, words: Words, links: Mapping[str, str]) -> str:
    details = [authors(paper, words), day(paper, words), f"♥ {paper.upvotes}" if paper.upvotes else ""]
    return lines(f"<b>{number}.</b> {title(paper, links)}", " · ".join(part for part in details if part))


def pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))


def pager(turn: tuple[str | int, ...], page: int, last: int) -> list[Row]:
    """``‹ 2/5 ›``; nothing for a list of one page."""
    if last < 2:
        return []
    back = [Button("‹", pressed(*turn, page - 1))] if page else []
    on = [Button("›", pressed(*turn, page + 1))] if page + 1 < last else []
    return [(*back, Button(f"{page + 1}/{last}", pressed("still")), *on)]
