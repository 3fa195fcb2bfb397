"""Limits that several processes keep together: all that they send counts, whoever sends it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from bot.rules.gates import ALL, Gate
from bot.store import gates
from bot.store.engine import Session, Store
from bot.store.tables import GateRow
from tests.databases import both_databases

pytestmark = both_databases
OVERALL = Gate(ALL, 4, 0.2)


def to(chat: int) -> tuple[Gate, ...]:
    return OVERALL, Gate(str(chat), 1, 0.3)


def test_who_may_send_is_counted(session: Session) -> None:
    assert gates.admit(session, [to(1), to(1), to(2)]).positions == (0, 2)
    session.flush()
    assert gates.admit(session, [to(1), to(3), to(4), to(5)]).positions == (1, 2)


def test_whoever_waits_is_told_how_long(session: Session) -> None:
    gates.admit(session, [to(1)])
    session.flush()
    assert 0.2 < gates.admit(session, [to(1)]).pause <= 0.3


def test_what_telegram_says_to_one_holds_all(session: Session) -> None:
    gates.hold(session, 5)
    gates.hold(session, 1)
    admission = gates.admit(session, [to(1)])
    assert admission.positions == ()
    assert admission.held == pytest.approx(5, abs=0.5)


def test_quiet_chats_are_forgotten(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    gates.admit(session, [to(1)])
    session.flush()
    gates.forget_quiet(session)
    assert session.get(GateRow, "1")
    monkeypatch.setattr(gates, "LONGEST", 0.0)
    time.sleep(0.01)
    gates.forget_quiet(session)
    session.expire_all()
    assert session.get(GateRow, "1") is None
    assert session.get(GateRow, ALL)


@pytest.fixture
def address(database_url: str, tmp_path: Path) -> str:
    return database_url or f"sqlite:///{tmp_path / 'gates.sqlite3'}"


def test_several_at_once_never_let_through_more_than_one_may(address: str) -> None:
    """Four sessions side by side, as of four processes; the first of them finds no row at all."""
    store = Store(address)
    let: list[tuple[float, int]] = []
    end = time.monotonic() + 1.0

    def send(number: int) -> None:
        while time.monotonic() < end:
            with store.write(together=True) as session:
                admission = gates.admit(session, [to(number % 2), to(10 + number)])
                last = session.get_one(GateRow, ALL).last
            let.extend((last, (number % 2, 10 + number)[position]) for position in admission.positions)
            time.sleep(admission.pause / 4)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert most_within(OVERALL.span, [at for at, _ in let]) == OVERALL.most
    assert all(most_within(0.3, [at for at, chat in let if chat == known]) == 1 for known in {chat for _, chat in let})


def most_within(span: float, times: list[float]) -> int:
    return max(sum(at <= other < at + span for other in times) for at in times)
