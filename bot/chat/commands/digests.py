"""Digests that are asked for: ``/today``."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.chat.render.digest import digest_messages
from bot.chat.talk import Answer, Talk
from bot.delivering import digest_for
from bot.errors import UsageError
from bot.models import Digest, Message, Reader

YESTERDAY = {"yesterday", "昨天", "昨日"}
TODAY = {"", "today", "今天", "今日"}
MONTH_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?")


def today(talk: Talk) -> Answer:
    """``/today [date]``."""
    digest = digest_for(talk.kit, asking(talk), asked_day(talk.argument, talk.today))
    return Answer(messages=rendered(talk, digest) if digest else (Message(talk.words("today.nothing_here")),))


def rendered(talk: Talk, digest: Digest) -> tuple[Message, ...]:
    return tuple(digest_messages(digest, talk.reader, talk.words, talk.links, talk.names))


def asked_day(text: str, today: date) -> date | None:
    """The day that a person means, None for the newest; raises UsageError for what is no day, or has not come."""
    asked = text.strip().lower()[:40]
    if asked in TODAY:
        return None
    if asked in YESTERDAY:
        return today - timedelta(days=1)
    match = MONTH_DAY.fullmatch(asked)
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3])) if match else date.fromisoformat(asked)
    except ValueError as error:
        raise UsageError("{value} is not a day", key="not_a_day", value=asked) from error
    if day > today:
        raise UsageError("{day} has not come yet", key="future_day", day=day, today=today)
    return day


def asking(talk: Talk) -> Reader:
    """The reader as far as choosing is concerned: one without directions yet is shown the best paper of each."""
    if talk.reader.directions:
        return talk.reader
    return replace(talk.reader, directions=tuple(one.slug for one in talk.directions), per_direction=1)
