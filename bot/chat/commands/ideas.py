"""Ideas: ``/idea``, ``/ideas``, ``/note``, an idea's card and what is near it."""

from __future__ import annotations

from datetime import timedelta

from bot import charts, matching
from bot.chat.commands.idea_papers import attach_or_begin, is_number, known_idea
from bot.chat.commands.paper import known
from bot.chat.context import pressed
from bot.chat.render import ideas as render
from bot.chat.talk import Answer, File, Talk, forget_question
from bot.errors import UsageError
from bot.models import Button, Message
from bot.models.ideas import Grade, Near
from bot.models.tracking import Entry, EntryKind, Relation
from bot.rules import ideas as rules
from bot.rules.sentences import key_sentence
from bot.store import ideas, matches
from bot.wording import Words

MOST_IDEAS = 200
"""Of one reader: every one of them is held against every new paper."""
NEAREST = 6
"""Papers that are shown of those that are not near enough to count."""


def idea(talk: Talk) -> Answer:
    """``/idea TEXT`` begins one; in reply to a paper, it attaches the paper or begins one from it."""
    text = talk.argument.strip()
    if talk.turn.replied:
        return attach_or_begin(talk, text, begin)
    if not text:
        return how(talk)
    if is_number(text):
        return Answer(messages=(card_message(talk, int(text)),))
    return begin(talk, text)


def how(talk: Talk) -> Answer:
    rows = ((Button(talk.words("idea.button.bank"), pressed("bank")),),
            (Button(talk.words("idea.button.all"), pressed("ideas", 0)),))  # fmt: skip
    return Answer(messages=(Message(talk.words("idea.how"), rows),))


def begin(talk: Talk, text: str, paper_id: str = "", directions: tuple[str, ...] = ()) -> Answer:
    """Keep a new idea, and say at once what is near it."""
    talk = talk.ensure_known()
    with talk.kit.store.read() as session:
        if len(ideas.listed(session, talk.reader.id)) >= MOST_IDEAS:
            raise UsageError("{most} ideas at most", key="too_many_ideas", most=MOST_IDEAS)
    birth = matching.create(talk.kit, talk.reader, text, paper_id, directions)
    return Answer(messages=(render.birth(birth, talk.words, talk.links, talk.names),))


def begin_from(talk: Talk, paper_id: str) -> Answer:
    """A new idea that a paper has given: its title and what it did, to be rewritten by the reader."""
    paper, _ = known(talk, paper_id)
    text = talk.words("idea.from_paper", title=paper.title)
    return begin(talk, f"{text}\n{key_sentence(paper.abstract)}", paper_id)


def listing(talk: Talk) -> Answer:
    """``/ideas``."""
    return Answer(messages=(page_of(talk, 0),))


def turn(talk: Talk, page: str) -> Answer:
    forget_question(talk)
    return Answer(screen=page_of(talk, int(page)))


def page_of(talk: Talk, page: int) -> Message:
    with talk.kit.store.read() as session:
        found = ideas.listed(session, talk.reader.id)
    live = [one for one in found if one.status.is_live]
    return render.listing([*live, *(one for one in found if not one.status.is_live)], page, talk.words)


def note(talk: Talk) -> Answer:
    """``/note 2 TEXT``; the number may be left out where there is one live idea."""
    with talk.kit.store.read() as session:
        live = [one.number for one in ideas.listed(session, talk.reader.id) if one.status.is_live]
    number, text = rules.numbered(talk.argument, live[0] if len(live) == 1 else None)
    if not number or not text:
        return Answer(messages=(Message(talk.words("idea.note_how")),))
    return Answer(messages=(noted(talk, number, text),))


def noted(talk: Talk, number: int, text: str) -> Message:
    """Write a note into an idea's journal, and show its card."""
    tracked = known_idea(talk, number)
    entry = Entry(EntryKind.NOTE, talk.now, rules.checked(text, rules.LONGEST_NOTE))
    with talk.kit.store.write() as session:
        ideas.note(session, talk.reader.id, tracked.idea.number, entry)
    return card_message(talk, number)


# --- one idea ---------------------------------------------------------------------------------------------------------


def card_message(talk: Talk, number: int) -> Message:
    tracked = known_idea(talk, number)
    with talk.kit.store.read() as session:
        entries = ideas.journal(session, talk.reader.id, number)
        near = matches.count(session, talk.reader.id, number)
    return render.card(tracked, entries, near, talk.words, talk.names, talk.today)


def card(talk: Talk, number: str) -> Answer:
    """The card, in the place of what was pressed."""
    forget_question(talk)
    return Answer(screen=card_message(talk, int(number)))


def card_apart(talk: Talk, number: str) -> Answer:
    """The card in a message of its own: an alert stays where it is."""
    return Answer(messages=(card_message(talk, int(number)),))


def journal(talk: Talk, number: str) -> Answer:
    tracked = known_idea(talk, int(number))
    with talk.kit.store.read() as session:
        entries = ideas.journal(session, talk.reader.id, int(number))
    return Answer(screen=render.journal(tracked.idea, entries, talk.words))


def chart(talk: Talk, number: str) -> Answer:
    """A picture of what came near an idea, week by week."""
    idea = known_idea(talk, int(number)).idea
    with talk.kit.store.read() as session:
        weeks, counts = matching.weeks_of(session, talk.reader, idea.number, talk.kit.newest_by_clock())
    if not any(sum(week.values()) for week in counts):
        return Answer(toast=talk.words("idea.chart_nothing"))
    words = talk.words if charts.can_write(talk.words.language) else Words("en")
    picture = charts.nearness_png(
        words("idea.chart", number=idea.number),
        words("idea.chart_about", first=weeks[0], last=weeks[-1] + timedelta(6)),
        [words(f"idea.short.{grade.value}") for grade in Grade],
        [f"{week.month}/{week.day}" for week in weeks],
        [[week.get(grade, 0) for grade in Grade] for week in counts],
    )
    return Answer(picture=File(f"idea-{number}.png", picture, render.caption(idea, talk.words)))


def near(talk: Talk, number: str, page: str) -> Answer:
    """What is near an idea in the archive as it is now."""
    birth = matching.search_of(talk.kit, talk.reader, int(number))
    graded = rules.ranked(birth.found.graded)
    told = render.summary(birth.found, graded, talk.words)
    shown: list[Near] = graded or list(birth.found.near[:NEAREST])
    return Answer(screen=render.near_page(birth.idea, shown, int(page), told, "inear", talk.words, talk.links))


def linked(talk: Talk, number: str, page: str) -> Answer:
    """The papers that belong to an idea."""
    tracked = known_idea(talk, int(number))
    kept = tracked.papers(Relation.LINKED, Relation.USEFUL)
    graded = matching.held_against(talk.kit, tracked, kept)
    told = talk.words.count("idea.linked", len(kept)) if kept else talk.words("idea.linked_none")
    shown = [graded[paper.id] for paper in kept if paper.id in graded]
    return Answer(screen=render.near_page(tracked.idea, shown, int(page), told, "ilinks", talk.words, talk.links))
