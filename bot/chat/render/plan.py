"""A week of the reading plan as a screen, its items one by one, and what is due on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.parts import Row, in_rows, lines, link, safe
from bot.kit import Kit
from bot.models import FOUNDATIONS, Button, Classic, Item, ItemKind, ItemState, Message, Week, WeekState
from bot.rules.reading import planned
from bot.rules.tasks import Tasks
from bot.wording import Words

MARKS = {
    ItemKind.CLASSIC: "📘",
    ItemKind.PAPER: "📄",
    ItemKind.SOURCE: "🔧",
    ItemKind.EXPERIMENT: "🧪",
}
STATES = {ItemState.DONE: "✅", ItemState.ASKED: "❔", ItemState.WAITING: "⏳"}
PAPERS = (ItemKind.CLASSIC, ItemKind.PAPER)
LONGEST_TITLE, LONGEST_TEXT, LONGEST_TAKEAWAY = 140, 600, 500
SEVERAL = 2
MOST_SHOWN = 24
"""Items of one message, far above what a week holds."""
IN_A_ROW = 6
FOLDERS = re.compile(r"[\w.-]+/")


@dataclass(frozen=True, slots=True)
class Voice:
    """What every screen of the plan needs to speak."""

    words: Words
    links: Mapping[str, str]
    names: Mapping[str, str]
    """The directions' labels by slug."""
    classics: Mapping[str, Classic]
    tasks: Tasks


def voice(kit: Kit, words: Words, links: Mapping[str, str], names: Mapping[str, str]) -> Voice:
    return Voice(words, links, names, {classic.id: classic for classic in kit.classics()}, kit.tasks())


# --- small pieces -----------------------------------------------------------------------------------------------------


def minutes(total: int, words: Words) -> str:
    """``45 分钟``, ``2 小时``, ``1 小时 30 分``."""
    hours, rest = divmod(total, 60)
    if not hours:
        return words("plan.minutes", minutes=rest)
    return words("plan.hours_minutes", hours=hours, minutes=rest) if rest else words("plan.hours", hours=hours)


def span(monday: date, words: Words) -> str:
    """``6月15日–6月21日``."""
    sunday = monday + timedelta(6)
    return f"{short(monday, words)}–{short(sunday, words)}"


def short(day: date, words: Words) -> str:
    from babel.dates import format_date

    return format_date(day, "M月d日" if words.language == "zh" else "d MMM", locale=words.language)


def stars(number: int) -> str:
    return "★" * number + "☆" * (5 - number)


def title_of(item: Item) -> str:
    """An item's title, of source code without the folders: they stand on the item's own screen."""
    return FOLDERS.sub("", item.title) if item.kind is ItemKind.SOURCE else item.title


def name(item: Item, links: Mapping[str, str]) -> str:
    """An item's title, linked where it is a paper's."""
    title = safe(title_of(item), LONGEST_TITLE) or escape(item.id)
    return link(links["abstract"].format(id=item.id), title) if item.kind in PAPERS else title


def part(item: Item, words: Words) -> str:
    """Which half of a classic, or which step of an experiment it is; nothing for what is whole."""
    if item.kind is ItemKind.EXPERIMENT:
        return words(f"plan.step.{item.part}")
    return f"{item.part}/{item.parts}" if item.parts > 1 else ""


def line(item: Item, words: Words, links: Mapping[str, str]) -> str:
    """``2. 📘 Attention Is All You Need · 90 minutes``, ticked and with its stars once it is done."""
    done = item.state is ItemState.DONE
    taken = item.spent or item.minutes
    told = [name(item, links), part(item, words), minutes(taken, words)]
    told += [stars(item.stars)] if done and item.stars else []
    mark = STATES.get(item.state, "▫️")
    return f"{mark} <b>{item.number}.</b> {MARKS[item.kind]} {' · '.join(one for one in told if one)}"


# --- a week -----------------------------------------------------------------------------------------------------------


def week_screen(week: Week, today: date, voice: Voice) -> Message:
    """A week by days, with a button for each item; what may be done with an item stands on its own screen."""
    words, shown = voice.words, [item for item in week.items if is_shown(item)][:MOST_SHOWN]
    html = "\n\n".join(part for part in (heading(week, today, words), *by_days(shown, today, voice),
                                         moved(week, voice), hint(week, shown, today, words)) if part)  # fmt: skip
    numbers = [Button(str(item.number), pressed("item", week.monday, item.number)) for item in shown]
    return Message(html, (*in_rows(numbers, IN_A_ROW), *asked_buttons(week, words), *week_buttons(week, today, words)))


def is_shown(item: Item) -> bool:
    return item.state.is_live or item.state is ItemState.DONE


def heading(week: Week, today: date, words: Words) -> str:
    which = "plan.this_week" if week.monday <= today else "plan.next_week"
    of_week = planned(week)
    done = [item for item in of_week if item.state is ItemState.DONE]
    left = sum(item.minutes for item in of_week if item.state is ItemState.PLANNED)
    told = words("plan.progress", done=len(done), planned=len(of_week)) if done else ""
    rest = words("plan.left" if done else "plan.total", span=minutes(left, words)) if left else ""
    return lines(f"📅 <b>{words(which)}</b> · {span(week.monday, words)}", " · ".join(x for x in (told, rest) if x))


