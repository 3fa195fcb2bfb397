"""Papers near an idea: the answer to a new one, lists, one paper held against it, and the alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.chat.context import pressed
from bot.chat.render.ideas.card import back, heading, named, quoted, short
from bot.chat.render.lists import pager, pages
from bot.chat.render.parts import Row, authors, day, in_rows, lines, link, safe, title
from bot.matching import Birth
from bot.models import Button, Message, Paper
from bot.models.ideas import Grade, Idea, Near
from bot.models.tracking import Found, Relation
from bot.rules.ideas import ranked
from bot.rules.sentences import key_sentence
from bot.wording import Words

ICONS = {Grade.SCOOP: "🔴", Grade.CLOSE: "🟠", Grade.USEFUL: "🔵", None: "⚪"}
AT_BIRTH, UNGRADED_AT_BIRTH, PER_PAGE = 6, 3, 6
LONGEST_PHRASE, MOST_PHRASES, LONGEST_TITLE = 40, 5, 160

Links = Mapping[str, str]


def grade(near: Near, words: Words) -> str:
    return words(f"idea.grade.{near.grade.value if near.grade else 'none'}")


def phrases_of(phrases: Sequence[str]) -> str:
    return " · ".join(safe(phrase, LONGEST_PHRASE) for phrase in phrases[:MOST_PHRASES])


def linked(paper: Paper, links: Links) -> str:
    """A title in a list, linked; shorter than where a paper stands alone."""
    return link(links["abstract"].format(id=paper.id), safe(paper.title, LONGEST_TITLE) or paper.id)


def entry(mark: str, near: Near, words: Words, links: Links) -> str:
    """A paper of a list: its title, how near it is, what it has in common with the idea."""
    told = " · ".join(part for part in (grade(near, words), day(near.paper, words)) if part)
    shared = words("idea.shared", phrases=phrases_of(near.shared)) if near.shared else ""
    return lines(f"{ICONS[near.grade]} <b>{mark}</b> {linked(near.paper, links)}", told, shared)


def covered(found: Found, words: Words) -> str:
    """``8,412 papers since 1 May``."""
    if not found.papers or found.first is None:
        return words("idea.covered_nothing")
    return words.count("idea.covered", found.papers, first=words.day_and_year(found.first))


def birth(born: Birth, words: Words, links: Links, names: Mapping[str, str], *, again: bool = False) -> Message:
    """The answer to a new idea, or to a changed one: what is near it in the archive."""
    idea, found = born.idea, born.found
    told = named(idea.directions, words, names) if idea.directions else ""
    graded = ranked(found.graded)
    nearest = [near for near in found.near if not near.grade][:UNGRADED_AT_BIRTH]
    shown = ranked(found.graded[:AT_BIRTH]) or ([] if born.is_vague else nearest)
    head = lines(
        words("idea.changed" if again else "idea.born", number=idea.number),
        quoted(idea, 300),
        words("idea.directions" if again else "idea.suggested", names=told) if told else "",
    )
    parts = [head, words("idea.vague") if born.is_vague else summary(found, graded, words)]
    parts += entries(shown, words, links)
    parts += [words("idea.more_near", count=len(graded) - len(shown))] if len(graded) > len(shown) else []
    parts += [words("idea.asking_arxiv")] if born.asks_arxiv else []
    parts += [f"<i>{words('idea.no_verdict')}</i>"] if graded else []
    rows = [*opening(idea, shown), *birth_buttons(born, words, again=again)]
    return Message("\n\n".join(parts), tuple(rows), tuple(near.paper.id for near in shown))


def entries(near: Iterable[Near], words: Words, links: Links, first: int = 1) -> list[str]:
    return [entry(f"{number}.", one, words, links) for number, one in enumerate(near, start=first)]


def summary(found: Found, graded: Sequence[Near], words: Words) -> str:
    """What was looked through, and how many papers of each grade it holds."""
    if not graded:
        return words("idea.nothing_near", covered=covered(found, words))
    counts = [
        f"{ICONS[value]} {words.count(f'idea.many.{value.value}', number)}"
        for value in Grade
        if (number := sum(near.grade is value for near in graded))
    ]
    return words("idea.found", covered=covered(found, words), counts=words("list.comma").join(counts))


def opening(idea: Idea, near: Sequence[Near], first: int = 1, verb: str = "match") -> list[Row]:
    buttons = [
        Button(str(number), pressed(verb, idea.number, one.paper.id)) for number, one in enumerate(near, start=first)
    ]
    return in_rows(buttons, 6)


def birth_buttons(born: Birth, words: Words, *, again: bool) -> list[Row]:
    idea = born.idea
    agree = Button(words("idea.button.directions_right"), pressed("idea", idea.number))
    choose = Button(words("idea.button.directions"), pressed("idirs", idea.number))
    edit = Button(words("idea.button.edit"), pressed("iask", idea.number, "text"))
    near = Button(words("idea.button.near"), pressed("inear", idea.number, 0))
    directions = (agree, choose) if idea.directions and not again else (choose,)
    return [directions, (edit if born.is_vague else near, back(idea, words))]


def completion(idea: Idea, found: Found, error: str, words: Words, links: Links) -> Message:
    """What arXiv added to the answer, or that it did not answer."""
    shown = ranked(found.graded[:AT_BIRTH])
    told = "idea.arxiv_failed" if error else "idea.arxiv_found" if shown else "idea.arxiv_nothing"
    head = lines(heading(idea, words), short(idea), "", words(told, covered=covered(found, words)))
    rows = [*opening(idea, shown), (back(idea, words),)]
    return Message("\n\n".join([head, *entries(shown, words, links)]), tuple(rows), tuple(n.paper.id for n in shown))


def near_page(idea: Idea, near: Sequence[Near], page: int, told: str, verb: str, words: Words, links: Links) -> Message:
    """A page of papers near an idea, or of those linked to it; ``verb`` turns its pages."""
    page = min(page, pages(len(near)) - 1)
    first = page * PER_PAGE
    shown = near[first : first + PER_PAGE]
    head = lines(heading(idea, words), short(idea), "", told)
    rows = [
        *opening(idea, shown, first + 1),
        *pager((verb, idea.number), page, pages(len(near))),
        (back(idea, words),),
    ]
    ids = tuple(one.paper.id for one in shown)
    return Message("\n\n".join([head, *entries(shown, words, links, first + 1)]), tuple(rows), ids)


# --- one paper --------------------------------------------------------------------------------------------------------


def match(idea: Idea, near: Near, words: Words, links: Links, relation: Relation | None = None, *,
          saved: bool = False, muted: bool = False, alone: bool = False) -> Message:  # fmt: skip
    """One paper held against an idea, with what the reader may say of it; ``alone`` in a message of its own."""
    paper = near.paper
    sentence = key_sentence(paper.abstract, near.shared)
    parts = [
        lines(f"{ICONS[near.grade]} <b>{words('idea.name', number=idea.number)}</b> · {grade(near, words)}",
              f"<i>{short(idea, 160)}</i>"),
        lines(f"<b>{title(paper, links)}</b>",
              " · ".join(part for part in (authors(paper, words), day(paper, words)) if part),
              safe(sentence, 280)),
        lines(words("idea.shared", phrases=phrases_of(near.shared)) if near.shared else "",
              words("idea.missing", phrases=phrases_of(near.missing)) if near.missing else ""),
        f"<i>{words('idea.no_verdict')}</i>",
    ]  # fmt: skip
    rows = match_buttons(idea, near, words, relation, saved=saved, muted=muted, alone=alone)
    return Message("\n\n".join(part for part in parts if part), tuple(rows), (paper.id,))


def match_buttons(
    idea: Idea, near: Near, words: Words, relation: Relation | None, *, saved: bool, muted: bool, alone: bool
) -> list[Row]:
    number, paper_id = idea.number, near.paper.id

    def saying(value: Relation) -> Button:
        text = words(f"idea.say.{value.value}")
        return Button(f"✅ {text}" if relation is value else text, pressed("irel", number, paper_id, value.value))

    read = Button(words("idea.button.reading" if saved else "idea.button.read"), pressed("iread", number, paper_id))
    apart = Button(words("idea.button.back", number=number), pressed("icard", number))
    last = apart if alone else Button(words("idea.button.list"), pressed("inear", number, 0))
    return [
        (saying(Relation.UNRELATED), saying(Relation.USEFUL), saying(Relation.LINKED)),
        (read, Button(words("idea.button.unmute" if muted else "idea.button.mute"), pressed("imute", number))),
        (Button(words("idea.button.paper"), pressed("card", paper_id)), last),
    ]


def alert(idea: Idea, near: Near, words: Words, links: Links) -> Message:
    """A paper that comes very near an idea, told by itself."""
    shown = match(idea, near, words, links, alone=True)
    return Message(f"{words('idea.alert')}\n\n{shown.html}", shown.buttons, shown.papers)
