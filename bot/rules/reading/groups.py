"""The common plan of a group: papers and the turn to present go round among its members."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.models import GroupWeek, Share


def assign(papers: Sequence[str], members: Sequence[str], history: Sequence[GroupWeek], monday: date) -> GroupWeek:
    """Who takes which of ``papers``, best first, and who presents, after ``history``, oldest first.

    Whoever has not presented for the longest time presents, and takes the first paper; the others are dealt out in the
    order in which members last had one. Who never had a turn comes first, in the order of ``members``.
    """
    if not members or not papers:
        return GroupWeek(monday)
    presenter = longest_ago(members, [week.presenter for week in history])[0]
    takers = longest_ago(members, [share.member for week in history for share in week.shares])
    takers = [presenter, *(member for member in takers if member != presenter)]
    shares = tuple(Share(paper, takers[at % len(takers)]) for at, paper in enumerate(papers))
    return GroupWeek(monday, shares, presenter)


def longest_ago(members: Iterable[str], turns: Iterable[str]) -> list[str]:
    """``members`` by their last turn, the longest ago first."""
    last = {member: at for at, member in enumerate(turns)}
    return sorted(dict.fromkeys(members), key=lambda member: last.get(member, -1))