def by_days(shown: Sequence[Item], today: date, voice: Voice) -> Iterable[str]:
    """The items under their days, those without one last."""
    words = voice.words
    dated = sorted((item for item in shown if item.day), key=lambda item: (item.day, item.number))
    for day, items in groupby(dated, key=lambda item: item.day):
        mark = f" · {words('plan.today')}" if day == today else ""
        head = f"<b>{words.day(day) if day else ''}</b>{mark}"
        yield lines(head, *(line(item, words, voice.links) for item in items))
    for state, key in ((ItemState.WAITING, "plan.waiting"), (ItemState.ASKED, "plan.asked")):
        if undated := [item for item in shown if not item.day and item.state is state]:
            yield lines(f"<b>{words(key)}</b>", *(line(item, words, voice.links) for item in undated))


def moved(week: Week, voice: Voice) -> str:
    """What has gone on to the next week."""
    names = [safe(title_of(item), 60) for item in week.items if item.state is ItemState.MOVED]
    joined = voice.words("list.comma").join(names)
    return voice.words("plan.moved_on", names=joined) if names else ""


def hint(week: Week, shown: Sequence[Item], today: date, words: Words) -> str:
    if not shown:
        return words("plan.nothing_left")
    if all(item.state is ItemState.DONE for item in shown):
        return words("plan.all_done")
    return words("plan.how") if week.monday <= today else ""


def asked_buttons(week: Week, words: Words) -> list[Row]:
    """One answer for everything that is asked about, for whoever comes back after a while."""
    if sum(item.state is ItemState.ASKED for item in week.items) < SEVERAL:
        return []
    return [tuple(Button(words(f"plan.all.{what}"), pressed("all", what, week.monday)) for what in ("keep", "drop"))]


def week_buttons(week: Week, today: date, words: Words) -> list[Row]:
    other = week.monday + timedelta(7 if week.monday <= today else -7)
    turn = Button(words("plan.see_next" if week.monday <= today else "plan.see_this"), pressed("plan", other))
    accept = week.state is WeekState.PROPOSED and any(item.state.is_live for item in week.items)
    rows: list[Row] = [(Button(words("plan.accept"), pressed("accept", week.monday)),)] if accept else []
    stats = Button(words("plan.stats"), pressed("stats"))
    settings = Button(words("plan.settings"), pressed("habit", "main"))
    return [*rows, (turn, Button(words("plan.calendar"), pressed("calendar"))), (stats, settings)]


# --- an item ----------------------------------------------------------------------------------------------------------


def item_screen(week: Week, item: Item, voice: Voice) -> Message:
    """One item: why it is worth the time, and what may be done with it."""
    words = voice.words
    when = words.day(item.day) if item.day else words("plan.no_day")
    facts = (when, minutes(item.spent or item.minutes, words), direction_name(item.slug, voice))
    html = lines(
        f"<b>{item.number}.</b> {MARKS[item.kind]} <b>{kind(item, words)}</b>",
        name(item, voice.links),
        " · ".join(fact for fact in facts if fact),
    )
    parts = (html, about(item, voice), ending(item, words))
    return Message("\n\n".join(one for one in parts if one), tuple(item_buttons(week, item, words)))


def kind(item: Item, words: Words) -> str:
    told = words(f"plan.kind.{item.kind}")
    return f"{told} · {part(item, words)}" if part(item, words) else told


def direction_name(slug: str, voice: Voice) -> str:
    return voice.words("plan.foundations") if slug == FOUNDATIONS else escape(voice.names.get(slug, slug))


def about(item: Item, voice: Voice) -> str:
    """What the library says of an item: why to read it, what to look for, what to try, what it needs."""
    words, language = voice.words, voice.words.language
    if item.kind is ItemKind.CLASSIC and item.id in voice.classics:
        return safe(voice.classics[item.id].why.get(language, ""), LONGEST_TEXT)
    source = next((task for task in voice.tasks.sources if task.id == item.id), None)
    if source:
        return lines(
            f"📍 <code>{safe(source.where, 120)}</code>",
            f"❓ {safe(source.question[language], LONGEST_TEXT)}",
            f"✏️ {safe(source.change[language], LONGEST_TEXT)}",
        )
    experiment = next((one for one in voice.tasks.experiments if one.id == item.id), None)
    if experiment:
        return lines(
            f"👣 {safe(experiment.steps[item.part - 1].text[language], LONGEST_TEXT)}",
            f"🖥 {safe(experiment.needs[language], LONGEST_TEXT)}",
        )
    return words("plan.of_idea", number=item.idea) if item.idea else ""


def ending(item: Item, words: Words) -> str:
    """What became of an item, and what is still to be said about it."""
    match item.state:
        case ItemState.DONE:
            rated = f"✅ {words('plan.done')}" + (f" · {stars(item.stars)}" if item.stars else "")
            ask = words("plan.ask_trick" if item.stars else "plan.ask_takeaway")
            return lines(rated, f"💡 {safe(item.takeaway, LONGEST_TAKEAWAY)}" if item.takeaway else ask)
        case ItemState.ASKED:
            return words("plan.ask_drop")
        case ItemState.WAITING:
            return words("plan.no_room")
        case ItemState.MOVED:
            return words("plan.has_moved")
        case ItemState.DROPPED:
            return words("plan.dropped")
    return ""


def item_buttons(week: Week, item: Item, words: Words) -> list[Row]:
    def do(what: str) -> Button:
        return Button(words(f"plan.do.{what}"), pressed("do", what, week.monday, item.number))

    back = (Button(words("plan.back"), pressed("plan", week.monday)),)
    match item.state:
        case ItemState.DONE:
            shown = [Button(f"{at}★", pressed("star", week.monday, item.number, at)) for at in range(1, 6)]
            return [tuple(shown), back]
        case ItemState.ASKED:
            return [(do("keep"), do("drop")), (do("done"), do("swap")), back]
        case ItemState.PLANNED | ItemState.WAITING:
            return [(do("done"), do("tomorrow"), do("later")), (do("swap"), do("drop")), back]
    return [back]
