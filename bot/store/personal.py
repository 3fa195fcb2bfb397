"""All that is kept about a reader, over all tables: to show it to them, and to be rid of it.

A table is personal when it speaks of a ``reader_id`` or a ``user_id``, or refers to a table that is; so that a new
table is found here by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Table, delete, false, or_, select
from sqlmodel import Session, SQLModel, col

from bot.store import together
from bot.store.tables import ForgottenRow

READER = "reader"
PASSING = ("gate", "incoming")
"""Limits of the last minutes, and updates that are not done with: they name chats, and are gone by themselves."""
NAMES = {
    "awaited": "questions_waiting_for_an_answer",
    "calendar": "calendar_address",
    "delivery": "messages_from_us",
    "forgotten": "requests_to_be_forgotten",
    "group_week": "weeks_of_the_group",
    "habits": "plan_settings",
    "idea": "ideas",
    "idea_count": "ideas_ever",
    "idea_entry": "idea_journal",
    "idea_match": "papers_near_ideas",
    "idea_paper": "papers_of_ideas",
    "link_code": "codes_for_the_terminal",
    "opinion": "opinions",
    "page": "lists_in_the_chat",
    "plan_item": "plan_items",
    "plan_member": "groups_read_along_with",
    "plan_week": "plan_weeks",
    "reader": "settings",
    "saved": "library",
    "sent": "papers_shown",
    "terminal": "terminals",
}
"""What a person calls our tables; one that is not named here goes by its own name."""


class Wish(NamedTuple):
    """That a reader wants to be forgotten, and the backups that were begun until then with them."""

    reader_id: str
    user_id: int | None
    at: datetime


@cache
def personal_tables() -> tuple[Table, ...]:
    """The tables with rows about readers, those that others refer to before them."""
    found: dict[str, Table] = {}
    for table in SQLModel.metadata.sorted_tables:
        if table.name == READER or {"reader_id", "user_id"} & set(table.columns.keys()) or owner_of(table, found):
            found[table.name] = table
    return tuple(found.values())


def owner_of(table: Table, personal: dict[str, Table]) -> ForeignKey | None:
    """The reference by which a table's rows belong to another personal table's."""
    return next((key for key in table.foreign_keys if key.column.table.name in personal), None)


def theirs(table: Table, reader_id: str, user_id: int | None) -> ColumnElement[bool]:
    """The rows of a personal table that are about this reader, or about this person in groups' tables."""
    if table.name == READER:
        return table.c.id == reader_id
    told: list[ColumnElement[bool]] = [table.c.reader_id == reader_id] if "reader_id" in table.columns else []
    if user_id is not None and "user_id" in table.columns:
        told.append(table.c.user_id == user_id)
    if not told:
        key = owner_of(table, {known.name: known for known in personal_tables()})
        if key is not None:
            owner = key.column.table
            told.append(key.parent.in_(select(key.column).where(theirs(owner, reader_id, user_id))))
    return or_(false(), *told)


# --- to show ----------------------------------------------------------------------------------------------------------


def about(session: Session, reader_id: str, user_id: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row about a reader, by a name that a person understands; ``user_id`` where the reader is a person."""
    told = {
        NAMES.get(table.name, table.name): [
            {name: plain(value) for name, value in row._mapping.items()}
            for row in session.execute(
                select(table).where(theirs(table, reader_id, user_id)).order_by(*table.primary_key.columns)
            )
        ]
        for table in personal_tables()
    }
    if user_id is not None:
        told["shares_in_groups"] = list(shares(session, user_id))
    return {name: rows for name, rows in told.items() if rows}


def plain(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def shares(session: Session, user_id: int) -> Iterator[dict[str, Any]]:
    """What somebody took on in the weeks of groups' plans."""
    for row in together.weeks_of_member(session, user_id):
        mine = [share for share in row.shares if share["member"] == str(user_id)]
        yield {"group": row.reader_id, "monday": row.monday.isoformat(), "shares": mine,
               "presents": row.presenter == str(user_id)}  # fmt: skip


# --- to be rid of -----------------------------------------------------------------------------------------------------


def forget(session: Session, reader_id: str, user_id: int | None = None) -> None:
    """Delete every row about a reader; ``user_id`` where the reader is a person, who may stand in groups' rows."""
    for table in reversed(personal_tables()):
        session.execute(delete(table).where(theirs(table, reader_id, user_id)))
    if user_id is not None:
        together.forget_member(session, user_id)


def clear_passing(session: Session) -> None:
    """Delete what passes through within minutes and may name a chat; a backup has no use for it."""
    for table in PASSING:
        session.execute(delete(SQLModel.metadata.tables[table]))


def is_known(session: Session, reader_id: str, user_id: int | None = None) -> bool:
    """Whether anything is kept about a reader; a wish to be forgotten is on its way out."""
    queries = (
        select(table.primary_key.columns[0]).where(theirs(table, reader_id, user_id))
        for table in personal_tables()
        if table.name != ForgottenRow.__tablename__
    )
    anywhere = any(session.execute(query.limit(1)).first() for query in queries)
    return anywhere or (user_id is not None and bool(together.weeks_of_member(session, user_id)))


def note_forgotten(session: Session, reader_id: str, user_id: int | None, at: datetime) -> None:
    """Note that a reader is to be scrubbed from the backups that are there."""
    session.add(ForgottenRow(reader_id=reader_id, user_id=user_id, at=at))


def forgotten(session: Session) -> list[Wish]:
    """Who is still to be scrubbed from backups, the oldest wish first."""
    rows = session.scalars(select(ForgottenRow).order_by(col(ForgottenRow.at), col(ForgottenRow.number)))
    return [Wish(row.reader_id, row.user_id, row.at) for row in rows]


def note_scrubbed(session: Session, until: datetime) -> None:
    session.execute(delete(ForgottenRow).where(col(ForgottenRow.at) <= until))
