"""``/settings``: screens that are put in the place of one another, and answers that are typed."""

from __future__ import annotations

from bot.chat.commands.opinions import opinions_of
from bot.chat.render import settings as render
from bot.chat.talk import Answer, Talk
from bot.models import Message
from bot.rules import preferences
from bot.rules.relevance import learnt
from bot.store import readers

ONE_CHOICE = {"language", "hour", "zone"}
"""Steps of a first conversation that a press or an answer completes."""


def settings(talk: Talk) -> Answer:
    """``/settings``."""
    return Answer(messages=(main(talk),))


def main(talk: Talk) -> Message:
    return render.main_screen(talk.reader, talk.words, talk.directions)


def told(talk: Talk, name: str) -> str:
    """What a setting stands at, in words."""
    return render.value(talk.reader, name, talk.words, talk.directions)


def old_button(talk: Talk) -> Answer:
    """A polite answer to a button that is forged, or of a time when it meant something."""
    return Answer(toast=talk.words("chat.old_button"))


def screen(talk: Talk, name: str) -> Message:
    opinions = opinions_of(talk) if name == "likes" else []
    return render.screen(
        name, talk.reader, talk.words, talk.directions, talk.now,
        tastes=learnt(opinions), opinions=len(opinions), onboarding=talk.onboarding,
    )  # fmt: skip


def show(talk: Talk, name: str) -> Answer:
    """A screen asked for by a button; one that may be typed waits for an answer."""
    if name == "main" and talk.turn.page and talk.turn.page.papers:
        return settings(talk)  # a digest stays where it is
    if name == "main":
        return Answer(screen=main(talk))
    if name == "done":
        return Answer(screen=Message(f"{talk.words('set.kept')}"))
    if name not in preferences.SCREENS:
        return old_button(talk)
    return Answer(screen=asked(talk, name))


def asked(talk: Talk, name: str) -> Message:
    """A screen, and the note that its answer may come as text."""
    talk = talk.ensure_known()
    if name in preferences.TYPED:
        with talk.kit.store.write() as session:
            readers.await_answer(session, talk.reader.id, talk.turn.user_id, name, talk.now)
    return screen(talk, name)


def put(talk: Talk, name: str, value: str) -> Answer:
    """A value pressed."""
    return Answer(screen=after(changed(talk, name, value), name))


def changed(talk: Talk, name: str, value: str) -> Talk:
    """The talk with one setting changed; raises UsageError for what does not fit."""
    return talk.keep_reader(preferences.change(talk.reader, name, value, talk.directions, talk.today))


def after(talk: Talk, name: str) -> Message:
    """Where a change leads: the same screen again, or the next step of a first conversation."""
    steps = preferences.ONBOARDING
    if talk.onboarding and name in ONE_CHOICE and name != steps[-1]:
        return asked(talk, steps[steps.index(name) + 1])
    return asked(talk, name)


def typed(talk: Talk, name: str) -> Answer:
    """An answer in writing to the question of screen ``name``; what does not fit may be tried again."""
    asked(talk, name)
    return Answer(messages=(after(changed(talk, name, talk.argument), name),))


def unlike(talk: Talk, which: str) -> Answer:
    """Take back the last opinion, or all of them."""
    with talk.kit.store.write() as session:
        ids = list(readers.opinions(session, talk.reader.id))
        for paper_id in ids[:1] if which == "last" else ids:
            readers.set_opinion(session, talk.reader.id, paper_id, 0, talk.now)
    return Answer(screen=screen(talk, "likes"), toast=talk.words("opinion.undone"))
