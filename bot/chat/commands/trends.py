"""``/trends``: a picture of the papers a week in each direction."""

from __future__ import annotations

from datetime import timedelta

from bot import charts
from bot.chat.talk import Answer, File, Talk, labels
from bot.models import Message
from bot.rules.trends import Trends, weekly
from bot.store import lists
from bot.wording import Words

WEEKS = 12
EVERYTHING = {"all", "全部", "所有"}


def trends(talk: Talk) -> Answer:
    """``/trends [all]``: of the reader's own directions, or of all."""
    followed = talk.reader.directions if talk.argument.strip().lower() not in EVERYTHING else ()
    slugs = followed or tuple(one.slug for one in talk.directions)
    last = talk.kit.newest_by_clock()
    with talk.kit.store.read() as session:
        counts = lists.counts_by_day(session, last - timedelta(weeks=WEEKS + 1), last)
    found = weekly(counts, slugs, last, WEEKS)
    if not found.mondays or not any(sum(trend.counts) for trend in found.trends):
        return Answer(messages=(Message(talk.words("trends.nothing")),))
    caption = talk.words("trends.caption" if slugs != followed else "trends.caption_own")
    return Answer(picture=File("trends.png", picture(talk, found), caption))


def picture(talk: Talk, found: Trends) -> bytes:
    words = talk.words if charts.can_write(talk.words.language) else Words("en")
    first, last = found.mondays[0], found.mondays[-1] + timedelta(days=4)
    span = words("trends.span", first=first, last=last)
    texts = {"title": words("trends.title"), "span": span}
    return charts.trends_png(found, labels(talk.kit, words), texts)
