"""Likes and dislikes: what a reader thinks, and what it changes."""

from __future__ import annotations

from bot.chat.html import plain
from bot.chat.render.card import told_taste
from bot.chat.talk import Talk
from bot.models import Judgement, Paper
from bot.rules.relevance import Opinion, reasons
from bot.store import judgements, papers, readers

MOST_OPINIONS = 300
"""The latest ones; tastes change."""


def opinions_of(talk: Talk) -> list[Opinion]:
    """What this reader thinks of which papers, the latest first."""
    with talk.kit.store.read() as session:
        values = dict(list(readers.opinions(session, talk.reader.id).items())[:MOST_OPINIONS])
        known = papers.by_id(session, list(values))
        judged = judgements.by_id(session, list(values))
    return [Opinion(known[id_], judged[id_], value) for id_, value in values.items()]


def told_change(talk: Talk, paper: Paper, judgement: Judgement, value: float) -> str:
    """What a like or a dislike just did, in a line: ``Noted: “benchmark” lowered after 3 dislikes``."""
    words = talk.words
    if not value:
        return words("opinion.undone")
    moved = [taste for taste in reasons(paper, judgement, opinions_of(talk), most=9) if taste.weight * value > 0]
    noted = words("opinion.liked" if value > 0 else "opinion.disliked")
    return f"{noted} {plain(told_taste(moved[0], words))}" if moved else noted
