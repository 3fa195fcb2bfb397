"""Ideas in the store: each under its reader and number, with all that belongs to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.models import Reader
from bot.models.ideas import Grade, Idea, IdeaStatus, Near
from bot.models.tracking import Course, Entry, EntryKind, Relation
from bot.store import ideas, matches, moves, papers, readers, rounds, terminals
from bot.store.tables import IdeaEntryRow, IdeaMatchRow, IdeaPaperRow, IdeaRow
from tests.databases import both_databases
from tests.fakes import DAY, fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)
PAPER = "2606.00001"


@pytest.fixture
def filled(session: Session) -> Session:
    """Two readers, one paper."""
    for id_ in ("5", "6"):
        readers.save(session, Reader(id_, state="active"))
    papers.keep(session, [fetched(PAPER)])
    return session


def idea(session: Session, reader_id: str = "5", text: str = "an idea", **fields: object) -> Idea:
    return ideas.create(session, Idea(reader_id, 0, text, **fields), DAY, NOW)  # type: ignore[arg-type]


def near(session: Session, grade: Grade = Grade.CLOSE) -> Near:
    return Near(papers.by_id(session, [PAPER])[PAPER], grade, 0.5, ("rank",), ("layer",))


def test_an_idea_comes_back_as_it_was_written(filled: Session) -> None:
    kept = idea(filled, directions=("peft",), must=("LoRA",), must_not=("video",))
    assert ideas.get(filled, "5", 1) == kept
    assert (kept.number, kept.directions, kept.must, kept.must_not) == (1, ("peft",), ("LoRA",), ("video",))
    assert (kept.created, kept.touched, kept.status) == (NOW, NOW, IdeaStatus.SEED)


def test_each_reader_counts_for_themselves_and_no_number_is_given_twice(filled: Session) -> None:
    assert [idea(filled).number for _ in range(2)] == [1, 2]
    assert idea(filled, "6").number == 1
    ideas.remove(filled, "5", 2)
    assert idea(filled).number == 3


def test_one_readers_number_never_reaches_anothers_idea(filled: Session) -> None:
    idea(filled)
    assert ideas.get(filled, "6", 1) is None
    assert ideas.change(filled, "6", 1, NOW, text="mine") is None
    ideas.note(filled, "6", 1, Entry(EntryKind.NOTE, NOW, "mine"))
    ideas.link(filled, "6", 1, PAPER, Relation.USEFUL, NOW)
    ideas.remove(filled, "6", 1)
    assert matches.get(filled, "6", 1, PAPER) is None
    assert [one.text for one in ideas.listed(filled, "5")] == ["an idea"]
    assert [entry.kind for entry in ideas.journal(filled, "5", 1)] == [EntryKind.BORN]


def test_deleting_an_idea_or_its_reader_deletes_all_that_belongs_to_it(filled: Session) -> None:
    for forget in (lambda: ideas.remove(filled, "5", 1), lambda: readers.forget(filled, "5")):
        kept = idea(filled)
        ideas.link(filled, "5", kept.number, PAPER, Relation.LINKED, NOW)
        matches.keep(filled, ideas.key_of(filled, "5", kept.number) or 0, near(filled), Course.SILENT, NOW)
        filled.flush()
        forget()
        for table in (IdeaRow, IdeaEntryRow, IdeaPaperRow, IdeaMatchRow):
            assert filled.scalars(select(table)).all() == []


def test_a_group_that_moves_keeps_its_ideas(filled: Session) -> None:
    readers.save(filled, Reader("-7", kind="group", state="active"))
    idea(filled, "-7")
    moves.move_reader(filled, "-7", "-1007")
    assert [one.text for one in ideas.listed(filled, "-1007")] == ["an idea"]
    assert idea(filled, "-1007").number == 2


def test_a_reason_goes_to_the_last_decision(filled: Session) -> None:
    idea(filled)
    assert not ideas.give_reason(filled, "5", 1, "because")
    ideas.decide(filled, "5", 1, IdeaStatus.READING, NOW)
    ideas.decide(filled, "5", 1, IdeaStatus.DROPPED, NOW)
    assert ideas.give_reason(filled, "5", 1, "done by others")
    assert [(entry.status, entry.text) for entry in ideas.journal(filled, "5", 1)] == [
        ("seed", ""), ("reading", ""), ("dropped", "done by others"),
    ]  # fmt: skip


def test_what_is_said_of_a_paper_replaces_what_was_said_before(filled: Session) -> None:
    idea(filled)
    ideas.link(filled, "5", 1, PAPER, Relation.USEFUL, NOW)
    ideas.link(filled, "5", 1, PAPER, Relation.UNRELATED, NOW, ["Rank", "layer"])
    tracked = ideas.tracked(filled, "5", 1)
    assert tracked
    assert tracked.rejected == (frozenset({"rank", "layer"}),)
    assert ideas.attached_to(filled, "5", [PAPER]) == {}
    ideas.unlink(filled, "5", 1, PAPER)
    assert ideas.tracked(filled, "5", 1).links == ()  # type: ignore[union-attr]


def test_only_live_ideas_are_held_against_new_papers(filled: Session) -> None:
    idea(filled)
    idea(filled, "6")
    ideas.decide(filled, "6", 1, IdeaStatus.DONE, NOW)
    papers.keep(filled, [fetched("2606.00002")])
    assert [one.idea.reader_id for one in rounds.behind(filled, 2)] == ["5"]
    rounds.note_seen(filled, 2)
    assert not rounds.is_any_behind(filled, 2)


def test_an_idea_is_asked_about_once_until_it_is_touched_again(filled: Session) -> None:
    idea(filled)
    later = NOW + timedelta(weeks=5)
    assert ideas.untouched(filled, "5", NOW) == []
    found = ideas.untouched(filled, "5", later)
    assert [one.number for one in found] == [1]
    ideas.note_asked(filled, found)
    assert ideas.untouched(filled, "5", later) == []
    ideas.note(filled, "5", 1, Entry(EntryKind.NOTE, later, "still on it"))
    assert [one.number for one in ideas.untouched(filled, "5", later + timedelta(weeks=5))] == [1]


def test_what_waits_for_a_digest_waits_for_its_reader_alone(filled: Session) -> None:
    idea(filled)
    matches.keep(filled, ideas.key_of(filled, "5", 1) or 0, near(filled), Course.DIGEST, NOW)
    assert matches.waiting(filled, ["6"], NOW) == {}
    ((_, found),) = matches.waiting(filled, ["5", "6"], NOW)["5"]
    assert found == near(filled)
    matches.note_told(filled, ["6"])
    assert matches.waiting(filled, ["5"], NOW)
    matches.note_told(filled, ["5"])
    assert matches.waiting(filled, ["5"], NOW) == {}


def test_a_match_that_is_found_again_keeps_its_course(filled: Session) -> None:
    idea(filled)
    key = ideas.key_of(filled, "5", 1) or 0
    assert matches.keep(filled, key, near(filled), Course.ALERT, NOW)
    assert not matches.keep(filled, key, near(filled, Grade.USEFUL), Course.SILENT, NOW)
    assert [one.grade for one in matches.of_idea(filled, "5", 1)] == [Grade.USEFUL]
    assert [row.course for row in filled.scalars(select(IdeaMatchRow))] == ["alert"]


def test_a_terminals_ideas_get_new_numbers_and_are_not_told_again(filled: Session) -> None:
    readers.save(filled, Reader("local", kind="local"))
    idea(filled)
    idea(filled, "local", "written in the terminal")
    matches.keep(filled, ideas.key_of(filled, "local", 1) or 0, near(filled), Course.DIGEST, NOW)
    terminals.keep_code(filled, "CODE", "5", NOW)
    joined = terminals.join(filled, "local", "CODE", NOW)
    assert joined
    assert terminals.reader_of(filled, "local") == joined
    assert [(one.number, one.text) for one in ideas.listed(filled, "5")] == [
        (1, "an idea"), (2, "written in the terminal"),
    ]  # fmt: skip
    assert matches.waiting(filled, ["5"], NOW) == {}
    assert terminals.join(filled, "local", "CODE", NOW) is None
