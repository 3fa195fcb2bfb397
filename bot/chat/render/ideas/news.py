"""The section about ideas: of a digest, and of a weekly summary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.chat.context import pressed
from bot.chat.render.ideas.card import STATUS_ICONS, short
from bot.chat.render.ideas.near import ICONS, grade, linked, phrases_of
from bot.chat.render.parts import lines, safe
from bot.models import Button
from bot.models.ideas import Grade, Idea, Near
from bot.models.tracking import IdeaNews, IdeaPapers, IdeasWeek, IdeaWeek, Revision
from bot.wording import Words

MOST_IDEAS, MOST_REVISIONS, MOST_SENTENCES = 6, 5, 2
LONGEST_SENTENCE, LONGEST_NOTE = 200, 120
WEEK_IDEAS, WEEK_PAPERS, WEEK_NOTES = 5, 3, 2
BARS = "▁▂▃▄▅▆▇█"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Links = Mapping[str, str]
Piece = tuple[str, tuple[Button, ...]]
"""A piece of a message that is never split, and its buttons."""


def news_blocks(news: IdeaNews, words: Words, links: Links) -> Iterator[Piece]:
    """What came near ideas, a piece an idea, and the new versions of papers that the reader keeps."""
    letters = iter(LETTERS)
    told = news.ideas[:MOST_IDEAS]
    for number, one in enumerate(told):
        marks = [next(letters, "·") for _ in one.near]
        above = f"▍<b>{words('idea.news')}</b>\n" if number == 0 else ""
        buttons = tuple(
            Button(f"💡{mark}", pressed("alert", one.idea.number, near.paper.id))
            for mark, near in zip(marks, one.near, strict=True)
        )
        yield above + idea_block(one, marks, words, links), buttons
    if left := len(news.ideas) - len(told):
        yield words("idea.more_ideas", count=left), ()
    if news.revisions:
        changed = [revision(one, words, links) for one in news.revisions[:MOST_REVISIONS]]
        left = len(news.revisions) - len(changed)
        changed += [words("idea.more_revised", count=left)] if left else []
        yield "\n".join([f"▍<b>{words('idea.revised')}</b>", *changed]), ()


def idea_block(one: IdeaPapers, marks: Sequence[str], words: Words, links: Links) -> str:
    told = [near_line(mark, near, words, links) for mark, near in zip(marks, one.near, strict=True)]
    more = words("idea.more_near", count=one.more) if one.more else ""
    return lines(f"💡 <b>{one.idea.number}.</b> <i>{short(one.idea, 90)}</i>", *told, more)


def near_line(mark: str, near: Near, words: Words, links: Links) -> str:
    shared = f" <i>{phrases_of(near.shared[:3])}</i>" if near.shared else ""
    return f"{ICONS[near.grade]} <b>{mark}</b> {linked(near.paper, links)} · {grade(near, words)}{shared}"


def revision(one: Revision, words: Words, links: Links) -> str:
    where = "".join(f" 💡{number}" for number in one.ideas[:3])
    head = f"• {linked(one.paper, links)} · {words('card.version', version=one.paper.version)}{where}"
    return lines(head, *(f"<i>+ {safe(sentence, LONGEST_SENTENCE)}</i>" for sentence in one.changed[:MOST_SENTENCES]))


# --- the week ---------------------------------------------------------------------------------------------------------


def week(told: IdeasWeek, words: Words, links: Links) -> str:
    """The section of a weekly summary: what came near each idea, what was noted, which ideas were left alone."""
    parts = [week_of_idea(one, words, links) for one in told.ideas[:WEEK_IDEAS]]
    parts += [words("idea.untouched", number=idea.number, text=short(idea, 90)) for idea in told.untouched[:3]]
    return "\n\n".join(parts)


def week_of_idea(one: IdeaWeek, words: Words, links: Links) -> str:
    near = [f"{ICONS[found.grade]} {linked(found.paper, links)}" for found in one.near[:WEEK_PAPERS]]
    more = len(one.near) - len(near)
    notes = [f"📝 {safe(entry.text, LONGEST_NOTE)}" for entry in one.notes[-WEEK_NOTES:]]
    return lines(
        week_head(one.idea, words),
        words("idea.week_near", counts=counts(one, words)) if near else words("idea.week_quiet"),
        words("idea.weeks", bars=bars, weeks=len(one.counts)) if (bars := sparkline(one.counts)) else "",
        *near,
        words("idea.more_near", count=more) if more > 0 else "",
        *notes,
    )


def week_head(idea: Idea, words: Words) -> str:
    return f"💡 <b>{idea.number}.</b> {STATUS_ICONS[idea.status]} <i>{short(idea, 90)}</i>"


def sparkline(weeks: Sequence[Mapping[Grade, int]]) -> str:
    """The papers near an idea, a week each, as a row of bars: ``▁▁▃█``; "" where there is nothing to compare."""
    totals = [sum(week.values()) for week in weeks]
    highest = max(totals, default=0)
    if not any(totals[:-1]):
        return ""
    return "".join(BARS[round(total / highest * (len(BARS) - 1))] for total in totals)


def counts(one: IdeaWeek, words: Words) -> str:
    numbers = {value: sum(near.grade is value for near in one.near) for value in Grade}
    return words("list.comma").join(
        f"{ICONS[value]} {words.count(f'idea.many.{value.value}', number)}"
        for value, number in numbers.items()
        if number
    )
