"""What a reader has done so far."""

from __future__ import annotations

from bot import charts
from bot.chat.commands.planned import voice_of
from bot.chat.render import weekly
from bot.chat.talk import Answer, File, Talk
from bot.models import Message, Week
from bot.rules import reading as rules
from bot.rules.zones import zone
from bot.store import reading

WEEKS = 12
"""Of the picture."""


def stats(talk: Talk) -> Answer:
    """``/stats``: months, streaks, minutes, directions."""
    known = weeks_of(talk)
    figures = rules.figures(known, talk.today, zone(talk.reader.zone))
    begun = [week for week in known if week.monday <= talk.today][-WEEKS:]
    if not begun or not figures.done:
        return Answer(messages=(Message(talk.words("plan.nothing_done")),))
    told = weekly.statistics(figures, voice_of(talk))
    picture = charts.drawn(weekly.chart(begun, figures, talk.words))
    return Answer(picture=File("reading.png", picture, told))


def weeks_of(talk: Talk) -> list[Week]:
    with talk.kit.store.read() as session:
        return reading.weeks(session, talk.reader.id)
