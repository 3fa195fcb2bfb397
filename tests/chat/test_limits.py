"""Telegram's limits: nobody sends too soon, people go first, and what fails for the moment is tried again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.chat import gates, limits
from bot.chat.gates import QUEUED, OwnGates, gates_for
from bot.chat.limits import Limits


class Ledger:
    """A stand-in for Telegram's side: when which chat was written to, in seconds since the start."""

    def __init__(self, limiter: Limits):
        self.limiter, self.at, self.began = limiter, list[tuple[float, Any]](), asyncio.get_running_loop().time()
        self.troubles: list[Exception] = []

    async def call(self, chat: Any, urgency: int | None = None, endpoint: str = "sendMessage") -> Any:
        return await self.limiter.process_request(self.note, (chat,), {}, endpoint, {"chat_id": chat}, urgency)

    async def note(self, chat: Any) -> str:
        self.at.append((asyncio.get_running_loop().time() - self.began, chat))
        if self.troubles:
            raise self.troubles.pop(0)
        return "done"

    def most_within(self, span: float, chat: Any = None) -> int:
        times = [at for at, where in self.at if chat in (None, where)]
        return max(sum(at <= other < at + span for other in times) for at in times)


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of Telegram's is a tenth of ours."""
    monkeypatch.setattr(gates, "CHAT_SPAN", 0.1)
    monkeypatch.setattr(gates, "GROUP_SPAN", 0.6)
    monkeypatch.setattr(gates, "GROUP_MOST", 3)
    monkeypatch.setattr(limits, "PAUSES", (0.01, 0.01))


async def test_no_more_than_the_rate_in_any_second() -> None:
    ledger = Ledger(Limits(20))
    await asyncio.gather(*(ledger.call(chat) for chat in range(1, 51)))
    assert ledger.most_within(1.0) <= 20
    assert ledger.at[-1][0] < 3.0


async def test_less_than_one_a_second_is_one_in_so_many() -> None:
    overall, *_ = gates_for(1, 0.5)
    assert (overall.most, overall.span) == (1, pytest.approx(2.05))


async def test_one_a_second_in_a_chat_while_others_go_on() -> None:
    ledger = Ledger(Limits(1000))
    await asyncio.gather(*(ledger.call(1) for _ in range(4)), *(ledger.call(chat) for chat in range(2, 30)))
    assert ledger.most_within(0.1, chat=1) == 1
    assert max(at for at, chat in ledger.at if chat != 1) < 0.1


async def test_a_group_has_a_limit_of_its_own() -> None:
    ledger = Ledger(Limits(1000))
    await asyncio.gather(*(ledger.call(-1) for _ in range(5)))
    assert ledger.most_within(0.6, chat=-1) == 3


async def test_answers_to_people_go_ahead_of_what_is_queued() -> None:
    ledger = Ledger(Limits(10))
    queued = [asyncio.create_task(ledger.call(chat, QUEUED)) for chat in range(100, 130)]
    await asyncio.sleep(0.05)
    await ledger.call(7)
    assert [chat for _, chat in ledger.at].index(7) <= 11
    for task in queued:
        task.cancel()
    await asyncio.gather(*queued, return_exceptions=True)
    assert ledger.limiter.waiting == []


async def test_zero_is_no_limit() -> None:
    ledger = Ledger(Limits(0))
    await asyncio.gather(*(ledger.call(-1) for _ in range(200)))
    assert ledger.at[-1][0] < 0.5


async def test_what_sends_nothing_does_not_wait_for_its_turn() -> None:
    ledger = Ledger(Limits(1))
    await asyncio.gather(*(ledger.call(1, endpoint="editMessageText") for _ in range(20)))
    await asyncio.gather(*(ledger.call(None, endpoint="answerCallbackQuery") for _ in range(20)))
    assert ledger.at[-1][0] < 0.5


async def test_429_holds_everybody_for_as_long_as_it_says() -> None:
    ledger = Ledger(Limits(1000))
    ledger.troubles = [RetryAfter(1)]
    first = asyncio.create_task(ledger.call(1))
    await asyncio.sleep(0.05)
    others = [asyncio.create_task(ledger.call(chat, QUEUED)) for chat in (2, 3)]
    others.append(asyncio.create_task(ledger.call(4, endpoint="editMessageText")))
    assert await first == "done"
    await asyncio.gather(*others)
    assert all(at >= 1.0 for at, _ in ledger.at[1:])


async def test_429_again_and_again_is_given_back() -> None:
    ledger = Ledger(Limits(0))
    ledger.troubles = [RetryAfter(0) for _ in range(20)]
    with pytest.raises(RetryAfter):
        await ledger.call(1)


@pytest.mark.parametrize("trouble", [NetworkError("reset"), TelegramError("Invalid server response")])
async def test_an_answer_that_fails_for_the_moment_is_tried_again(trouble: TelegramError) -> None:
    ledger = Ledger(Limits(0))
    ledger.troubles = [trouble, trouble]
    assert await ledger.call(1) == "done"


async def test_what_is_queued_is_left_to_the_outbox() -> None:
    ledger = Ledger(Limits(0))
    ledger.troubles = [NetworkError("reset")]
    with pytest.raises(NetworkError):
        await ledger.call(1, QUEUED)


@pytest.mark.parametrize("trouble", [BadRequest("chat not found"), Forbidden("blocked")])
async def test_a_refusal_is_no_trouble_that_passes(trouble: TelegramError) -> None:
    ledger = Ledger(Limits(0))
    ledger.troubles = [trouble]
    with pytest.raises(type(trouble)):
        await ledger.call(1)
    assert len(ledger.at) == 1


async def test_not_modified_is_no_error() -> None:
    ledger = Ledger(Limits(0))
    ledger.troubles = [BadRequest("Message is not modified: specified new message content …")]
    assert await ledger.call(1, endpoint="editMessageText") is True


async def test_chats_that_are_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "FORGET_ABOVE", 10)
    ledger = Ledger(Limits(10_000))
    await asyncio.gather(*(ledger.call(chat) for chat in range(1, 11)))
    await asyncio.sleep(0.7)
    await ledger.call(99)
    assert isinstance(ledger.limiter.gates, OwnGates)
    assert set(ledger.limiter.gates.passed) == {"", "99"}
