"""What the chat understands: every command and every button, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat.answering import only_administrators
from bot.chat.commands import (
    bank,
    calendars,
    digests,
    direction,
    groups,
    habits,
    help,
    idea_changes,
    idea_papers,
    ideas,
    importing,
    items,
    linking,
    owner,
    paper,
    plan,
    privacy,
    remarks,
    saved,
    search,
    settings,
    start,
    statistics,
    together,
)
from bot.chat.commands import trends as pictures
from bot.chat.context import is_day
from bot.chat.talk import Answer, Command, Talk
from bot.rules.ids import is_id
from bot.wording import Language, Words


@dataclass(frozen=True)
class Verb:
    """A command: its name, what it does, and whether only administrators may, where there are any."""

    name: str
    command: Command
    changes: bool = False
    listed: bool = True
    """Whether the client's menu shows it."""
    otherwise: Command = only_administrators
    """What those get who may not."""


VERBS = (
    Verb("today", digests.today),
    Verb("direction", direction.direction),
    Verb("search", search.search),
    Verb("paper", paper.paper),
    Verb("similar", paper.similar),
    Verb("why", paper.why),
    Verb("idea", ideas.idea),
    Verb("ideas", ideas.listing),
    Verb("note", ideas.note),
    Verb("saved", saved.saved),
    Verb("tag", remarks.tag, listed=False),
    Verb("export", saved.export),
    Verb("import", importing.import_),
    Verb("plan", plan.plan),
    Verb("done", items.done, listed=False),
    Verb("stats", statistics.stats, listed=False),
    Verb("trends", pictures.trends),
    Verb("directions", direction.directions),
    Verb("settings", settings.settings, changes=True),
    Verb("bind", groups.bind, changes=True),
    Verb("unbind", groups.unbind, changes=True, listed=False),
    Verb("link", linking.link, changes=True),
    Verb("help", help.help_),
    Verb("privacy", privacy.privacy),
    Verb("my_data", privacy.my_data, changes=True, otherwise=privacy.of_the_group),
    Verb("stop", help.stop, changes=True),
    Verb("forget_me", privacy.forget_me, changes=True, otherwise=privacy.of_the_group),
    Verb("start", start.start, changes=True, listed=False),
    Verb("status", owner.status, listed=False),
    Verb("broadcast", owner.broadcast, listed=False),
)


@dataclass(frozen=True)
class Press:
    """What a button does: its command, with the kinds of its arguments in order."""

    command: Callable[..., Answer]
    kinds: Sequence[Callable[[str], bool]] = ()
    changes: bool = False
    otherwise: Command = only_administrators


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def is_word(text: str) -> bool:
    return bool(text)


