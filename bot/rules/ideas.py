"""Ideas: what may be written, what becomes of a paper that comes near one, and what of it a digest tells. Pure.

graded paper | was it there before the idea? silenced? refused? | alert, digest or silence
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from difflib import SequenceMatcher

from bot.errors import UsageError
from bot.models.ideas import Asked, Grade, Idea, IdeaStatus, Near
from bot.models.tracking import Course, IdeaPapers, Relation, Tracked, folded
from bot.rules.sentences import sentences
from bot.rules.tokens import tokens
from bot.rules.trends import WEEK, monday

LONGEST, LONGEST_NOTE, LONGEST_PHRASE = 4000, 2000, 80
"""Characters of an idea (a page), of a note or a reason, of a phrase."""
MOST_PHRASES, MOST_DIRECTIONS = 12, 3
MOST_USEFUL = 2
"""That a digest tells of one idea."""
MOST_TOLD = 6
"""Papers that a digest tells of one idea."""
MUTED_FOR = timedelta(days=7)
UNTOUCHED = timedelta(weeks=4)
"""After which a reader is asked about an idea, once."""
YOUNG_DAYS, YOUNG_PAPERS = 30, 5000
"""An archive with less than either of these cannot say much of what has been done."""
ORDER = {Grade.SCOOP: 0, Grade.CLOSE: 1, Grade.USEFUL: 2, None: 3}
BETWEEN_PHRASES = re.compile(r"[,;\n，；、]+")
NOTE = re.compile(r"\s*#?(\d{1,4})(?:\s*[:：,，]\s*|\.?\s+)(?=\S)")

STATUS_NAMES: Mapping[IdeaStatus, tuple[str, ...]] = {
    IdeaStatus.SEED: ("种子", "萌芽"),
    IdeaStatus.READING: ("在读", "阅读", "调研"),
    IdeaStatus.EXPERIMENT: ("实验", "在做实验", "experimenting"),
    IdeaStatus.WRITING: ("写作", "在写"),
    IdeaStatus.DONE: ("完成", "已完成"),
    IdeaStatus.DROPPED: ("放弃", "已放弃", "drop"),
}
"""What else people write for a status."""


# --- what is written --------------------------------------------------------------------------------------------------


def checked(text: str, longest: int = LONGEST) -> str:
    """``text`` as it is kept; raises UsageError for one that is empty or longer than a page."""
    kept = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", text.replace("\r\n", "\n"))).strip()
    if not tokens(kept):
        raise UsageError("the idea is empty", key="idea_empty")
    if len(kept) > longest:
        raise UsageError(
            "{length} characters; at most {most}", key="idea_too_long", length=len(kept), most=longest
        )  # fmt: skip
    return kept


def phrases(text: str) -> tuple[str, ...]:
    """Phrases between commas, each once; "-" for none."""
    found = (" ".join(part.split())[:LONGEST_PHRASE] for part in BETWEEN_PHRASES.split(text))
    return tuple(dict.fromkeys(part for part in found if tokens(part)))[:MOST_PHRASES]


def status_of(name: str) -> IdeaStatus:
    """The status that a person means; raises UsageError that names all of them."""
    asked = name.strip().casefold()
    for status in IdeaStatus:
        if asked == status.value or asked in STATUS_NAMES[status]:
            return status
    known = ", ".join(status.value for status in IdeaStatus)
    raise UsageError("no status {name}; one of {known}", key="idea_status", name=name.strip()[:40], known=known)


def numbered(text: str, only: int | None = None) -> tuple[int, str]:
    """``2 some words`` as number and words; without a number, that of the ``only`` idea there is; 0 for none.

    A number alone is an idea without words.
    """
    if text.strip().isdecimal():
        return only or 0, ""
    if match := NOTE.match(text):
        return int(match[1]), text[match.end() :].strip()
    return only or 0, text.strip()


def toggled(directions: Sequence[str], slug: str) -> tuple[str, ...]:
    return tuple(one for one in directions if one != slug) if slug in directions else (*directions, slug)


def asked(tracked: Tracked) -> Asked:
    """What papers are held against, of an idea with its papers."""
    idea = tracked.idea
    return Asked(
        idea.text, idea.directions, idea.must, idea.must_not,
        tracked.papers(Relation.LINKED, Relation.USEFUL), tracked.papers(Relation.UNRELATED),
    )  # fmt: skip


def is_young(papers: int, first: date | None, last: date | None) -> bool:
    """Whether an archive is too young for a search of it alone."""
    return papers < YOUNG_PAPERS or first is None or last is None or (last - first).days + 1 < YOUNG_DAYS


# --- what becomes of a paper ------------------------------------------------------------------------------------------


def course(tracked: Tracked, near: Near, today: date, *, may_alert: bool) -> Course:
    """What becomes of a new paper that was graded; ``today`` is the reader's, ``may_alert``: they take alerts now."""
    paper, idea = near.paper, tracked.idea
    if paper.day is None or paper.day <= tracked.born or is_muted(idea, today):
        return Course.SILENT
    if is_refused(near.shared, tracked.rejected) or any(link.paper.id == paper.id for link in tracked.links):
        return Course.SILENT
    return Course.ALERT if near.grade is Grade.SCOOP and may_alert else Course.DIGEST


