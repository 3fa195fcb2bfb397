"""What is PostgreSQL's own: who writes when, the order of text, and one clear sentence for every refusal."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url, text

from bot.errors import StoreError
from bot.models import Message, Reader
from bot.store import checks, pages, readers, transfer
from bot.store import postgresql as module
from bot.store.engine import Session, Store
from bot.store.migrations import revisions
from bot.store.papers import keep
from bot.store.search import tsquery
from bot.wording import LANGUAGES, Words
from tests.databases import SERVER, Server
from tests.fakes import fetched

PASSWORD = "dragonfly"
ADA, NOW = Reader("7"), datetime(2026, 6, 17, 16, tzinfo=UTC)


@pytest.fixture
def address(postgresql: Server) -> str:
    return postgresql.fresh_database("told")


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = Store(address)
    yield opened
    opened.close()


def changed(address: str, **parts: str | int) -> str:
    return make_url(address).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


def assert_told(error: StoreError, key: str) -> None:
    """One sentence in both languages, under a key of its own, that gives no password away."""
    assert error.key == key
    for told in (str(error), *(Words(language).error(error) for language in LANGUAGES)):
        assert "\n" not in told
        assert PASSWORD not in told


def ids(session: Session) -> list[str]:
    return list(session.execute(text("select id from paper order by number")).scalars())


def refusal(address: str) -> StoreError:
    with pytest.raises(StoreError) as refused:
        Store(address)
    return refused.value


# --- transactions -----------------------------------------------------------------------------------------------------


def test_one_writes_at_a_time_and_readers_do_not_wait(store: Store) -> None:
    order: list[str] = []

    def write() -> None:
        with store.write() as session:
            order.append("second")
            keep(session, [fetched("2606.00002")])

    with store.write() as session:
        keep(session, [fetched("2606.00001")])
        other = threading.Thread(target=write)
        other.start()
        with store.read() as reading:
            assert reading.execute(text("select count(*) from paper")).scalar() == 0
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]
    with store.read() as reading:
        assert ids(reading) == ["2606.00001", "2606.00002"]


def test_those_who_write_together_do_not_wait(store: Store) -> None:
    with store.write() as session, store.write(together=True) as other:
        keep(session, [fetched()])
        readers.save(other, ADA)
    with store.read() as session:
        assert readers.get(session, ADA.id) == ADA


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as reading:
        assert reading.execute(text("select count(*) from paper")).scalar() == 0
        with store.write() as session:
            keep(session, [fetched()])
        assert reading.execute(text("select count(*) from paper")).scalar() == 0


def test_a_writer_that_waits_too_long_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_TIMEOUT", "50ms")
    with store.write(), pytest.raises(StoreError) as refused, store.write():
        pass
    assert_told(refused.value, "locked")
    with store.write() as session:
        assert keep(session, [fetched()]).new == 1


# --- values -----------------------------------------------------------------------------------------------------------


def test_text_is_ordered_by_its_bytes_whatever_the_server_speaks(store: Store) -> None:
    query = """select table_name, column_name from information_schema.columns
        where table_schema = 'public' and data_type in ('character varying', 'text')
        and collation_name is distinct from 'C' and table_name != 'alembic_version'"""
    with store.read() as session:
        assert session.execute(text(query)).all() == []


@given(st.text("\\\0u0a", max_size=12))
def test_no_zero_byte_gets_through_in_json_and_nothing_else_is_lost(words: str) -> None:
    assert json.loads(module.as_json([words])) == [words.replace("\0", "")]


def test_a_zero_byte_is_left_out_and_so_it_is_when_it_is_asked_for(store: Store) -> None:
    with store.write() as session:
        keep(session, [fetched("2606.00001", title="Zero\0 Bytes")])
    with store.read() as session:
        asked = text("select title from paper where title = :title")
        assert session.execute(asked, {"title": "Zero\0 Bytes"}).scalars().all() == ["Zero Bytes"]


def test_ids_beyond_32_bits_are_kept(store: Store) -> None:
    with store.write() as session:
        readers.save(session, ADA)
        readers.await_answer(session, ADA.id, 7_999_999_999, "note", NOW)
        pages.keep(session, ADA.id, 2**40, Message("a"), NOW)
    with store.read() as session:
        assert readers.awaited(session, ADA.id, 7_999_999_999, NOW) == "note"


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1:1", "/no/socket"])
def test_a_server_that_is_not_there_is_told(host: str) -> None:
    where = f"/papers?host={host}" if host.startswith("/") else f"{host}/papers"
    error = refusal(f"postgresql+psycopg://ada:{PASSWORD}@{where}")
    assert_told(error, "unreachable")
    assert error.values["path"] == f"{host}/papers"


def test_a_wrong_password_is_told_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded server lets everybody in, so psycopg says what another one would."""
    import psycopg

    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError(
            'connection failed: connection to server at "::1", port 5432 failed: FATAL:  password authentication failed'
            ' for user "ada"'
        )

    monkeypatch.setattr(psycopg, "connect", refuse)
    assert_told(refusal(f"postgresql+psycopg://ada:{PASSWORD}@localhost/papers?password={PASSWORD}"), "refused_login")


