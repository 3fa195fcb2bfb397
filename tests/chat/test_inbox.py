"""Updates on their way in: none is lost with a process, and none is handled twice."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError, TimedOut
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot import counting
from bot.chat.inbox import Inbox
from bot.chat.updates import InTurn, Polls
from bot.errors import StoreError
from bot.kit import Kit
from bot.store import incoming
from tests.chat.test_application import say


def typed(number: int) -> dict[str, Any]:
    """Somebody types a question in another chat."""
    person = {"id": 7, "is_bot": False, "first_name": "A"}
    return {"update_id": number, "inline_query": {"id": "1", "from": person, "query": "lo", "offset": ""}}


def left(kit: Kit) -> list[int]:
    return [update["update_id"] for update in Inbox(kit).left()]


class Handled:
    """What is done with updates, noted."""

    def __init__(self, inbox: Inbox):
        self.numbers: list[int] = []
        self.turns = InTurn(inbox, self.after)

    async def after(self) -> None: ...

    async def take(self, *updates: dict[str, Any]) -> None:
        for raw in updates:
            update = Update.de_json(raw, None)
            await self.turns.process_update(update, self.handle(update.update_id))

    async def handle(self, number: int) -> None:
        self.numbers.append(number)


async def test_what_was_kept_and_not_handled_is_left_to_the_next_process(kit: Kit) -> None:
    inbox = Inbox(kit)
    await inbox.keep([say("/one", 1), say("/two", 2)])
    await Handled(inbox).take(say("/one", 1))
    assert left(kit) == [2]


async def test_an_update_that_comes_again_is_handled_once(kit: Kit) -> None:
    inbox = Inbox(kit)
    handled = Handled(inbox)
    await inbox.keep([say("/one", 1)])
    await handled.take(say("/one", 1), say("/one", 1))
    again = Inbox(kit)
    after = Handled(again)
    again.left()
    await after.take(say("/one", 1), say("/two", 2))
    assert (handled.numbers, after.numbers) == ([1], [2])


async def test_what_is_cut_off_in_the_middle_is_left(kit: Kit) -> None:
    inbox = Inbox(kit)
    await inbox.keep([say("/one", 1)])
    update = Update.de_json(say("/one", 1), None)
    work = asyncio.create_task(Handled(inbox).turns.process_update(update, asyncio.sleep(60)))
    await asyncio.sleep(0.05)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert left(kit) == [1]


async def test_what_is_worth_nothing_later_is_not_kept(kit: Kit) -> None:
    inbox = Inbox(kit)
    handled = Handled(inbox)
    await inbox.keep([typed(1)])
    await handled.take(typed(1))
    assert (handled.numbers, left(kit)) == ([1], [])


async def test_numbers_are_forgotten_once_telegram_knows(kit: Kit) -> None:
    inbox = Inbox(kit)
    await inbox.keep([say("/one", 1)])
    await Handled(inbox).take(say("/one", 1))
    await inbox.keep([], confirmed=1)
    assert known(kit) == {1}
    await inbox.keep([], confirmed=2)
    assert known(kit) == set()


def known(kit: Kit) -> set[int]:
    with kit.store.read() as session:
        return incoming.handled(session)


# --- polls ------------------------------------------------------------------------------------------------------------


def polls(inbox: Inbox, monkeypatch: pytest.MonkeyPatch, *answers: tuple[int, bytes]) -> Polls:
    waiting = list(answers)

    async def answer(*_: Any, **__: Any) -> tuple[int, bytes]:
        return waiting.pop(0)

    monkeypatch.setattr(HTTPXRequest, "do_request", answer)
    return Polls(inbox, lambda: None, lambda: None)


async def ask(asking: Polls, offset: int = 0) -> tuple[int, bytes]:
    data = RequestData([RequestParameter("offset", offset, None)])
    return await asking.do_request("https://api.example/bot1:a/getUpdates", "POST", data)


def answer_of(*updates: dict[str, Any]) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": True, "result": updates}).encode()


async def test_a_telegram_that_takes_the_question_and_is_silent_is_told_in_the_log(
    kit: Kit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(*_: Any, **__: Any) -> tuple[int, bytes]:
        raise TimedOut

    monkeypatch.setattr(HTTPXRequest, "do_request", hang)
    with pytest.raises(TimedOut):
        await ask(Polls(Inbox(kit), lambda: None, lambda: None))
    assert "does not answer" in caplog.text


async def test_what_comes_is_kept_before_anybody_sees_it(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask(polls(Inbox(kit), monkeypatch, answer_of(say("/one", 1))))
    assert left(kit) == [1]


async def test_what_cannot_be_kept_is_not_confirmed(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise StoreError("The disk is full")

    monkeypatch.setattr(incoming, "keep", full)
    monkeypatch.setattr(counting, "beat", lambda part: pytest.fail(f"{part} gave a sign of life"))
    with pytest.raises(NetworkError, match="disk"):
        await ask(polls(Inbox(kit), monkeypatch, answer_of(say("/one", 1))))


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ok": true}', b'{"ok": true, "result": null}'])
async def test_an_answer_that_is_none_is_passed_on(kit: Kit, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    assert await ask(polls(Inbox(kit), monkeypatch, (200, body))) == (200, body)
