"""A reader's library: states, tags and notes stay with it, are found again, and go with the reader."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select
from sqlmodel import Session

from bot.app import load_terms
from bot.models import Reader, ReadingState, SavedPaper
from bot.rules.library import Wanted, changed_tags, read_state, read_wanted
from bot.store import library, readers
from bot.store.engine import Store, open_engine
from bot.store.migrations import HERE
from bot.store.papers import keep
from bot.store.tables import SavedRow
from tests.databases import both_databases
from tests.fakes import fetched

pytestmark = both_databases

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ONE, TWO, THREE = "2606.00001", "2606.00002", "2606.00003"


@pytest.fixture
def mine(session: Session) -> Session:
    """Three papers, two of them saved by reader 5."""
    keep(session, [
        fetched(ONE, title="Low-Rank Adaptation of Small Models", abstract="We adapt.", authors=("Gödel",)),
        fetched(TWO, title="检索增强生成综述", abstract="本文综述检索增强生成。"),
        fetched(THREE, title="Something Else", abstract="Low rank is mentioned."),
    ])  # fmt: skip
    for reader_id in ("5", "6"):
        readers.save(session, Reader(reader_id))
    session.flush()
    library.save(session, "5", ONE, NOW)
    library.save(session, "5", TWO, LATER)
    return session


def found(session: Session, **wanted: object) -> list[str]:
    return [one.paper_id for one in library.find(session, "5", Wanted(**wanted), load_terms())]  # type: ignore[arg-type]


def test_the_latest_saved_comes_first_and_is_to_be_read(mine: Session) -> None:
    assert library.ids(mine, "5") == list(library.kept(mine, "5")) == [TWO, ONE]
    assert library.kept(mine, "5")[ONE].state is ReadingState.TO_READ
    assert library.ids(mine, "6") == []


def test_saving_again_changes_nothing(mine: Session) -> None:
    library.set_tags(mine, "5", ONE, ["lora"], NOW)
    library.set_state(mine, "5", ONE, ReadingState.READ, NOW)
    before = library.get(mine, "5", ONE)
    library.save(mine, "5", ONE, LATER)
    assert library.get(mine, "5", ONE) == before


def test_a_state_says_since_when_and_only_a_change_counts(mine: Session) -> None:
    library.set_state(mine, "5", ONE, ReadingState.READ, NOW)
    library.set_state(mine, "5", ONE, ReadingState.READ, LATER)
    saved = library.get(mine, "5", ONE)
    assert saved
    assert (saved.state, saved.moved) == (ReadingState.READ, NOW)


def test_what_is_read_in_the_plan_is_in_the_library_too(mine: Session) -> None:
    library.set_state(mine, "5", THREE, ReadingState.READ, LATER)
    assert library.ids(mine, "5") == [TWO, THREE, ONE]


def test_states_and_tags_narrow_the_list(mine: Session) -> None:
    library.set_state(mine, "5", TWO, ReadingState.READING, NOW)
    library.set_tags(mine, "5", ONE, ["lora", "检索"], NOW)
    assert found(mine, state=ReadingState.READING) == [TWO]
    assert found(mine, tag="检索") == [ONE]
    assert found(mine, tag="lora", state=ReadingState.READING) == []


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("low rank", [ONE]),  # not the third: it is not saved
        ("ADAPTATION", [ONE]),
        ("godel", [ONE]),
        ("增强", [TWO]),
        ("检索增强", [TWO]),
        ("低秩", [ONE]),  # Chinese finds English through the list of terms
        ("compare", [ONE]),  # in the note
        ("adaptation compare", [ONE]),  # in the paper and in the note
        ("复现", [TWO]),  # a tag
        ("compa", [ONE]),  # unfinished
        ("nothing like this", []),
        ("!?", []),
    ],
)
def test_words_are_looked_for_in_papers_notes_and_tags(mine: Session, words: str, ids: list[str]) -> None:
    library.set_note(mine, "5", ONE, "Compare with mine", NOW)
    library.set_tags(mine, "5", TWO, ["复现"], NOW)
    assert found(mine, words=words) == ids


def test_an_unsaved_paper_takes_its_words_along(mine: Session) -> None:
    library.set_note(mine, "5", ONE, "gone", NOW)
    library.unsave(mine, "5", ONE)
    library.save(mine, "5", ONE, LATER)
    saved = library.get(mine, "5", ONE)
    assert saved
    assert not saved.is_annotated


def test_papers_saved_before_there_were_states_are_to_be_read(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    engine = open_engine(address)
    with engine.connect() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(HERE))
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "old.sqlite3")) as old, old:  # where nobody asks for reader and paper
        old.execute("insert into saved values ('5', '2606.00001', '2026-06-17 12:00:00')")
    store = Store(address)
    with store.read() as session:
        assert library.kept(session, "5") == {ONE: SavedPaper(ONE, NOW)}
    store.close()


def test_forgetting_a_reader_leaves_nothing_of_the_library(mine: Session) -> None:
    library.set_note(mine, "5", ONE, "mine", NOW)
    library.save(mine, "6", ONE, NOW)
    readers.forget(mine, "5")
    assert [row.reader_id for row in mine.scalars(select(SavedRow))] == ["6"]


def test_joining_the_terminal_to_a_chat_brings_its_library_along(mine: Session) -> None:
    library.save(mine, "6", THREE, NOW)
    library.save(mine, "6", ONE, NOW)
    library.set_note(mine, "6", ONE, "of the terminal", NOW)
    library.set_note(mine, "5", ONE, "of the chat", NOW)
    library.adopt(mine, "6", "5")
    assert (library.ids(mine, "6"), set(library.ids(mine, "5"))) == ([], {ONE, TWO, THREE})
    assert library.kept(mine, "5")[ONE].note == "of the chat\nof the terminal"


@pytest.mark.parametrize(
    ("title", "first"),
    [
        ("Low-Rank Adaptation of Small Models", ONE),
        ("low rank adaption of small models", ONE),  # misspelt
        ("检索增强生成综述", TWO),
        ("检索增强的综述", TWO),
    ],
)
def test_papers_are_found_by_their_titles(mine: Session, title: str, first: str) -> None:
    assert library.titled(mine, title)[0].id == first


@pytest.mark.parametrize("title", ["", "!?", "unheard entirely", '" OR *'])
def test_a_title_that_says_nothing_finds_nothing(mine: Session, title: str) -> None:
    assert library.titled(mine, title) == []


# --- tags -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("LoRA #Rank", ("old", "lora", "rank")),
        ("lora，长上下文、推理", ("old", "lora", "长上下文", "推理")),
        ("-old new", ("new",)),
        ("-#OLD", ()),
        ("old OLD", ("old",)),
        ("<b>&", ("old", "b")),
        ("! ? …", ("old",)),
        ("long-context c++ arxiv:cs.cl", ("old", "long-context", "c++", "arxiv:cs.cl")),
        (" ".join(f"t{n}" for n in range(20)), ("old", *(f"t{n}" for n in range(11)))),
    ],
)
def test_tags_are_read_as_people_write_them(written: str, tags: tuple[str, ...]) -> None:
    assert changed_tags(("old",), written) == tags


def test_a_hash_asks_for_a_tag_and_the_rest_for_words() -> None:
    assert read_wanted("low rank #LoRA") == Wanted("low rank", "lora")
    assert read_wanted("#") == Wanted()


@pytest.mark.parametrize("name", ["to-read", "To Read", "toread", "TO_READ"])
def test_a_state_is_read_in_many_spellings(name: str) -> None:
    assert read_state(name) is ReadingState.TO_READ
