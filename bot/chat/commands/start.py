"""``/start``: a first conversation of four steps, or a way in by a link to a direction or a paper."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.commands import settings
from bot.chat.commands.direction import direction_page
from bot.chat.commands.paper import cards
from bot.chat.context import pressed
from bot.chat.render.parts import lines
from bot.chat.talk import Answer, Talk, not_admitted
from bot.models import Button, Message
from bot.rules.ids import is_id, split_version
from bot.rules.preferences import ONBOARDING
from bot.store.editions import newest_day


def start(talk: Talk) -> Answer:
    """Welcome somebody new, or back; follow the link that brought them."""
    if talk.onboarding and not talk.is_admitted:
        return not_admitted(talk)
    kind, _, what = talk.argument.strip().partition("_")
    if kind == "p" and (paper_id := paper_of_link(what)):
        return by_paper(talk, paper_id)
    if kind == "d" and (slug := what.replace("_", "-")) in {one.slug for one in talk.directions}:
        return by_direction(talk, slug)
    if talk.onboarding:
        return welcome(talk.ensure_known())
    return welcome_back(talk)


def link_to_paper(paper_id: str) -> str:
    """The parameter of a link that opens this paper; it may hold letters, digits, ``_`` and ``-`` alone.

    https://core.telegram.org/bots/features#deep-linking
    """
    return "p_" + paper_id.replace(".", "-").replace("/", "_")


def paper_of_link(what: str) -> str:
    """The paper that such a parameter names, without its ``p_``; "" for none. An id as it stands will do too."""
    candidates = (what, what.replace("-", "."), what.replace("_", "/"))
    return next((split_version(found)[0] for found in candidates if is_id(found)), "")


def welcome(talk: Talk, slug: str = "") -> Answer:
    """The first step; ``slug`` is a direction that a link has chosen already."""
    if slug and slug not in talk.reader.directions:
        talk = talk.keep(directions=(*talk.reader.directions, slug))
    step = settings.screen(talk, ONBOARDING[0])
    hello = talk.words("start.hello" if talk.turn.is_private else "start.hello_group")
    return Answer(messages=(replace(step, html=f"{hello}\n\n{step.html}"),))


def welcome_back(talk: Talk) -> Answer:
    was = talk.reader.state
    if was != "active":
        talk = talk.keep(state="active")
    text = talk.words("start.back" if was == "active" else "start.again")
    return Answer(messages=(Message(text, (settings_row(talk),)),))


def settings_row(talk: Talk) -> tuple[Button, ...]:
    return (Button(talk.words("chat.settings"), pressed("set", "main")),)


def by_paper(talk: Talk, paper_id: str) -> Answer:
    """The card of a paper; to somebody new also what else there is."""
    shown = cards(talk, [paper_id])
    return replace(shown, messages=shown.messages + welcome(talk.ensure_known()).messages) if talk.onboarding else shown


def by_direction(talk: Talk, slug: str) -> Answer:
    if talk.onboarding:
        return welcome(talk.ensure_known(), slug)
    return Answer(messages=(direction_page(talk, slug),))


def begin(talk: Talk) -> Answer:
    """The last step: from now on digests come; the clock sees that somebody is new, and sends the first at once."""
    words, fresh = talk.words, talk.onboarding
    if not talk.reader.directions:
        return Answer(toast=words("start.no_direction"))
    if not fresh:
        return Answer(screen=settings.main(talk))
    if not talk.is_admitted:
        return not_admitted(talk)
    talk = talk.keep(state="active", joined=talk.now)
    with talk.kit.store.read() as session:
        coming = "start.coming" if newest_day(session, talk.kit.newest_by_clock()) else "start.collecting"
    done = lines(
        f"<b>{words('start.done')}</b>",
        words("start.when", value=settings.told(talk, "hour"), zone=settings.told(talk, "zone")),
        words("start.after"),
    )
    return Answer(screen=Message(f"{done}\n\n{words(coming)}", (settings_row(talk),)))
