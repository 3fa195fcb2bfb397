"""The weekly summary and the statistics: what was planned, what was done, and the picture of the weeks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot import charts
from bot.chat.context import pressed
from bot.chat.html import MOST, plain, split, units
from bot.chat.render import ideas
from bot.chat.render.parts import lines, safe, title
from bot.chat.render.plan import (
    LONGEST_TAKEAWAY,
    MARKS,
    Voice,
    direction_name,
    line,
    minutes,
    name,
    part,
    short,
    span,
    stars,
    title_of,
)
from bot.models import Button, Figures, Item, ItemKind, ItemState, Message, Week
from bot.models.summaries import Summary
from bot.rules.reading import done_by_kind, planned
from bot.wording import Words

MOST_CAPTION = 1024
"""Units of the text under a picture: https://core.telegram.org/bots/api#sendphoto"""
MOST_MONTHS, MOST_DIRECTIONS = 6, 6
MISSED_FOR_LONG = 2
GAP = "\n\n"


# --- the summary ------------------------------------------------------------------------------------------------------


def summary_messages(summary: Summary, voice: Voice) -> tuple[Message, ...]:
    """One message with its picture; where the text is too long to go under a picture, the picture goes first."""
    html = GAP.join(part for part in sections(summary, voice) if part)
    buttons = summary_buttons(summary, voice.words)
    picture = chart(summary.history, summary.figures, voice.words) if any(map(planned, summary.history)) else ""
    if picture and units(plain(html)) <= MOST_CAPTION:
        return (Message(html, buttons, picture=picture),)
    texts = split(html, MOST)
    said = [Message(text) for text in texts[:-1]] + [Message(texts[-1], buttons)]
    return (*([Message("", picture=picture)] if picture else []), *said)


def sections(summary: Summary, voice: Voice) -> Iterator[str]:
    words = voice.words
    if planned(summary.week) or summary.following:
        head = f"📊 <b>{words('plan.week_past')}</b> · {span(summary.week.monday, words)}"
        yield lines(head, verdict(summary, words))
        yield outcome(summary.week, voice)
        yield takeaways(summary.week, voice)
    if summary.ideas:
        yield lines(f"<b>{words('plan.ideas')}</b>", ideas.week(summary.ideas, words, voice.links))
    if summary.liked:
        yield liked(summary, voice)
    if summary.following:
        yield following(summary.following, summary, voice)


def verdict(summary: Summary, words: Words) -> str:
    """How much of the plan was done, and what that means."""
    of_week = planned(summary.week)
    done = [item for item in of_week if item.state is ItemState.DONE]
    if not of_week:
        return words("plan.was_empty")
    if not done and summary.day < summary.week.monday + timedelta(5):
        return words("plan.nothing_yet")
    if not done:
        return words("plan.missed_again" if summary.missed >= MISSED_FOR_LONG else "plan.missed")
    spent = minutes(sum(item.spent or item.minutes for item in done), words)
    streak = words.count("plan.streak", summary.figures.streak) if summary.figures.streak > 1 else ""
    told = words("plan.progress", done=len(done), planned=len(of_week))
    return " · ".join(one for one in (told, words("plan.spent", span=spent), streak) if one)


def outcome(week: Week, voice: Voice) -> str:
    """The items one by one, what was done and what goes on; nothing where nothing was done."""
    of_week = planned(week)
    done = any(item.state is ItemState.DONE for item in of_week)
    return "\n".join(outcome_line(item, voice) for item in of_week) if done else ""


def outcome_line(item: Item, voice: Voice) -> str:
    mark = "✅" if item.state is ItemState.DONE else "⏭"
    rated = f" {stars(item.stars)}" if item.stars else ""
    told = (name(item, voice.links), part(item, voice.words))
    return f"{mark} {MARKS[item.kind]} {' · '.join(one for one in told if one)}{rated}"


def takeaways(week: Week, voice: Voice) -> str:
    said = [item for item in week.items if item.takeaway]
    told = (f"💡 {safe(item.takeaway, LONGEST_TAKEAWAY)}\n— {safe(title_of(item), 80)}" for item in said)
    return lines(f"<b>{voice.words('plan.takeaways')}</b>", *told) if said else ""