PRESSES: dict[str, Press] = {
    "card": Press(paper.open_card, (is_id,)),
    "again": Press(paper.same_card, (is_id,)),
    "back": Press(paper.back),
    "like": Press(paper.like, (is_id,)),
    "dislike": Press(paper.dislike, (is_id,)),
    "save": Press(paper.save, (is_id,)),
    "why": Press(paper.why_card, (is_id,)),
    "similar": Press(paper.similar_button, (is_id, is_number)),
    "saveall": Press(saved.save_all),
    "saved": Press(saved.turn, (saved.is_state, is_word, is_number)),
    "state": Press(remarks.move, (is_id, remarks.is_state)),
    "tags": Press(remarks.tags, (is_id,)),
    "untag": Press(remarks.untag, (is_id, is_word)),
    "note": Press(remarks.note, (is_id,)),
    "unnote": Press(remarks.unnote, (is_id,)),
    "unsave": Press(remarks.unsave, (is_id,)),
    "idea": Press(ideas.card, (is_number,)),
    "icard": Press(ideas.card_apart, (is_number,)),
    "ideas": Press(ideas.turn, (is_number,)),
    "inear": Press(ideas.near, (is_number, is_number)),
    "ilinks": Press(ideas.linked, (is_number, is_number)),
    "ijournal": Press(ideas.journal, (is_number,)),
    "ichart": Press(ideas.chart, (is_number,)),
    "iask": Press(idea_changes.ask, (is_number, is_word)),
    "istatus": Press(idea_changes.status, (is_number,)),
    "iput": Press(idea_changes.put_status, (is_number, is_word)),
    "idirs": Press(idea_changes.directions, (is_number,)),
    "idir": Press(idea_changes.put_direction, (is_number, is_word)),
    "imute": Press(idea_changes.mute, (is_number,)),
    "idel": Press(idea_changes.delete, (is_number,), changes=True),
    "idelyes": Press(idea_changes.delete_for_good, (is_number,), changes=True),
    "iout": Press(idea_changes.file, (is_number, is_word)),
    "match": Press(idea_papers.match, (is_number, is_id)),
    "alert": Press(idea_papers.alert, (is_number, is_id)),
    "irel": Press(idea_papers.say, (is_number, is_id, is_word)),
    "iread": Press(idea_papers.read, (is_number, is_id)),
    "iwhich": Press(idea_papers.which, (is_id,)),
    "attach": Press(idea_papers.attach, (is_number, is_id)),
    "ifrom": Press(ideas.begin_from, (is_id,)),
    "bank": Press(bank.bank),
    "bankof": Press(bank.bank_of, (is_word,)),
    "adopt": Press(bank.adopt, (is_word, is_number)),
    "export": Press(saved.export_button, (is_word,)),
    "search": Press(search.turn, (search.is_upto, is_number)),
    "meant": Press(search.meant),
    "direction": Press(direction.turn, (is_word, is_number, is_number)),
    "still": Press(lambda _: Answer()),
    "set": Press(settings.show, (is_word,), changes=True),
    "put": Press(settings.put, (is_word, is_word), changes=True),
    "unlike": Press(settings.unlike, (is_word,), changes=True),
    "begin": Press(start.begin, changes=True),
    "forget": Press(privacy.forget, (is_word,), changes=True, otherwise=privacy.of_the_group),
    "plan": Press(plan.open_week, (is_day,)),
    "change": Press(plan.open_apart, (is_day,)),
    "tune": Press(plan.settings_apart, changes=True),
    "accept": Press(plan.accept, (is_day,)),
    "item": Press(items.open_item, (is_day, is_number)),
    "do": Press(items.do, (is_word, is_day, is_number)),
    "all": Press(items.answer_all, (is_word, is_day)),
    "star": Press(items.star, (is_day, is_number, is_number)),
    "calendar": Press(calendars.calendar_file),
    "feed": Press(calendars.subscribe, (calendars.is_choice,)),
    "stats": Press(statistics.stats),
    "ask": Press(habits.ask, (is_word,)),
    "answer": Press(plan.answer, (is_word, is_word)),
    "habit": Press(habits.show, (is_word,), changes=True),
    "keep": Press(habits.put, (is_word, is_word), changes=True),
    "crew": Press(together.press, (is_word, is_day, is_number)),
    "broadcast": Press(owner.send, (is_word,)),
}


def menu(language: Language) -> list[tuple[str, str]]:
    """The client's menu: commands and what they do."""
    words = Words(language)
    return [(verb.name, words(f"menu.{verb.name}")) for verb in VERBS if verb.listed]


def pressed(talk: Talk) -> Answer:
    """What the button of this turn does, if it is one of ours and well-formed."""
    verb, *arguments = talk.turn.data or ("",)
    press = PRESSES.get(verb)
    if press is None or len(press.kinds) != len(arguments):
        return settings.old_button(talk)
    if not all(fits(argument) for fits, argument in zip(press.kinds, arguments, strict=True)):
        return settings.old_button(talk)
    return press.command(talk, *arguments)


def elsewhere(talk: Talk) -> Answer:
    """A subscriber of a channel who asks for a card gets it in their own chat with us."""
    match talk.turn.data:
        case ("card", paper_id) if is_id(paper_id):
            return Answer(deep_link=start.link_to_paper(paper_id))
    return only_administrators(talk)
