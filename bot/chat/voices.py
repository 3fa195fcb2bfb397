"""Digests, and what is told of ideas, in the language of each reader."""

from __future__ import annotations

from collections.abc import Sequence

from bot import weekly
from bot.chat.render import ideas, plan, together
from bot.chat.render.digest import digest_messages
from bot.chat.render.due import reminder_message
from bot.chat.render.weekly import summary_messages
from bot.chat.talk import labels, words_of
from bot.delivering import Render
from bot.kit import Kit
from bot.matching import Birth, Complete, Tell
from bot.models import Digest, Message, Reader
from bot.models.ideas import Idea, Near
from bot.models.summaries import GroupSummary, Reminder, Summary
from bot.planning import Remind
from bot.wording import LANGUAGES, Words


def renderer(kit: Kit) -> Render:
    """Renders a digest in its reader's language."""
    links = {"abstract": kit.settings.links_abstract, "pdf": kit.settings.links_pdf}
    names = {language: labels(kit, Words(language)) for language in LANGUAGES}

    def render(digest: Digest, reader: Reader) -> Sequence[Message]:
        words = words_of(reader)
        return digest_messages(digest, reader, words, links, names[words.language])

    return render


def teller(kit: Kit) -> Tell:
    """Renders an alert in its reader's language."""
    links = {"abstract": kit.settings.links_abstract}

    def tell(reader: Reader, idea: Idea, near: Near) -> Message:
        return ideas.alert(idea, near, words_of(reader), links)

    return tell


def completer(kit: Kit) -> Complete:
    """Renders what arXiv adds to the answer to an idea."""
    links = {"abstract": kit.settings.links_abstract}

    def complete(reader: Reader, birth: Birth, error: str) -> Message:
        return ideas.completion(birth.idea, birth.found, error, words_of(reader), links)

    return complete


def reminder(kit: Kit) -> Remind:
    """Renders what is due of a plan in its reader's language."""
    links = {"abstract": kit.settings.links_abstract}

    def remind(due: Reminder, reader: Reader) -> Message:
        return reminder_message(due, words_of(reader), links)

    return remind


def summarizer(kit: Kit) -> weekly.Render:
    """Renders a week in review in its reader's language."""
    links = {"abstract": kit.settings.links_abstract}

    def summarize(summary: Summary | GroupSummary, reader: Reader) -> Sequence[Message]:
        words = words_of(reader)
        if isinstance(summary, GroupSummary):
            return [together.group_summary(summary, words, links)]
        return summary_messages(summary, plan.voice(kit, words, links, labels(kit, words)))

    return summarize