def liked(summary: Summary, voice: Voice) -> str:
    """Papers that several readers liked: how many, and never who."""
    words = voice.words
    told = (f"• {title(paper, voice.links)} · {words.count('plan.likes', n)}" for paper, n in summary.liked)
    return lines(f"<b>{words('plan.liked')}</b>", *told)


def following(week: Week, summary: Summary, voice: Voice) -> str:
    """Next week's plan, which holds unless the reader changes it; of a late summary, it is this week's."""
    words, live = voice.words, [item for item in week.items if item.state.is_live]
    shown = [item for item in live if item.state is ItemState.PLANNED]
    asked, waiting = (sum(item.state is state for item in live) for state in (ItemState.ASKED, ItemState.WAITING))
    return lines(
        f"📅 <b>{words('plan.this_week' if week.monday <= summary.day else 'plan.next_week')}</b>"
        f" · {span(week.monday, words)}",
        words("plan.lighter") if shown and summary.missed >= MISSED_FOR_LONG else "",
        *(f"{line(item, words, voice.links)}{weekday(item, words)}" for item in shown),
        f"⏳ {words.count('plan.many_waiting', waiting)}" if waiting else "",
        f"❔ {words.count('plan.many_asked', asked)}" if asked else "",
        words("plan.holds" if shown else "plan.decide" if asked else "plan.nothing_left"),
    )


def weekday(item: Item, words: Words) -> str:
    return f" · {words(f'weekday.{item.day.weekday()}')}" if item.day else ""


def summary_buttons(summary: Summary, words: Words) -> tuple[tuple[Button, ...], ...]:
    if not summary.following:
        return ()
    monday = summary.following.monday
    accept = Button(words("plan.accept"), pressed("accept", monday))
    change = Button(words("plan.change"), pressed("change", monday))
    return (accept, change), (Button(words("plan.settings"), pressed("tune")),)


# --- the picture ------------------------------------------------------------------------------------------------------


def chart(weeks: Sequence[Week], figures: Figures, words: Words) -> str:
    """The weeks as a picture to be drawn, in the reader's language where this machine can write it."""
    words = words if charts.can_write(words.language) else Words("en")
    first, last = weeks[0].monday, weeks[-1].monday + timedelta(6)
    done = [done_by_kind(week) for week in weeks]
    facts = {
        "chart": "weeks",
        "title": words("plan.chart"),
        "subtitle": words("plan.chart_about", first=short(first, words), last=short(last, words)),
        "mark": words.count("plan.streak", figures.streak) if figures.streak > 1 else "",
        "legend": [words(f"plan.kind.{kind}") for kind in ItemKind],
        "labels": [f"{week.monday.month}/{week.monday.day}" if words.language == "zh" else short(week.monday, words)
                   for week in weeks],
        "planned": [len(planned(week)) for week in weeks],
        "done": [[counts[kind] for kind in ItemKind] for counts in done],
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False)


# --- statistics -------------------------------------------------------------------------------------------------------


def statistics(figures: Figures, voice: Voice) -> str:
    """All that was done so far, as the caption of a picture."""
    words = voice.words
    by_kind = " · ".join(f"{MARKS[kind]} {figures.by_kind.get(kind, 0)}" for kind in ItemKind)
    best = list(figures.by_direction.items())[:MOST_DIRECTIONS]
    directions = words("list.comma").join(f"{direction_name(slug, voice)} {number}" for slug, number in best)
    months = (words("plan.month", month=f"{month.first:%Y-%m}", done=sum(month.done.values()),
                    span=minutes(month.minutes, words)) for month in figures.months[-MOST_MONTHS:])  # fmt: skip
    return lines(
        f"<b>{words('plan.stats_title')}</b>",
        words("plan.stats_all", done=figures.done, planned=figures.planned, span=minutes(figures.minutes, words)),
        by_kind,
        words("plan.stats_streak", streak=figures.streak, longest=figures.longest),
        f"{words('plan.stats_directions')}{words('list.colon')}{directions}" if directions else "",
        *months,
    )
