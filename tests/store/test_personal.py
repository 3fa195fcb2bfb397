"""All that is kept about a reader is found, shown and deleted, whatever tables there will be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.models import GroupWeek, Reader, Share
from bot.store import personal, readers, together
from bot.store.tables import AwaitedRow, GroupWeekRow, MemberRow
from tests.databases import both_databases
from tests.store.filled import fill, row

pytestmark = both_databases

ABOUT_NOBODY = {
    "assignment", "coverage", "pace", "paper", "paper_vector", "paper_version", "post", "run", "source",
    *personal.PASSING,
}  # fmt: skip
"""Tables that speak of papers, sources and the program only."""
NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
ID, PERSON = "42", 42


@pytest.fixture
def ours(session: Session) -> Session:
    """Three strangers with a row in each table, and a person with one in each of those about readers."""
    fill(session)
    paper = SQLModel.metadata.tables["paper"]
    known = session.execute(select(paper)).mappings().all()
    made: dict[str, list[dict[str, Any]]] = {"paper": [dict(one) for one in known]}
    for table in personal.personal_tables():
        values = row(table, 1, made) | {name: own for name, own in OWN.items() if name in table.columns}
        values |= {"id": ID} if table.name == personal.READER else {}
        if (number := table.autoincrement_column) is not None:
            values[number.key] = 9000
        session.execute(table.insert(), [values])
        made[table.name] = [{}, values]
    return session


OWN = {"reader_id": ID, "user_id": PERSON, "name": "mine", "code": "MINE", "token": "mine", "secret": "mine"}
"""What is a reader's own, or must be."""


def test_every_table_is_either_about_readers_or_known_not_to_be() -> None:
    """Whoever adds a table decides which of the two it is."""
    found = {table.name for table in personal.personal_tables()}
    assert found | ABOUT_NOBODY == set(SQLModel.metadata.tables)
    assert not found & ABOUT_NOBODY
    assert found == set(personal.NAMES)
    assert len(set(personal.NAMES.values())) == len(personal.NAMES)


def test_a_reader_is_shown_every_row_about_them_and_no_other(ours: Session) -> None:
    told = personal.about(ours, ID, PERSON)
    assert set(personal.NAMES.values()) <= set(told)
    assert {len(told[name]) for name in personal.NAMES.values()} == {1}
    assert json.loads(json.dumps(told)) == told
    assert told["settings"][0]["id"] == ID


def test_forgetting_leaves_no_row_about_them_and_all_of_the_others(ours: Session) -> None:
    personal.forget(ours, ID, PERSON)
    ours.flush()
    assert personal.about(ours, ID, PERSON) == {}
    assert not personal.is_known(ours, ID, PERSON)
    assert {len(ours.execute(select(table)).all()) for table in personal.personal_tables()} == {3}


def test_a_person_is_forgotten_in_groups_too(session: Session) -> None:
    for id_ in ("-100", ID):
        readers.save(session, Reader(id_))
    session.flush()
    together.join_plan(session, "-100", PERSON, "Grace", NOW)
    together.join_plan(session, "-100", 7, "Mary", NOW)
    shares = (Share("2606.00001", "42"), Share("2606.00002", "7"))
    together.save_group_week(session, "-100", GroupWeek(NOW.date(), shares, "42"))
    readers.await_answer(session, "-100", PERSON, "words", NOW)
    readers.await_answer(session, "-100", 7, "words", NOW)
    told = personal.about(session, ID, PERSON)
    assert told["groups_read_along_with"][0]["reader_id"] == "-100"
    assert told["questions_waiting_for_an_answer"][0]["user_id"] == PERSON
    assert told["shares_in_groups"][0]["presents"]
    personal.forget(session, ID, PERSON)
    assert [row.user_id for row in session.scalars(select(AwaitedRow))] == [7]
    assert [row.user_id for row in session.scalars(select(MemberRow))] == [7]
    week = session.scalars(select(GroupWeekRow)).one()
    assert (week.presenter, [share["member"] for share in week.shares]) == ("", ["", "7"])
    assert not personal.is_known(session, ID, PERSON)


def test_a_group_keeps_what_a_member_has_elsewhere(session: Session) -> None:
    for id_ in ("-100", ID):
        readers.save(session, Reader(id_))
    personal.forget(session, "-100")
    assert readers.get(session, ID)
    assert readers.get(session, "-100") is None


def test_wishes_to_be_forgotten_are_kept_until_they_are_fulfilled(session: Session) -> None:
    personal.note_forgotten(session, "2", None, NOW + timedelta(hours=1))
    personal.note_forgotten(session, "1", 1, NOW)
    session.flush()
    assert personal.forgotten(session) == [("1", 1, NOW), ("2", None, NOW + timedelta(hours=1))]
    personal.note_scrubbed(session, NOW)
    assert [wish.reader_id for wish in personal.forgotten(session)] == ["2"]
