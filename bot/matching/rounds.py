"""A round: the new papers held against every live idea of every reader.

    new papers, judged → graded → for each idea what becomes of them → scoops into the outbox, the rest put aside

What a batch of papers comes to is one transaction, with the note that they have been held against the ideas: killed at
any moment, no paper is told twice and none is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bot.kit import Kit
from bot.matching.archive import judged_of, questions
from bot.models import Delivery, Message, Paper, Reader
from bot.models.ideas import Idea, Near
from bot.models.tracking import SCOOP, Course, Tracked
from bot.rules.ideas import asked, course
from bot.rules.zones import local
from bot.schedule import is_paused
from bot.store import deliveries, editions, matches, rounds, vectors
from bot.store.engine import Session

log = logging.getLogger(__name__)

BATCH = 512
"""Papers held against all ideas at once, in one transaction."""
EVER = 2**31 - 1
"""A paper number that none reaches, as wide as the column."""

Tell = Callable[[Reader, Idea, Near], Message]
"""The message of an alert."""
Hit = tuple[Tracked, Near]


def match(kit: Kit, tell: Tell) -> int:
    """Hold what is new against every live idea; returns how many alerts were put into the outbox."""
    with kit.store.read() as session:
        newest = editions.last_judged(session)
        if not rounds.is_any_behind(session, newest):
            return 0
        live = rounds.behind(session, newest)
    alerts, done = 0, min(one.seen for one in live)
    while done < newest:
        with kit.store.read() as session:
            batch = vectors.between(session, done, newest, BATCH)
        done = batch[-1][0] if batch else newest
        hits = hits_of(kit, live, batch)
        with kit.store.write() as session:
            alerts += keep(kit, session, hits, tell)
            rounds.note_seen(session, done)
    return alerts


def analyse(kit: Kit) -> None:
    """Analyse every live idea that the last round did not know, which takes some milliseconds each."""
    with kit.store.read() as session:
        live = rounds.behind(session, EVER)
    known = dict(kit.memory.questions)
    for one in live:
        kit.progress("ideas", 0, 0)
        text = asked(one)
        known[text] = known.get(text) or kit.nearness().ask(text)
    kit.memory.questions = known


def hits_of(kit: Kit, live: Sequence[Tracked], batch: Sequence[tuple[int, Paper]]) -> list[Hit]:
    """What of a batch of papers comes near which idea; papers of the time before an idea do not."""
    first = min(one.born for one in live)
    fresh = {paper.id: number for number, paper in batch if paper.day and paper.day > first and not paper.withdrawn}
    if not fresh:
        return []
    news = [paper for _, paper in batch if paper.id in fresh]
    with kit.store.read() as session:
        judged = judged_of(session, news)
    known = questions(kit, map(asked, live))
    near = dict(zip(known, kit.nearness().match(list(known.values()), news, judged), strict=True))
    return [
        (one, found)
        for one in live
        for found in near[asked(one)]
        if found.paper.day and found.paper.day > one.born and fresh[found.paper.id] > one.seen
    ]


def keep(kit: Kit, session: Session, hits: Sequence[Hit], tell: Tell) -> int:
    """Decide what becomes of each hit, and write that down; ideas may have changed since they were read."""
    now = kit.clock.now()
    live = {one.key: one for one in rounds.still_live(session, list({hit[0].key: hit[0] for hit in hits}.values()))}
    readers = {reader.id: reader for reader in editions.readers(session, {one.idea.reader_id for one in live.values()})}
    known = matches.known(session, list(live), {near.paper.id for _, near in hits})
    decided: list[tuple[int, Near, Course]] = []
    alerts: list[Delivery] = []
    for was, near in hits:
        one = live.get(was.key)
        if one is None or (one.key, near.paper.id) in known:
            continue
        reader = readers[one.idea.reader_id]
        became = course(one, near, local(now, reader.zone).date(), may_alert=takes_alerts(kit, reader))
        if became is Course.ALERT:
            alert = alert_of(reader, one.idea, near, tell)
            alerts += [alert] if alert else []
            became = Course.ALERT if alert else Course.DIGEST
        decided.append((one.key, near, became))
    matches.keep_all(session, decided, now)
    return deliveries.enqueue(session, alerts, now)


def takes_alerts(kit: Kit, reader: Reader) -> bool:
    """Whether messages may come to this reader by themselves; what cannot waits for the next digest."""
    return (
        reader.kind != "local" and reader.state in ("active", "onboarding") and not is_paused(reader, kit.clock.now())
    )


def alert_of(reader: Reader, idea: Idea, near: Near, tell: Tell) -> Delivery | None:
    """One reader's alert, once for an idea, a paper and its version; None where it cannot be put into words."""
    try:
        message = tell(reader, idea, near)
    except Exception:  # one message's trouble is not everybody's; the paper goes into the digest
        log.exception("no alert could be made for reader %s", reader.id)
        return None
    return Delivery(reader.id, SCOOP, f"{idea.number}/{near.paper.id}/{near.paper.version}", message)
