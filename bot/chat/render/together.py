"""A group's common plan as a screen, and its weekly summary, which names people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.chat.context import pressed
from bot.chat.render.parts import Row, in_rows, lines, link, safe
from bot.chat.render.plan import LONGEST_TITLE, span
from bot.models import Button, GroupWeek, Message, Share
from bot.models.summaries import GroupSummary
from bot.wording import Words

LONGEST_NAME = 40
MOST_NAMES = 20
Names = Mapping[str, str]


def group_screen(week: GroupWeek, names: Names, titles: Names, words: Words, links: Names) -> Message:
    """Who reads what this week; anybody of the group may press."""
    if not names:
        text = lines(f"👥 <b>{words('group.title')}</b>\n", words("group.hello"))
        return Message(text, ((join(week.monday, words),),))
    html = lines(
        f"👥 <b>{words('group.title')}</b> · {span(week.monday, words)}",
        f"{words('group.members')}{words('list.colon')}{told_names(names, words)}",
        presents(week, names, words) + "\n",
        shares(week, names, titles, words, links),
        f"\n{words('group.how')}" if week.shares else "",
    )
    return Message(html, buttons(week, words))


def buttons(week: GroupWeek, words: Words) -> tuple[Row, ...]:
    numbers = [Button(str(at), pressed("crew", "take", week.monday, at)) for at in range(1, len(week.shares) + 1)]
    present = Button(words("group.present"), pressed("crew", "present", week.monday, 0))
    leave = Button(words("group.leave"), pressed("crew", "leave", week.monday, 0))
    settings = Button(words("plan.settings"), pressed("habit", "main"))
    return (*in_rows(numbers, 8), (present, settings), (join(week.monday, words), leave))


def join(monday: date, words: Words) -> Button:
    return Button(words("group.join"), pressed("crew", "join", monday, 0))


def told_names(names: Names, words: Words) -> str:
    return words("list.comma").join(safe(name, LONGEST_NAME) for name in list(names.values())[:MOST_NAMES])


def presents(week: GroupWeek, names: Names, words: Words) -> str:
    presenter = safe(names.get(week.presenter, ""), LONGEST_NAME)
    return words("group.presents", name=presenter) if presenter else words("group.nobody_presents")


def shares(week: GroupWeek, names: Names, titles: Names, words: Words, links: Names) -> str:
    """The papers with their readers, a line each: ``2. ✅ Title — Ada``."""
    told = (share_line(at, share, names, titles, words, links) for at, share in enumerate(week.shares, 1))
    return "\n".join(told) or words("group.no_papers")


def share_line(at: int, share: Share, names: Names, titles: Names, words: Words, links: Names) -> str:
    who = safe(names.get(share.member, ""), LONGEST_NAME) or words("group.nobody")
    title = link(links["abstract"].format(id=share.paper), safe(titles.get(share.paper, share.paper), LONGEST_TITLE))
    return f"<b>{at}.</b> {'✅' if share.finished else '▫️'} {title} — {who}"


def group_summary(summary: GroupSummary, words: Words, links: Names) -> Message:
    """Who finished what, who presented, and who takes what next week."""
    names, titles = summary.names, summary.titles
    parts = [f"👥 <b>{words('group.summary')}</b>"]
    if (week := summary.week) and week.shares:
        done = sum(share.finished for share in week.shares)
        told = words("plan.progress", done=done, planned=len(week.shares))
        parts.append(lines(
            f"<b>{span(week.monday, words)}</b> · {told}",
            shares(week, names, titles, words, links),
            presents(week, names, words) if week.presenter in names else "",
        ))  # fmt: skip
    following = summary.following
    parts.append(lines(
        f"📅 <b>{words('plan.next_week')}</b> · {span(following.monday, words)}",
        shares(following, names, titles, words, links),
        presents(following, names, words) if following.shares else "",
    ))  # fmt: skip
    opened = Button(words("group.open"), pressed("plan", following.monday))
    return Message("\n\n".join(parts), ((opened, join(following.monday, words)),))
