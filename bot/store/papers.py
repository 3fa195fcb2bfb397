"""Papers: keep what came, read what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, SQLModel, col

from bot.models import Compute, FetchedPaper, Paper
from bot.rules.ingest import TEXT_RANK, authority, first_seen, is_replacement, merged
from bot.rules.tokens import tokens
from bot.store.engine import kind_of
from bot.store.tables import PaperRow, VectorRow, VersionRow

CHUNK = 500
"""Ids in one question; SQLite takes at most 32,766 values, older ones 999."""

MOST_WORDS = 100_000
"""Characters of a searchable column: PostgreSQL's index takes a megabyte of a paper in all."""
FIELDS = tuple(Paper.__dataclass_fields__)
PAPERS = SQLModel.metadata.tables["paper"]
"""The table itself, into which many rows go at a fraction of what as many objects take."""
UNJUDGED = {"judged_by": "", "compute_level": Compute().level, "compute_evidence": ""}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a batch came to."""

    fetched: int = 0
    """Papers of the batch that concern us: all but new versions of papers that we do not have."""
    new: int = 0
    updated: int = 0

    def plus(self, other: Kept) -> Kept:
        return Kept(self.fetched + other.fetched, self.new + other.new, self.updated + other.updated)


@dataclass(frozen=True, slots=True)
class Told:
    """What one source tells of a paper, with all that can be made of it while nobody waits for the database."""

    fetched: FetchedPaper
    paper: Paper
    """As this source alone describes it."""
    words: dict[str, str]
    """Its searchable columns."""


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def keep(session: Session, batch: Iterable[FetchedPaper]) -> Kept:
    """Merge ``batch`` into what is known; running it twice changes nothing the second time."""
    return keep_told(session, told(batch))


def told(batch: Iterable[FetchedPaper]) -> list[Told]:
    """``batch`` made ready, which takes longer than keeping it: to be called before the transaction."""
    return [Told(fetched, paper := first_seen(fetched), searchable(paper)) for fetched in batch]


def keep_told(session: Session, batch: Sequence[Told]) -> Kept:
    """The same for papers that were made ready."""
    first: dict[str, Told] = {}
    again = [one for one in batch if first.setdefault(one.paper.id, one) is not one]
    known = rows_by_id(session, list(first))
    new = [one for id_, one in first.items() if id_ not in known and not is_replacement(one.fetched)]
    put_in(session, new)
    updated = sum(bring_up(session, row, first[id_]) for id_, row in known.items())
    session.flush()
    kind_of(session.get_bind().dialect.name).settle(session)
    kept = Kept(len(new) + len(known), len(new), updated)
    return kept.plus(keep_told(session, again)) if again else kept


def put_in(session: Session, new: Sequence[Told]) -> None:
    """Papers of which nothing is known yet."""
    rows = [{name: getattr(one.paper, name) for name in FIELDS} | one.words | UNJUDGED for one in new]
    if rows:
        session.execute(insert(PAPERS), rows)


def bring_up(session: Session, row: PaperRow, one: Told) -> bool:
    """Whether ``one`` told anything new of a known paper."""
    known, said = to_paper(row), one.paper
    now = merged(known, said)
    if known.version != said.version:
        day = one.fetched.day if is_replacement(one.fetched) else None
        archive(session, min(known, said, key=authority), day)
    if now == known:
        return False
    for name in FIELDS:
        if getattr(now, name) != getattr(known, name):
            value = getattr(now, name)
            setattr(row, name, list(value) if isinstance(value, tuple) else value)
    if text_of(now) != text_of(known):
        row.sqlmodel_update(one.words if text_of(now) == text_of(said) else searchable(now))
        row.judged_by = ""
        session.execute(delete(VectorRow).where(col(VectorRow.number) == row.number))
    return True


def text_of(paper: Paper) -> tuple[str, str, tuple[str, ...]]:
    """What is searched and judged."""
    return paper.title, paper.abstract, paper.authors


def archive(session: Session, old: Paper, replaced_on: date | None) -> None:
    """Keep an older version's text; a better source's telling of the same version takes its place."""
    session.flush()
    row = session.get(VersionRow, (old.id, old.version))
    if row is None:
        row = VersionRow(paper_id=old.id, version=old.version, title="", abstract="", source="")
        session.add(row)
    if TEXT_RANK.get(old.text_source, 0) > TEXT_RANK.get(row.source, 0):
        row.title, row.abstract, row.source = old.title, old.abstract, old.text_source
    row.day = row.day or replaced_on


def searchable(paper: Paper) -> dict[str, str]:
    """The words of a paper by column."""
    said = {"title": paper.title, "authors": " ".join(paper.authors), "text": f"{paper.id} {paper.abstract}"}
    return {f"search_{name}": " ".join(tokens(text))[:MOST_WORDS] for name, text in said.items()}


def to_paper(row: PaperRow) -> Paper:
    values: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Paper(**values)


def rows_by_id(session: Session, ids: Sequence[str]) -> dict[str, PaperRow]:
    """The rows of those papers that are here, in the order of ``ids``."""
    found: dict[str, PaperRow] = {}
    for chunk in chunks(ids):
        found |= {row.id: row for row in session.scalars(select(PaperRow).where(col(PaperRow.id).in_(chunk)))}
    return {id_: found[id_] for id_ in ids if id_ in found}


def by_id(session: Session, ids: Sequence[str]) -> dict[str, Paper]:
    return {id_: to_paper(row) for id_, row in rows_by_id(session, ids).items()}


def unknown_ids(session: Session, ids: Sequence[str]) -> list[str]:
    known = {
        id_
        for chunk in chunks(ids)
        for id_ in session.scalars(select(col(PaperRow.id)).where(col(PaperRow.id).in_(chunk)))
    }
    return [id_ for id_ in dict.fromkeys(ids) if id_ not in known]


def last_number(session: Session) -> int:
    """The number of the newest paper; 0 where there is none."""
    return session.scalar(select(func.max(col(PaperRow.number)))) or 0


def of_day(session: Session, day: date) -> list[Paper]:
    """The papers of an announcement day, by id."""
    rows = session.scalars(select(PaperRow).where(col(PaperRow.day) == day).order_by(col(PaperRow.id)))
    return [to_paper(row) for row in rows]


def announced_on(session: Session, day: date) -> bool:
    """Whether arXiv announced any paper on ``day``."""
    query = (
        select(col(PaperRow.number)).where(col(PaperRow.day) == day, col(PaperRow.day_source) != "huggingface").limit(1)
    )
    return session.scalar(query) is not None


def announced_days(session: Session, ids: Sequence[str]) -> dict[str, date]:
    """The day of each of these papers that arXiv itself has announced to us."""
    found: dict[str, date] = {}
    for chunk in chunks(ids):
        query = select(col(PaperRow.id), col(PaperRow.day)).where(
            col(PaperRow.id).in_(chunk), col(PaperRow.day).is_not(None), col(PaperRow.day_source) != "huggingface"
        )
        found |= {id_: day for id_, day in session.execute(query) if day}
    return found


def take_off_day(session: Session, day: date, listed: set[str], categories: set[str]) -> int:
    """Undo what a stale feed did: papers that it put on ``day`` and that the day's true feed does not list.

    Only papers of ``categories`` are touched, for the true feed speaks of no others. Returns how many were.
    """
    rows = session.scalars(select(PaperRow).where(col(PaperRow.day) == day, col(PaperRow.day_source) == "arxiv-feed"))
    wrong = [row for row in rows if row.id not in listed and categories & set(row.categories)]
    for row in wrong:
        row.day, row.day_source = None, ""
    return len(wrong)


def versions(session: Session, paper_id: str) -> list[VersionRow]:
    """The older versions of a paper, oldest first."""
    return list(
        session.scalars(
            select(VersionRow).where(col(VersionRow.paper_id) == paper_id).order_by(col(VersionRow.version))
        )
    )
