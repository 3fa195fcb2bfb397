"""The outbox on its way to Telegram: every trouble of the road, and what becomes of each message."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select
from telegram.error import NetworkError, TimedOut

from bot import counting
from bot.chat import consequences, deliver
from bot.chat.deliver import Postman
from bot.chat.scribe import Scribe
from bot.clock import Clock
from bot.kit import Kit
from bot.models import Button, Delivery, Message, Reader
from bot.store import deliveries, editions, pages, readers
from bot.store.tables import DeliveryRow
from tests.chat.telegram import FakeTelegram, Refusal, bot_of
from tests.fakes import fetched

NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)


class Still(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOW):
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consequences, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(deliver, "LAST_CALLS", 0.3)


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def calm(kit: Kit) -> Kit:
    return replace(kit, clock=Still())


@pytest.fixture
def outbox(calm: Kit) -> Callable[..., None]:
    """``outbox("text", …, reader=1)`` puts messages for a reader into the outbox."""

    def put(*texts: str, reader: str = "1", kind: str = "digest", subject: str = "2026-06-18", **message: Any) -> None:
        with calm.store.write() as session:
            if readers.get(session, reader) is None:
                readers.save(session, Reader(reader, state="active", joined=NOW - timedelta(days=9)))
            found = [Delivery(reader, kind, subject, Message(text, **message), part) for part, text in enumerate(texts)]
            deliveries.enqueue(session, found, NOW)

    return put


def rows(kit: Kit) -> list[DeliveryRow]:
    with kit.store.read() as session:
        return list(session.scalars(select(DeliveryRow).order_by(col(DeliveryRow.number))))


def states(kit: Kit) -> list[str]:
    return [row.state for row in rows(kit)]


def reader_state(kit: Kit, reader: str = "1") -> str:
    with kit.store.read() as session:
        found = readers.get(session, reader)
        return found.state if found else ""


async def emptied(kit: Kit, telegram: FakeTelegram, rate: float = 0.0) -> Postman:
    postman = Postman(kit, bot_of(telegram, rate))
    await asyncio.wait_for(postman.empty(), 60)
    return postman


@asynccontextmanager
async def at_work(kit: Kit, telegram: FakeTelegram) -> AsyncIterator[Postman]:
    postman = Postman(kit, bot_of(telegram))
    work = asyncio.create_task(postman.run())
    try:
        yield postman
    finally:
        await postman.stop()
        work.cancel()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


# --- fair weather -----------------------------------------------------------------------------------------------------


async def test_sends_in_order_and_notes_telegrams_numbers(calm, outbox, telegram) -> None:
    outbox("one", "two", "three")
    await emptied(calm, telegram)
    assert telegram.texts() == ["one", "two", "three"]
    assert [(row.state, row.message_id) for row in rows(calm)] == [("sent", 1), ("sent", 2), ("sent", 3)]


async def test_a_message_has_its_buttons_its_form_and_its_topic(calm, outbox, telegram) -> None:
    outbox(
        "<b>x</b>", reader="-1005:7", buttons=((Button("1", "1|card|2606.01234"), Button("PDF", url="https://x.org")),)
    )
    await emptied(calm, telegram)
    sent = telegram.sent[0].data
    assert (sent["chat_id"], sent["message_thread_id"], sent["parse_mode"]) == (-1005, 7, "HTML")
    assert [button.get("callback_data") for button in sent["reply_markup"]["inline_keyboard"][0]] == ["1|card|2606.01234", None]  # noqa: E501  # fmt: skip


async def test_a_list_that_was_sent_is_found_by_its_number(calm, outbox, telegram) -> None:
    with calm.store.write() as session:
        from bot.store import papers

        papers.keep(session, [fetched()])
    outbox("list", papers=("2606.01234",))
    await emptied(calm, telegram)
    with calm.store.read() as session:
        assert pages.get(session, 1, 1) == Message("list", (), ("2606.01234",))
        assert deliveries.papers_of(session, "1", 1) == ["2606.01234"]


PICTURE = json.dumps({
    "chart": "weeks", "title": "Reading", "subtitle": "June", "mark": "", "legend": ["Classic"], "labels": ["15 Jun"],
    "planned": [2], "done": [[1]],
})  # fmt: skip


async def test_a_message_with_a_picture_goes_as_its_caption(calm, outbox, telegram) -> None:
    outbox("<b>week</b>", picture=PICTURE, buttons=((Button("1", "1|plan|2026-06-15"),),))
    await emptied(calm, telegram)
    (call,) = telegram.sent
    assert (call.method, call.data["caption"], call.data["parse_mode"]) == ("sendPhoto", "<b>week</b>", "HTML")
    assert call.data["photo"][1].startswith(b"\x89PNG")
    assert call.data["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "1|plan|2026-06-15"


async def test_a_picture_without_words_goes_before_its_text(calm, outbox, telegram) -> None:
    outbox("", picture=PICTURE)
    outbox("text", subject="2")
    await emptied(calm, telegram)
    assert [call.method for call in telegram.sent] == ["sendPhoto", "sendMessage"]
    assert "caption" not in telegram.sent[0].data
    assert states(calm) == ["sent", "sent"]


async def test_a_picture_that_telegram_refuses_leaves_its_text(calm, outbox, telegram) -> None:
    outbox("<b>week</b>", picture=PICTURE)
    telegram.faults.append(Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    await emptied(calm, telegram)
    assert [(call.method, call.text) for call in telegram.sent] == [("sendMessage", "week")]


async def test_a_chart_that_nobody_knows_holds_nothing_up(calm, outbox, telegram) -> None:
    outbox("old", picture='{"chart": "of another time"}')
    outbox("text", subject="2")
    await emptied(calm, telegram)
    assert (telegram.texts(), states(calm)) == (["text"], ["failed", "sent"])


async def test_what_is_not_due_yet_stays(calm, outbox, telegram) -> None:
    outbox("later")
    with calm.store.write() as session:
        deliveries.put_off(session, 1, NOW + timedelta(hours=1))
    await emptied(calm, telegram)
    assert telegram.texts() == []
    calm.clock.at += timedelta(hours=1)
    await emptied(calm, telegram)
    assert telegram.texts() == ["later"]


async def test_quiet_hours_put_a_message_off(calm, outbox, telegram) -> None:
    outbox("hush")
    with calm.store.write() as session:
        known = readers.get(session, "1")
        readers.save(session, replace(known, quiet_from=15 * 60, quiet_to=18 * 60))
    await emptied(calm, telegram)
    assert telegram.texts() == []
    assert rows(calm)[0].due == datetime(2026, 6, 17, 18, tzinfo=UTC)


async def test_who_stopped_gets_nothing_more(calm, outbox, telegram) -> None:
    outbox("too late")
    with calm.store.write() as session:
        readers.save(session, replace(readers.get(session, "1"), state="stopped"))
    await emptied(calm, telegram)
    assert (telegram.texts(), states(calm)) == ([], ["dropped"])


# --- trouble ----------------------------------------------------------------------------------------------------------

PASSING = [
    Refusal(500, "Internal Server Error"),
    Refusal(502, body=b"<html><title>502 Bad Gateway</title></html>"),
    Refusal(200, body=b"{not json"),
    NetworkError("httpx.ReadError: "),
    TimedOut(),
    ConnectionResetError("reset"),
]


@pytest.mark.parametrize("trouble", PASSING, ids=lambda trouble: str(getattr(trouble, "code", type(trouble).__name__)))
async def test_a_passing_trouble_is_tried_again_and_holds_what_follows(calm, outbox, telegram, trouble) -> None:
    outbox("one", "two")
    outbox("other", reader="2")
    telegram.faults.append(lambda call: trouble if call.text == "one" else None)
    async with at_work(calm, telegram):
        await until(lambda: states(calm) == ["sent"] * 3)
    assert telegram.texts(1) == ["one", "two"]
    assert telegram.texts(2) == ["other"]


async def test_a_lost_answer_repeats_that_one_message(calm, outbox, telegram) -> None:
    outbox("one", "two")
    telegram.lost_answers = 1
    async with at_work(calm, telegram):
        await until(lambda: states(calm) == ["sent"] * 2)
    assert telegram.texts() == ["one", "one", "two"]


async def test_pauses_grow(calm, outbox, telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consequences, "FIRST_PAUSE", 100.0)
    outbox("one")
    waits = []
    for _ in range(5):
        telegram.faults.append(TimedOut())
        await emptied(calm, telegram)
        waits.append((rows(calm)[0].claimed_until - datetime.now(UTC)).total_seconds())
        with calm.store.write() as session:
            deliveries.renew(session, [1], None)
    assert 75 < waits[0] < 125
    assert waits[1] > 1.3 * waits[0]
    assert waits[-1] <= consequences.LONGEST_PAUSE * 1.2


async def test_429_waits_what_it_says_and_holds_the_others(calm, outbox, telegram) -> None:
    for reader in "123":
        outbox("text", reader=reader)
    telegram.faults.append(Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    began = asyncio.get_running_loop().time()
    await emptied(calm, telegram, rate=1000)
    assert asyncio.get_running_loop().time() - began >= 1
    assert states(calm) == ["sent"] * 3
    assert len(telegram.calls) <= 6


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(403, "Forbidden: bot was blocked by the user"),
        Refusal(403, "Forbidden: user is deactivated"),
        Refusal(400, "Bad Request: chat not found"),
        Refusal(400, "Bad Request: not enough rights to send text messages to the chat"),
    ],
)
async def test_a_reader_who_is_gone_loses_what_waits(calm, outbox, telegram, refusal) -> None:
    outbox("one", "two")
    telegram.faults.append(refusal)
    await emptied(calm, telegram)
    assert (states(calm), reader_state(calm)) == (["dropped", "dropped"], "gone")


async def test_who_comes_back_may_see_what_never_arrived(calm, outbox, telegram) -> None:
    from bot.store import papers

    with calm.store.write() as session:
        papers.keep(session, [fetched()])
        known = papers.by_id(session, ["2606.01234"])
        readers.save(session, Reader("1", state="active"))
        editions.note_shown(session, {"1": known.values()}, {})
    outbox("list", papers=("2606.01234",))
    telegram.faults.append(Refusal(403, "Forbidden: bot was blocked by the user"))
    await emptied(calm, telegram)
    with calm.store.read() as session:
        assert editions.shown(session, ["1"], ["2606.01234"]) == {}


async def test_a_migrated_group_is_followed_with_its_topics(calm, outbox, telegram) -> None:
    outbox("one", "two", reader="-5")
    with calm.store.write() as session:
        readers.save(session, Reader("-5:3", kind="topic", state="active"))
    telegram.faults.append(Refusal(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1005}))
    await emptied(calm, telegram)
    assert telegram.texts(-1005) == ["one", "two"]
    assert [row.reader_id for row in rows(calm)] == ["-1005", "-1005"]
    assert (reader_state(calm, "-5"), reader_state(calm, "-1005"), reader_state(calm, "-1005:3")) == ("", "active", "active")  # noqa: E501  # fmt: skip


async def test_a_closed_topic_waits(calm, outbox, telegram) -> None:
    outbox("one", reader="-1005:3")
    telegram.faults.append(Refusal(400, "Bad Request: TOPIC_CLOSED"))
    await emptied(calm, telegram)
    assert (states(calm), reader_state(calm, "-1005:3")) == (["waiting"], "active")


async def test_a_malformed_message_goes_once_more_as_plain_text_and_is_reported(calm, outbox, telegram, caplog) -> None:
    outbox("<b>a &lt; b", "next")
    telegram.faults.append(Refusal(400, "Bad Request: can't parse entities: no end tag"))
    await emptied(calm, telegram)
    assert telegram.texts() == ["a < b", "next"]
    assert "parse_mode" not in telegram.sent[0].data
    assert "no end tag" in caplog.text


async def test_a_message_that_is_refused_twice_is_not_tried_for_ever(calm, outbox, telegram) -> None:
    outbox("bad", "next")
    telegram.faults += [Refusal(400, "Bad Request: can't parse"), Refusal(400, "Bad Request: message is too long")]
    await emptied(calm, telegram)
    assert (states(calm), telegram.texts()) == (["failed", "sent"], ["next"])


async def test_buttons_that_telegram_refuses_are_left_off(calm, outbox, telegram) -> None:
    outbox("text", buttons=((Button("x", "1|x"),),))
    telegram.faults.append(Refusal(400, "Bad Request: BUTTON_DATA_INVALID"))
    await emptied(calm, telegram)
    assert (telegram.texts(), "reply_markup" in telegram.sent[0].data) == (["text"], False)


async def test_a_revoked_token_ends_it_and_loses_nothing(calm, outbox, telegram) -> None:
    outbox("one")
    told = []
    telegram.faults.append(Refusal(401, "Unauthorized"))
    await Postman(calm, bot_of(telegram), lambda: told.append(True)).empty()
    assert (told, states(calm)) == ([True], ["waiting"])


# --- crashes and stops ------------------------------------------------------------------------------------------------


async def test_a_crash_between_sending_and_marking_repeats_that_one_message(calm, outbox, telegram) -> None:
    outbox("one", "two")
    outbox("other", reader="2")

    class Killed(Scribe):
        """Dies before it can write down that "two" went out."""

        async def note(self, note: Any) -> None:
            if telegram.texts(1)[-1:] == ["two"]:
                await asyncio.Event().wait()
            await super().note(note)

    postman = Postman(calm, bot_of(telegram))
    postman.scribe = Killed(calm)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(postman.empty(), 0.5)
    with calm.store.write() as session:  # the lease runs out
        deliveries.renew(session, [1, 2, 3], datetime.now(UTC) - timedelta(seconds=1))
    await emptied(calm, telegram)
    assert telegram.texts(1) == ["one", "two", "two"]
    assert telegram.texts(2) == ["other"]


async def test_the_next_call_waits_until_the_last_one_is_written_down(calm, outbox, telegram) -> None:
    for reader in range(1, 9):
        outbox("text", reader=str(reader))
    in_doubt = []

    class Watching(Scribe):
        """Counts what Telegram has and the outbox does not know of."""

        def commit(self, notes: Any) -> None:
            in_doubt.append(len(telegram.sent) - states(calm).count("sent"))
            super().commit(notes)

    postman = Postman(calm, bot_of(telegram, rate=1000))
    postman.scribe = Watching(calm)
    await asyncio.wait_for(postman.empty(), 60)
    assert len(telegram.sent) == 8
    assert max(in_doubt) == 1


async def test_who_slept_through_their_lease_sends_nothing_that_others_may_have_sent(calm, outbox, telegram) -> None:
    outbox("one", "two")
    postman = Postman(calm, bot_of(telegram, rate=1000))
    async with postman.line:
        work = asyncio.create_task(postman.empty())
        await until(lambda: bool(postman.held))
        postman.held = dict.fromkeys(postman.held, 0.0)
    await asyncio.wait_for(work, 60)
    assert telegram.sent == []
    with calm.store.read() as session:
        assert not deliveries.is_any_due(session, NOW, datetime.now(UTC)), "what may be another's is not given back"


async def test_a_clock_that_is_put_forward_makes_nobody_send_twice(calm, outbox, telegram) -> None:
    outbox("one", "two")
    postman = Postman(calm, bot_of(telegram, rate=1000))
    async with postman.line:
        work = asyncio.create_task(postman.empty())
        await until(lambda: bool(postman.held))
        with calm.store.write() as session:  # as far as the database knows, the lease has run out
            deliveries.renew(session, [1, 2], datetime.now(UTC) - timedelta(days=1))
        assert postman.claim() == []
    await asyncio.wait_for(work, 60)
    assert telegram.texts() == ["one", "two"]


async def test_two_workers_send_each_message_once(calm, outbox, telegram) -> None:
    for reader in range(1, 40):
        outbox("a", "b", reader=str(reader))
    await asyncio.gather(*(emptied(calm, telegram) for _ in range(3)))
    assert all(telegram.texts(reader) == ["a", "b"] for reader in range(1, 40))


async def test_a_stop_gives_back_what_was_not_sent(calm, outbox, telegram) -> None:
    outbox(*"abcdef")
    held = asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> Any:
        held.set()
        await asyncio.sleep(0.1)
        return await FakeTelegram.do_request(telegram, *args, **kwargs)

    telegram.do_request = slow
    async with at_work(calm, telegram):
        await held.wait()
    assert telegram.texts() == ["a"]
    assert [row.state for row in rows(calm)] == ["sent", *["waiting"] * 5]
    assert all(row.claimed_until is None for row in rows(calm))


async def test_the_token_is_never_in_the_log(calm, outbox, telegram, caplog: pytest.LogCaptureFixture) -> None:
    from bot.chat.logs import Discreet
    from tests.chat.telegram import TOKEN

    formatter = Discreet([TOKEN])
    with caplog.at_level(logging.DEBUG):
        outbox("one")
        telegram.faults += [Refusal(401, f"Unauthorized {TOKEN}"), NetworkError(f"https://x/bot{TOKEN}/sendMessage")]
        await emptied(calm, telegram)
        try:
            raise ValueError(f"https://api/bot{TOKEN.replace(':', '%3A')}/getMe")
        except ValueError:
            logging.getLogger("x").exception("trace of %s", bot_of(telegram))
    told = "\n".join(map(formatter.format, caplog.records))
    assert "secret-of-the-bot" not in told
    assert "***" in told


async def test_what_became_of_messages_is_counted(calm, outbox, telegram) -> None:
    counting.process.clear()
    outbox("broken", "fine")
    telegram.faults += [NetworkError("away"), Refusal(400, "Bad Request: no"), Refusal(400, "Bad Request: no")]
    await emptied(calm, telegram)
    counted = counting.snapshot().counters
    assert counted["deliveries"] == {("digest", "put_off"): 1, ("digest", "failed"): 1, ("digest", "sent"): 1}
    assert counted["telegram_errors"] == {("NetworkError",): 1, ("BadRequest",): 2}
    counting.process.clear()