def is_muted(idea: Idea, today: date) -> bool:
    return idea.muted_until is not None and today < idea.muted_until


def is_refused(shared: tuple[str, ...], rejected: Iterable[frozenset[str]]) -> bool:
    """Whether the reader has said of all these phrases together that they do not make a paper related."""
    found = folded(shared)
    return any(found <= refused for refused in rejected)


def ranked(near: Iterable[Near]) -> list[Near]:
    """Best grade first, then newest; what has no grade comes last, the nearest first."""
    return sorted(near, key=lambda one: (ORDER[one.grade], -day_number(one), -one.score, one.paper.id))


def day_number(near: Near) -> int:
    """Days count only between papers that are near by grade."""
    return near.paper.day.toordinal() if near.grade and near.paper.day else 0


# --- what a digest tells ----------------------------------------------------------------------------------------------


def told(waiting: Iterable[tuple[Idea, Near]]) -> tuple[IdeaPapers, ...]:
    """What a digest tells of each idea, the best first; first of all the ideas that something came nearest to."""
    by_idea: dict[int, tuple[Idea, list[Near]]] = {}
    for idea, near in waiting:
        by_idea.setdefault(idea.number, (idea, []))[1].append(near)
    shares = [share(idea, near) for _, (idea, near) in sorted(by_idea.items())]
    return tuple(sorted(shares, key=lambda one: ORDER[one.near[0].grade]))


def share(idea: Idea, near: Sequence[Near]) -> IdeaPapers:
    nearer = [one for one in near if one.grade is not Grade.USEFUL]
    useful = [one for one in near if one.grade is Grade.USEFUL]
    best = sorted(nearer, key=by_score) + sorted(useful, key=by_score)[:MOST_USEFUL]
    return IdeaPapers(idea, tuple(best[:MOST_TOLD]), max(0, len(nearer) - MOST_TOLD))


def by_score(near: Near) -> tuple[int, float, str]:
    return ORDER[near.grade], -near.score, near.paper.id


def changed_sentences(before: str, after: str) -> tuple[str, ...]:
    """The sentences of ``after`` that ``before`` does not have; a matter of commas and spaces is no change."""
    old, new = sentences(" ".join(before.split())), sentences(" ".join(after.split()))
    matcher = SequenceMatcher(None, [said(one) for one in old], [said(one) for one in new], autojunk=False)
    return tuple(
        sentence
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert")
        for sentence in new[start:end]
    )


def said(sentence: str) -> str:
    return " ".join(tokens(sentence))


# --- weeks ------------------------------------------------------------------------------------------------------------


def mondays(last: date, weeks: int) -> tuple[date, ...]:
    """The Mondays of ``weeks`` weeks, oldest first, the last one that of ``last``."""
    return tuple(monday(last) - WEEK * back for back in reversed(range(weeks)))


def by_week(found: Iterable[tuple[date, Grade]], weeks: Sequence[date]) -> tuple[Mapping[Grade, int], ...]:
    """How many papers of each grade each of ``weeks`` had."""
    counts: dict[date, Counter[Grade]] = {week: Counter() for week in weeks}
    for day, grade in found:
        if (week := monday(day)) in counts:
            counts[week][grade] += 1
    return tuple(counts[week] for week in weeks)
