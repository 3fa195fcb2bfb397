"""A reader who goes on under another number: a group that became a supergroup."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    delete,
    exists,
    false,
    not_,
    or_,
    select,
    update,
)
from sqlmodel import Session, SQLModel, col

from bot.store.tables import ReaderRow


def move_reader(session: Session, old: str, new: str) -> None:
    """A group became a supergroup: it, and its topics, keep everything under the new number."""
    topics = or_(col(ReaderRow.id) == old, col(ReaderRow.id).startswith(f"{old}:"))
    for row in session.scalars(select(ReaderRow).where(topics).with_for_update()).all():
        moved = new + row.id.removeprefix(old)
        if session.get(ReaderRow, moved) is None:
            session.add(ReaderRow(**{**row.model_dump(), "id": moved}))
            session.flush()
        rename_everywhere(session, row.id, moved)
        session.execute(delete(ReaderRow).where(col(ReaderRow.id) == row.id))


def rename_everywhere(session: Session, old: str, new: str) -> None:
    """In every table that speaks of readers; what both had, the new one keeps."""
    for table in SQLModel.metadata.sorted_tables:
        if "reader_id" in table.columns:
            taken = [has_twin(table, key, new) for key in keys_with_reader(table)]
            session.execute(
                update(table).where(table.c.reader_id == old, not_(or_(false(), *taken))).values(reader_id=new)
            )


def keys_with_reader(table: Table) -> list[list[str]]:
    """The names of the columns of each unique key that a reader is part of."""
    unique = (one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint))
    return [names for one in unique if "reader_id" in (names := [column.name for column in one.columns])]


def has_twin(table: Table, key: Sequence[str], reader_id: str) -> ColumnElement[bool]:
    """Whether this reader has a row with the same key."""
    twin = table.alias()
    same = (twin.c[name] == table.c[name] for name in key if name != "reader_id")
    return exists().where(twin.c.reader_id == reader_id, *same)