@pytest.mark.parametrize(("said", "key"), [
    ("failed to resolve host 'db': [Errno -2] Name or service not known", "unknown_host"),
    ("connection failed: FATAL:  could not write init file", "disk_full"),
])  # fmt: skip
def test_what_lets_nobody_in_is_told(monkeypatch: pytest.MonkeyPatch, said: str, key: str) -> None:
    import psycopg

    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError(said)

    monkeypatch.setattr(psycopg, "connect", refuse)
    assert_told(refusal(f"postgresql+psycopg://ada:{PASSWORD}@db/papers"), key)


def test_a_database_or_user_that_is_not_there_is_told(address: str) -> None:
    assert_told(refusal(changed(address, database="absent")), "no_such_database")
    assert_told(refusal(changed(address, username="absent", password=PASSWORD)), "no_such_database")


def test_a_user_who_may_not_make_tables_is_told(postgresql: Server) -> None:
    empty = postgresql.empty_database("foreign")
    postgresql.run("create role weak login")
    try:
        assert_told(refusal(changed(empty, username="weak")), "not_permitted")
        with pytest.raises(StoreError) as refused, transfer.reading(changed(empty, username="weak")) as connection:
            checks.demand_rights(connection)
        assert_told(refused.value, "not_permitted")
    finally:
        postgresql.run("drop role weak")


def test_a_newer_programs_database_is_refused_and_left_alone(store: Store) -> None:
    with store.write() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    assert_told(refusal(store.address), "newer_database")
    with store.read() as session:
        assert session.execute(text("select version_num from alembic_version")).scalar() == "9999"


def test_a_read_only_database_is_told(store: Store, postgresql: Server) -> None:
    """As a stand-by is."""
    postgresql.run(f'alter database "{make_url(store.address).database}" set default_transaction_read_only = on')
    store.close()
    with pytest.raises(StoreError) as refused, store.write() as session:
        keep(session, [fetched()])
    assert_told(refused.value, "readonly")


def test_no_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    error = refusal(f"postgresql+psycopg://ada:{PASSWORD}@localhost/papers")
    assert_told(error, "no_driver")
    assert "pip install" in Words("en").error(error)


def test_whoever_uses_sqlite_needs_no_driver() -> None:
    program = "import sys; from bot.store.engine import Store; Store('sqlite://'); assert 'psycopg' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_several_may_open_an_empty_database_at_once(postgresql: Server) -> None:
    empty, opened = postgresql.empty_database("empty"), []

    def open_one() -> None:
        store = Store(empty)
        opened.append(store)

    threads = [threading.Thread(target=open_one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened[0].read() as session:
        assert session.execute(text("select version_num from alembic_version")).scalars().all() == [revisions()[-1]]
    assert len(opened) == 3
    for store in opened:
        store.close()


# --- a database that goes away and comes back -------------------------------------------------------------------------


def test_a_lost_connection_costs_what_was_under_way_and_nothing_else(store: Store, postgresql: Server) -> None:
    end_all = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{store.engine.url.database}'"
    with store.write() as session:
        keep(session, [fetched("2606.00001")])
    with pytest.raises(StoreError) as refused, store.write() as session:  # noqa: PT012
        keep(session, [fetched("2606.00002")])
        postgresql.run(end_all)
        session.execute(text("select 1"))
    assert_told(refused.value, "unreachable")
    postgresql.run(end_all)
    with store.write() as session:  # a connection that was ended while it lay in the pool is not noticed at all
        assert keep(session, [fetched("2606.00001"), fetched("2606.00003")]).new == 1
    with store.read() as session:
        assert ids(session) == ["2606.00001", "2606.00003"]


@pytest.mark.skipif(bool(SERVER), reason="a server that is not ours is not stopped")
def test_a_server_that_goes_away_and_comes_back_is_told_and_used_again(store: Store, postgresql: Server) -> None:
    with store.write() as session:
        keep(session, [fetched("2606.00001")])
    postgresql.stop()
    try:
        with pytest.raises(StoreError) as unread, store.read() as session:
            session.execute(text("select 1"))
        with pytest.raises(StoreError) as unwritten, store.write() as session:
            keep(session, [fetched("2606.00002")])
    finally:
        postgresql.start()
    assert_told(unread.value, "unreachable")
    assert_told(unwritten.value, "unreachable")
    with store.write() as session:
        assert keep(session, [fetched("2606.00001"), fetched("2606.00002")]).new == 1


def test_the_database_puts_papers_into_the_same_segments(store: Store) -> None:
    length = 1 << tsquery.SEGMENT
    with store.read() as session:
        segment = text("select search_segment(:number)")
        for number in (1, length - 1, length, 17 * length - 1, 17 * length, 2**31 - 1):
            assert tsquery.segments(number - 1, number) == [session.scalar(segment, {"number": number})]
    assert tsquery.segments(0, length) == tsquery.segments(0, length - 1) + tsquery.segments(length - 1, length)
    assert tsquery.behind(length) == length - 1
    assert tsquery.behind(length - 1) == tsquery.behind(-5) == 0


def test_what_was_kept_waits_in_no_list_that_a_search_would_have_to_read(store: Store) -> None:
    with store.write() as session:
        keep(session, [fetched(f"2606.{number:05d}") for number in range(1, 100)])
    with store.write() as session:
        pages = text("select gin_clean_pending_list('ix_paper_index') + gin_clean_pending_list('ix_paper_title')")
        assert session.scalar(pages) == 0
